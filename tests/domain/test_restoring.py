"""A branch brought back: as it was inside, and nothing else touched."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st
from strategies import alignments, frames

from tp_geo.domain.alignment import Alignment, AreaId, Items
from tp_geo.domain.commands import Branch, Change, Command, HoldItems, Move, Remove, Reparent
from tp_geo.domain.problems import problems
from tp_geo.domain.restoring import GoBack, branch_as_it_was
from tp_geo.domain.rules import decide
from tp_geo.errors import Refused

WEST, EAST, NORTH, SOUTH = (AreaId(k) for k in (1, 2, 3, 4))


def after(alignment: Alignment, *commands: Command, first: int = 10) -> Alignment:
    ids = map(AreaId, itertools.count(first))
    for command in commands:
        _, alignment = decide(alignment, command, ids)
    return alignment


def start() -> Alignment:
    """West is North (0, 1) and South (2, 3); East holds 4, 5; 6 and 7 are in none."""
    return after(
        Alignment.empty(Items(8, np.array([0, 2, 4, -1], dtype=np.int32))),
        Branch(None, ("West", "East"), "Region"),
        Branch(WEST, ("North", "South"), "District"),
        Move(np.array([0, 1]), NORTH),
        Move(np.array([2, 3]), SOUTH),
        Move(np.array([4, 5]), EAST),
        first=1,
    )


def back(now: Alignment, branch: AreaId = WEST) -> Alignment:
    return after(now, GoBack(branch, start(), "Start"))


def test_what_moved_within_the_branch_moves_back_and_what_is_around_stays() -> None:
    now = after(
        start(),
        Move(np.array([1]), SOUTH),
        Change(NORTH, {"name": "Arctic", "owner": "ann"}),
        Change(WEST, {"name": "Pacific", "targets": {"people": 5.0}}),
        Move(np.array([6]), EAST),
        HoldItems(np.array([2, 4])),
    )
    found = back(now)
    assert found.area_of.tolist() == [3, 3, 4, 4, 2, 2, 2, 0, -1, -1, -1, -1]
    assert found.areas[NORTH] == start().areas[NORTH]
    assert found.areas[WEST] == now.areas[WEST]
    assert np.flatnonzero(found.held).tolist() == [4]


def test_areas_that_went_come_back_and_those_that_came_go() -> None:
    now = after(start(), Remove(NORTH, SOUTH), Branch(WEST, ("New",), "District"))
    found = back(now)
    assert set(found.areas) == {WEST, EAST, NORTH, SOUTH}
    assert found == start()


def test_what_left_stays_away_and_what_came_finds_a_place() -> None:
    now = after(
        start(),
        Branch(WEST, ("New",), "District"),
        Move(np.array([0]), EAST),
        Move(np.array([5]), AreaId(10)),
        Move(np.array([6]), SOUTH),
    )
    found = back(now)
    assert found.area_of.tolist()[:8] == [2, 3, 4, 4, 2, 3, 4, 0]


def test_a_unit_whose_container_left_goes_with_it_unless_it_was_moved_by_itself() -> None:
    now = after(start(), Move(np.array([0]), EAST))
    assert back(now).resolved.tolist()[8:] == [2, 4, 2, 0]
    alone = after(now, Move(np.array([8]), SOUTH))
    assert back(alone).resolved.tolist()[8:] == [4, 4, 2, 0]


def test_a_branch_that_was_not_there_or_lost_an_area_to_another_is_refused() -> None:
    now = after(start(), Branch(None, ("Late",), "Region"))
    with pytest.raises(Refused, match="Late was not there then"):
        back(now, AreaId(10))
    moved = after(start(), Reparent(NORTH, None))
    with pytest.raises(Refused, match="North has left West since then"):
        back(moved)


@given(st.data())
def test_nothing_around_a_branch_changes_and_the_alignment_stays_sound(data: st.DataObject) -> None:
    items = data.draw(frames())
    now, past = data.draw(alignments(items)), data.draw(alignments(items))
    assume(now.areas)
    branch = data.draw(st.sampled_from(sorted(now.areas)))
    try:
        found = branch_as_it_was(now, past, branch)
    except Refused:
        event("refused")
        return
    event("restored")
    assert not tuple(problems(found))
    inner = set(now.subtree(branch)) | set(found.subtree(branch))
    outside = ~np.isin(now.resolved, list(now.subtree(branch)))
    assert (found.resolved[outside] == now.resolved[outside]).all()
    assert (found.held[outside] == now.held[outside]).all()
    assert np.isin(found.resolved[~outside], list(found.subtree(branch))).all()
    assert {k: a for k, a in found.areas.items() if k not in inner} == {
        k: a for k, a in now.areas.items() if k not in inner
    }
    assert branch_as_it_was(found, past, branch) == found
