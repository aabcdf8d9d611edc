"""Assign by a column: values lead to areas by name, path or owner; the rest is told."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import squares
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.commands import Branch, Change, Command, HoldItems, Move
from tp_geo.domain.problems import problems
from tp_geo.domain.revision import start
from tp_geo.domain.rules import decide
from tp_geo.errors import Refused
from tp_geo.workflow.assigning import Scope, assign_by

WEST, EAST = AreaId(1), AreaId(2)
UNITS = {"u1": "01", "u2": "01", "u3": "02", "u4": "03", "u5": None}
REP = {"u1": "west", "u2": "West", "u3": "Kim", "u4": "Nobody", "u5": "East", "04": "East"}
DATA = squares.dataset(UNITS, {"rep": REP})
letters = st.sampled_from(["West", "kim", "East", "Nobody", ""])


def done(alignment: Alignment, *commands: Command) -> Alignment:
    for command in commands:
        ids = map(AreaId, itertools.count(max(alignment.areas, default=0) + 1))
        _, alignment = decide(alignment, command, ids)
    return alignment


def at(*codes: str) -> np.ndarray:  # type: ignore[type-arg]
    return DATA.positions(codes)


def area_of(alignment: Alignment, *codes: str) -> list[int]:
    found: list[int] = alignment.resolved[at(*codes)].tolist()
    return found


PLAN = done(
    start(DATA.items), Branch(None, ("West", "East"), "Region"), Change(EAST, {"owner": "Kim"})
)


def test_rows_go_to_the_area_of_their_name_or_owner() -> None:
    command = assign_by(DATA, "rep", scope=Scope.UNITS)
    after = done(PLAN, command)
    assert area_of(after, "u1", "u2", "u3", "u4", "u5") == [WEST, WEST, EAST, UNASSIGNED, EAST]
    assert not after.area_of[: DATA.items.containers].any()
    assert command.says(PLAN, "squares") == "assigned 4 items by rep to 2 areas"


def test_containers_go_by_their_own_value_or_where_most_of_their_units_go() -> None:
    after = done(PLAN, assign_by(DATA, "rep"))
    assert area_of(after, "01", "02", "03", "04") == [WEST, EAST, UNASSIGNED, EAST]
    assert len(after.exceptions) == 1  # u5 lies in no container


def test_values_that_name_no_area_are_told_with_their_rows() -> None:
    outcome = assign_by(DATA, "rep", scope=Scope.UNITS).outcome(PLAN)
    (nobody,) = outcome.unknown
    assert (nobody.text, nobody.rows) == ("Nobody", 1)
    assert nobody.reason == "no area is called so or has this owner"
    assert outcome.moving == 4


def test_a_name_or_owner_of_several_areas_leads_nowhere_and_is_told() -> None:
    plan = done(PLAN, Change(WEST, {"owner": "kim"}))
    (kim,) = [v for v in assign_by(DATA, "rep").outcome(plan).values if v.text == "Kim"]
    assert (kim.area, kim.reason) == (None, "2 areas have this owner")


def test_a_path_names_an_area_and_a_divided_one_passes_on_to_its_first() -> None:
    data = squares.dataset(UNITS, {"rep": {"u1": "East/Coast", "02": "East"}})
    plan = done(PLAN, Branch(EAST, ("Inland", "Coast")))
    after = done(plan, assign_by(data, "rep", scope=Scope.UNITS))
    assert after.name(AreaId(int(after.resolved[data.units["u1"]]))) == "Coast"
    first = done(plan, assign_by(data, "rep", scope=Scope.CONTAINERS))
    assert first.name(AreaId(int(first.resolved[data.containers["02"]]))) == "Inland"


def test_what_is_held_or_locked_stays_and_is_told() -> None:
    plan = done(PLAN, Move(at("03"), WEST), HoldItems(at("u3")), Change(WEST, {"locked": True}))
    command = assign_by(DATA, "rep", scope=Scope.UNITS)
    outcome = command.outcome(plan)
    assert (outcome.held, outcome.locked, outcome.moving) == (1, 2, 1)
    after = done(plan, command)
    assert area_of(after, "u1", "u3", "u5") == [UNASSIGNED, UNASSIGNED, EAST]


def test_only_the_unassigned_or_only_inside_an_area() -> None:
    plan = done(PLAN, Move(at("04"), WEST))
    only = done(plan, assign_by(DATA, "rep", only_unassigned=True))
    assert area_of(only, "04", "02") == [WEST, EAST]
    inside = done(plan, assign_by(DATA, "rep", inside=EAST))
    assert area_of(inside, "04", "02", "01") == [WEST, EAST, UNASSIGNED]


def test_a_column_that_leads_nowhere_is_refused() -> None:
    data = squares.dataset(UNITS, {"rep": {"u1": "Nobody"}})
    with pytest.raises(Refused, match="Nothing can be assigned by rep"):
        done(PLAN, assign_by(data, "rep"))
    with pytest.raises(Refused, match="no column 'boss'"):
        assign_by(data, "boss")


@given(
    st.lists(letters, min_size=13, max_size=13),
    st.sampled_from(Scope),
    st.sets(st.integers(0, 12), max_size=3),
    st.booleans(),
)
def test_every_row_lands_where_it_says_and_no_other_explicitly_moves(
    said: list[str], scope: Scope, held: set[int], locked: bool
) -> None:
    codes = DATA.codes.tolist()
    data = squares.dataset(UNITS, {"rep": dict(zip(codes, said, strict=True))})
    plan = done(PLAN, Move(at("01", "02", "u4"), WEST), HoldItems(np.array(sorted(held), int)))
    plan = done(plan, Change(EAST, {"locked": locked}))
    command = assign_by(data, "rep", scope=scope)
    outcome = command.outcome(plan)
    try:
        after = done(plan, command)
    except Refused:
        return
    assert problems(after) == ()
    going = np.flatnonzero(outcome.goes)
    assert np.array_equal(after.resolved[going], outcome.goes[going])
    assert np.array_equal(after.resolved[plan.held], plan.resolved[plan.held])
    n = data.items.containers
    silent = outcome.goes[:n] == UNASSIGNED
    assert np.array_equal(after.area_of[:n][silent], plan.area_of[:n][silent])
