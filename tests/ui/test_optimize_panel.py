"""Beside the map: areas optimized, from the form to the revision, with plans made by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from said import notices
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Change, Move
from tp_geo.optimize.solution import Figures, Solution
from tp_geo.workflow.optimizing import Request
from tp_geo.workflow.optimizing_note import request_in
from tp_geo.workflow.optimizing_problem import Setting, setting_of
from tp_geo.workflow.optimizing_proposal import Proposal
from tp_geo.workflow.optimizing_report import Before, alternative
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]
WEST, EAST = AreaId(1), AreaId(2)
FAR_WEST = -120.0


@pytest.fixture
def plan(planner: Planner) -> Plan:
    """West holds all of the country but Boston."""
    made = planner.create("North", by="anna", areas=("West", "East"))
    boston = made.dataset.positions(["02108"])
    rest = np.setdiff1d(np.arange(made.dataset.items.containers), boston)
    made.ask(Move(rest, WEST), by="anna")
    made.ask(Move(boston, EAST), by="anna")
    made.ask(Change(WEST, {"owner": "kim"}), by="anna")
    return made


def halves(plan: Plan, request: Request, **_: Any) -> Proposal:
    """Propose to part the country at two meridians, instead of searching."""
    setting = setting_of(plan, request)
    before = Before(setting)
    made = (_parted(setting, lon) for lon in (-85.0, -110.0))
    return Proposal(
        setting,
        tuple(
            alternative(before, one, f"Plan {name}") for one, name in zip(made, "AB", strict=True)
        ),
    )


def _parted(setting: Setting, lon: float) -> Solution:
    frame = setting.frame
    number = (frame.plan.boundaries.xy[frame.items, 0] > lon).astype(np.int32)
    nothing = np.zeros((2, 1))
    figures = Figures(
        totals=nothing, deviation=nothing, moved=np.zeros(1), moved_items=0,
        parts=np.ones(2, dtype=np.int32), inertia=0.0, radius_m=0.0, cut_edges=0, border=0.0,
        cost=0.0, lower_bounds=np.array([0.001]), stopped="time", seconds=0.5, iterations=1,
        binding=("population",),
    )  # fmt: skip
    return Solution(number, figures)


def page() -> None:
    """A page that has the panel, the map, and a run that was begun."""
    import streamlit as st

    from tp_geo.ui import map_panel, map_view, state
    from tp_geo.ui.optimize_desk import at_hand
    from tp_geo.ui.optimize_run import Run
    from tp_geo.workflow.optimizing import default

    now = state.now()
    assert now is not None
    desk = at_hand(now.plan)
    if (search := st.session_state.pop("search", None)) is not None:
        desk.asked = default(now.plan, now.focus)
        desk.run = Run(now.plan, desk.asked, search)
        desk.run.wait(60)
        desk.choose(0)
    map_view.show()
    map_panel.show()


def proposed() -> AppTest:
    at = AppTest.from_function(page, default_timeout=120)
    at.query_params["alignment"] = "North"
    at.session_state["panel"] = "optimize"
    at.session_state["search"] = halves
    at.run()
    assert not at.exception
    return at


def press(at: AppTest, key: str) -> None:
    next(b for b in at.button if b.key == key).click().run()
    assert not at.exception


def said(at: AppTest) -> str:
    words = (*at.markdown, *at.caption, *at.warning, *at.error)
    return " ".join([*(w.value for w in words), *notices(at)]).replace("\\", "")


def on_map(at: AppTest) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(at.get("bidi_component")[0].proto.json)
    return found


def presets(at: AppTest) -> Any:
    return next(g for g in at.button_group if "Compact" in str(g.options))


def field(widgets: Any, label: str) -> Any:
    return next(w for w in widgets if w.label == label)


def test_the_form_says_what_is_optimized_and_needs_no_more(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    press(at, "area_bar_optimize")
    assert "**2 areas** · 33,639 postal codes" in said(at)
    assert "Population: an equal share each" in said(at)
    assert not next(b for b in at.button if b.key == "optimize_preview").disabled
    press(at, "area_bar_optimize")
    assert not [b for b in at.button if b.key == "optimize_preview"]


def test_a_preset_moves_the_sliders_and_a_slider_leaves_the_preset(
    opened: Opened, plan: Plan
) -> None:
    at = opened("map", alignment="North")
    press(at, "area_bar_optimize")
    preset = presets(at)
    assert preset.value == "continuity"
    preset.set_value("compactness").run()
    sliders = {s.label: s.value for s in at.slider}
    assert (sliders["Continuity"], sliders["Compactness"]) == (0, 100)
    field(at.slider, "Continuity").set_value(40).run()
    assert presets(at).value is None
    assert not at.exception


def test_what_cannot_be_optimized_is_said_before_it_is_tried(opened: Opened, plan: Plan) -> None:
    for area in (WEST, EAST):
        plan.ask(Change(area, {"locked": True}), by="anna")
    at = opened("map", alignment="North")
    press(at, "area_bar_optimize")
    assert "All areas of this focus are locked. Unlock those that may change." in said(at)
    assert next(b for b in at.button if b.key == "optimize_preview").disabled


def test_fields_are_as_they_were_left(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    press(at, "area_bar_optimize")
    field(at.number_input, "At most … % may move").set_value(8.0).run()
    press(at, "area_bar_optimize")
    press(at, "area_bar_optimize")
    assert field(at.number_input, "At most … % may move").value == 8.0


def test_the_map_shows_the_proposal_and_nothing_can_be_edited(plan: Plan) -> None:
    data = on_map(proposed())
    assert data["alignment"] == f"{plan.info.id}:proposal"
    assert (data["readonly"], data["way"], data["called"]) == (True, "change", "Proposal")
    assert (data["base"]["key"], data["base"]["own"]) == (f"base-{plan.info.id}-{plan.seq}", True)
    assert data["full"] is not None
    assert plan.seq == 4


def test_alternatives_are_chosen_between(plan: Plan) -> None:
    at = proposed()
    first = on_map(at)["rev"]
    table = at.dataframe[0].value
    assert table["Area"].tolist() == ["West", "East"]
    choice = at.radio[0]
    assert [option.split(" · ")[1] for option in choice.options] == ["Plan A", "Plan B"]
    choice.set_value(1).run()
    assert not at.exception
    data = on_map(at)
    assert data["rev"] > first
    assert at.dataframe[0].value["After"].tolist() != table["After"].tolist()


def test_what_it_does_is_told(plan: Plan) -> None:
    at = proposed()
    words = said(at)
    assert "Largest deviation" in words
    assert "of population" in words
    assert "Owners who give: 1, who get: 0." in words
    assert "No plan can be below 0.1 %" in words
    assert "Ended after 0.5 s: the time was up" in words


def test_before_and_after_are_shown_in_turn(plan: Plan) -> None:
    at = proposed()
    switch = next(g for g in at.button_group if g.key == "optimize_shown")
    switch.set_value("After").run()
    assert on_map(at)["way"] == "area"
    next(g for g in at.button_group if g.key == "optimize_shown").set_value("Before").run()
    assert on_map(at)["way"] == "area"
    assert not at.exception


def test_applying_is_one_revision_with_what_was_asked_and_one_undo(plan: Plan) -> None:
    at = proposed()
    press(at, "optimize_apply")
    plan.refresh()
    assert plan.seq == 5
    made = plan.history()[-1]
    assert made.text.startswith("optimized 2 areas for Population")
    assert request_in(made.note) == Request(
        (("population", 1.0),), objective=request_in(made.note).objective
    )
    east = plan.alignment.holds(EAST)
    assert (plan.boundaries.xy[east, 0] > -85).all()
    assert on_map(at)["alignment"] == plan.info.id
    assert not on_map(at)["readonly"]
    plan.undo(by="anna")
    assert plan.alignment == plan.at(4)


def test_discarding_leaves_all_as_it_was(plan: Plan) -> None:
    at = proposed()
    press(at, "optimize_discard")
    assert plan.seq == 4
    at.run()
    assert on_map(at)["alignment"] == plan.info.id
    assert at.session_state["panel"] is None


def test_a_proposal_is_off_the_map_while_its_panel_is_closed(plan: Plan) -> None:
    at = proposed()
    press(at, "map_panel_close")
    at.run()
    assert on_map(at)["alignment"] == plan.info.id
    at.session_state["panel"] = "optimize"
    at.run()
    assert on_map(at)["alignment"] == f"{plan.info.id}:proposal"


def test_a_proposal_that_the_plan_went_on_from_says_so(plan: Plan) -> None:
    at = proposed()
    plan.ask(Move(plan.dataset.positions(["94110"]), EAST), by="bob")
    at.run()
    assert "bob" in said(at)
    assert "Preview again" in said(at)
    assert [b for b in at.button if b.key == "optimize_again"]
    press(at, "optimize_apply")
    plan.refresh()
    assert plan.alignment.area_at(plan.dataset.positions(["94110"])).tolist() == [EAST]


def test_what_is_selected_is_explained(plan: Plan) -> None:
    at = proposed()
    assert "Select postal codes on the map to read why" in said(at)
    at.session_state["selection"] = plan.dataset.positions(["10001"])
    at.run()
    assert "moves from West to East" in said(at)
