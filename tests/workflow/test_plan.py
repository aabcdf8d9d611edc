"""An open plan on a real store: one way in, snapshots, any revision, figures."""

from __future__ import annotations

import numpy as np
import pytest
import states
from states import at
from writing import ANA, BEN, area, holder, move, replayed

from tp_geo.domain.commands import Branch, Change, Combine, HoldItems, Move, Remove
from tp_geo.domain.measures import totals
from tp_geo.domain.revision import start
from tp_geo.errors import Refused
from tp_geo.store import open_store
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.plan_log import KEPT_STATES
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.summary import parts_by_area

# One way in


def test_a_plan_is_the_replay_of_its_log_also_when_opened_anew(plan: Plan, twin: Plan) -> None:
    move(plan, "West", "CA", "OR")
    plan.ask(Branch(area(plan, "West"), ("North", "Bay"), "District"), by=BEN)
    move(plan, "Bay", "u1")
    plan.ask(HoldItems(at("u3")), by=ANA)
    twin.refresh()
    assert plan.alignment == twin.alignment == replayed(plan)
    assert [r.text for r in plan.history()] == [r.text for r in twin.history()]


def test_everything_is_there_after_the_store_was_closed(store_path: str) -> None:
    store = open_store(str(store_path))
    states.keep(store)
    plan = Planner(store).create("P", states.NAME, by=ANA, areas=["West"])
    move(plan, "West", "CA", "u5")
    plan.snapshot("first", by=ANA)
    before = plan.alignment
    store.close()

    again = open_store(str(store_path))
    opened = Planner(again).open("P")
    assert opened.alignment == before
    assert opened.dataset.key == plan.dataset.key
    assert [(s.name, s.seq) for s in opened.snapshots()] == [("first", 2)]
    opened.undo(by=ANA)
    assert holder(opened, "CA") == "Unassigned"
    opened.redo(by=ANA)
    assert opened.alignment == before
    again.close()


def test_a_revision_says_who_when_what_and_why(plan: Plan) -> None:
    made = plan.ask(Move(at("CA", "OR"), area(plan, "West")), by=BEN, note="they know it")
    assert made
    assert (made.by, made.kind, made.note) == (BEN, "move", "they know it")
    assert made.text == "moved 2 states from Unassigned to West"
    assert made.at.endswith("Z")


def test_what_changes_nothing_is_not_recorded(plan: Plan) -> None:
    move(plan, "West", "CA")
    assert plan.ask(Move(at("CA"), area(plan, "West")), by=ANA) is None
    assert plan.seq == 2


def test_what_is_refused_is_not_recorded(plan: Plan) -> None:
    plan.ask(Change(area(plan, "West"), {"locked": True}), by=ANA)
    with pytest.raises(Refused, match="West is locked"):
        move(plan, "West", "CA")
    assert plan.seq == 2
    assert holder(plan, "CA") == "Unassigned"


def test_ids_of_areas_are_never_given_twice(plan: Plan, twin: Plan) -> None:
    gone = area(plan, "South")
    plan.ask(Remove(gone), by=ANA)
    plan.ask(Branch(None, ("New",)), by=ANA)
    twin.refresh()
    twin.ask(Branch(None, ("Newer",)), by=ANA)
    plan.refresh()
    assert area(plan, "New") == gone + 1
    assert area(plan, "Newer") == gone + 2


# Snapshots


def test_a_snapshot_names_a_revision_and_restoring_goes_back_to_it(plan: Plan) -> None:
    move(plan, "West", "CA")
    plan.snapshot(" before ", by=ANA)
    then = plan.alignment
    plan.ask(Combine(area(plan, "East"), frozenset({area(plan, "West")})), by=BEN)
    plan.ask(HoldItems(at("NY")), by=BEN)
    plan.ask(HoldItems(at("NY"), False), by=BEN)
    restored = plan.restore("before", by=ANA)
    assert restored
    assert (restored.kind, restored.text) == ("restore", "restored the snapshot before")
    assert plan.alignment == then
    assert len(plan.history()) == 6
    plan.undo(by=ANA)
    assert holder(plan, "CA") == "East"


def test_restoring_where_one_is_changes_nothing(plan: Plan) -> None:
    plan.snapshot("here", by=ANA)
    assert plan.restore("here", by=ANA) is None


def test_snapshots_have_names_that_differ(plan: Plan) -> None:
    plan.snapshot("one", by=ANA)
    with pytest.raises(Refused):
        plan.snapshot("one", by=BEN)
    with pytest.raises(Refused, match="needs a name"):
        plan.snapshot("  ", by=ANA)
    with pytest.raises(Refused, match=r"no snapshot called 'two'\. Snapshots: one"):
        plan.restore("two", by=ANA)


# Any revision, in bounded memory


def test_every_revision_can_be_seen_and_few_states_are_kept(plan: Plan) -> None:
    codes = states.dataset().codes[:51].tolist()
    seen = [start(plan.dataset.items), plan.alignment]
    for i, code in enumerate(codes):
        move(plan, ("West", "East")[i % 2], code)
        seen.append(plan.alignment)
    for seq in (0, 51, 7, 30, 52, 1, 29, *range(plan.seq + 1), 3):
        assert plan.at(seq) == seen[seq]
        assert len(plan._log.states) <= KEPT_STATES
    assert plan.alignment == seen[-1]


@pytest.mark.parametrize("seq", [-1, 2])
def test_a_revision_that_is_not_there_is_refused(plan: Plan, seq: int) -> None:
    with pytest.raises(Refused, match="has revisions 1 to 1, not"):
        plan.at(seq)


# Figures


def test_totals_are_those_of_the_newest_revision(plan: Plan) -> None:
    west = area(plan, "West")
    assert plan.totals().of(west, "revenue") == 0
    move(plan, "West", "CA")
    assert plan.totals().of(west, "revenue") == 3
    assert plan.totals() is plan.totals()
    move(plan, "East", "u2")
    assert plan.totals().of(west, "revenue") == 1
    assert plan.totals().of(area(plan, "East"), "revenue") == 2
    plan.undo(by=ANA)
    assert plan.totals().of(west, "revenue") == 3
    expected = totals(plan.dataset, plan.alignment).values
    assert np.array_equal(plan.totals().values, expected, equal_nan=True)


def test_parts_are_counted_with_the_real_borders(plan: Plan) -> None:
    move(plan, "West", "CA", "OR", "NV")
    move(plan, "East", "NY", "GA")
    assert parts_by_area(plan.alignment, plan.adjacency) == {
        area(plan, "West"): 1,
        area(plan, "East"): 2,
    }
