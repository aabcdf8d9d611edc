"""A draft is begun, seen on every page for what it is, and merged as a person decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Change, Move
from tp_geo.domain.drafts import Keep
from tp_geo.ui import state
from tp_geo.workflow.drafts import begin, drafts_of
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]
WEST, EAST = AreaId(1), AreaId(2)


@pytest.fixture
def plan(planner: Planner) -> Plan:
    made = planner.create("North", by="anna", areas=("West", "East"))
    made.ask(Move(made.dataset.positions(["94103", "97201"]), WEST), by="anna")
    return made


def dialog(at: AppTest) -> None:
    at.session_state["dialog"] = ("draft", ())
    at.run()
    assert not at.exception


def press(at: AppTest, label: str) -> None:
    next(b for b in reversed(at.button) if b.label == label).click().run()
    assert not at.exception


def told(at: AppTest) -> str:
    return " ".join(str(e.value) for e in (*at.markdown, *at.caption)).replace("\\", "")


def test_a_draft_of_the_chosen_branch_is_begun_and_opened(
    opened: Opened, plan: Plan, planner: Planner
) -> None:
    at = opened("map", alignment="North")
    at.session_state[state.CHOSEN] = EAST
    dialog(at)
    press(at, "Start the draft")
    (made,) = drafts_of(planner, planner.open("North"))
    assert made.name == "North · East · anna"
    assert at.session_state[state.ALIGNMENT] == made.id
    assert "draft of North, East" in told(at)
    assert "draft" in told(opened("alignments"))


def test_a_merge_asks_what_both_changed_and_does_as_it_is_told(
    opened: Opened, plan: Plan, planner: Planner
) -> None:
    draft = begin(planner, plan, "Mine", by="anna")
    (at_code,) = (draft.dataset.positions(["94103"]),)
    draft.ask(Move(at_code, EAST), by="anna")
    draft.ask(Change(EAST, {"owner": "Bo"}), by="anna")
    plan.ask(Move(at_code, AreaId(0)), by="anna")
    at = opened("map", alignment="Mine")
    dialog(at)
    assert "which had 1 revision since" in told(at)
    press(at, "Merge")
    assert any("not decided" in e.value for e in at.error), "nobody has said which side stays"
    at.radio[0].set_value(Keep.DRAFT).run()
    press(at, "Merge")
    base = planner.open("North")
    assert base.history()[-1].text == "merged the draft Mine"
    assert base.alignment.area_of[at_code[0]] == EAST
    assert base.alignment.areas[EAST].owner == "Bo"
    assert at.session_state[state.ALIGNMENT] == base.info.id


def test_a_conflict_is_shown_on_the_map(opened: Opened, plan: Plan, planner: Planner) -> None:
    draft = begin(planner, plan, "Mine", by="anna")
    codes = draft.dataset.positions(["94103", "97201"])
    draft.ask(Move(codes, EAST), by="anna")
    plan.ask(Move(codes, AreaId(0)), by="anna")
    at = opened("map", alignment="Mine")
    dialog(at)
    at.button(key="conflict_show_0").click().run()
    assert sorted(at.session_state[state.LOOK].items) == sorted(codes)


def test_a_draft_without_a_change_says_so(opened: Opened, plan: Plan, planner: Planner) -> None:
    begin(planner, plan, "Mine", by="anna")
    at = opened("map", alignment="Mine")
    dialog(at)
    assert any("Nothing has changed" in i.value for i in at.info)
    assert not any(b.label == "Merge" for b in at.button)
