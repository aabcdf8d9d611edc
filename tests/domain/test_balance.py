"""Targets against totals."""

from __future__ import annotations

import numpy as np
import pytest
from books import dataset
from grids import done, grid
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.balance import Balance, balance, deviations
from tp_geo.domain.commands import Change
from tp_geo.domain.measures import Totals, totals
from tp_geo.errors import BadData

A, B = AreaId(1), AreaId(2)


def planned() -> tuple[Alignment, Totals]:
    """
    A A B C   of 10 people each; targets A 16, B 10, C none
    """
    a = done(grid("AABC"), Change(A, {"targets": {"people": 16.0, "visits": 3.0}}))
    a = done(a, Change(B, {"targets": {"people": 10.0}}))
    return a, totals(dataset(a.items, np.full((4, 3), 10.0)), a)


def test_every_area_is_measured_against_its_target() -> None:
    found = balance(*planned(), "people")
    assert [(b.area, b.total, b.target, b.deviation) for b in found] == [
        (1, 20.0, 16.0, 0.25),
        (2, 10.0, 10.0, 0.0),
        (3, 10.0, None, None),
    ]
    assert [b.on_target() for b in found] == [False, True, None]


def test_a_measure_nobody_has_is_refused() -> None:
    with pytest.raises(BadData, match="no measure 'visits'"):
        balance(*planned(), "visits")


def test_deviations_are_given_for_the_measures_there_are() -> None:
    assert deviations(*planned(), A) == {"people": 0.25}
    assert deviations(*planned(), AreaId(3)) == {}


@given(st.floats(0, 1e9), st.floats(1e-3, 1e9), st.floats(0, 2))
def test_on_target_is_within_the_tolerance_on_either_side(
    total: float, target: float, tolerance: float
) -> None:
    found = Balance(A, "people", total, target)
    assert found.on_target(tolerance) == (abs(total - target) / target <= tolerance)


def test_the_edge_of_the_tolerance_is_on_target() -> None:
    assert Balance(A, "people", 105.0, 100.0).on_target() is True
    assert Balance(A, "people", 94.9, 100.0).on_target() is False
    assert Balance(A, "people", 94.9, 100.0).on_target(0.06) is True


def test_without_a_target_above_0_there_is_no_deviation() -> None:
    assert Balance(A, "people", 5.0, 0.0).deviation is None
    assert Balance(A, "people", 5.0, None).on_target() is None


def test_a_figure_that_is_not_known_is_not_on_target() -> None:
    assert Balance(A, "people", float("nan"), 5.0).on_target() is False
