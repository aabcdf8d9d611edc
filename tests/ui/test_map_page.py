"""What the map is told: all of it once, then what changed."""

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
from tp_geo.ui.map_view import ACTS, Screen
from tp_geo.ui.state import CHOSEN
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]


@pytest.fixture
def plan(planner: Planner) -> Plan:
    return planner.create("North", by="anna", areas=("West", "East"))


def told(at: AppTest) -> dict[str, Any]:
    """What the component was given."""
    found: dict[str, Any] = json.loads(at.get("bidi_component")[0].proto.json)
    return found


def test_a_browser_gets_the_whole_plan_first(opened: Opened, plan: Plan) -> None:
    data = told(opened("map", alignment="North"))
    assert data["alignment"] == plan.info.id
    assert (data["rev"], data["since"]) == (1, None)
    assert [a["name"] for a in data["full"]["areas"]] == ["West", "East"]
    assert data["focus"] == {"areas": None, "level": 1, "unassigned": True}
    assert data["noun"] == {"one": "postal code", "many": "postal codes"}
    assert data["acts"] == list(ACTS)
    assert data["notice"]["href"] == "/data"
    assert "pproximate" in data["notice"]["text"]


def test_then_it_gets_what_others_changed(opened: Opened, planner: Planner, plan: Plan) -> None:
    at = opened("map", alignment="North")
    plan.ask(Move(np.array([5, 6]), AreaId(2)), by="bob")
    data = told(at.run())
    assert (data["rev"], data["since"], data["full"]) == (2, 1, None)
    assert data["delta"]["moves"] == [[2, [5, 1]]]


def test_a_browser_that_lost_its_place_gets_everything_again(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    screen: Screen = at.session_state["browser"]
    screen.have.clear()
    assert told(at.run())["full"] is not None


def test_an_area_chosen_in_the_list_before_anything_else_is_chosen(
    opened: Opened, plan: Plan
) -> None:
    at = opened("map", alignment="North")
    (listed,) = [s for s in at.selectbox if s.label == "Area"]
    listed.set_value(AreaId(2)).run()
    assert not at.exception
    assert at.session_state[CHOSEN] == AreaId(2)
    assert not notices(at)


def test_undo_says_what_it_would_undo(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    assert told(at)["undo"] == {"can": True, "label": "added 2 areas at the top"}
    assert told(at)["redo"]["can"] is False


def test_a_chosen_color_reaches_the_map(opened: Opened, plan: Plan) -> None:
    plan.ask(Change(AreaId(1), {"color": "#123456"}), by="anna")
    data = told(opened("map", alignment="North"))
    assert data["full"]["areas"][0]["color"] == "#123456"


def test_the_frame_says_revision_and_person(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    said = " ".join(c.value for c in at.caption)
    assert "rev 1 · saved" in said
    assert "anna" in [t.value for t in at.text]
