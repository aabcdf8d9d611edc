"""Undo, redo and taking back: one's own work, any revision, nothing of what came later."""

from __future__ import annotations

import pytest
from states import at
from writing import ANA, BEN, area, holder, move

from tp_geo.domain.commands import Branch, Change, HoldItems
from tp_geo.errors import Refused
from tp_geo.workflow.plan import Plan


def test_undo_and_redo_walk_the_same_way(plan: Plan) -> None:
    seen = [plan.alignment]
    for code in ("CA", "OR", "WA"):
        move(plan, "West", code)
        seen.append(plan.alignment)
    for then in reversed(seen[:-1]):
        plan.undo(by=ANA)
        assert plan.alignment == then
    for then in seen[1:]:
        plan.redo(by=ANA)
        assert plan.alignment == then
    with pytest.raises(Refused, match="nothing to redo"):
        plan.redo(by=ANA)


def test_undo_and_redo_go_on_after_opening_anew(plan: Plan, twin: Plan) -> None:
    move(plan, "West", "CA")
    move(plan, "West", "OR")
    plan.undo(by=ANA)
    twin.undo(by=ANA)
    assert holder(twin, "CA") == "Unassigned"
    plan.redo(by=ANA)
    assert (holder(plan, "CA"), holder(plan, "OR")) == ("West", "Unassigned")


def test_a_new_change_ends_redo(plan: Plan) -> None:
    move(plan, "West", "CA")
    plan.undo(by=ANA)
    move(plan, "West", "OR")
    with pytest.raises(Refused, match="nothing to redo"):
        plan.redo(by=ANA)


def test_undo_takes_back_ones_own_work_and_leaves_that_of_others(plan: Plan) -> None:
    move(plan, "West", "CA", by=ANA)
    move(plan, "East", "NY", by=BEN)
    undone = plan.undo(by=ANA)
    assert undone.reverts == 2
    assert (holder(plan, "CA"), holder(plan, "NY")) == ("Unassigned", "East")


def test_undo_goes_past_what_others_replaced_altogether(plan: Plan) -> None:
    move(plan, "West", "CA", by=ANA)
    move(plan, "West", "OR", by=ANA)
    move(plan, "East", "OR", by=BEN)
    plan.undo(by=ANA)
    assert (holder(plan, "CA"), holder(plan, "OR")) == ("Unassigned", "East")


def test_undo_goes_past_what_was_taken_back_already(plan: Plan) -> None:
    move(plan, "West", "CA", by=ANA)
    last = move(plan, "West", "OR", by=ANA)
    plan.take_back(last, by=BEN)
    plan.undo(by=ANA)
    assert holder(plan, "CA") == "Unassigned"


def test_undone_and_redone_work_is_called_by_its_first_name(plan: Plan) -> None:
    move(plan, "West", "CA")
    texts = [
        f()
        for f in (plan.undo, plan.redo, plan.undo, plan.redo)
        for f in [lambda f=f: f(by=ANA).text]
    ]
    what = "moved 1 state from Unassigned to West"
    assert texts == [f"undid: {what}", f"redid: {what}"] * 2


def test_undoing_a_branch_gives_the_items_back(plan: Plan) -> None:
    move(plan, "West", "CA", "NV")
    before = plan.alignment
    plan.ask(Branch(area(plan, "West"), ("A", "B")), by=ANA)
    assert holder(plan, "CA") == "A"
    plan.undo(by=ANA)
    assert plan.alignment == before


def test_undoing_the_areas_under_later_work_is_refused_with_the_reason(plan: Plan) -> None:
    seq = plan.seq
    move(plan, "West", "CA")
    plan.ask(Branch(area(plan, "West"), ("A", "B")), by=BEN)
    with pytest.raises(Refused, match="Can't be taken back"):
        plan.take_back(seq, by=ANA)


def test_any_revision_can_be_taken_back_and_later_work_stays(plan: Plan) -> None:
    first = move(plan, "West", "CA", "OR", "WA")
    move(plan, "East", "CA", by=BEN)
    move(plan, "South", "TX")
    taken = plan.take_back(first, by=ANA, note="too early")
    assert [holder(plan, c) for c in ("CA", "OR", "WA", "TX")] == [
        "East",
        "Unassigned",
        "Unassigned",
        "South",
    ]
    assert taken.left == ("1 item was moved later",)
    assert (taken.revision.reverts, taken.revision.note) == (first, "too early")


def test_taking_back_what_is_gone_altogether_says_so(plan: Plan) -> None:
    first = move(plan, "West", "CA")
    move(plan, "East", "CA")
    with pytest.raises(Refused, match="Nothing of revision 2 is left"):
        plan.take_back(first, by=ANA)


@pytest.mark.parametrize("seq", [0, -1, 2, 99])
def test_a_revision_that_is_not_there_can_not_be_taken_back(plan: Plan, seq: int) -> None:
    with pytest.raises(Refused, match="has revisions 1 to 1, not"):
        plan.take_back(seq, by=ANA)


def test_what_is_locked_now_is_not_undone(plan: Plan) -> None:
    move(plan, "West", "CA")
    plan.ask(Change(area(plan, "West"), {"locked": True}), by=BEN)
    with pytest.raises(Refused, match="West is locked"):
        plan.undo(by=ANA)
    assert holder(plan, "CA") == "West"


def test_a_lock_and_what_came_with_it_are_undone_and_redone_together(plan: Plan) -> None:
    move(plan, "West", "CA")
    plan.ask(Change(area(plan, "West"), {"name": "Pacific", "locked": True}), by=ANA)
    plan.undo(by=ANA)
    assert not plan.alignment.area(area(plan, "West")).locked
    plan.redo(by=ANA)
    assert plan.alignment.area(area(plan, "Pacific")).locked
    plan.take_back(3, by=BEN)
    assert not plan.alignment.area(area(plan, "West")).locked


def test_restoring_a_snapshot_with_locks_and_holds_is_undone(plan: Plan) -> None:
    move(plan, "West", "CA", "OR")
    plan.ask(HoldItems(at("CA")), by=ANA)
    plan.ask(Change(area(plan, "West"), {"locked": True}), by=ANA)
    plan.snapshot("Q1", by=ANA)
    plan.ask(Change(area(plan, "West"), {"locked": False}), by=ANA)
    plan.ask(HoldItems(at("CA"), held=False), by=ANA)
    move(plan, "East", "CA", "OR")
    before = plan.alignment
    plan.restore("Q1", by=ANA)
    assert (holder(plan, "CA"), plan.alignment.area(area(plan, "West")).locked) == ("West", True)
    plan.undo(by=ANA)
    assert plan.alignment == before
