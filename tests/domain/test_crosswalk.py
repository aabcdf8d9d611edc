"""From old containers to new ones: shares, figures that are conserved, whose each becomes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.domain.crosswalk import Crosswalk, all_known, claims_of
from tp_geo.errors import BadData

ENTRIES = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 4), st.floats(0, 100)), min_size=1, max_size=25
)


def crosswalk(entries: list[tuple[int, int, float]], olds: int = 6, news: int = 5) -> Crosswalk:
    return Crosswalk.of(olds, news, *map(list, zip(*entries, strict=True)))


@given(ENTRIES, st.lists(st.floats(0, 1e6), min_size=6, max_size=6))
@settings(deadline=None)
def test_figures_are_conserved_but_for_what_is_given_up(
    entries: list[tuple[int, int, float]], figures: list[float]
) -> None:
    found, values = crosswalk(entries), np.array(figures)
    kept = values[found.parts > 0].sum()
    assert np.nansum(found.carried(values)) == pytest.approx(kept)
    sums = np.bincount(found.old, found.share, 6)
    assert sums[found.parts > 0] == pytest.approx(1.0)


@given(ENTRIES, st.lists(st.integers(0, 3), min_size=6, max_size=6))
@settings(deadline=None)
def test_each_new_container_goes_to_an_area_with_the_greatest_part_in_it(
    entries: list[tuple[int, int, float]], areas: list[int]
) -> None:
    found = crosswalk(entries)
    weights = found.weights(np.ones(6), np.ones(6))
    claims = claims_of(found, np.array(areas, dtype=np.int32), weights)
    for j in range(5):
        parts = np.zeros(4)
        for old, new, weight in zip(found.old, found.new, weights, strict=True):
            parts[areas[old]] += weight * (new == j)
        if found.sources[j]:
            assert parts.sum() == pytest.approx(1.0)
            assert parts[claims.area[j]] == pytest.approx(parts.max())
        else:
            assert claims.area[j] == 0
        assert (j in claims.torn) == (np.count_nonzero(parts > 1e-9) > 1)


def test_a_split_a_merger_a_new_code_and_one_that_is_given_up() -> None:
    """0 is split in 0 and 1, 1 and 2 become 2, 3 is given up, 3 is new."""
    found = Crosswalk.of(4, 4, [0, 0, 1, 2], [0, 1, 2, 2], [30, 10, 1, 1])
    assert found.share.tolist() == [0.75, 0.25, 1.0, 1.0]
    assert found.parts.tolist() == [2, 1, 1, 0]
    assert found.sources.tolist() == [1, 1, 2, 0]
    assert found.main.tolist() == [0, 2, 2, -1]
    values = np.array([100.0, 5.0, np.nan, 7.0])
    assert found.carried(values)[:3].tolist() == [75.0, 25.0, 5.0]
    assert np.isnan(found.carried(values)[3])
    means = found.mixed(np.array([10.0, 20.0, 90.0, 0.0]), np.array([1.0, 1.0, 9.0, 0.0]))
    assert means[:3].tolist() == [10.0, 10.0, 11.0]


def test_equal_parts_are_a_tie_and_an_area_wins_against_nobody() -> None:
    found = Crosswalk.of(4, 2, [0, 1, 2, 3], [0, 0, 1, 1], [1, 1, 1, 1])
    claims = claims_of(found, np.array([0, 7, 3, 2], dtype=np.int32), np.full(4, 0.5))
    assert claims.area.tolist() == [7, 2]
    assert claims.tied.tolist() == [True, True]
    assert claims.torn.tolist() == [0, 1]


def test_what_has_no_size_is_weighed_otherwise_and_else_equally() -> None:
    found = Crosswalk.of(4, 2, [0, 1, 2, 3], [0, 0, 1, 1], [1, 1, 1, 1])
    by_area = found.weights(np.array([0, np.nan, 1, 3]), np.array([1.0, 4.0, 1.0, 1.0]))
    assert by_area.tolist() == [0.2, 0.8, 0.25, 0.75]
    assert found.weights(np.zeros(4), np.zeros(4)).tolist() == [0.5] * 4


def test_codes_that_are_not_there_are_refused_with_the_first() -> None:
    assert all_known(["b", "a"], {"a": 0, "b": 1}, "there") == [1, 0]
    with pytest.raises(BadData, match=r"2 codes of the crosswalk are not there.* is 'x'"):
        all_known(["a", "x", "y"], {"a": 0}, "there")
