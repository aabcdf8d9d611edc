"""Which areas a log touched."""

from __future__ import annotations

from grids import at, done, grid, the
from hypothesis import given
from hypothesis import strategies as st
from planners import START, attempt, commands, states

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.commands import Branch, Change, Combine, Command, HoldItems, Move, Reparent
from tp_geo.domain.edits import Edit, diff, replay
from tp_geo.domain.revision import Revision
from tp_geo.domain.trail import Trail, touched


def country() -> Alignment:
    """
    A A B   A: D, E; B is not divided
    """
    return done(grid("AAB"), Branch(AreaId(1), ("D", "E"), "District"))


def names_of(before: Alignment, command: Command) -> set[str]:
    """The names, as they were or else as they are, of the areas a command touched."""
    edits, after = attempt(before, command)
    return {
        (before if k in before.areas or k == UNASSIGNED else after).name(k)
        for k in touched(before, edits, after)
    }


def log_of(asked: list[Command]) -> list[tuple[Revision, Alignment, Alignment]]:
    """A log of what the gate lets in, each with the states around it."""
    found: list[tuple[Revision, Alignment, Alignment]] = []
    before = START
    for command in asked:
        edits, after = attempt(before, command)
        found.append((Revision(len(found) + 1, "ann", "", "", "", edits), before, after))
        before = after
    return found


def is_touched(area: AreaId, before: Alignment, after: Alignment) -> bool:
    """Look at everything below an area on either side: the long way round."""
    for state, other in ((before, after), (after, before)):
        inside = {area} if area not in state.areas else {*state.subtree(area)}
        if any(state.areas.get(k) != other.areas.get(k) for k in inside):
            return True
        differ = (before.resolved != after.resolved) | (before.held != after.held)
        if inside & {AreaId(k) for k in state.resolved[differ].tolist()}:
            return True
    return False


@given(states(), states())
def test_an_area_is_touched_when_something_below_it_differs(a: Alignment, b: Alignment) -> None:
    edits = diff(a, b)
    found = touched(a, edits, replay(a, edits))
    assert found == {k for k in {UNASSIGNED, *a.areas, *b.areas} if is_touched(k, a, b)}


@given(st.lists(commands, max_size=8), st.integers(0, 8))
def test_a_trail_made_in_two_goes_is_the_trail_made_at_once(asked: list[Command], cut: int) -> None:
    entries = log_of(asked)
    log = [revision for revision, _, _ in entries]
    once = Trail(START).extended(log)
    twice = Trail(START).extended(log[:cut]).extended(log[cut:])
    assert once.touched == twice.touched
    assert once.names == twice.names
    assert once.touched == tuple(touched(a, r.edits, b) for r, a, b in entries)


def test_nothing_touches_nothing() -> None:
    nothing: tuple[Edit, ...] = ()
    assert touched(START, nothing, START) == frozenset()


def test_items_touch_where_they_come_from_where_they_go_and_all_above() -> None:
    a = country()
    assert names_of(a, Move(at(0), AreaId(2))) == {"A", "D", "B"}
    assert names_of(a, Move(at(0), the(a, "E"))) == {"A", "D", "E"}
    assert names_of(a, Move(at(2), UNASSIGNED)) == {"B", "Unassigned"}


def test_a_renamed_area_touches_those_above_it_and_none_below() -> None:
    a = country()
    assert names_of(a, Change(the(a, "E"), {"name": "F"})) == {"A", "E"}
    assert names_of(a, Change(AreaId(1), {"name": "F"})) == {"A"}


def test_an_area_put_elsewhere_touches_what_it_leaves_and_where_it_goes() -> None:
    a = country()
    assert names_of(a, Reparent(the(a, "E"), None)) == {"A", "E"}
    b = done(grid("AB"), Branch(AreaId(1), ("D", "E")), Branch(AreaId(2), ("F",)))
    assert names_of(b, Reparent(the(b, "E"), AreaId(2))) == {"A", "B", "E"}


def test_an_area_that_goes_is_touched() -> None:
    a = country()
    assert names_of(a, Combine(AreaId(2), frozenset({AreaId(1)}))) >= {"A", "B"}


def test_holding_touches_the_area_of_what_is_held() -> None:
    assert names_of(country(), HoldItems(at(0), True)) == {"A", "D"}


def test_every_name_of_an_area_is_known_the_last_one_at_the_end() -> None:
    a = grid("AB")
    log = [
        Revision(i + 1, "ann", "", "", "", attempt(a, command)[0])
        for i, command in enumerate(
            Change(AreaId(1), {"name": name}) for name in ("North", "South", "North", "East")
        )
    ]
    assert Trail(a).extended(log).names == {AreaId(1): ("South", "North", "East")}
