"""Ranges and splits of targets, as a check tells them."""

from __future__ import annotations

from pathlib import Path

import pytest
import states

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch, Move
from tp_geo.domain.hierarchy import Focus
from tp_geo.domain.targets import NO_AIM, Aim, SetTargets
from tp_geo.geometry.findings import Kind
from tp_geo.store import open_store
from tp_geo.workflow.checking import check
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

WEST, EAST, NORTH, SOUTH = (AreaId(k) for k in range(1, 5))


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    """West, divided into North and South, holds California and Hawaii; East holds Maine."""
    store = open_store(str(tmp_path / "store.duckdb"))
    states.keep(store)
    made = Planner(store).create("A", states.NAME, by="tess", areas=("West", "East"))
    made.ask(Branch(WEST, ("North", "South"), "District"), by="tess")
    made.ask(Move(states.at("CA", "HI"), NORTH), by="tess")
    made.ask(Move(states.at("ME"), EAST), by="tess")
    return made


def told(plan: Plan, kind: Kind, focus: Focus | None = None) -> list[tuple[str, str]]:
    return [(t.title, t.text) for t in check(plan, focus=focus) if t.kind is kind]


def set_(plan: Plan, **aims: float | Aim) -> None:
    for name, aim in aims.items():
        made = aim if isinstance(aim, Aim) else Aim(ideal=aim)
        plan.ask(SetTargets("people", {globals()[name.upper()]: made}), by="tess")


def test_a_split_that_does_not_add_up_is_told_of_the_area_that_was_split(plan: Plan) -> None:
    set_(plan, west=1000.0, north=400.0)
    assert told(plan, Kind.SUM_OFF) == [
        ("West", "1 of 2 below it have 600 less than its 1,000 of People")
    ]
    set_(plan, south=700.0)
    assert told(plan, Kind.SUM_OFF) == [
        ("West", "those below it have 100 more than its 1,000 of People")
    ]
    set_(plan, south=600.5)
    assert told(plan, Kind.SUM_OFF) == []


def test_splits_are_told_on_every_level_of_the_focus_and_lead_to_the_whole_area(plan: Plan) -> None:
    set_(plan, west=1000.0, north=400.0)
    assert told(plan, Kind.SUM_OFF, Focus((EAST,), 1)) == []
    assert len(told(plan, Kind.SUM_OFF, Focus((WEST,), 2))) == 1
    (found,) = (t for t in check(plan) if t.kind is Kind.SUM_OFF)
    assert found.containers.tolist() == sorted(states.at("CA", "HI").tolist())


def test_a_range_is_kept_to_exactly_and_within_it_nothing_is_off(plan: Plan) -> None:
    held = plan.totals().of(EAST, "people")
    set_(plan, east=Aim(held / 2, held / 1.5, held))
    assert told(plan, Kind.OFF_TARGET) == []
    set_(plan, east=Aim(maximum=held / 1.04))
    assert told(plan, Kind.OFF_TARGET) == [("East", "4.0 % above its maximum of People")]
    set_(plan, east=Aim(minimum=held / 0.5))
    assert told(plan, Kind.OFF_TARGET) == [("East", "50.0 % below its minimum of People")]
    set_(plan, east=NO_AIM)
    assert told(plan, Kind.OFF_TARGET) == []
