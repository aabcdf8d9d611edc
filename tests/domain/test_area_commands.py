"""What commands do to areas: branch, split, combine, remove, put elsewhere, change."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from grids import at, done, drawn, grid, the, units

from tp_geo.domain.alignment import AreaId, Items, Profile, frozen
from tp_geo.domain.commands import (
    Apply,
    Branch,
    Change,
    Combine,
    HoldItems,
    Move,
    Remove,
    Reparent,
    Split,
)
from tp_geo.domain.edits import PutArea
from tp_geo.domain.revision import start
from tp_geo.errors import Refused

A, B, C = AreaId(1), AreaId(2), AreaId(3)


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
