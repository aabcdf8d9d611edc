"""Beside the map: units of what is selected, moved, given back and held one by one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Move
from tp_geo.ui import map_units
from tp_geo.workflow.importing import Order, import_dataset
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]
WEST, EAST = AreaId(1), AreaId(2)
MANY = 450


@pytest.fixture
def plan(planner: Planner, tmp_path: Path) -> Plan:
    """Three accounts in 94103, one in 94110, many in 02108; West has San Francisco."""
    rows = ["id,name,postal code,revenue"]
    rows += [f"s{i},Shop {i},94103,{10 * i}" for i in (1, 2, 3)]
    rows += ["t1,Tower,94110,5"]
    rows += [f"b{i},Bay {i},02108,1" for i in range(MANY)]
    file = tmp_path / "accounts.csv"
    file.write_text("\n".join(rows))
    order = Order(name="accounts", by="anna", at="2026-01-01T00:00:00Z")
    import_dataset(planner.store, file, order, measures=("revenue",))
    made = planner.create("North", "accounts", by="anna", areas=("West", "East"))
    made.ask(Move(made.dataset.positions(["94103", "94110"]), WEST), by="anna")
    return made


def at_units(opened: Opened, plan: Plan, *codes: str) -> AppTest:
    """Open the panel with containers selected on the map."""
    at = opened("map", alignment="North")
    at.session_state["selection"] = plan.dataset.positions(list(codes))
    next(b for b in at.button if b.key == "area_bar_units").click().run()
    assert not at.exception
    return at


def press(at: AppTest, key: str) -> None:
    next(b for b in at.button if b.key == f"map_panel_{key}").click().run()
    assert not at.exception


def listed(at: AppTest) -> list[str]:
    found: list[str] = at.dataframe[0].value["Code"].tolist()
    return found


def areas_of(plan: Plan, *codes: str) -> list[int]:
    plan.refresh()
    found: list[int] = plan.alignment.area_at(plan.dataset.positions(list(codes))).tolist()
    return found


def test_units_of_what_is_selected_are_listed_with_where_they_are(
    opened: Opened, plan: Plan
) -> None:
    plan.ask(Move(plan.dataset.positions(["s2"]), EAST), by="anna")
    at = at_units(opened, plan, "94103")
    assert any("3 units in 94103" in m.value for m in at.markdown)
    table = at.dataframe[0].value
    assert listed(at) == ["s1", "s2", "s3"]
    assert table["Assigned to"].tolist() == ["West", "East", "West"]
    assert table["Note"].tolist() == ["", "elsewhere", ""]
    assert "State" not in table
    assert table["revenue"].tolist() == [10, 20, 30]


def test_units_that_are_found_go_elsewhere_and_are_given_back(opened: Opened, plan: Plan) -> None:
    at = at_units(opened, plan, "94103", "94110")
    assert any("4 units in 2 postal codes" in m.value for m in at.markdown)
    at.text_input(key="map_panel_units_search").input("tower").run()
    assert listed(at) == ["t1"]
    next(w for w in at.selectbox if w.key == "map_panel_to").set_value(EAST).run()
    press(at, "assign")
    assert areas_of(plan, "t1", "94110", "s1") == [EAST, WEST, WEST]
    assert plan.alignment.exceptions.tolist() == plan.dataset.positions(["t1"]).tolist()
    at.button_group(key="map_panel_units_kind").set_value(map_units.ODD).run()
    assert listed(at) == ["t1"]
    press(at, "back")
    assert areas_of(plan, "t1") == [WEST]
    assert not len(plan.alignment.exceptions)
    assert plan.seq == 4


def test_units_are_held_when_their_container_goes(opened: Opened, plan: Plan) -> None:
    at = at_units(opened, plan, "94103")
    at.text_input(key="map_panel_units_search").input("s3").run()
    press(at, "hold")
    plan.refresh()
    plan.ask(Move(plan.dataset.positions(["94103"]), EAST), by="anna")
    assert areas_of(plan, "94103", "s1", "s3") == [EAST, EAST, WEST]
    at.run()
    press(at, "release")
    plan.refresh()
    assert not plan.alignment.held.any()


def test_many_units_come_a_page_at_a_time(opened: Opened, plan: Plan) -> None:
    at = at_units(opened, plan, "02108")
    assert listed(at) == [f"b{i}" for i in range(map_units.PAGE)]
    assert any(c.value == "1 to 200 of 450" for c in at.caption)
    pages = at.main.get("pagination")
    assert len(pages) == 1
    press(at, "assign")
    assert areas_of(plan, "b0", f"b{MANY - 1}", "02108") == [WEST, WEST, 0]


@pytest.mark.parametrize("codes", [(), ("10001",)])
def test_without_units_it_is_said_how_to_see_some(
    opened: Opened, plan: Plan, codes: tuple[str, ...]
) -> None:
    at = at_units(opened, plan, *codes)
    assert any("Select a postal code on the map" in c.value for c in at.caption)
    assert not at.dataframe


def test_a_dataset_without_units_has_no_such_button(opened: Opened, planner: Planner) -> None:
    planner.create("Bare", by="anna", areas=("West",))
    at = opened("map", alignment="Bare")
    assert not [b for b in at.button if b.key == "area_bar_units"]


def test_ticks_and_pages_belong_to_one_list() -> None:
    one, other = np.arange(5), np.arange(1, 6)
    assert map_units._mark(one) == map_units._mark(one.copy())
    assert map_units._mark(one) != map_units._mark(other)
