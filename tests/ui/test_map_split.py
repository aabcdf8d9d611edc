"""A line drawn on the map: both parts are shown beside it, and split in one revision."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from said import notices
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Change, HoldItems, Move
from tp_geo.geometry.projection import projection_for
from tp_geo.ui import map_split
from tp_geo.ui.map_split import Cut
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]
WEST, EAST = AreaId(1), AreaId(2)
COAST = ["94103", "94110", "97201"]
INLAND = ["89501", "89101"]
BETWEEN = ((-121.0, 49.0), (-120.6, 40.0), (-117.5, 32.0))
"""A bent line from north to south: the coast lies on its right."""


@pytest.fixture
def plan(planner: Planner) -> Plan:
    made = planner.create("North", by="anna", areas=("West", "East"))
    made.ask(Move(made.dataset.positions([*COAST, *INLAND]), WEST), by="anna")
    made.ask(Move(made.dataset.positions(["02108"]), EAST), by="anna")
    return made


def metres(plan: Plan, line: tuple[tuple[float, float], ...]) -> list[list[float]]:
    projection = projection_for(plan.boundaries.country, plan.boundaries.xy)
    found: list[list[float]] = projection.plane(np.array(line)).tolist()
    return found


def draw(area: AreaId, line: object) -> AppTest:
    """Draw on a page that has the panel and what is told, and no map."""

    def page(area: int, line: object) -> None:
        import streamlit as st

        from tp_geo.domain.alignment import AreaId
        from tp_geo.ui import map_panel, map_split, notices, state
        from tp_geo.ui.edge import edge

        state.now()
        with edge():
            if "drawn" not in st.session_state:
                st.session_state["drawn"] = True
                map_split.drawn(AreaId(area), line)
        map_panel.show()
        notices.show("test")

    at = AppTest.from_function(page, kwargs={"area": area, "line": line})
    at.query_params["alignment"] = "North"
    at.run(timeout=60)
    assert not at.exception
    return at


def press(at: AppTest, label: str) -> None:
    next(b for b in at.button if b.label == label).click().run(timeout=60)
    assert not at.exception


def told(at: AppTest) -> str:
    return " ".join([*notices(at), *(e.value for e in at.error)]).replace("\\", "")


def codes(plan: Plan, area: AreaId) -> set[str]:
    plan.refresh()
    return {*plan.dataset.codes[plan.alignment.holds(area)].tolist()}


def test_both_parts_are_told_and_the_new_one_is_marked(plan: Plan) -> None:
    at = draw(WEST, metres(plan, BETWEEN))
    (parts,) = at.dataframe
    assert parts.value["Part"].tolist() == ["West", "East"]
    assert parts.value["Postal codes"].tolist() == ["3", "2"]
    look = at.session_state["look"]
    assert {*plan.dataset.codes[look.items]} == {*INLAND}
    assert (look.select, look.go) == (True, False)
    assert plan.seq == 3


def test_the_other_part_is_marked_when_it_is_chosen(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    at.session_state["panel"] = "split"
    at.session_state["cut"] = Cut(plan.info.id, WEST, [(x, y) for x, y in metres(plan, BETWEEN)], 1)
    at.run()
    next(w for w in at.selectbox if w.label == "The new area takes").select_index(1).run()
    assert not at.exception
    assert {*plan.dataset.codes[at.session_state["look"].items]} == {*COAST}
    name = next(w for w in at.text_input if w.label == "Name of the new area")
    assert name.value == "West west"


def test_a_choice_heard_after_the_panel_closed_or_of_another_line_selects_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    marked: list[object] = []
    monkeypatch.setattr(map_split, "_mark", marked.append)
    monkeypatch.setattr(map_split.parts, "run", lambda *_: None)
    state_of = {"cut": Cut("P", WEST, ((0.0, 0.0), (1.0, 1.0)), 2), "panel": "split"}
    monkeypatch.setattr(map_split.st, "session_state", state_of)
    map_split._chosen(2, "half")
    assert marked == ["half"]
    map_split._chosen(1, "half of a line before")
    state_of["panel"] = None
    map_split._chosen(2, "half of what was split")
    assert marked == ["half"]


def test_splitting_is_one_revision_and_one_undo(plan: Plan) -> None:
    at = draw(WEST, metres(plan, BETWEEN))
    next(w for w in at.text_input if w.label == "Name of the new area").input("Desert")
    press(at, "Split")
    assert (codes(plan, WEST), codes(plan, AreaId(3))) == ({*COAST}, {*INLAND})
    assert plan.history()[-1].text == "split 2 postal codes off West as Desert"
    assert plan.seq == 4
    assert at.session_state["panel"] is None
    assert at.session_state["look"].items.tolist() == []
    plan.undo(by="anna")
    assert codes(plan, WEST) == {*COAST, *INLAND}
    assert 3 not in plan.alignment.areas


def test_both_parts_can_lie_below_the_area(plan: Plan) -> None:
    at = draw(WEST, metres(plan, BETWEEN))
    next(w for w in at.checkbox if w.label.startswith("Keep")).check().run(timeout=60)
    press(at, "Split")
    plan.refresh()
    names = [plan.alignment.name(k) for k in plan.alignment.children(WEST)]
    assert names == ["West west", "West east"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (((-80.0, 49.0), (-80.0, 30.0)), "does not divide West: one part would hold no container"),
        (((-121.0, 49.0), (-121.0, 49.0)), "two places that differ"),
    ],
)
def test_a_line_that_divides_nothing_is_refused_in_words(
    plan: Plan, line: tuple[tuple[float, float], ...], says: str
) -> None:
    at = draw(WEST, metres(plan, line))
    assert says in told(at)
    assert not at.dataframe


@pytest.mark.parametrize(
    "line",
    [
        None,
        "x",
        [],
        [[1.0, 2.0]],
        [[1.0, 2.0], [1.0]],
        [[0, 0], [float("inf"), 1]],
        [[0, 0]] * 2000,
    ],
)
def test_what_is_no_line_is_refused_in_words(plan: Plan, line: object) -> None:
    assert "no line" in told(draw(WEST, line))


def test_an_area_that_is_gone_or_locked_is_refused_in_words(plan: Plan) -> None:
    assert "no area with id 9" in told(draw(AreaId(9), metres(plan, BETWEEN)))
    plan.ask(Change(WEST, {"locked": True}), by="anna")
    assert "West is locked" in told(draw(WEST, metres(plan, BETWEEN)))


def test_what_is_held_stays_and_the_reason_is_told(plan: Plan) -> None:
    plan.ask(HoldItems(plan.dataset.positions(INLAND[:1])), by="anna")
    at = draw(WEST, metres(plan, BETWEEN))
    press(at, "Split")
    assert "1 held item would leave West" in told(at)
    assert codes(plan, WEST) == {*COAST, *INLAND}


def test_a_line_of_another_plan_is_let_go(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    at.session_state["panel"] = "split"
    at.session_state["cut"] = Cut("another", WEST, ((0.0, 0.0), (1.0, 1.0)), 1)
    at.run()
    assert not at.exception
    assert any("draw a line across it" in c.value for c in at.caption)
