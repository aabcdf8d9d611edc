"""The gate: what holds whatever made the edits, remits and soundness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from grids import at, done, drawn, grid, new_ids, the
from hypothesis import assume, given
from hypothesis import strategies as st
from planners import ITEMS, attempt, commands, ids, states
from strategies import edits

from tp_geo.domain.alignment import FOLLOW, UNASSIGNED, Alignment, Area, AreaId
from tp_geo.domain.commands import (
    Branch,
    Change,
    Combine,
    Command,
    HoldItems,
    Move,
    Remove,
    Reparent,
    Split,
)
from tp_geo.domain.edits import Assign, DropArea, Edit, Hold, PutArea, diff, replay
from tp_geo.domain.problems import problems
from tp_geo.domain.rules import Keys, Remit, admit, decide, relocked, touched
from tp_geo.errors import Refused

A, B, C = AreaId(1), AreaId(2), AreaId(3)


def passed(a: Alignment, made: tuple[Edit, ...], remit: Remit | None = None) -> Alignment:
    """Return where edits lead; nowhere when they are refused."""
    try:
        return admit(a, made, remit or Remit())
    except Refused:
        return a


def routes() -> st.SearchStrategy[Callable[[Alignment, Remit], Alignment]]:
    """Ways into the log: a command, a diff to any other alignment, edits out of nowhere."""
    return st.one_of(
        commands.map(lambda c: lambda a, r: attempt(a, c, None, r)[1]),
        states().map(lambda b: lambda a, r: passed(a, diff(a, b), r)),
        st.lists(edits(ITEMS), max_size=4).map(lambda es: lambda a, r: passed(a, tuple(es), r)),
    )


Route = Callable[[Alignment, Remit], Alignment]


# laws


@given(states(), routes())
def test_whatever_passes_is_sound(a: Alignment, way: Route) -> None:
    assert problems(way(a, Remit())) == ()


@given(states(), routes())
def test_a_locked_area_keeps_its_items_and_itself(a: Alignment, way: Route) -> None:
    b = way(a, Remit())
    for k in (k for k in a.areas if a.lock(k)):
        if a.areas[k].locked and not b.areas[k].locked:
            assert b.areas[k] == replace(a.areas[k], locked=False)
        assert np.array_equal(a.resolved == k, b.resolved == k)
        assert replace(b.areas[k], locked=True) == replace(a.areas[k], locked=True)
        assert a.children(k) == b.children(k)


@given(states(), routes())
def test_a_held_item_leaves_only_after_it_is_released(a: Alignment, way: Route) -> None:
    b = way(a, Remit())
    for i in np.flatnonzero(a.held).tolist():
        was, now = AreaId(int(a.resolved[i])), AreaId(int(b.resolved[i]))
        divided = was in b.areas and now != UNASSIGNED and was in {x.id for x in b.ancestry(now)}
        joined = now in a.areas and was != UNASSIGNED and now in {x.id for x in a.ancestry(was)}
        assert was == now or divided or joined


@given(states(), routes(), ids)
def test_an_owner_changes_nothing_outside_their_part(
    a: Alignment, way: Route, mine: AreaId
) -> None:
    assume(mine in a.areas)
    b = way(a, Remit.of(mine))
    inside = {*a.subtree(mine)}
    for k in a.areas.keys() - inside:
        assert b.areas.get(k) == a.areas[k]
    for k in b.areas.keys() - a.areas.keys():
        assert mine in {x.id for x in b.ancestry(k)}
    outside = ~np.isin(a.resolved, [*inside])
    assert np.array_equal(a.area_of[outside], b.area_of[outside])
    assert np.array_equal(a.held[outside], b.held[outside])
    assert np.isin(b.resolved[~outside], [*b.subtree(mine)]).all()


@given(states(), ids, commands)
def test_who_plans_everything_is_not_asked_for_a_remit(
    a: Alignment, mine: AreaId, c: Command
) -> None:
    """A part of the whole allows less, never something else."""
    assume(mine in a.areas)
    made, within = attempt(a, c, None, Remit.of(mine))
    if made:
        assert within == attempt(a, c)[1]


@given(states(), states())
def test_nothing_is_touched_where_nothing_differs(a: Alignment, b: Alignment) -> None:
    assert touched(a, a) == relocked(a, a) == ()
    quiet = a.areas.keys() - {*touched(a, b), *relocked(a, b)}
    for k in quiet:
        assert a.areas[k] == b.areas.get(k)
        assert np.array_equal(a.area_of == k, b.area_of == k)


@given(states(), routes())
def test_the_way_there_does_not_count(a: Alignment, way: Route) -> None:
    """Edits there and back again, in one bundle, are as good as none."""
    b = way(a, Remit())
    assert admit(a, (*diff(a, b), *diff(b, a))) == a


@given(states(), routes())
def test_whatever_passes_can_be_taken_back_at_once(a: Alignment, way: Route) -> None:
    b = way(a, Remit())
    assert admit(b, diff(b, a), keys=Keys.to(a, b)) == a


# remits


def region() -> Alignment:
    """
    D D E   A is divided into D and E; B holds a cell, one is unassigned
    B . .
    """
    a = done(grid("AAA B.."), Branch(A, ("D", "E")))
    return done(a, Move(at(2), the(a, "E")))


@pytest.mark.parametrize(
    ("command", "whose"),
    [
        (Move(at(0), B), "B"),
        (Move(at(3), A), "B"),
        (Move(at(4), A), "Unassigned"),
        (Move(at(0), UNASSIGNED), "Unassigned"),
        (Branch(None, ("W",)), "The top level"),
        (Branch(B, ("W",)), "B"),
        (Split(None, ("W",), np.full(6, -1)), "The top level"),
        (Remove(A), "The top level"),
        (Remove(C, UNASSIGNED), "Unassigned"),
        (Combine(A, frozenset({B})), "The top level"),
        (Reparent(C, None), "The top level"),
        (Change(B, {"name": "W"}), "B"),
        (Change(B, {"locked": True}), "B"),
        (HoldItems(at(3)), "B"),
        (HoldItems(at(4)), "Unassigned"),
    ],
)
def test_an_owner_of_a_region_is_refused(command: Command, whose: str) -> None:
    with pytest.raises(Refused, match=f"{whose} is outside the part you plan"):
        done(region(), command, remit=Remit.of(A))


def test_an_owner_can_not_unlock_what_is_not_theirs() -> None:
    a = done(region(), Change(B, {"locked": True}))
    with pytest.raises(Refused, match="B is outside the part you plan"):
        done(a, Change(B, {"locked": False}), remit=Remit.of(A))


@pytest.mark.parametrize(
    "command",
    [
        Move(at(0), AreaId(4)),
        Branch(AreaId(3), ("F", "G")),
        Remove(AreaId(3), AreaId(4)),
        Combine(AreaId(4), frozenset({AreaId(3)})),
        Change(AreaId(3), {"name": "W", "locked": True}),
        HoldItems(at(0)),
    ],
)
def test_an_owner_of_a_region_plans_it(command: Command) -> None:
    a = region()
    assert done(a, command, remit=Remit.of(A)) == done(a, command) != a


def test_an_owner_can_drop_what_is_below_in_any_order() -> None:
    a = done(region(), Branch(AreaId(3), ("F",)))
    b = region()
    drops = (Assign(at(0, 1), AreaId(4)), DropArea(AreaId(3)), DropArea(AreaId(5)))
    assert drawn(admit(a, drops, Remit.of(A))) == "EEE B.."
    assert drawn(admit(b, drops[:2], Remit.of(A))) == "EEE B.."


def test_a_remit_over_an_area_that_is_gone_covers_nothing() -> None:
    with pytest.raises(Refused, match="D is outside the part you plan"):
        done(region(), Move(at(0), AreaId(4)), remit=Remit.of(AreaId(99)))


def test_a_remit_covers_an_area_and_what_is_below_and_never_the_unassigned() -> None:
    a = region()
    mine = Remit.of(A)
    assert [k for k in sorted(a.areas) if mine.covers(a, k)] == [1, 3, 4]
    assert not mine.covers(a, UNASSIGNED)
    assert not mine.covers(a, None)
    assert Remit().covers(a, None)


# soundness


def test_edits_that_put_areas_in_a_circle_are_refused_and_do_not_hang() -> None:
    a = region()
    circle = (
        PutArea(replace(a.areas[AreaId(3)], parent=AreaId(4))),
        PutArea(replace(a.areas[AreaId(4)], parent=AreaId(3))),
    )
    with pytest.raises(Refused, match="D is under itself"):
        admit(a, circle, Remit.of(A))


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (Assign(at(0), AreaId(9)), "assigned to area 9, which does not exist"),
        (Assign(at(0), AreaId(70_000)), "assigned to area 70000, which does not exist"),
        (Assign(at(0), AreaId(-2)), "a container is entered as following"),
        (Assign(at(0), A), "assigned to A, which has areas below it"),
        (Assign(at(0), FOLLOW), "a container is entered as following a container"),
        (DropArea(B), "assigned to area 2, which does not exist"),
        (PutArea(Area(AreaId(9), "A")), "more than one area called A at the top"),
        (PutArea(Area(AreaId(9), " ")), "area 9 has no name"),
        (PutArea(Area(AreaId(9), "W", parent=B)), "assigned to B, which has areas below it"),
        (Assign(at(6), A), "Position 6 is not one of 6 items"),
        (Assign(at(-1), A), "Position -1 is not one of 6 items"),
        (Hold(at(2, 6), True), "Position 6 is not one of 6 items"),
    ],
)
def test_edits_that_are_not_sound_are_refused_by_what_is_wrong(edit: Edit, why: str) -> None:
    with pytest.raises(Refused, match=why):
        admit(region(), (edit,))


def test_deciding_gives_the_edits_and_where_they_lead() -> None:
    a = region()
    made, after = decide(a, Move(at(3), A), new_ids(a))
    assert replay(a, made) == after
    assert drawn(after) == "DDE D.."
