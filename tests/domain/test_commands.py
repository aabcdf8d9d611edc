"""What each command does, drawn on small grids."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from grids import at, done, drawn, grid, new_ids, the, units
from hypothesis import given
from hypothesis import strategies as st
from planners import ITEMS, START, attempt, commands, ids, some_items, some_names, splits, states

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, Items, Positions, Profile, frozen
from tp_geo.domain.commands import (
    Apply,
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
from tp_geo.domain.edits import PutArea, replay
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


# Branch, Split


def test_what_a_leaf_held_goes_to_its_first_branch() -> None:
    """
    A A B  ->  C C B   exceptions and held items go along
    A . B      C . B
    """
    a = grid("AAB A.B", units="..A ...", held="#.. ...")
    b = done(a, Branch(A, ("C", "D"), level="District", profile=Profile.NON_CONTIGUOUS))
    assert (drawn(b), units(b)) == ("CCB C.B", "c")
    made = b.areas[the(b, "D")]
    assert (made.parent, made.level, made.profile) == (A, "District", Profile.NON_CONTIGUOUS)


def test_an_area_that_is_divided_gets_more_areas_and_keeps_its_items() -> None:
    a = done(grid("AAB"), Branch(A, ("C", "D")))
    assert drawn(done(a, Branch(A, ("E",)))) == "CCB"


def test_an_eleventh_level_is_refused() -> None:
    """
    A over 2 over 3 … over 10 holds; one more does not.
    """
    a = done(grid("A"), *(Branch(AreaId(k), (f"{k + 1}",)) for k in range(1, 10)))
    assert a.depth(AreaId(10)) == 10
    with pytest.raises(Refused, match="would be on level 11; an alignment has at most 10"):
        done(a, Branch(AreaId(10), ("eleven",)))


def test_a_branch_needs_a_name_and_each_its_own() -> None:
    with pytest.raises(Refused, match="at least one area"):
        done(grid("A"), Branch(A, ()))
    with pytest.raises(Refused, match="more than one area called C below A"):
        done(grid("A"), Branch(A, ("C", "C")))


def test_a_leaf_is_split_into_one_area_for_each_part() -> None:
    """
    A A A  ->  C D C   the second cell to D, the unit of the third to D, the rest to C
    """
    a = grid("AAA", units="..A")
    b = done(a, Split(A, ("C", "D"), np.array([0, 1, -1, 1])))
    assert (drawn(b), units(b)) == ("CDC", "d")


def test_a_held_unit_goes_with_its_container_when_the_area_is_split() -> None:
    """
    A A A   units  . * .  held   ->   C D C, the unit in D
    """
    a = done(grid("AAA", units=".*."), HoldItems(at(3)))
    b = done(a, Split(A, ("C", "D"), np.array([0, 1, 0, -1])))
    assert (drawn(b), units(b)) == ("CDC", "D")


def test_what_is_unassigned_is_split_into_top_areas() -> None:
    """
    A . .  ->  A C .   the last cell and the first unit stay; the unit in no container goes
    """
    items = Items(3, frozen(np.array([2, -1], dtype=np.int32)))
    a = done(start(items), Branch(None, ("A",)), Move(at(0), A))
    b = done(a, Split(None, ("C",), np.array([-1, 0, -1, 0, 0])))
    assert (drawn(b), units(b)) == ("AC.", ".c")
    assert b.areas[the(b, "C")].parent is None


def test_an_area_is_split_once() -> None:
    a = done(grid("AAB"), Branch(A, ("C",)))
    with pytest.raises(Refused, match="A is divided already"):
        done(a, Split(A, ("D",), np.zeros(3, dtype=np.int32)))


@pytest.mark.parametrize("part_of", [np.array([0, 1]), np.array([0, 1, 2])])
def test_parts_must_fit_the_items_and_the_names(part_of: np.ndarray) -> None:
    with pytest.raises(ValueError, match="Expected 3 entries below 2 in part_of"):
        done(grid("AAB"), Split(A, ("C", "D"), part_of))


# Combine


def test_leaves_are_combined() -> None:
    """
    A A B  ->  A A A   B is gone; the unit A lent to B is no exception any more
    C B B      C A A
    """
    a = grid("AAB CBB", units="B.. ..*")
    b = done(a, Combine(A, frozenset({B})))
    assert (drawn(b), units(b)) == ("AAA CAA", "AA")
    assert [x.name for x in b.areas.values()] == ["A", "C"]


def test_a_divided_area_hands_its_branches_to_the_one_that_is_kept() -> None:
    """
    A A B   B has D, E; A keeps D and E, and its own cells go to D
    """
    a = done(grid("AABB"), Branch(B, ("D", "E")))
    b = done(a, Combine(A, frozenset({B})))
    assert drawn(b, 4) == "DDDD"
    assert [b.name(k) for k in b.children(A)] == ["D", "E"]


def test_a_leaf_combined_into_a_divided_area_goes_to_its_first_leaf() -> None:
    a = done(grid("AAB"), Branch(A, ("D", "E")))
    assert drawn(done(a, Combine(A, frozenset({B})))) == "DDD"


def test_a_first_child_is_combined_into_its_parent() -> None:
    """
    A A B   A has D (with both cells) and E: D is gone, E has the cells
    """
    a = done(grid("AAB"), Branch(A, ("D", "E")))
    assert drawn(done(a, Combine(A, frozenset({the(a, "D")})))) == "EEB"


def test_all_children_combined_into_their_parent_make_it_a_leaf() -> None:
    a = done(grid("AAB"), Branch(A, ("D", "E")))
    b = done(a, Combine(A, frozenset({the(a, "D"), the(a, "E")})))
    assert b == grid("AAB")


def test_an_area_and_the_one_above_it_are_combined_into_a_third() -> None:
    """
    A A B   A has D and E, D has F: B takes A and D, so E and F
    """
    a = done(grid("AAB"), Branch(A, ("D", "E")))
    a = done(a, Branch(the(a, "D"), ("F",)))
    b = done(a, Combine(B, frozenset({A, the(a, "D")})))
    assert sorted(x.name for x in b.areas.values()) == ["B", "E", "F"]
    assert {x.parent for x in b.areas.values()} == {None, B}
    assert drawn(b) == "FFE"  # the cells of D stay in F; those of B go to its first leaf


def test_combining_is_refused_where_it_makes_no_sense() -> None:
    a = done(grid("AAB"), Branch(A, ("D",)))
    with pytest.raises(Refused, match="another area than the one that is kept"):
        done(a, Combine(A, frozenset({A})))
    with pytest.raises(Refused, match="D is below A"):
        done(a, Combine(the(a, "D"), frozenset({A})))
    with pytest.raises(Refused, match="no area with id 9"):
        done(a, Combine(A, frozenset({AreaId(9)})))


# Remove


def test_what_a_removed_area_held_is_unassigned_or_given_away() -> None:
    """
    A A B  ->  . . B   or   B B B
    """
    a = grid("AAB", units="..A")
    assert drawn(done(a, Remove(A))) == "..B"
    b = done(a, Remove(A, B))
    assert (drawn(b), units(b)) == ("BBB", "B")


def test_everything_below_a_removed_area_is_gone_too() -> None:
    a = done(grid("AAB"), Branch(A, ("D", "E")))
    a = done(a, Branch(the(a, "D"), ("F", "G")))
    b = done(a, Remove(A, B))
    assert (drawn(b), list(b.areas)) == ("BBB", [B])


def test_an_only_child_gives_what_it_holds_back_to_its_parent() -> None:
    a = done(grid("AAB", held="#.."), Branch(A, ("D",)))
    assert done(a, Remove(the(a, "D"))) == grid("AAB", held="#..")


def test_a_removed_first_child_can_give_to_its_parent() -> None:
    """
    A A B   A has D (both cells) and E; D removed in favor of A: the cells are in E
    """
    a = done(grid("AAB"), Branch(A, ("D", "E")))
    assert drawn(done(a, Remove(the(a, "D"), A))) == "EEB"


def test_a_removed_area_can_not_give_to_itself() -> None:
    a = done(grid("AAB"), Branch(A, ("D",)))
    with pytest.raises(Refused, match="can't go to an area that is removed with it"):
        done(a, Remove(A, the(a, "D")))
    with pytest.raises(Refused, match="no area with id 9"):
        done(a, Remove(A, AreaId(9)))


# Reparent, Change, Apply


def test_an_area_moves_with_everything_below_it() -> None:
    a = done(grid("AAB"), Branch(A, ("D", "E")), Branch(B, ("F",)))
    b = done(a, Reparent(the(a, "D"), B))
    assert [b.name(k) for k in b.children(B)] == ["D", "F"]
    assert drawn(b) == drawn(a)
    assert done(b, Reparent(the(b, "D"), None)).areas[the(b, "D")].parent is None


def test_an_area_goes_neither_under_itself_nor_under_one_that_holds_items() -> None:
    a = done(grid("AAB"), Branch(A, ("D",)))
    with pytest.raises(Refused, match="A can't be put under itself"):
        done(a, Reparent(A, the(a, "D")))
    with pytest.raises(Refused, match="B holds 1 item itself"):
        done(a, Reparent(the(a, "D"), B))


def test_fields_of_an_area_are_changed() -> None:
    a = done(grid("AB"), Change(A, {"name": "West", "owner": "ann", "targets": {"people": 5.0}}))
    west = a.areas[A]
    assert (west.name, west.owner, west.targets) == ("West", "ann", {"people": 5.0})


@pytest.mark.parametrize("name", ["id", "parent", "colour"])
def test_a_field_that_can_not_be_changed_is_refused_by_name(name: str) -> None:
    with pytest.raises(Refused, match=f"'{name}' of an area can't be set; these can: name, level"):
        done(grid("AB"), Change(A, {name: AreaId(2)}))


def test_edits_made_elsewhere_pass_as_they_are() -> None:
    made = (PutArea(grid("AB").areas[A]),)
    c = Apply(made, "restore", "restored the snapshot x")
    assert c.edits(grid("AB"), itertools.count()) is made  # type: ignore[arg-type]
    assert c.says(grid("AB"), "counties") == "restored the snapshot x"


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
