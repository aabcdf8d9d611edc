"""Beside and below the map: checked, filtered, and shown on the map."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Change, Move
from tp_geo.domain.hierarchy import Focus
from tp_geo.geometry.findings import Kind
from tp_geo.ui import item_filters, item_table, map_panel, state
from tp_geo.ui.item_filters import Filters
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]


@pytest.fixture
def plan(planner: Planner) -> Plan:
    """West with San Francisco and, far away, an office in New York; East with Boston."""
    made = planner.create("North", by="anna", areas=("West", "East"))
    made.ask(Move(made.dataset.positions(["94103", "94110", "10001"]), AreaId(1)), by="anna")
    made.ask(Move(made.dataset.positions(["02108"]), AreaId(2)), by="anna")
    made.ask(Change(AreaId(2), {"owner": "kim"}), by="anna")
    return made


@pytest.fixture
def now(plan: Plan) -> state.Now:
    return state.Now(plan, "anna", Focus(), np.zeros(0, dtype=np.intp))


def looked(at: AppTest) -> Any:
    """Where the map was sent, as codes."""
    look = json.loads(at.get("bidi_component")[0].proto.json)["look"]
    return look and np.cumsum(look["items"]).tolist()


def press(at: AppTest, key: str) -> None:
    next(b for b in at.button if b.key == key).click().run()
    assert not at.exception


def labels(at: AppTest) -> list[str]:
    return [b.label for b in at.button if b.key and b.key.startswith("map_panel_")]


def test_findings_are_listed_by_kind_and_walked_through(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    press(at, "area_bar_check")
    at.session_state["map_panel_kind"] = Kind.CUT_OFF
    at.run()
    assert [label for label in labels(at) if "apart from its main part" in label]
    press(at, "map_panel_Next")
    assert looked(at) == plan.dataset.positions(["10001"]).tolist()
    at.session_state["map_panel_kind"] = Kind.NO_OWNER
    at.run()
    assert [label for label in labels(at) if "owned by nobody" in label]


def test_next_pressed_before_another_kind_is_listed_goes_to_that_kind(
    opened: Opened, plan: Plan
) -> None:
    at = opened("map", alignment="North")
    press(at, "area_bar_check")
    assert at.session_state["map_panel_kind"] is not Kind.CUT_OFF
    next(g for g in at.button_group if g.key == "map_panel_kind").set_value(Kind.CUT_OFF)
    press(at, "map_panel_Next")
    assert looked(at) == plan.dataset.positions(["10001"]).tolist()


def test_the_panel_is_closed_again(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    press(at, "area_bar_check")
    assert [b for b in at.button if b.key == "map_panel_Next"]
    press(at, "area_bar_check")
    assert labels(at) == []


def test_what_is_checked_is_told_anew_after_an_edit(now: state.Now, plan: Plan) -> None:
    def kinds() -> set[str]:
        version = (plan.info.id, plan.info.dataset_key, plan.seq)
        return {
            t.kind.value for t in map_panel.checked(version, (None, 1, True), "population", now)
        }

    assert "no owner" in kinds()
    plan.ask(Change(AreaId(1), {"owner": "ben"}), by="anna")
    assert "no owner" not in kinds()


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        (Filters(), ["02108", "10001", "94103", "94110"]),
        (Filters(states=("CA",)), ["94103", "94110"]),
        (Filters(counties=("Suffolk County",)), ["02108"]),
        (Filters(owners=("kim",)), ["02108"]),
        (Filters(owners=(item_filters.NOBODY,), states=("NY",)), ["10001"]),
        (Filters(measure="population", low=1e9), []),
        (Filters(measure="population", high=1e9), ["02108", "10001", "94103", "94110"]),
    ],
)
def test_filters_keep_the_rows_that_are_all_they_ask(
    now: state.Now, filters: Filters, codes: list[str]
) -> None:
    rows = np.flatnonzero(now.alignment.area_of)
    kept = item_filters.kept(now, rows, filters)
    assert now.dataset.codes[kept].tolist() == codes


def test_rows_that_are_searched_are_selected_on_the_map(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    next(t for t in at.toggle if t.label == "Table").set_value(True).run()
    next(w for w in at.text_input if w.label == "Search").input("94103").run()
    next(b for b in at.button if b.label == "Select 1 on map").click().run()
    assert not at.exception
    assert looked(at) == plan.dataset.positions(["94103"]).tolist()


def test_the_table_knows_the_exceptions(now: state.Now) -> None:
    assert item_table.rows_of(now, item_table.EXCEPTIONS, item_table.UNITS).tolist() == []
    assert item_table.rows_of(now, item_table.EXCEPTIONS, item_table.CONTAINERS).tolist() == []
