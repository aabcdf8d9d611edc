"""When an alignment is sound, and what is said when it is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from grids import grid
from hypothesis import given
from hypothesis import strategies as st
from planners import states
from strategies import edits

from tp_geo.domain.alignment import FOLLOW, Alignment, Area, AreaId
from tp_geo.domain.edits import replay
from tp_geo.domain.problems import entry_problems, new_problems, problems, tree_problems

A, B, C = AreaId(1), AreaId(2), AreaId(3)


def put(*areas: Area) -> Alignment:
    """A A B with more areas, or with these instead of A and B."""
    a = grid("AAB", units="*.B")
    return Alignment(a.items, {**a.areas, **{x.id: x for x in areas}}, a.area_of, a.held)


def entered(*entries: int, held: tuple[bool, ...] = (False,) * 5) -> Alignment:
    a = grid("AAB", units="*.B")
    return Alignment(a.items, a.areas, np.array(entries, dtype=np.int32), np.array(held))


@given(states())
def test_what_passed_the_gate_is_sound(a: Alignment) -> None:
    assert problems(a) == ()


@given(states(), st.data())
def test_what_edits_break_is_found_where_they_change_something(
    a: Alignment, data: st.DataObject
) -> None:
    after = replay(a, data.draw(st.lists(edits(a.items), max_size=3)))
    assert new_problems(a, after) == problems(after)


@pytest.mark.parametrize(
    ("area", "problem"),
    [
        (Area(C, "C", parent=C), "C is under itself"),
        (Area(C, "C", parent=AreaId(9)), "C is under area 9, which does not exist"),
        (Area(AreaId(0), "C"), "area C has the number 0; areas are numbered 1 to 65,535"),
        (Area(AreaId(65_536), "C"), "area C has the number 65536; areas are numbered 1 to 65,535"),
        (Area(C, ""), "area 3 has no name"),
        (Area(C, " \t"), "area 3 has no name"),
        (Area(C, "x" * 256), f"the name {'x' * 40!r}… has 256 characters, at most 255 may be"),
        (Area(C, "C", targets={"people": -1.0}), "the target of C for people is -1.0; give 0"),
        (Area(C, "C", targets={"people": float("nan")}), "the target of C for people is nan"),
        (Area(C, "C", targets={"people": float("inf")}), "the target of C for people is inf"),
        (Area(C, "C", attributes={"x": float("nan")}), "x of C is nan; give a number"),
        (Area(C, "unassigned"), "no area can be called unassigned, which means what no area holds"),
        (Area(C, " Unassigned"), "no area can be called  Unassigned"),
        (Area(C, "-"), "no area can be called -"),
        (Area(C, "#12"), "an area called #12 would be taken for area number 12"),
        (Area(C, "A"), "there is more than one area called A at the top; give one another name"),
    ],
)
def test_an_area_that_is_not_right_is_named(area: Area, problem: str) -> None:
    found = tree_problems(put(area))
    assert len(found) == 1
    assert found[0].startswith(problem)


def test_areas_at_the_limits_are_right() -> None:
    last = Area(AreaId(65_535), "x" * 255, targets={"people": 0.0}, attributes={"x": "nan"})
    assert problems(put(last)) == ()


def test_areas_in_a_circle_are_each_under_themselves() -> None:
    found = tree_problems(put(Area(A, "A", parent=B), Area(B, "B", parent=A)))
    assert found == ("A is under itself", "B is under itself")


def test_the_eleventh_level_is_too_deep() -> None:
    chain = [Area(AreaId(k), f"{k}", AreaId(k - 1) if k > 10 else None) for k in range(10, 21)]
    assert tree_problems(put(*chain)) == ("20 would be on level 11; an alignment has at most 10",)


def test_areas_of_one_name_may_lie_under_different_ones() -> None:
    twins = (Area(C, "D", parent=A), Area(AreaId(4), "D", parent=B))
    assert tree_problems(put(*twins)) == ()


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ((1, 1, 9, FOLLOW, 2), "items are assigned to area 9, which does not exist"),
        ((1, 1, 2, FOLLOW, 70_000), "items are assigned to area 70000, which does not exist"),
        ((1, 1, 2, FOLLOW, -2), "items are assigned to area -2, which does not exist"),
        ((1, 1, FOLLOW, FOLLOW, 2), "a container is entered as following a container"),
    ],
)
def test_an_entry_that_is_not_right_is_named(entries: tuple[int, ...], problem: str) -> None:
    assert entry_problems(entered(*entries)) == (problem,)


def test_only_leaves_hold_items() -> None:
    a = put(Area(C, "C", parent=A))
    assert entry_problems(a) == ("items are assigned to A, which has areas below it",)
    gone = replace(a, areas={B: a.areas[B]})
    assert entry_problems(gone) == ("items are assigned to area 1, which does not exist",)


@given(states())
def test_looking_at_every_item_is_looking_at_the_alignment(a: Alignment) -> None:
    broken = Alignment(a.items, a.areas, np.roll(a.area_of, 1), a.held)
    every = np.arange(a.items.count)
    assert entry_problems(broken, every) == entry_problems(broken)
    assert entry_problems(broken, every[:0]) == ()


def test_some_items_are_looked_at_alone() -> None:
    """
    A A 9   units  * B: only the third cell is wrong
    """
    a = entered(1, 1, 9, FOLLOW, 2)
    assert entry_problems(a, np.array([0, 1, 3, 4])) == ()
    assert entry_problems(a, np.array([2, 3])) == (
        "items are assigned to area 9, which does not exist",
    )


def test_a_held_unit_is_entered_somewhere() -> None:
    a = entered(1, 1, 2, FOLLOW, 2, held=(True, False, False, True, True))
    assert entry_problems(a) == ("held units would follow their containers (1)",)


def test_a_frame_without_items_is_sound() -> None:
    assert problems(grid("")) == ()
