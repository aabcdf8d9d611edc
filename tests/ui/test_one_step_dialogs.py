"""Dialogs that do much in one step tell it first, and end in one revision."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.commands import Change, HoldItems, Move
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]
WEST, EAST = AreaId(1), AreaId(2)


@pytest.fixture
def plan(planner: Planner) -> Plan:
    made = planner.create("North", by="anna", areas=("West", "East"))
    made.ask(Move(made.dataset.positions(["94103", "89501", "97201"]), WEST), by="anna")
    made.ask(Move(made.dataset.positions(["02108"]), EAST), by="anna")
    return made


@pytest.fixture
def at(opened: Opened, plan: Plan) -> AppTest:
    return opened("map", alignment="North")


def dialog(at: AppTest, name: str, *about: object) -> None:
    at.session_state["dialog"] = (name, about)
    at.run()
    assert not at.exception


def press(at: AppTest, label: str) -> None:
    found = next(b for b in reversed(at.button) if b.label == label)
    found.click()


def choose(action: str) -> None:
    """Choose an action of the menu for items, on a page that has no more."""

    def page(action: str) -> None:
        import streamlit as st

        from tp_geo.ui import area_bar, notices, state

        st.session_state[area_bar.ITEMS_MENU] = action
        now = state.now()
        if now is not None:
            area_bar.act_on_items(now)
        notices.show("test")

    at = AppTest.from_function(page, kwargs={"action": action})
    at.query_params["alignment"] = "North"
    assert not at.run().exception


def test_gaps_are_filled_in_one_revision(at: AppTest, plan: Plan) -> None:
    before = plan.seq
    dialog(at, "fill", None)
    left = int(plan.totals().containers[UNASSIGNED])
    press(at, f"Fill {left:,} postal codes")
    dialog(at, "fill", None)
    plan.refresh()
    assert plan.seq == before + 1
    assert plan.totals().containers[UNASSIGNED] == 0


def test_a_fill_gives_only_to_the_area_at_hand(at: AppTest, plan: Plan) -> None:
    dialog(at, "fill", 2)
    label = next(b.label for b in at.button if b.label.startswith("Fill "))
    number = int(label.split()[1].replace(",", ""))
    assert 0 < number < 33_635
    said = " ".join(c.value for c in at.caption)
    assert f"{33_635 - number:,} postal codes stay unassigned" in said


def test_an_area_is_split_beside_itself(at: AppTest, plan: Plan) -> None:
    dialog(at, "split", 1)
    assert any("hold about as much" in c.value for c in at.caption)
    press(at, "Split")
    dialog(at, "split", 1)
    plan.refresh()
    names = [plan.alignment.name(k) for k in plan.alignment.children(None)]
    assert len(names) == 3
    assert names[2].startswith("West ")
    assert plan.alignment.holds(WEST).size + plan.alignment.holds(AreaId(3)).size == 3


def test_two_areas_are_swapped(at: AppTest, plan: Plan) -> None:
    dialog(at, "swap", 1)
    assert any("West gets 1 postal code." in c.value for c in at.caption)
    press(at, "Swap")
    dialog(at, "swap", 1)
    plan.refresh()
    assert plan.alignment.holds(EAST).size == 3


def test_a_column_is_followed_and_what_leads_nowhere_is_told(at: AppTest, plan: Plan) -> None:
    dialog(at, "assign_by", None)
    assert any("3 values lead nowhere" in c.value for c in at.caption)
    number = int((plan.boundaries.within["region"] == "West").sum()) - 3
    press(at, f"Assign {number:,} items")
    dialog(at, "assign_by", None)
    plan.refresh()
    assert plan.alignment.holds(WEST).size == number + 3


def test_a_column_that_leads_nowhere_says_what_to_do(at: AppTest, plan: Plan) -> None:
    plan.ask(Change(WEST, {"name": "Pacific"}), by="anna")
    dialog(at, "assign_by", None)
    press(at, "Assign 0 items")
    dialog(at, "assign_by", None)
    assert "Name areas after the values" in " ".join(e.value for e in at.error)


def test_all_areas_are_locked_and_unlocked_and_all_that_is_held_is_released(plan: Plan) -> None:
    plan.ask(HoldItems(plan.dataset.positions(["94103", "02108"])), by="anna")
    choose("lock_all")
    plan.refresh()
    assert all(area.locked for area in plan.alignment.areas.values())
    choose("unlock_all")
    choose("release_all")
    plan.refresh()
    assert not any(area.locked for area in plan.alignment.areas.values())
    assert not plan.alignment.held.any()
    told = [r.text for r in plan.history()[-3:]]
    assert told == ["locked 2 areas", "unlocked 2 areas", "released 2 postal codes"]
    choose("release_all")
    plan.refresh()
    assert plan.history()[-1].text == "released 2 postal codes"
