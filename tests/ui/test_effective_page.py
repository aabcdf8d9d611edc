"""Days a plan is valid: asked for in a dialog, told on its card and where plans are compared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.ui import compare_sides, state
from tp_geo.workflow import clock
from tp_geo.workflow.effective import set_period
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]


@pytest.fixture
def later(planner: Planner, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A copy of North, which is in force."""
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 22))
    set_period(planner, plan, "2026-01-01")
    return planner.copy(planner.open("North"), "Later", by="anna")


def test_days_are_given_in_a_dialog_and_told_on_the_card(later: Plan, opened: Opened) -> None:
    at = opened()
    at.session_state[state.DIALOG] = ("valid", (later.info.id,))
    at.run()
    at.date_input(key="valid_from").set_value(date(2027, 7, 1)).run()
    at.button(key="valid_save").click().run()
    assert "End North on 30 June 2027" in at.error[0].value
    at.checkbox(key="valid_end_others").check().run()
    at.button(key="valid_save").click().run()
    assert not at.exception
    told = [c.value for c in at.caption]
    assert any("from 1 July 2027 (in 221 days)" in t for t in told)
    assert any("in force until 30 June 2027" in t for t in told)


def test_compare_offers_what_follows_with_its_day(
    planner: Planner, later: Plan, opened: Opened
) -> None:
    set_period(planner, later, "2027-07-01", ending_others=True)
    at = opened("compare", alignment="North")
    assert not at.exception
    options = at.selectbox(key=compare_sides.AFTER).options
    assert "Later, from 1 July 2027 (in 221 days)" in options
