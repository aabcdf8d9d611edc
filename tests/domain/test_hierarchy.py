"""Levels, placeholders, what a focus shows, and finding areas by name."""

from __future__ import annotations

import numpy as np
import pytest
from grids import done, grid, the
from hypothesis import given
from hypothesis import strategies as st
from planners import states

from tp_geo.domain.alignment import MAX_LEVELS, UNASSIGNED, Alignment, AreaId
from tp_geo.domain.commands import Branch, Change
from tp_geo.domain.hierarchy import (
    Focus,
    depths,
    find_area,
    in_view,
    levels,
    path,
    placeholder,
    shown_at,
    still_there,
)
from tp_geo.errors import Refused

some_level = st.integers(1, MAX_LEVELS)
A, B, E, GONE = map(AreaId, (1, 2, 4, 9))


def country() -> Alignment:
    """
    A A B   A: D, E; D: F — B is not divided
    """
    a = done(grid("AAB"), Branch(AreaId(1), ("D", "E"), "District"))
    return done(a, Branch(the(a, "D"), ("F",), "Territory"))


def names(a: Alignment, found: tuple[AreaId, ...]) -> str:
    return "".join(a.name(k) for k in found)


@given(states())
def test_the_order_of_the_tree_has_each_area_once_and_parents_first(a: Alignment) -> None:
    found = depths(a)
    order = [k for _, k in found]
    assert sorted(order) == sorted(a.areas)
    assert all(depth == a.depth(k) for depth, k in found)
    assert all(order.index(x.parent) < order.index(k) for k, x in a.areas.items() if x.parent)


@given(states(), some_level)
def test_each_area_shows_as_itself_or_as_the_one_above_it_on_the_level(
    a: Alignment, level: int
) -> None:
    shown = shown_at(a, level)
    assert shown[UNASSIGNED] == UNASSIGNED
    for k in a.areas:
        stands = AreaId(int(shown[k]))
        assert stands in {x.id for x in a.ancestry(k)}
        assert a.depth(stands) == min(level, a.depth(k))


@given(states(), some_level)
def test_the_view_of_a_level_shows_every_item_once(a: Alignment, level: int) -> None:
    """Every leaf lies in exactly one area in view: an area of the level, or a placeholder."""
    view = in_view(a, Focus(level=level))
    shown = shown_at(a, level)
    assert sorted(view) == sorted({int(shown[k]) for k in a.leaves})
    assert all(a.depth(k) == level or placeholder(a, k, level) for k in view)


@given(states(), some_level, st.data())
def test_a_focus_shows_what_lies_below_it_and_nothing_else(
    a: Alignment, level: int, data: st.DataObject
) -> None:
    if not a.areas:
        return
    k = data.draw(st.sampled_from(sorted(a.areas)))
    view = in_view(a, Focus((k,), level))
    under = [*a.subtree(k)]
    leaves = [x for x in under if x in a.leaves]
    covered = [sum(leaf in {*a.subtree(v)} for v in view) for leaf in leaves]
    assert set(view) <= set(under)
    assert covered == [1] * len(leaves)


@given(states())
def test_every_area_is_found_by_number_and_by_a_path_that_is_its_own(a: Alignment) -> None:
    paths = [path(a, k) for k in a.areas]
    plain = {x.name for x in a.areas.values()}
    for k in a.areas:
        assert find_area(a, f"#{k}") == k
        if paths.count(path(a, k)) == 1 and path(a, k) not in plain:
            assert find_area(a, path(a, k)) == k


def test_levels_are_called_what_most_areas_on_them_are() -> None:
    a = done(country(), Change(AreaId(1), {"level": "Region"}))
    a = done(a, Change(AreaId(2), {"level": "Region"}), Branch(None, ("C",), "Zone"))
    assert levels(a) == ("Region", "District", "Territory")
    assert levels(grid(".")) == ()


@pytest.mark.parametrize(
    ("focus", "seen"),
    [
        (Focus(level=1), "AB"),
        (Focus(level=2), "DEB"),
        (Focus(level=3), "FEB"),
        (Focus(level=10), "FEB"),
        (Focus((AreaId(1),), 2), "DE"),
        (Focus((AreaId(2),), 2), "B"),
        (Focus((AreaId(3),), 1), "D"),
        (Focus((AreaId(1), AreaId(3)), 2), "DE"),
        (Focus((), 1), ""),
    ],
)
def test_a_focus_shows_areas_of_the_level_and_placeholders(focus: Focus, seen: str) -> None:
    assert names(country(), in_view(country(), focus)) == seen


@pytest.mark.parametrize(
    ("focus", "stands"),
    [
        (Focus((A,), 2, unassigned=False), Focus((A,), 2, unassigned=False)),
        (Focus((A, B), 2), Focus((A, B), 2)),
        (Focus((B,), 1, unassigned=False), Focus((B,), 1, unassigned=False)),
        (Focus((B,), 2, unassigned=False), Focus(None, 1)),
        (Focus((E,), 3, unassigned=False), Focus((A,), 2, unassigned=False)),
        (Focus((E, B), 3, unassigned=False), Focus(None, 2)),
        (Focus((GONE,), 2, unassigned=False), Focus(None, 2)),
        (Focus((A, GONE), 2), Focus((A,), 2)),
        (Focus(None, 9, unassigned=False), Focus(None, 3, unassigned=False)),
        (Focus(None, 0), Focus(None, 1)),
    ],
)
def test_a_focus_stays_as_far_as_what_it_is_on_is_there(focus: Focus, stands: Focus) -> None:
    assert still_there(country(), focus) == stands


@given(states(), st.lists(st.integers(1, 9).map(AreaId)), some_level, st.booleans())
def test_a_focus_on_what_is_there_shows_something_and_stays_so(
    a: Alignment, areas: list[AreaId], level: int, unassigned: bool
) -> None:
    focus = still_there(a, Focus(tuple(areas) or None, level, unassigned))
    assert still_there(a, focus) == focus
    assert in_view(a, focus) or not a.areas


def test_an_area_that_is_not_divided_stands_in_for_its_missing_level() -> None:
    a = country()
    assert [k for k in sorted(a.areas) if placeholder(a, k, 2)] == [the(a, "B")]
    assert np.array_equal(shown_at(a, 2), [0, 1, 2, 3, 4, 3])


def test_areas_are_found_by_name_path_or_number() -> None:
    a = done(country(), Branch(AreaId(2), ("D",)))
    assert find_area(a, "F") == the(a, "F")
    assert find_area(a, "A/D") == AreaId(3)
    assert find_area(a, "#2") == AreaId(2)
    assert find_area(a, "Unassigned") == find_area(a, "unassigned") == UNASSIGNED


def test_a_name_with_a_slash_that_is_a_path_too_is_refused() -> None:
    a = done(country(), Branch(None, ("A/D",), "Zone"))
    with pytest.raises(Refused, match=r"2 areas are called 'A/D'.*Give the path or the number"):
        find_area(a, "A/D")
    assert find_area(a, "#3") == AreaId(3)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("X", "no area called 'X'. Areas: A, B, D, E, F, D"),
        ("#99", "no area with id 99"),
        ("#²", "no area called '#²'"),
        ("", "no area called ''"),
        ("D", r"2 areas are called 'D': A/D \(#3\), B/D \(#6\). Give the path or the number"),
    ],
)
def test_a_name_that_is_not_clear_is_refused_with_what_could_be_meant(text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        find_area(done(country(), Branch(AreaId(2), ("D",))), text)
