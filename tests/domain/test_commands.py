"""What commands have in common, and what moving and holding do, drawn on small grids."""

from __future__ import annotations

import numpy as np
import pytest
from grids import at, done, drawn, grid, new_ids, the, units
from hypothesis import given
from hypothesis import strategies as st
from planners import ITEMS, START, attempt, commands, ids, some_items, some_names, splits, states

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, Items, Positions, frozen
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
    Split,
)
from tp_geo.domain.edits import replay
from tp_geo.domain.problems import problems
from tp_geo.domain.revision import start
from tp_geo.errors import Refused

A, B, C = AreaId(1), AreaId(2), AreaId(3)


# laws


@given(states(), commands)
def test_every_allowed_command_leaves_a_sound_alignment(a: Alignment, c: Command) -> None:
    made, after = attempt(a, c)
    assert problems(after) == ()
    assert replay(a, made) == after


@given(states(), commands)
def test_commands_leave_the_alignment_they_are_asked_of_alone(a: Alignment, c: Command) -> None:
    was = Alignment(a.items, dict(a.areas), a.area_of.copy(), a.held.copy())
    attempt(a, c)
    assert a == was


@given(states(), commands)
def test_a_command_that_is_allowed_can_say_what_it_does(a: Alignment, c: Command) -> None:
    made, _ = attempt(a, c)
    if made:
        assert c.says(a, "counties")
        assert c.kind


@given(states(), ids, some_names)
def test_adding_a_level_never_loses_an_item(
    a: Alignment, k: AreaId, names: tuple[str, ...]
) -> None:
    made, b = attempt(a, Branch(k, names))
    if made:
        under = {*b.subtree(k)}
        assert np.array_equal(a.resolved == k, np.isin(b.resolved, [*under]) & (a.resolved == k))
        assert np.array_equal(a.resolved[a.resolved != k], b.resolved[a.resolved != k])


@given(states(), splits)
def test_a_split_moves_only_what_the_area_held(a: Alignment, c: Split) -> None:
    made, b = attempt(a, c)
    if made:
        area = UNASSIGNED if c.area is None else c.area
        born = b.areas.keys() - a.areas.keys()
        moved = a.resolved != b.resolved
        assert set(a.resolved[moved].tolist()) <= {area}
        assert set(b.resolved[moved].tolist()) <= born
        assert c.area is None or area not in b.resolved


@given(states(), splits)
def test_a_unit_nobody_mentions_is_no_exception_after_a_split(a: Alignment, c: Split) -> None:
    quiet = np.array(c.part_of)
    quiet[ITEMS.containers :] = -1
    made, b = attempt(a, Split(c.area, c.names, quiet))
    if made and c.area is not None:
        assert set(b.exceptions.tolist()) == set(a.exceptions.tolist())


@given(states(), some_items, ids)
def test_items_that_are_moved_arrive(a: Alignment, items: Positions, to: AreaId) -> None:
    made, b = attempt(a, Move(items, to))
    if made:
        assert set(b.resolved[items].tolist()) <= {a.leaf(to)}


@given(states(), some_items, st.integers(0, 5).map(AreaId))
def test_moving_twice_is_moving_once(a: Alignment, items: Positions, to: AreaId) -> None:
    _, once = attempt(a, Move(items, to))
    _, twice = attempt(once, Move(items, to))
    assert once == twice


@given(states(), some_items)
def test_items_that_are_held_and_let_go_are_as_they_were(a: Alignment, items: Positions) -> None:
    free = items[~a.held[items]]
    made, b = attempt(a, HoldItems(free))
    if made:
        assert b.held[free].all()
        assert np.array_equal(a.resolved, b.resolved)
        c = done(b, HoldItems(free, held=False))
        assert np.array_equal(a.resolved, c.resolved)
        assert np.array_equal(a.held, c.held)
        assert set(a.exceptions.tolist()) == set(c.exceptions.tolist())


