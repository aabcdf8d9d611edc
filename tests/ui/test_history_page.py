"""The History page: what is found in the log, and a revision on the map and in figures."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from said import notices
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.commands import Branch, Change, HoldItems, Move, Remove
from tp_geo.errors import BadData
from tp_geo.ui import revision_map, revision_tables, state
from tp_geo.ui.history_table import area_labels
from tp_geo.workflow import auditing
from tp_geo.workflow.auditing import Filter
from tp_geo.workflow.differences import Side, differences
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]
WEST, EAST = AreaId(1), AreaId(2)


@pytest.fixture
def plan(planner: Planner) -> Plan:
    """
    1: West and East, 2: two postal codes to West, 3: one of them to East, 4: East is renamed
    """
    made = planner.create("North", by="anna", areas=("West", "East"))
    found = made.dataset.positions(["94103", "94110"])
    made.ask(Move(found, WEST), by="anna", note="as agreed")
    made.ask(Move(found[:1], EAST), by="bob")
    made.ask(Change(EAST, {"name": "Far East"}), by="bob")
    return made


def looking_at(opened: Opened, plan: Plan, seq: int) -> AppTest:
    """Open the page on a revision."""
    at = opened("alignments", alignment=plan.info.name)
    at.session_state[state.REVISION] = plan.info.id, seq
    return at.switch_page("pages/history.py").run()


def told(at: AppTest) -> dict[str, Any]:
    """What the map was given."""
    found: dict[str, Any] = json.loads(at.get("bidi_component")[0].proto.json)
    return found


def painted(data: dict[str, Any]) -> list[int]:
    """The area of each container on the map."""
    raw = zlib.decompress(base64.b64decode(data["full"]["assign"]))
    return np.frombuffer(raw, dtype="<u2").tolist()


def numbers(at: AppTest) -> list[int]:
    """The revisions in the table."""
    found: list[int] = at.dataframe[0].value["Rev"].tolist()
    return found


def test_all_revisions_are_there_the_newest_first_and_looked_at(opened: Opened, plan: Plan) -> None:
    at = opened("history", alignment="North")
    assert numbers(at) == [4, 3, 2, 1]
    assert "Revision 4" in [h.value for h in at.subheader]


def test_the_map_shows_the_plan_after_a_revision_and_before_it(opened: Opened, plan: Plan) -> None:
    at = looking_at(opened, plan, 3)
    data = told(at)
    moved = int(plan.dataset.positions(["94103"])[0])
    assert (data["name"], data["readonly"], data["bare"]) == ("history", True, True)
    assert data["mark"] == [moved]
    assert (data["rev"], painted(data)[moved]) == (3, EAST)
    next(b for b in at.button_group if "Before" in b.options).set_value("Before").run()
    data = told(at)
    assert data["mark"] == [moved]
    assert (data["rev"], painted(data)[moved]) == (2, WEST)


def test_areas_that_came_or_went_are_on_their_own_side_only(opened: Opened, plan: Plan) -> None:
    plan.ask(Branch(WEST, ("Hills", "Coast"), "District"), by="anna")
    at = looking_at(opened, plan, plan.seq)
    data = told(at)
    assert [a["name"] for a in data["full"]["areas"]] == ["West", "Far East", "Hills", "Coast"]
    assert data["focus"]["level"] == 2
    next(b for b in at.button_group if "Before" in b.options).set_value("Before").run()
    assert [a["name"] for a in told(at)["full"]["areas"]] == ["West", "Far East"]


def test_an_area_has_one_color_on_either_side(plan: Plan) -> None:
    plan.ask(Remove(WEST, UNASSIGNED), by="anna")
    change = revision_map.change_of(plan, plan.seq)
    assert revision_map.colors(change, plan.adjacency).keys() == {WEST, EAST}
    assert revision_map.key(plan, change).keys() == {UNASSIGNED, WEST, EAST}


def test_fields_are_shown_before_and_after_in_place_of_a_map(opened: Opened, plan: Plan) -> None:
    at = looking_at(opened, plan, 4)
    assert not at.get("bidi_component")
    assert at.dataframe[1].value.to_dict("records") == [
        {"Area": "Far East", "What": "Name", "Before": "East", "After": "Far East"}
    ]


def test_every_field_is_told_in_words(plan: Plan) -> None:
    changes = {
        "owner": "kim", "locked": True, "targets": {"population": 1_200_000.0}, "color": "#123456",
    }  # fmt: skip
    plan.ask(Change(WEST, changes), by="anna")
    found = differences(Side(plan, plan.seq - 1), Side(plan, plan.seq), 9)
    rows = revision_tables.fields_of(found, plan.dataset)[["What", "Before", "After"]]
    assert sorted(rows.itertuples(index=False, name=None)) == [
        ("Color", "–", "#123456"),
        ("Lock", "open", "locked"),
        ("Owner", "–", "kim"),
        ("Target, Population (people)", "–", "1,200,000"),
    ]


def test_areas_that_came_or_went_are_told(plan: Plan) -> None:
    plan.ask(Remove(WEST, EAST), by="anna")
    found = differences(Side(plan, plan.seq - 1), Side(plan, plan.seq), 9)
    assert revision_tables.fields_of(found, plan.dataset).to_numpy().tolist() == [
        ["West", "Removed", "", ""]
    ]


def test_a_revision_tells_which_areas_it_changed(plan: Plan) -> None:
    n = plan.dataset.items.containers
    changes = revision_tables.changes_of(plan, 2).to_dict("records")
    assert changes == [
        {"Area": "Unassigned", "Before": n, "After": n - 2},
        {"Area": "West", "Before": 0, "After": 2},
    ]


def test_what_is_held_is_marked_and_counted_nowhere(opened: Opened, plan: Plan) -> None:
    plan.ask(HoldItems(plan.dataset.positions(["94110"]), True), by="anna")
    at = looking_at(opened, plan, plan.seq)
    assert len(told(at)["mark"]) == 1
    assert len(at.dataframe) == 1


def test_an_area_finds_what_touched_it_also_when_it_is_gone(opened: Opened, plan: Plan) -> None:
    plan.ask(Remove(WEST, UNASSIGNED), by="anna")
    at = opened("history", alignment="North")
    areas = next(b for b in at.selectbox if b.label == "Area")
    assert areas.options == ["Far East · formerly East", "West · gone", "Unassigned"]
    areas.set_value(WEST).run()
    assert not at.exception
    assert numbers(at) == [5, 3, 2, 1]
    next(b for b in at.selectbox if b.label == "Area").set_value(EAST).run()
    assert numbers(at) == [4, 3, 1]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Filter(), [4, 3, 2, 1]),
        (Filter(person="bob"), [4, 3]),
        (Filter(kind="move"), [3, 2]),
        (Filter(area=UNASSIGNED), [2]),
        (Filter(text="AGREED"), [2]),
        (Filter(person="bob", area=WEST), [3]),
        (Filter(text="nowhere"), []),
        (Filter(until=date(2000, 1, 1)), []),
        (Filter(since=date(2000, 1, 1), person="bob"), [4, 3]),
    ],
)
def test_filters_narrow_one_another(plan: Plan, wanted: Filter, found: list[int]) -> None:
    assert [r.seq for r in wanted.of(plan.history(), plan.trail())] == found


def test_a_container_finds_the_path_it_took(opened: Opened, plan: Plan) -> None:
    plan.ask(HoldItems(plan.dataset.positions(["94110"]), True), by="anna")
    at = opened("history", alignment="North")
    field = next(t for t in at.text_input if t.label == "Container or unit")
    field.set_value("94110").run()
    assert not at.exception
    steps = auditing.steps(plan, "94110")
    assert numbers(at) == sorted(steps, reverse=True)
    assert at.dataframe[0].value["It went"].tolist()[0].endswith("· held")
    next(t for t in at.text_input if t.label == "Container or unit").set_value("99999x").run()
    assert "There is no container or unit" in at.error[0].value
    assert "99999x" in at.error[0].value


def test_days_in_the_wrong_order_are_told(plan: Plan) -> None:
    with pytest.raises(BadData, match="is before the first"):
        auditing.found(plan, Filter(since=date(2027, 2, 1), until=date(2027, 1, 1)))


def test_areas_are_listed_in_the_order_of_the_tree(plan: Plan) -> None:
    plan.ask(Branch(WEST, ("Hills", "Coast"), "District"), by="anna")
    assert list(area_labels(plan.alignment, plan.trail()).values()) == [
        "West",
        "West / Hills",
        "West / Coast",
        "Far East · formerly East",
        "Unassigned",
    ]


def test_what_is_found_nowhere_leaves_a_word_and_no_revision(opened: Opened, plan: Plan) -> None:
    at = opened("history", alignment="North")
    next(w for w in at.text_input if w.label == "Text").input("nowhere").run()
    assert not at.exception
    assert "No revision is like that." in [i.value for i in at.info]
    assert not [b for b in at.button if b.label == "Take back"]


def test_taking_back_tells_what_was_left_and_looks_at_what_it_did(
    opened: Opened, plan: Plan
) -> None:
    at = looking_at(opened, plan, 2)
    next(b for b in at.button if b.label == "Take back").click().run()
    assert not at.exception
    plan.refresh()
    assert plan.seq == 5
    assert "Revision 5" in [h.value for h in at.subheader]
    said = " ".join(notices(at))
    assert "1 item was moved later" in said


def test_what_others_do_leaves_the_revision_that_is_looked_at(opened: Opened, plan: Plan) -> None:
    at = looking_at(opened, plan, 2)
    plan.ask(Change(WEST, {"owner": "kim"}), by="bob")
    at.run()
    assert numbers(at) == [5, 4, 3, 2, 1]
    assert "Revision 2" in [h.value for h in at.subheader]


def test_another_plan_begins_with_its_own_newest_revision(
    opened: Opened, planner: Planner, plan: Plan
) -> None:
    planner.create("South", by="anna", areas=1)
    at = looking_at(opened, plan, 2)
    at.query_params["alignment"] = "South"
    at.run()
    assert "Revision 1" in [h.value for h in at.subheader]
