"""How evenly something is spread: what holds of every spread, and known figures."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.domain.fairness import NOTHING, fairness

AMOUNTS = st.lists(st.floats(1e-3, 1e9), min_size=1, max_size=30).map(np.array)


def test_figures_are_those_of_the_textbook() -> None:
    told = fairness(np.array([1.0, 2.0, 3.0, 4.0, math.nan]))
    assert (told.count, told.mean, told.lowest, told.highest, told.ratio) == (4, 2.5, 1, 4, 4)
    assert told.variation == pytest.approx(math.sqrt(1.25) / 2.5)
    assert told.gini == pytest.approx(0.25)


def test_where_one_area_holds_all_the_gini_is_one_less_its_share() -> None:
    told = fairness(np.array([0.0, 0.0, 0.0, 8.0]))
    assert told.gini == pytest.approx(0.75)
    assert told.ratio == math.inf


def test_of_nothing_of_debts_and_of_zeros_there_is_no_inequality_to_tell() -> None:
    assert fairness(np.array([math.nan])) == NOTHING
    assert fairness(np.zeros(0)) == NOTHING
    for values in ([-1.0, 2.0], [0.0, 0.0]):
        told = fairness(np.array(values))
        assert all(math.isnan(f) for f in (told.variation, told.gini, told.ratio))


@settings(deadline=None, max_examples=60)
@given(AMOUNTS, st.floats(1e-3, 1e3), st.randoms())
def test_neither_unit_nor_order_nor_a_second_copy_matters(values, unit, chance) -> None:
    told = fairness(values)
    mixed = values.tolist()
    chance.shuffle(mixed)
    for other in (values * unit, np.array(mixed), np.tile(values, 3)):
        found = fairness(other)
        for name in ("variation", "gini", "ratio"):
            assert getattr(found, name) == pytest.approx(getattr(told, name), abs=1e-9, rel=1e-6)


@settings(deadline=None, max_examples=60)
@given(AMOUNTS)
def test_figures_stay_within_their_bounds_and_alike_is_zero(values) -> None:
    told = fairness(values)
    n = len(values)
    assert 0 <= told.gini <= 1 - 1 / n + 1e-9
    assert 0 <= told.variation <= math.sqrt(n - 1) + 1e-9
    assert told.ratio >= 1
    same = fairness(np.full(n, values[0]))
    assert (same.gini, same.variation) == (pytest.approx(0, abs=1e-9), pytest.approx(0, abs=1e-9))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(1, 1e6), min_size=2, max_size=20), st.floats(0.01, 0.49))
def test_giving_from_the_richest_to_the_poorest_makes_it_fairer(amounts, share) -> None:
    values = np.sort(np.array(amounts))
    gift = share * (values[-1] - values[0])
    after = values.copy()
    after[[0, -1]] += gift, -gift
    before, then = fairness(values), fairness(after)
    assert then.gini <= before.gini + 1e-9
    assert then.variation <= before.variation + 1e-9
