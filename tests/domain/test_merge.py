"""Three-way merge and revert."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from grids import at, done, drawn, grid, the, units
from hypothesis import given
from hypothesis import strategies as st
from planners import START, attempt, commands, obey, plans, states

from tp_geo.domain.alignment import Alignment, Area, AreaId
from tp_geo.domain.commands import (
    Branch,
    Change,
    Combine,
    Command,
    Follow,
    HoldItems,
    Move,
    Remove,
    Reparent,
)
from tp_geo.domain.edits import PutArea, replay
from tp_geo.domain.merge import merge, revert
from tp_geo.domain.problems import problems
from tp_geo.domain.rules import Remit, admit
from tp_geo.errors import Refused

A, B = AreaId(1), AreaId(2)


# laws


@given(states(), states())
def test_merging_into_the_base_takes_everything(base: Alignment, theirs: Alignment) -> None:
    made = merge(base, base, theirs)
    assert made.clean
    assert replay(base, made.edits) == theirs


@given(states(), states())
def test_merging_an_unchanged_side_changes_nothing(base: Alignment, ours: Alignment) -> None:
    made = merge(base, ours, base)
    assert made.clean
    assert made.edits == ()


@given(states(), states())
def test_two_sides_that_did_the_same_do_not_clash(base: Alignment, both: Alignment) -> None:
    made = merge(base, both, both)
    assert made.clean
    assert made.edits == ()


@given(plans(3), plans(40))
def test_a_clean_merge_is_sound_and_does_not_depend_on_who_merges(
    x: Alignment, y: Alignment
) -> None:
    ours, theirs = merge(START, x, y), merge(START, y, x)
    assert (ours.clean, ours.areas, ours.items) == (theirs.clean, theirs.areas, theirs.items)
    if ours.clean:
        assert replay(x, ours.edits) == replay(y, theirs.edits)
        assert problems(replay(x, ours.edits)) == ()


@given(plans(3), plans(40))
def test_where_two_sides_clash_ours_stands(x: Alignment, y: Alignment) -> None:
    made = merge(START, x, y)
    after = replay(x, made.edits)
    clash = list(made.items)
    assert np.array_equal(after.area_of[clash], x.area_of[clash])
    assert np.array_equal(after.held[clash], x.held[clash])
    for i in set(range(x.items.count)) - set(clash):
        assert after.area_of[i] in (x.area_of[i], y.area_of[i])


@given(plans(3), plans(40))
def test_a_clean_merge_never_moves_what_we_hold(x: Alignment, y: Alignment) -> None:
    """What we hold stays, unless it was held before and they had released it."""
    made = merge(START, x, y)
    after = replay(x, made.edits)
    held = np.flatnonzero(x.held & ~START.held)
    assert np.array_equal(after.area_of[held], x.area_of[held])


@given(states(), commands)
def test_reverting_the_last_revision_restores(before: Alignment, c: Command) -> None:
    _, after = attempt(before, c)
    made = revert(after, after, before)
    assert made.clean
    assert replay(after, made.edits) == before


@given(plans(), commands, st.lists(commands, max_size=4))
def test_reverting_touches_only_what_the_revision_changed(
    before: Alignment, c: Command, later: list[Command]
) -> None:
    _, after = attempt(before, c)
    now = obey(after, later, 300)
    then = replay(now, revert(now, after, before).edits)
    same = (before.area_of == after.area_of) & (before.held == after.held)
    assert np.array_equal(then.area_of[same], now.area_of[same])
    for k in now.areas:
        if before.areas.get(k) == after.areas.get(k):
            assert then.areas[k] == now.areas[k]


def _half(home: int, first: int) -> st.SearchStrategy[list[Command]]:
    items = st.sets(st.integers(home, home + 3)).map(lambda s: np.array(sorted(s), dtype=np.intp))
    to = st.sampled_from([first, first + 1]).map(AreaId)
    moves = st.builds(Move, items, to)
    holds = st.builds(HoldItems, items, st.booleans())
    names = st.builds(Change, to, st.fixed_dictionaries({"name": st.sampled_from("xyz")}))
    return st.lists(st.one_of(moves, holds, names), max_size=6)


TWO = done(
    START,
    Move(at(7), AreaId(2)),
    Branch(AreaId(1), ("a", "b")),
    Branch(AreaId(2), ("c", "d")),
)


@given(_half(0, 3), _half(4, 5))
def test_two_owners_in_their_own_regions_never_clash(
    west: list[Command], east: list[Command]
) -> None:
    x, y = TWO, TWO
    for c in west:
        _, x = attempt(x, c, None, Remit.of(AreaId(1)))
    for c in east:
        _, y = attempt(y, c, None, Remit.of(AreaId(2)))
    made = merge(TWO, x, y)
    assert made.clean
    both = admit(x, made.edits, Remit.of(AreaId(2)))
    for c in east:
        _, x = attempt(x, c, None, Remit.of(AreaId(2)))
    assert both == x


# examples


def test_each_side_keeps_the_cells_it_moved() -> None:
    """
    base A A B   ours B A B   theirs A A A   ->   B A A
    """
    made = merge(grid("AAB"), grid("BAB"), grid("AAA"))
    assert made.edits
    base, theirs = grid("AABC"), done(grid("AABC"), Move(at(2), A))
    ours = done(base, Move(at(0), B))
    both = merge(base, ours, theirs)
    assert both.clean
    assert drawn(replay(ours, both.edits), 4) == "BAAC"


def test_a_cell_moved_two_ways_is_a_clash_and_stays_ours() -> None:
    """
    base A B C   ours B B C   theirs C B C   ->   B B C, cell 0 to decide
    """
    base = grid("ABC")
    ours, theirs = done(base, Move(at(0), B)), done(base, Move(at(0), AreaId(3)))
    made = merge(base, ours, theirs)
    assert (made.items, made.edits, made.clean) == ((0,), (), False)


def test_fields_of_one_area_are_merged_one_by_one() -> None:
    base = done(grid("A"), Change(A, {"targets": {"people": 1.0, "sales": 1.0, "gone": 1.0}}))
    ours = done(base, Change(A, {"name": "West", "targets": {"people": 2.0, "sales": 1.0}}))
    mine = {"people": 1.0, "sales": 3.0, "gone": 1.0, "new": 4.0}
    theirs = done(base, Change(A, {"owner": "ann", "targets": mine}))
    made = merge(base, ours, theirs)
    area = replay(ours, made.edits).areas[A]
    assert made.clean
    assert (area.name, area.owner) == ("West", "ann")
    assert area.targets == {"people": 2.0, "sales": 3.0, "new": 4.0}


def test_one_field_changed_two_ways_is_a_clash_and_the_others_come_in() -> None:
    base = grid("A")
    ours = done(base, Change(A, {"name": "West", "targets": {"people": 1.0}}))
    theirs = done(base, Change(A, {"name": "Ouest", "owner": "ann", "targets": {"people": 2.0}}))
    made = merge(base, ours, theirs)
    area = replay(ours, made.edits).areas[A]
    assert made.areas == {A}
    assert (area.name, area.owner, area.targets) == ("West", "ann", {"people": 1.0})


def test_an_area_changed_here_and_removed_there_is_a_clash() -> None:
    base = grid("AB")
    ours, theirs = done(base, Change(A, {"name": "W"})), done(base, Remove(A, B))
    made = merge(base, ours, theirs)
    assert made.areas == {A}
    assert drawn(replay(ours, made.edits), 2) == "BB"
    assert merge(base, theirs, ours).areas == {A}


def test_two_areas_under_one_new_number_clash() -> None:
    base = grid("AB")
    ours = replay(base, [PutArea(Area(AreaId(3), "C"))])
    theirs = replay(base, [PutArea(Area(AreaId(3), "D"))])
    made = merge(base, ours, theirs)
    assert (made.areas, made.edits) == ({AreaId(3)}, ())


def test_items_moved_into_an_area_the_other_side_combined_away_are_a_problem() -> None:
    """
    base A A B   ours combines B into A; theirs moves the first cell to B
    """
    base = grid("AAB")
    ours, theirs = done(base, Combine(A, frozenset({B}))), done(base, Move(at(0), B))
    made = merge(base, ours, theirs)
    assert made.problems == ("items are assigned to area 2, which does not exist",)
    assert not made.clean


def test_areas_put_under_each_other_are_a_problem() -> None:
    base = done(grid("AB"), Branch(A, ("C",)), Branch(B, ("D",)))
    made = merge(base, done(base, Reparent(A, B)), done(base, Reparent(B, A)))
    assert "A is under itself" in made.problems


@pytest.mark.parametrize("we_hold", [True, False])
def test_an_item_held_here_and_moved_there_is_a_clash(we_hold: bool) -> None:
    """
    # A B   one side holds the first cell, the other moves it to B
    """
    base = grid("AAB")
    held, moved = done(base, HoldItems(at(0))), done(base, Move(at(0), B))
    ours, theirs = (held, moved) if we_hold else (moved, held)
    made = merge(base, ours, theirs)
    assert (made.items, made.edits) == ((0,), ())


def test_a_unit_held_here_stays_when_its_container_moves_there() -> None:
    """
    A A B   units  * . .   ours holds the unit, theirs moves its cell
    """
    base = grid("AAB", units="*..")
    ours, theirs = done(base, HoldItems(at(3))), done(base, Move(at(0), B))
    made = merge(base, ours, theirs)
    after = admit(ours, made.edits)
    assert made.clean
    assert (drawn(after), units(after)) == ("BAB", "a")


def test_a_unit_held_here_and_given_back_there_is_a_clash() -> None:
    base = grid("AAB", units="B..")
    made = merge(base, done(base, HoldItems(at(3))), done(base, Follow(at(3))))
    assert (made.items, made.problems) == ((3,), ())


def test_reverting_an_older_revision_leaves_later_work() -> None:
    """
    A A B  ->  B A B  ->  B B B   the first move taken back: A B B
    """
    one = grid("AAB")
    two = done(one, Move(at(0), B))
    three = done(two, Move(at(1), B))
    made = revert(three, two, one)
    assert made.clean
    assert drawn(replay(three, made.edits)) == "ABB"


def test_what_was_moved_again_since_can_not_be_taken_back() -> None:
    """
    A A B C  ->  B A B C  ->  C A B C   the first move can not be taken back
    """
    one = grid("AABC")
    two = done(one, Move(at(0), B))
    three = done(two, Move(at(0), AreaId(3)))
    made = revert(three, two, one)
    assert (made.items, made.edits) == ((0,), ())


def test_a_branch_can_not_be_taken_back_once_its_areas_are_in_use() -> None:
    """
    A A B  ->  C C B  ->  C D B   taking the branch back would leave a cell in D
    """
    one = grid("AAB")
    two = done(one, Branch(A, ("C", "D")))
    three = done(two, Move(at(1), the(two, "D")))
    made = revert(three, two, one)
    assert made.items == (1,)
    assert made.problems
    with pytest.raises(Refused, match="which does not exist"):
        admit(three, made.edits)


def test_a_revert_passes_the_gate_like_anything_else() -> None:
    one = grid("AAB")
    two = done(one, Move(at(0), B))
    three = done(two, Change(B, {"locked": True}))
    with pytest.raises(Refused, match="B is locked"):
        admit(three, revert(three, two, one).edits)


def test_a_field_changed_since_is_left_when_an_older_change_is_taken_back() -> None:
    one = grid("A")
    two = done(one, Change(A, {"name": "West", "owner": "ann"}))
    three = replay(two, [PutArea(replace(two.areas[A], owner="bob"))])
    made = revert(three, two, one)
    area = replay(three, made.edits).areas[A]
    assert made.areas == {A}
    assert (area.name, area.owner) == ("A", "bob")