@given(states(), ids, st.frozensets(ids, min_size=1, max_size=2))
def test_combining_keeps_everything_in_the_area_that_is_kept(
    a: Alignment, kept: AreaId, others: frozenset[AreaId]
) -> None:
    made, b = attempt(a, Combine(kept, others))
    if made:
        of = [x for k in {kept, *others} for x in a.subtree(k)]
        before, after = np.isin(a.resolved, of), np.isin(b.resolved, [*b.subtree(kept)])
        assert np.array_equal(before, after)
        assert a.areas.keys() - b.areas.keys() == others - {kept}


@given(states(), ids, st.none() | st.integers(0, 5).map(AreaId))
def test_removing_an_area_moves_only_what_it_held(
    a: Alignment, k: AreaId, to: AreaId | None
) -> None:
    made, b = attempt(a, Remove(k, to))
    if made:
        gone = [*a.subtree(k)]
        kept = ~np.isin(a.resolved, gone)
        assert np.array_equal(a.resolved[kept], b.resolved[kept])
        assert len(set(b.resolved[~kept].tolist())) <= 1
        assert a.areas.keys() - b.areas.keys() == set(gone)


@given(states(), ids, st.none() | ids)
def test_an_area_that_is_put_elsewhere_keeps_its_items(
    a: Alignment, k: AreaId, parent: AreaId | None
) -> None:
    made, b = attempt(a, Reparent(k, parent))
    if made:
        assert np.array_equal(a.resolved, b.resolved)
        assert set(a.subtree(k)) == set(b.subtree(k))


# Move


def test_containers_take_the_units_that_follow_along() -> None:
    """
    A A B        B A B       units  * B .   ->   B b .
    A B B        A B B              . * *        . B B
    """
    a = grid("AAB ABB", units="*B. .**")
    b = done(a, Move(at(0), B))
    assert (drawn(b), units(b)) == ("BAB ABB", "BbBB")


def test_a_unit_moved_by_itself_stays_when_its_container_moves() -> None:
    """
    A A B   units  B . .      first cell to C: the unit stays with B
    """
    a = grid("AAC", units="B..")
    assert units(a) == "b"
    b = done(a, Move(at(0), the(a, "C")))
    assert (drawn(b), units(b)) == ("CAC", "b")


def test_a_unit_that_comes_home_follows_again() -> None:
    """
    A A B   units  B . .      the unit back to A, then the first cell to B: the unit goes along
    """
    a = done(grid("AAB", units="B.."), Move(at(3), A))
    assert units(a) == "A"
    assert units(done(a, Move(at(0), B))) == "B"


def test_a_unit_taken_along_with_its_container_follows_it() -> None:
    """
    A A B   units  * . .      both to B in one move, then the cell back: the unit comes along
    """
    b = done(grid("AAB", units="*.."), Move(at(0, 3), B))
    assert units(done(b, Move(at(0), A))) == "A"


def test_a_unit_in_no_container_is_like_new_when_it_is_unassigned_again() -> None:
    items = Items(1, frozen(np.array([-1], dtype=np.int32)))
    a = done(start(items), Branch(None, ("A",)))
    assert done(a, Move(at(1), A), Move(at(1), UNASSIGNED)) == a


def test_an_area_that_is_divided_passes_items_to_its_first_leaf() -> None:
    """
    A A B   A has C (which has E, F) and D: the last cell given to A lands in E
    """
    a = done(grid("AAB"), Branch(A, ("C", "D")))
    a = done(a, Branch(the(a, "C"), ("E", "F")), Move(at(2), A))
    assert drawn(a) == "EEE"


def test_a_move_edits_only_what_changes() -> None:
    made = Move(at(0, 1, 2), B).edits(grid("AAB"), new_ids(grid("AAB")))
    assert [e.items.tolist() for e in made] == [[0, 1]]  # type: ignore[union-attr]
    assert Move(at(2), B).edits(grid("AAB"), new_ids(grid("AAB"))) == ()


