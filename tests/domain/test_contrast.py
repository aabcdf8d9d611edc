"""What a change marks on the map, and on which level it shows."""

from __future__ import annotations

import numpy as np
from grids import at, done, grid, the
from hypothesis import given
from planners import states

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.commands import Branch, Change, Command, HoldItems, Move, Remove, Reparent
from tp_geo.domain.contrast import marked, telling_level
from tp_geo.domain.hierarchy import levels, shown_at


def two_levels() -> Alignment:
    """
    A A B   A: D, E; B: F
    """
    a = done(grid("AAB"), Branch(AreaId(1), ("D", "E")), Branch(AreaId(2), ("F",)))
    return done(a, Move(at(1), the(a, "E")))


def seen(before: Alignment, command: Command) -> tuple[list[int], int]:
    after = done(before, command)
    found = marked(before, after)
    return found.tolist(), telling_level(before, after, found)


@given(states(), states())
def test_what_is_not_marked_shows_the_same_areas_on_every_level(a: Alignment, b: Alignment) -> None:
    n = a.items.containers
    rest = np.setdiff1d(np.arange(n), marked(a, b))
    assert (a.area_of[rest] == b.area_of[rest]).all()
    assert (a.held[rest] == b.held[rest]).all()
    for level in range(1, max(len(levels(a)), len(levels(b))) + 1):
        was, now = shown_at(a, level)[a.area_of[rest]], shown_at(b, level)[b.area_of[rest]]
        assert (was == now).all()


@given(states(), states())
def test_a_level_that_tells_more_is_never_passed_over(a: Alignment, b: Alignment) -> None:
    found = marked(a, b)
    was, now = a.area_of[found], b.area_of[found]

    def differing(level: int) -> int:
        return int((shown_at(a, level)[was] != shown_at(b, level)[now]).sum())

    best = telling_level(a, b, found)
    deepest = max(len(levels(a)), len(levels(b)), 1)
    assert 1 <= best <= deepest
    assert all(differing(level) <= differing(best) for level in range(1, deepest + 1))


def test_a_move_between_regions_shows_on_their_level() -> None:
    assert seen(two_levels(), Move(at(0), AreaId(2))) == ([0], 1)


def test_a_move_between_districts_of_a_region_shows_on_theirs() -> None:
    a = two_levels()
    assert seen(a, Move(at(0), the(a, "E"))) == ([0], 2)


def test_a_branch_shows_on_the_level_it_makes() -> None:
    assert seen(grid("AAB"), Branch(AreaId(1), ("D", "E"))) == ([0, 1], 2)


def test_an_area_put_elsewhere_marks_what_lies_in_it() -> None:
    a = two_levels()
    assert seen(a, Reparent(the(a, "E"), AreaId(2))) == ([1], 1)


def test_an_area_that_is_removed_marks_what_it_held() -> None:
    assert seen(grid("AAB"), Remove(AreaId(1), UNASSIGNED)) == ([0, 1], 1)


def test_units_that_move_by_themselves_mark_the_container_around_them() -> None:
    a = grid("AAB", units="*..")
    assert seen(a, Move(at(3), AreaId(2)))[0] == [0]


def test_what_is_held_is_marked_on_the_lowest_level() -> None:
    assert seen(two_levels(), HoldItems(at(0), True)) == ([0], 2)


def test_fields_of_an_area_mark_nothing() -> None:
    assert seen(two_levels(), Change(AreaId(1), {"name": "North"})) == ([], 2)
