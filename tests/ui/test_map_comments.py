"""Comments beside the map: of the area at hand, of what is selected, and the way to a place."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Move
from tp_geo.domain.hierarchy import Focus
from tp_geo.ui import map_comments, panel, state
from tp_geo.workflow.comments import comment, comments
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]
WEST, EAST = AreaId(1), AreaId(2)


@pytest.fixture
def plan(planner: Planner) -> Plan:
    """West with two postal codes, East with one."""
    made = planner.create("North", by="anna", areas=("West", "East"))
    made.ask(Move(made.dataset.positions(["94103", "94110"]), WEST), by="anna")
    made.ask(Move(made.dataset.positions(["02108"]), EAST), by="anna")
    return made


def beside(opened: Opened) -> AppTest:
    at = opened("map", alignment="North")
    at.session_state[state.PANEL] = panel.COMMENTS
    return at.run()


def press(at: AppTest, key: str) -> AppTest:
    at = next(b for b in at.button if b.key == key).click().run()
    assert not at.exception
    return at


def texts(at: AppTest) -> str:
    return " ".join(str(e.value) for e in (*at.markdown, *at.caption))


def test_an_area_hears_what_is_said_of_it_and_of_places_in_it(plan: Plan) -> None:
    comment(plan, "of West", by="anna", area=WEST)
    comment(plan, "of a place", by="anna", code="94103")
    comment(plan, "of East", by="anna", area=EAST)
    comment(plan, "of all", by="anna")
    now = state.Now(plan, "anna", Focus(), np.zeros(0, dtype=np.intp))
    assert [r.text for r in map_comments.heard(now, WEST)] == ["of a place", "of West"]
    assert [r.text for r in map_comments.heard(now, EAST)] == ["of East"]
    assert len(map_comments.heard(now, None)) == 4


def test_a_selected_container_is_commented_on_and_the_text_stays_text(
    opened: Opened, plan: Plan, planner: Planner
) -> None:
    at = beside(opened)
    at.session_state[state.SELECTION] = plan.dataset.positions(["94110"])
    at.run()
    next(a for a in at.text_area if a.label == "Comment").input("<script>alert(1)</script>")
    next(b for b in at.button if b.label == "Comment").click()
    at.run()
    assert not at.exception
    (made,) = comments(planner.open("North"))
    assert (made.code, made.text) == ("94110", "<script>alert(1)</script>")
    assert "<script>" not in texts(at)
    press(at, "map_comment_1")
    assert not comments(planner.open("North"), still_open=True)


def test_a_comment_is_of_the_area_it_was_written_for_when_another_is_chosen_with_it(
    opened: Opened, plan: Plan, planner: Planner
) -> None:
    """The browser sends both at once while the app is busy."""
    at = beside(opened)
    picker = next(s for s in at.selectbox if s.label == "Area")
    at = picker.set_value(WEST).run()
    next(a for a in at.text_area if a.label == "Comment").input("of West")
    next(b for b in at.button if b.label == "Comment").click()
    next(s for s in at.selectbox if s.label == "Area").set_value(EAST)
    at.run()
    assert not at.exception
    assert at.session_state[state.CHOSEN] == EAST
    assert [(c.area, c.text) for c in comments(planner.open("North"))] == [(WEST, "of West")]


def test_a_comment_that_comes_with_the_closing_of_its_panel_is_kept(
    opened: Opened, plan: Plan, planner: Planner
) -> None:
    at = beside(opened)
    next(a for a in at.text_area if a.label == "Comment").input("of all")
    next(b for b in at.button if b.label == "Comment").click()
    next(b for b in at.button if b.key == "map_panel_close").click()
    at.run()
    assert not at.exception
    assert not any(b.key == "map_panel_close" for b in at.button)
    assert [c.text for c in comments(planner.open("North"))] == ["of all"]


def test_an_empty_comment_is_refused(opened: Opened, plan: Plan, planner: Planner) -> None:
    at = beside(opened)
    next(b for b in at.button if b.label == "Comment").click()
    at.run()
    assert not at.exception
    assert not comments(planner.open("North"))


@pytest.mark.parametrize("on_review", [True, False])
def test_a_comment_leads_to_its_place(opened: Opened, plan: Plan, on_review: bool) -> None:
    comment(plan, "Why here", by="anna", code="94103")
    if on_review:
        at = press(opened("review", alignment="North"), "comment_go_1")
    else:
        at = press(beside(opened), "map_comment_go_1")
    look = json.loads(at.get("bidi_component")[0].proto.json)["look"]
    assert np.cumsum(look["items"]).tolist() == plan.dataset.positions(["94103"]).tolist()
    assert at.session_state[state.CHOSEN] == WEST
    assert "Why here" in texts(at)


def test_a_comment_on_the_alignment_or_an_area_that_is_gone_has_no_place(plan: Plan) -> None:
    whole = comment(plan, "of all", by="anna")
    now = state.Now(plan, "anna", Focus(), np.zeros(0, dtype=np.intp))
    assert not len(map_comments.places(now, whole))
