"""What a planner does on the pages ends in the plan's log, once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch, Change
from tp_geo.domain.hierarchy import Focus, still_there
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]


@pytest.fixture
def plan(planner: Planner) -> Plan:
    return planner.create("North", by="anna", areas=("West", "East"))


def button(at: AppTest, label: str) -> None:
    """Press the button that says so."""
    found = [b for b in at.button if b.label == label or b.label.startswith(f"{label} ")]
    assert found, [b.label for b in at.button]
    found[-1].click().run()
    assert not at.exception


class Dialog:
    """A dialog held open: a test runs the whole app each time, which would close it."""

    def __init__(self, at: AppTest, name: str, *about: object) -> None:
        self.at, self.wanted = at, (name, about)
        self.run()

    def run(self) -> None:
        self.at.session_state["dialog"] = self.wanted
        self.at.run()
        assert not self.at.exception

    def fill(self, label: str, text: str) -> None:
        next(w for w in self.at.text_input if w.label == label).input(text)
        self.run()

    def press(self, label: str) -> None:
        next(b for b in reversed(self.at.button) if b.label == label).click()
        self.run()


def test_a_plan_is_made_from_the_top_down(opened: Opened, planner: Planner) -> None:
    at = opened("alignments")
    made = Dialog(at, "new")
    made.fill("Name of the alignment", "FY27")
    made.press("Create alignment")
    plan = planner.open("FY27")
    names = [plan.alignment.name(k) for k in plan.alignment.children(None)]
    assert names == ["Region 1", "Region 2", "Region 3", "Region 4"]
    assert plan.totals().containers[0] == plan.dataset.items.containers
    assert at.session_state["alignment"] == plan.info.id


def test_a_level_without_a_name_is_told_when_it_is_asked_for(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    branch = Dialog(at, "divide", 1)
    branch.fill("Name of the level", " ")
    branch.press("Branch")
    assert any("new level has no name" in e.value for e in at.error)
    plan.refresh()
    assert plan.alignment.children(AreaId(1)) == ()


def test_a_plan_without_a_top_level_is_told_when_it_is_asked_for(opened: Opened) -> None:
    made = Dialog(opened("alignments"), "new")
    made.fill("Name of the level", " ")
    made.press("Create alignment")
    assert any("top level is not clear" in e.value for e in made.at.error)


def test_an_area_is_branched_and_undone(opened: Opened, planner: Planner, plan: Plan) -> None:
    at = opened("map", alignment="North")
    Dialog(at, "divide", 1).press("Branch")
    plan.refresh()
    assert [plan.alignment.name(k) for k in plan.alignment.children(AreaId(1))] == [
        "District 1",
        "District 2",
    ]
    button(at, "Undo")
    plan.refresh()
    assert plan.alignment.children(AreaId(1)) == ()
    button(at, "Redo")
    plan.refresh()
    assert len(plan.alignment.children(AreaId(1))) == 2


def test_after_a_branch_the_new_level_of_that_area_is_looked_at(opened: Opened) -> None:
    at = opened("map", alignment="North")
    Dialog(at, "divide", 1).press("Branch")
    assert at.session_state["focus"] == Focus((AreaId(1),), 2, unassigned=False)


def test_when_a_branch_is_undone_its_area_is_seen_beside_the_others(
    opened: Opened, plan: Plan
) -> None:
    at = opened("map", alignment="North")
    Dialog(at, "divide", 1).press("Branch")
    plan.refresh()
    assert still_there(plan.alignment, at.session_state["focus"]).areas == (AreaId(1),)
    button(at, "Undo")
    plan.refresh()
    assert still_there(plan.alignment, at.session_state["focus"]) == Focus()


def test_what_a_dialog_did_is_told_with_a_way_to_undo_it(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    edit = Dialog(at, "edit", 2)
    edit.fill("Name", "Far East")
    edit.press("Save")
    plan.refresh()
    plan.ask(Change(AreaId(1), {"owner": "kim"}), by="anna")
    at.button(key="undo_2").click().run()
    plan.refresh()
    assert (plan.alignment.name(AreaId(2)), plan.alignment.area(AreaId(1)).owner) == ("East", "kim")


def test_an_area_gets_a_name_and_an_owner_in_one_revision(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    edit = Dialog(at, "edit", 2)
    edit.fill("Name", "Far East")
    edit.fill("Owner", "kim")
    edit.press("Save")
    plan.refresh()
    area = plan.alignment.area(AreaId(2))
    assert (area.name, area.owner, plan.seq) == ("Far East", "kim", 2)


def test_even_targets_are_set_for_a_whole_level_at_once(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    Dialog(at, "targets", None).press("Set targets")
    plan.refresh()
    targets = [plan.alignment.area(AreaId(k)).targets["population"] for k in (1, 2)]
    assert targets[0] == targets[1] == pytest.approx(331_093_495 / 2, rel=1e-6)
    assert plan.seq == 2


def test_a_refusal_is_told_in_the_dialog_and_changes_nothing(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    edit = Dialog(at, "edit", 2)
    edit.fill("Name", "West")
    edit.press("Save")
    assert "more than one area called West" in " ".join(e.value for e in at.error)
    plan.refresh()
    assert plan.seq == 1


def test_the_table_assigns_what_a_search_finds(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    next(t for t in at.toggle if t.label == "Table").set_value(True).run()
    next(w for w in at.text_input if w.label == "Search").input("san francisco county").run()
    button(at, "Assign")
    plan.refresh()
    held = plan.alignment.holds(AreaId(1))
    assert 20 < len(held) < 60
    assert all(n.endswith("CA") for n in plan.dataset.names[held])


def test_held_rows_stay(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    next(t for t in at.toggle if t.label == "Table").set_value(True).run()
    next(w for w in at.text_input if w.label == "Search").input("94103").run()
    button(at, "Hold")
    plan.refresh()
    assert plan.alignment.held.sum() == 1
    button(at, "Release")
    plan.refresh()
    assert plan.alignment.held.sum() == 0


def test_the_focus_lasts_over_pages_and_ends_with_the_plan(
    opened: Opened, planner: Planner, plan: Plan
) -> None:
    at = opened("map", alignment="North")
    focus = Dialog(at, "focus")
    at.multiselect[0].select(AreaId(2))
    focus.press("Look at these")
    assert at.session_state["focus"].areas == (AreaId(2),)
    at.switch_page("pages/history.py").run()
    at.switch_page("pages/map.py").run()
    assert at.session_state["focus"].areas == (AreaId(2),)
    planner.create("South", by="anna", areas=1)
    at.query_params["alignment"] = "South"
    at.run()
    assert at.session_state["focus"].areas is None


def test_areas_chosen_for_the_focus_are_shown_by_what_lies_below_them(
    opened: Opened, plan: Plan
) -> None:
    plan.ask(Branch(AreaId(1), ("Coast", "Desert"), "District"), by="anna")
    at = opened("map", alignment="North")
    focus = Dialog(at, "focus")
    at.multiselect[0].select(AreaId(1))
    focus.run()
    focus.press("Look at these")
    assert at.session_state["focus"] == Focus((AreaId(1),), 2)


def test_areas_left_out_of_a_group_can_go_into_another(opened: Opened, plan: Plan) -> None:
    at = opened("map", alignment="North")
    asked = Dialog(at, "group", 1)
    assert "East stays beside the group" in " ".join(c.value for c in at.caption)
    asked.fill("Name of the group", "Left")
    asked.fill("Name of a second group, for East (optional)", "Right")
    asked.press("Group")
    plan.refresh()
    tops = plan.alignment.children(None)
    assert [plan.alignment.name(k) for k in tops] == ["Left", "Right"]
    assert {plan.alignment.area(k).level for k in tops} == {"Zone"}


def test_a_snapshot_is_taken_and_restored(opened: Opened, planner: Planner, plan: Plan) -> None:
    at = opened("history", alignment="North")
    at.text_input[-1].input("before")
    button(at, "Take snapshot")
    assert [s.name for s in plan.snapshots()] == ["before"]
    Dialog(at.switch_page("pages/map.py").run(), "remove", 2).press("Remove")
    at.switch_page("pages/history.py").run()
    button(at, "Restore")
    plan.refresh()
    assert sorted(plan.alignment.areas) == [1, 2]


def test_a_copy_is_made_from_the_card(opened: Opened, planner: Planner, plan: Plan) -> None:
    at = opened("alignments")
    Dialog(at, "copy", plan.info.id).press("Copy")
    assert planner.open("North (copy)").alignment == plan.alignment


def test_what_is_archived_can_be_brought_back(opened: Opened, planner: Planner, plan: Plan) -> None:
    planner.archive(plan)
    at = opened("alignments")
    assert "North" not in [i.name for i in planner.plans()]
    button(at, "Bring back")
    assert "North" in [i.name for i in planner.plans()]