def test_a_position_that_is_no_item_is_refused() -> None:
    with pytest.raises(Refused, match="Position 3 is not one of 3 items"):
        done(grid("AAB"), Move(at(3), B))
    with pytest.raises(Refused, match="Position -1 is not one of 3 items"):
        done(grid("AAB"), Move(at(-1), B))


def test_moving_to_an_area_that_is_gone_is_refused() -> None:
    with pytest.raises(Refused, match="no area with id 9"):
        done(grid("AAB"), Move(at(0), AreaId(9)))


# Follow, HoldItems


def test_units_given_back_go_where_their_container_goes() -> None:
    """
    A A B   units  B . *
    """
    a = done(grid("AAB", units="B.*"), Follow(at(3, 0)))
    assert units(a) == "AB"
    assert drawn(a) == "AAB"


def test_a_held_unit_stays_when_its_container_moves_and_follows_once_it_is_let_go() -> None:
    """
    A A B   units  * . .  held; the first cell to B and back, the unit let go, the cell to B
    """
    a = done(grid("AAB", units="*.."), HoldItems(at(3)), Move(at(0), B))
    assert (drawn(a), units(a)) == ("BAB", "a")
    a = done(a, Move(at(0), A), HoldItems(at(3), held=False), Move(at(0), B))
    assert units(a) == "B"


def test_a_held_unit_let_go_away_from_home_stays_an_exception() -> None:
    a = done(grid("AAB", units="*.."), HoldItems(at(3)), Move(at(0), B))
    assert units(done(a, HoldItems(at(3), held=False))) == "a"


def test_holding_what_is_held_changes_nothing() -> None:
    a = grid("AAB", held="#..")
    assert HoldItems(at(0)).edits(a, new_ids(a)) == ()


# words


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (Move(at(0), B), "moved 1 county from A to B"),
        (Move(at(0, 1, 2), B), "moved 2 counties from A to B"),
        (Move(at(2, 3), A), "moved 1 county and 1 unit from B to A"),
        (Move(at(0, 2), UNASSIGNED), "moved 2 counties from 2 areas to Unassigned"),
        (Move(at(2), B), "moved 1 county to B"),
        (Move(at(), B), "moved 0 counties to B"),
        (Follow(at(0, 3)), "gave 1 unit back to the areas that surround them"),
        (HoldItems(at(0, 3)), "held 1 county and 1 unit"),
        (HoldItems(at(0, 1), held=False), "released 2 counties"),
        (Branch(None, ("W",)), "added W at the top"),
        (Branch(A, ("W", "X")), "added 2 areas below A"),
        (Split(A, ("W", "X"), at()), "split A into 2 areas"),
        (Split(None, ("W",), at()), "split what is unassigned into 1 area"),
        (Combine(A, frozenset({A, B})), "combined B into A"),
        (Remove(A), "removed A"),
        (Reparent(A, B), "moved A under B"),
        (Reparent(A, None), "moved A to the top"),
        (Change(A, {"locked": True}), "locked A"),
        (Change(A, {"locked": False}), "unlocked A"),
        (Change(A, {"name": "W"}), "renamed A to W"),
        (Change(A, {"owner": "ann"}), "made ann the owner of A"),
        (Change(A, {"owner": None}), "made nobody the owner of A"),
        (Change(A, {"color": "#fff", "targets": {}}), "changed color, targets of A"),
    ],
)
def test_commands_say_what_they_do(command: Command, said: str) -> None:
    assert command.says(grid("AAB", units="..*"), "counties") == said


def test_a_change_is_filed_under_its_field() -> None:
    assert Change(A, {"owner": "ann"}).kind == "owner"
    assert Change(A, {"owner": "ann", "name": "W"}).kind == "change"


def test_the_start_holds_what_its_picture_says() -> None:
    assert drawn(START, 4) == "NNNN SSS."
