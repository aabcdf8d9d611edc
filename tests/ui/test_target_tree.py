"""The dialog of targets: a table of all levels that is edited, and targets carried down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch
from tp_geo.domain.targets import Aim, SetTargets, aim_of
from tp_geo.ui import target_tree
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.targets import target_table

Opened = Callable[..., AppTest]
WEST, EAST, NORTH, SOUTH = (AreaId(k) for k in range(1, 5))
PEOPLE = "population"


@pytest.fixture
def plan(planner: Planner) -> Plan:
    """West with North and South below it, and East; West should hold 1,000 people."""
    made = planner.create("North", by="anna", areas=("West", "East"))
    made.ask(Branch(WEST, ("North", "South"), "District"), by="anna")
    made.ask(SetTargets(PEOPLE, {WEST: Aim(900.0, 1000.0)}), by="anna")
    return made


class Held:
    """The dialog held open: a test runs the whole app each time, which would close it."""

    def __init__(self, at: AppTest, *about: object, name: str = "target_tree") -> None:
        self.at, self.wanted = at, (name, about)
        self.run()

    def run(self) -> None:
        self.at.session_state["dialog"] = self.wanted
        self.at.run()
        assert not self.at.exception

    def edit(self, **cells: dict[str, object]) -> None:
        """Type into rows of the table, by number."""
        (editor,) = self.at.data_editor
        rows = {int(row.removeprefix("row")): said for row, said in cells.items()}
        self.at.session_state[editor.key] = {
            "edited_rows": rows, "added_rows": [], "deleted_rows": [],
        }  # fmt: skip
        self.run()

    def choose(self, label: str, value: object) -> None:
        wanted = next(w for w in self.at.selectbox if w.label == label)
        wanted.set_value(value)
        self.run()

    def carry(self) -> None:
        control = next(b for b in self.at.button_group if target_tree.CARRY in b.options)
        control.set_value(target_tree.CARRY)
        self.run()

    def press(self, key: str) -> None:
        self.at.button(key=key).click()
        self.run()

    @property
    def table(self) -> list[dict[str, object]]:
        (editor,) = self.at.data_editor
        return editor.value.to_dict("records")


def aims(plan: Plan) -> dict[str, Aim]:
    plan.refresh()
    return {a.name: aim_of(a, PEOPLE) for a in plan.alignment.areas.values()}


def test_every_area_is_in_the_table_with_what_it_should_hold_and_holds(
    opened: Opened, plan: Plan
) -> None:
    held = Held(opened("map", alignment="North"))
    assert [str(row["Area"]).strip() for row in held.table] == ["West", "North", "South", "East"]
    west = held.table[0]
    assert (west["Minimum"], west["Target"], west["Planned"], west["Gap"]) == (900, 1000, 0, -900)
    assert west["To look at"] == "⚠ off target"
    assert west["Deviation"] == -100


def test_cells_that_were_edited_are_saved_as_one_revision(opened: Opened, plan: Plan) -> None:
    held = Held(opened("map", alignment="North"))
    held.edit(row0={"Minimum": None}, row1={"Target": 600.0}, row2={"Target": 300.0})
    assert held.at.button(key="targets_save").label == "Save 3 targets"
    held.press("targets_save")
    assert aims(plan) == {
        "West": Aim(ideal=1000.0), "North": Aim(ideal=600.0), "South": Aim(ideal=300.0),
        "East": Aim(),
    }  # fmt: skip
    assert plan.seq == 4
    held.run()
    assert "100 less than its 1,000" in str(held.table[0]["To look at"])


def test_a_range_out_of_order_is_refused_in_the_dialog_and_nothing_of_it_is_saved(
    opened: Opened, plan: Plan
) -> None:
    held = Held(opened("map", alignment="North"))
    held.edit(row1={"Target": 600.0}, row3={"Minimum": 7.0, "Target": 5.0})
    held.press("targets_save")
    (said,) = (e.value for e in held.at.error)
    why = "minimum of East for population, 7, is more than its target, 5; put them in order"
    assert why in said.replace("\\", "")
    assert (plan.seq, aims(plan)["North"]) == (3, Aim())


def test_a_table_that_is_not_edited_changes_nothing(plan: Plan) -> None:
    table = target_table(plan, PEOPLE)
    command = target_tree.edited(table, target_tree.frame_of(table))
    assert command.edits(plan.alignment, iter(())) == ()


def test_a_target_is_carried_down_as_the_preview_says(opened: Opened, plan: Plan) -> None:
    held = Held(opened("map", alignment="North"), int(WEST))
    held.carry()
    assert [row["New target"] for row in held.table] == [500, 500]
    held.edit(row0={"By hand": 800.0})
    assert [row["New target"] for row in held.table] == [800, 200]
    held.press("carry_down")
    found = aims(plan)
    assert (found["North"], found["South"]) == (Aim(720.0, 800.0), Aim(180.0, 200.0))
    assert plan.seq == 4


def test_what_can_not_be_split_is_told_before_it_is_asked_for(opened: Opened, plan: Plan) -> None:
    held = Held(opened("map", alignment="North"), int(WEST))
    held.carry()
    held.choose("How", PEOPLE)
    assert "hold nothing of Population so far" in held.at.error[0].value
    assert "carry_down" not in {b.key for b in held.at.button}
    held.choose("How", "")
    held.edit(row0={"By hand": 800.0}, row1={"By hand": 800.0})
    assert "600 more than 1,000" in held.at.warning[0].value


def test_targets_of_a_plan_are_edited_on_the_page_of_alignments_too(
    opened: Opened, plan: Plan
) -> None:
    held = Held(opened("alignments"), plan.info.id, name="targets")
    held.edit(row3={"Target": 5.0})
    held.press("targets_save")
    assert aims(plan)["East"] == Aim(ideal=5.0)
