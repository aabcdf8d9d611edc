"""The map's field Find: what is called so is told, with where it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Change, Move
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner


def page() -> None:
    import streamlit as st

    from tp_geo.ui import map_find, state

    planner = state.planner()
    map_find.ask(planner.open(planner.plans()[0].id), st.session_state["asked"])
    st.session_state["told"] = [map_find.found(), map_find.found()]


@pytest.fixture
def plan(planner: Planner) -> Plan:
    """West with San Francisco; East with Boston and South with nothing are Kim's."""
    made = planner.create("North", by="anna", areas=("West", "East", "South"))
    made.ask(Move(made.dataset.positions(["94103", "94110"]), AreaId(1)), by="anna")
    made.ask(Move(made.dataset.positions(["02108"]), AreaId(2)), by="anna")
    for mine in (2, 3):
        made.ask(Change(AreaId(mine), {"owner": "Kim"}), by="anna")
    return made


def told(text: str) -> list[Any]:
    at = AppTest.from_function(page, default_timeout=60)
    at.session_state["asked"] = text
    at.run()
    assert not at.exception
    found: list[Any] = at.session_state["told"]
    return found


def hits(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = told(text)[0]["hits"]
    return found


@pytest.mark.parametrize(
    ("text", "kind", "name", "detail", "areas"),
    [
        ("west", "area", "West", "Region · 2 postal codes", [1]),
        ("kim", "owner", "Kim", "East, South", [2, 3]),
        ("rhode island", "state", "Rhode Island", "81 postal codes", []),
        ("94110", "postal code", "94110", "San Francisco, CA", []),
        ("boston ma", "city", "Boston, MA", "18 postal codes", []),
    ],
)
def test_a_name_is_told_with_what_it_is(
    plan: Plan, text: str, kind: str, name: str, detail: str, areas: list[int]
) -> None:
    found = hits(text)[0]
    told = (found["kind"], found["name"], found["detail"], found["areas"])
    assert told == (kind, name, detail, areas)


def test_a_place_comes_with_its_containers_an_area_has_them_anyway(plan: Plan) -> None:
    assert hits("94110")[0]["items"] == plan.dataset.positions(["94110"]).tolist()
    assert np.cumsum(hits("boston ma")[0]["items"])[-1] < plan.dataset.items.containers
    assert hits("west")[0]["items"] == []


def test_what_nothing_is_called_is_told_too_and_once(plan: Plan) -> None:
    assert told("qqqq") == [{"text": "qqqq", "hits": []}, None]
