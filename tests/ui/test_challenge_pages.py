"""Challenges on pages: asked beside the map, decided on Review."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.challenges import Wish
from tp_geo.domain.commands import Move
from tp_geo.ui import state
from tp_geo.ui.text import plain
from tp_geo.workflow.challenging import challenge, challenges
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]
WEST, EAST = AreaId(1), AreaId(2)
CODES = ["94103", "89501"]


@pytest.fixture
def plan(planner: Planner) -> Plan:
    made = planner.create("North", by="anna", areas=("West", "East"))
    made.ask(Move(made.dataset.positions(CODES), WEST), by="anna")
    return made


def press(at: AppTest, label: str) -> None:
    next(b for b in reversed(at.button) if b.label == label).click()
    at.run()
    assert not at.exception


def asked(plan: Plan, by: str = "ben", reason: str = "<b>ours</b>") -> None:
    challenge(plan, Wish.TAKE, EAST, CODES, by=by, reason=reason)


def said(at: AppTest) -> str:
    return "\n".join(m.value for m in at.markdown)


def dialog(at: AppTest, codes: list[str], plan: Plan) -> None:
    at.session_state[state.SELECTION] = plan.dataset.positions(codes)
    at.session_state["dialog"] = ("challenge", (int(EAST),))
    at.run()
    assert not at.exception


def test_what_is_selected_is_asked_for_with_a_reason(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    dialog(at, CODES, plan)
    press(at, "Ask")
    assert any("The reason of a challenge has 1 to" in e.value for e in at.error)
    at.text_area(key="challenge_why").set_value("our customers")
    press(at, "Ask")
    (found,) = challenges(plan)
    assert (found.wish, found.area, found.reason) == (Wish.TAKE, EAST, "our customers")
    assert found.text == "East wants to take 2 postal codes"
    assert sorted(found.codes) == sorted(CODES)


def test_without_a_selection_it_is_told_what_to_do(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    dialog(at, [], plan)
    assert any("on the map first" in c.value for c in at.caption)


def test_review_shows_what_it_would_change_and_accepts_it(opened: Opened, plan: Plan) -> None:
    asked(plan)
    at = opened("review", alignment="North")
    assert not at.exception
    told = said(at)
    assert "East wants to take 2 postal codes" in told
    assert plain("<b>ours</b>") in told, "HTML is only text"
    assert "West" in told and "→" in told
    press(at, "Accept")
    plan.refresh()
    assert plan.alignment.area_at(plan.dataset.positions(CODES)).tolist() == [EAST, EAST]
    assert plan.history()[-1].note == "Challenge 1 of ben: <b>ours</b>"
    assert not any(b.label == "Accept" for b in at.button)


def test_a_refusal_needs_a_reason_and_changes_nothing(opened: Opened, plan: Plan) -> None:
    asked(plan)
    at = opened("review", alignment="North")
    press(at, "Decline…")
    press(at, "Decline")
    assert any("The reason of a refusal has 1 to" in e.value for e in at.error)
    at.text_area(key="challenge_refusal").set_value("too far")
    press(at, "Decline")
    (found,) = challenges(plan)
    assert (found.verdict, found.answer) == ("declined", "too far")
    plan.refresh()
    assert plan.alignment.area_at(plan.dataset.positions(CODES)).tolist() == [WEST, WEST]


def test_what_moved_on_says_so_and_can_t_be_accepted(opened: Opened, plan: Plan) -> None:
    asked(plan)
    plan.ask(Move(plan.dataset.positions(["94103"]), AreaId(0)), by="anna")
    at = opened("review", alignment="North")
    assert "94103 went to Unassigned since challenge 1 was asked" in said(at)
    assert next(b for b in at.button if b.label == "Accept").disabled


def test_a_guest_sees_challenges_and_decides_nothing(
    opened: Opened, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(plan)
    monkeypatch.setattr("tp_geo.ui.guest.here", lambda: True)
    at = opened("review", alignment="North")
    assert "East wants to take" in said(at)
    assert not {"Accept", "Decline…", "Withdraw"} & {b.label for b in at.button}
