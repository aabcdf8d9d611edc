"""The Scenarios page: what is tried out beside the alignment, assumed and adopted."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Change, Move
from tp_geo.domain.growth import Growth, Segment
from tp_geo.domain.scenario import Leaver
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.scenarios import assume, begin

Opened = Callable[..., AppTest]
WEST, EAST = AreaId(1), AreaId(2)


@pytest.fixture
def plan(plan: Plan) -> Plan:
    """West has four states, East three; both have targets."""
    plan.ask(Move(plan.dataset.positions(["CA", "NV", "OR", "WA"]), WEST), by="anna")
    plan.ask(Move(plan.dataset.positions(["NY", "NJ", "PA"]), EAST), by="anna")
    for area in (WEST, EAST):
        plan.ask(Change(area, {"targets": {"people": 350.0}}), by="anna")
    return plan


def table(at: AppTest) -> dict[str, list[str]]:
    """The one table of the page: by the name of a row what it tells; under "" who is compared."""
    found: pd.DataFrame = at.dataframe[0].value
    rows = {str(name): [str(v) for v in values] for name, *values in found.to_numpy().tolist()}
    return {"": [str(c) for c in found.columns[1:]], **rows}


def test_the_alignment_stands_beside_its_scenarios_and_the_best_is_marked(
    planner: Planner, plan: Plan, opened: Opened
) -> None:
    more = begin(planner, plan, "<b>More</b>", by="anna")
    assume(planner, more, Growth("people", 50, Segment(area=EAST)), by="anna")
    at = opened("scenarios", alignment="North")
    assert not at.exception
    found = table(at)
    assert found[""] == ["North (base)", "<b>More</b>"]
    assert found["Planned"] == ["700", "850"]
    assert found["Largest deviation"] == ["★ +14.3 %", "+28.6 %"]
    assert found["Value that moves"] == ["–", "0"]


def test_a_scenario_leads_to_the_table_of_what_it_is_one_of(
    planner: Planner, plan: Plan, opened: Opened
) -> None:
    begin(planner, plan, "Trial", by="anna")
    at = opened("scenarios", alignment="Trial")
    assert table(at)[""] == ["North (base)", "Trial"]


def test_a_scenario_is_started_and_assumes_what_is_asked_in_dialogs(
    planner: Planner, plan: Plan, opened: Opened
) -> None:
    at = opened("scenarios", alignment="North")
    at.button(key="scenario_new").click().run()
    at.text_input(key="scenario_name").set_value("Growth").run()
    at.button(key="scenario_start").click().run()
    at.number_input(key="assume_percent").set_value(20.0).run()
    at.button(key="assume_do").click().run()
    assert not at.exception
    assert table(at)["Planned"] == ["700", "840"]
    assert planner.open("North").seq == plan.seq


def test_what_does_not_hold_is_told_in_the_dialog(
    planner: Planner, plan: Plan, opened: Opened
) -> None:
    trial = begin(planner, plan, "Trial", by="anna")
    at = opened("scenarios", alignment="North")
    at.button(key=f"scenario_assume_{trial.info.id}").click().run()
    at.number_input(key="assume_percent").set_value(0.0).run()
    at.button(key="assume_do").click().run()
    assert "0 % is no change that can be assumed" in at.error[0].value.replace("\\", "")


def test_an_assumption_is_dropped_and_a_scenario_adopted(
    planner: Planner, plan: Plan, opened: Opened
) -> None:
    trial = begin(planner, plan, "Trial", by="anna")
    trial = assume(planner, trial, Growth("people", 50), by="anna").plan
    assume(planner, trial, Leaver(EAST), by="anna")
    at = opened("scenarios", alignment="North")
    at.button(key=f"scenario_drop_{trial.info.id}_1").click().run()
    assert table(at)["Planned"] == ["700", "700"]
    at.button(key=f"scenario_adopt_{trial.info.id}").click().run()
    at.button(key="adopt_do").click().run()
    assert not at.exception
    assert [a.name for a in planner.open("North").alignment.areas.values()] == ["West"]
    assert "There is no scenario yet" in at.info[0].value


def test_all_scenarios_are_optimized_by_one_press(
    planner: Planner, plan: Plan, opened: Opened
) -> None:
    for name in ("One", "Two"):
        begin(planner, plan, name, by="anna")
    at = opened("scenarios", alignment="North")
    at.button(key="scenario_design").click().run()
    at.number_input(key="design_seconds").set_value(1)
    at.button(key="design_start").click().run()
    assert not at.exception
    for name in ("One", "Two"):
        assert planner.open(name).seq <= 2
