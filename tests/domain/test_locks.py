"""The gate on locks of areas and on held items."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from grids import at, done, drawn, grid, the, units

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
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
from tp_geo.domain.edits import Assign, Hold, PutArea, diff
from tp_geo.domain.rules import Keys, admit, moved_though_held
from tp_geo.errors import Refused

A, B, C = AreaId(1), AreaId(2), AreaId(3)


# locks


def locked(rows: str, *names: str) -> Alignment:
    a = grid(rows)
    return done(a, *(Change(the(a, name), {"locked": True}) for name in names))


@pytest.mark.parametrize(
    "command",
    [
        Move(at(0), B),
        Move(at(2), A),
        Move(at(0), UNASSIGNED),
        Branch(A, ("D",)),
        Split(A, ("D",), np.zeros(3, dtype=np.int32)),
        Combine(B, frozenset({A})),
        Combine(A, frozenset({B})),
        Remove(A),
        Remove(B, A),
        HoldItems(at(0)),
        Change(A, {"name": "W"}),
        Change(A, {"name": "W", "locked": False}),
        Change(A, {"targets": {"people": 1.0}}),
    ],
)
def test_a_locked_area_refuses(command: Command) -> None:
    """
    A A B   A is locked
    """
    with pytest.raises(Refused, match=r"A is locked\. Unlock it, or choose another area"):
        done(locked("AAB", "A"), command)


def test_a_locked_area_is_not_put_elsewhere_and_takes_no_area_in() -> None:
    a = done(grid("AAB"), Branch(A, ("D",)), Branch(B, ("F",)), Change(A, {"locked": True}))
    for command in (Reparent(A, B), Reparent(the(a, "F"), A), Reparent(the(a, "D"), None)):
        with pytest.raises(Refused, match="A is locked"):
            done(a, command)


def test_a_lock_holds_for_everything_below() -> None:
    a = done(grid("AAB"), Branch(A, ("D", "E")), Change(A, {"locked": True}))
    with pytest.raises(Refused, match="A is locked"):
        done(a, Move(at(0), the(a, "E")))
    with pytest.raises(Refused, match="A is locked"):
        done(a, Branch(the(a, "D"), ("F",)))


def test_unlocking_takes_a_revision_of_its_own() -> None:
    a = locked("AAB", "A")
    key = PutArea(replace(a.areas[A], locked=False))
    with pytest.raises(Refused, match="A is locked"):
        admit(a, (key, Assign(at(0), B)))
    assert drawn(done(admit(a, (key,)), Move(at(0), B))) == "BAB"


def test_a_unit_of_a_locked_area_stays_when_its_container_elsewhere_moves() -> None:
    """
    A B .   units  B . .   B locked: the unit stays in B, whatever its container does
    """
    a = done(grid("AB.", units="B.."), Change(B, {"locked": True}))
    assert units(done(a, Move(at(0), UNASSIGNED))) == "b"
    with pytest.raises(Refused, match="B is locked"):
        done(a, Follow(at(3)))


def test_a_unit_can_not_be_given_back_into_a_locked_area() -> None:
    """
    A B .   units  B . .   A, where its container lies, is locked
    """
    a = done(grid("AB.", units="B.."), Change(A, {"locked": True}))
    with pytest.raises(Refused, match="A is locked"):
        done(a, Follow(at(3)))


def test_an_area_with_a_locked_one_below_can_not_be_removed_but_can_be_put_elsewhere() -> None:
    a = done(grid("AAB"), Branch(A, ("D", "E")), Branch(B, ("F",)))
    a = done(a, Change(the(a, "D"), {"locked": True}))
    with pytest.raises(Refused, match="D is locked"):
        done(a, Remove(A))
    with pytest.raises(Refused, match="D is locked"):
        done(a, Combine(B, frozenset({A})))
    b = done(a, Reparent(A, B))
    assert b.areas[the(b, "D")] == a.areas[the(a, "D")]


def test_a_key_lifts_a_lock_and_uses_it_in_one_revision() -> None:
    """
    A A B   A was renamed W and locked by one revision, B was locked before
    """
    before = locked("AAB", "B")
    after = done(before, Change(A, {"name": "W", "locked": True}))
    keys = Keys.to(before, after)
    assert admit(after, diff(after, before), keys=keys) == before
    with pytest.raises(Refused, match="W is locked"):
        admit(after, (PutArea(replace(after.areas[A], name="A")),), keys=keys)
    with pytest.raises(Refused, match="B is locked"):
        admit(after, (Assign(at(0), B), PutArea(before.areas[A])), keys=keys)


# holds


@pytest.mark.parametrize(
    "command", [Move(at(0), B), Remove(A), Remove(A, B), Combine(B, frozenset({A}))]
)
def test_a_held_container_stays(command: Command) -> None:
    """
    # A B   the first cell, of A, is held
    """
    with pytest.raises(Refused, match=r"1 held item would leave A\. Release them first"):
        done(grid("AAB", held="#.."), command)


@pytest.mark.parametrize("command", [Move(at(3), B), Follow(at(3)), Remove(A), Remove(A, B)])
def test_a_held_unit_stays(command: Command) -> None:
    """
    A A B   units  * . .  held; its container goes to B first
    """
    a = done(grid("AAB", units="*.."), HoldItems(at(3)), Move(at(0), B))
    with pytest.raises(Refused, match="1 held item would leave A"):
        done(a, command)


def test_a_held_item_can_be_moved_to_where_it_is() -> None:
    a = done(grid("AAB", units="*..", held="#.."), Move(at(3), A))
    assert a.held.tolist() == [False, False, False, True]


def test_what_is_held_while_unassigned_is_not_taken_into_a_split() -> None:
    a = grid("A..", held=".#.")
    with pytest.raises(Refused, match="1 held item would leave Unassigned"):
        done(a, Split(None, ("D",), np.array([-1, 0, 0])))
    assert drawn(done(a, Split(None, ("D",), np.array([-1, -1, 0])))) == "A.D"


def test_dividing_an_area_and_joining_it_again_is_no_leaving() -> None:
    """
    # A B  ->  # D B  ->  # A B
    """
    a = grid("AAB", held="#..")
    b = done(a, Branch(A, ("D", "E")))
    both = frozenset({the(b, "D"), the(b, "E")})
    assert drawn(b) == "DDB"
    assert done(b, Combine(A, both)) == a
    with pytest.raises(Refused, match="1 held item would leave D"):
        done(b, Move(at(0), the(b, "E")))
    with pytest.raises(Refused, match="1 held item would leave D"):
        done(b, Combine(the(b, "E"), frozenset({the(b, "D")})))


def test_releasing_takes_a_revision_of_its_own() -> None:
    a = grid("AAB", held="#..")
    with pytest.raises(Refused, match="Release them first"):
        admit(a, (Hold(at(0), False), Assign(at(0), B)))


def test_a_key_releases_what_a_revision_held_and_no_more() -> None:
    """
    # A B   the first cell was moved to A and held by one revision, the second held before
    """
    before = grid(".AB", held=".#.")
    after = admit(before, (Assign(at(0), A), Hold(at(0), True)))
    keys = Keys.to(before, after)
    assert admit(after, diff(after, before), keys=keys) == before
    with pytest.raises(Refused, match="1 held item would leave A"):
        admit(after, (Hold(at(0, 1), False), Assign(at(0, 1), B)), keys=keys)


def test_all_held_items_that_would_leave_are_counted() -> None:
    a = grid("AAA BBB", held="##. ##.")
    b = grid("BAA AAB", held="##. ##.")
    assert moved_though_held(a, b).tolist() == [0, 3, 4]
    with pytest.raises(Refused, match="3 held items would leave A"):
        admit(a, diff(a, b))
