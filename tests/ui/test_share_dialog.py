"""The dialog that shares what is selected, and the words that tell it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Move
from tp_geo.domain.measures import totals
from tp_geo.domain.shares import Overlap
from tp_geo.domain.sharing import AllowOverlap, ShareWith
from tp_geo.ui import state, wire
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]
WEST, EAST = AreaId(1), AreaId(2)
CODES = ["94103", "89501"]


@pytest.fixture
def plan(planner: Planner) -> Plan:
    made = planner.create("North", by="anna", areas=("West", "East"))
    made.ask(Move(made.dataset.positions([*CODES, "97201"]), WEST), by="anna")
    made.ask(Move(made.dataset.positions(["02108"]), EAST), by="anna")
    return made


def dialog(at: AppTest, plan: Plan) -> None:
    at.session_state[state.SELECTION] = plan.dataset.positions(CODES)
    at.session_state["dialog"] = ("share", ())
    at.run()
    assert not at.exception


def press(at: AppTest, label: str) -> None:
    next(b for b in reversed(at.button) if b.label == label).click()


def test_what_is_selected_is_shared_and_no_longer(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    dialog(at, plan)
    assert not any(b.label == "Share with it" for b in at.button), "it is not allowed so far"
    next(s for s in at.selectbox if "share" in s.label).set_value(Overlap.EVEN)
    at.run()
    plan.refresh()
    assert plan.alignment.overlap is Overlap.EVEN
    next(s for s in at.selectbox if s.key == "share_with").set_value(EAST)
    press(at, "Share with it")
    at.run()
    assert not at.exception
    plan.refresh()
    assert plan.history()[-1].text == "shared 2 postal codes with East"
    dialog(at, plan)
    press(at, "Stop sharing")
    at.run()
    plan.refresh()
    assert len(plan.alignment.shares) == 0


def test_review_tells_what_is_counted_more_than_once(opened: Opened, plan: Plan) -> None:
    plan.ask(AllowOverlap(Overlap.FULL), by="anna")
    plan.ask(ShareWith(plan.dataset.positions(CODES), EAST), by="anna")
    at = opened("review", alignment="North")
    assert not at.exception
    assert any("2 postal codes are shared by several areas" in c.value for c in at.caption)


def test_the_map_hatches_what_is_shared_and_adds_up_to_the_totals(plan: Plan) -> None:
    shared = plan.dataset.positions(CODES)
    for overlap in (Overlap.FULL, Overlap.EVEN):
        plan.ask(AllowOverlap(overlap), by="anna")
        plan.ask(ShareWith(shared, EAST), by="anna")
        assert set(np.flatnonzero(wire.mixed(plan.alignment))) == {*shared.tolist()}
        found = wire.corrections(plan.alignment, plan.dataset)
        whole = totals(plan.dataset, plan.alignment)
        column = plan.dataset.amounts[0][0]
        for k in (WEST, EAST):
            own = column[: plan.alignment.items.containers][plan.alignment.area_of == k].sum()
            assert own + found.get(k, {"population": (0, 0)})["population"][0] == pytest.approx(
                whole.of(k, "population")
            )
