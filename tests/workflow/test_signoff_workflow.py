"""Sign-off of an open plan: its log, snapshots, undo, copies, files, and the gate of a publish."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from writing import ANA, BEN, area, holder, move, replayed

from tp_geo.domain.commands import Branch, Change
from tp_geo.domain.signoff import Asks, Status
from tp_geo.errors import Refused
from tp_geo.workflow.exporting import export
from tp_geo.workflow.filling import Way, fill
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.plan_import import import_plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.signoff import (
    agreed,
    approve,
    publish_gate,
    recall,
    require,
    revoke,
    send_back,
    standing,
    standings,
    submit,
)

CY = "cy"


def status(plan: Plan, name: str | None = "West") -> Status:
    return plan.alignment.signoff(area(plan, name) if name else None).status


def test_a_branch_goes_all_the_way_with_author_time_and_note(plan: Plan) -> None:
    west = area(plan, "West")
    submit(plan, west, by=ANA, note="first go")
    sent = send_back(plan, west, by=BEN, reason="Reno is missing")
    assert (sent.by, sent.note, sent.text) == (BEN, "Reno is missing", "sent West back")
    submit(plan, west, by=ANA)
    approve(plan, west, by=BEN, note="fine now", seen=plan.seq)
    found = standing(plan, west)
    assert (found.status, found.round, found.by) == (Status.APPROVED, 2, BEN)
    assert (found.submitted_by, found.note) == (ANA, "fine now")
    assert found.approved == plan.seq
    assert found.at >= found.submitted_at > ""
    revoke(plan, west, by=CY, reason="a new rep comes")
    assert standing(plan, west).approved is None
    kinds = [r.kind for r in plan.history()][1:]
    assert kinds == ["submit", "send back", "submit", "approve", "revoke"]


def test_what_was_submitted_and_approved_has_a_snapshot(plan: Plan) -> None:
    west = area(plan, "West")
    first = submit(plan, west, by=ANA)
    second = approve(plan, west, by=BEN)
    third = submit(plan, None, by=ANA)
    assert [(s.name, s.seq, s.by) for s in plan.snapshots()] == [
        (f"West submitted, revision {first.seq}", first.seq, ANA),
        (f"West approved, revision {second.seq}", second.seq, BEN),
        (f"The alignment submitted, revision {third.seq}", third.seq, ANA),
    ]


def test_another_opening_and_the_log_tell_the_same(plan: Plan, twin: Plan) -> None:
    submit(plan, area(plan, "West"), by=ANA)
    require(plan, Asks.BRANCHES, by=BEN)
    twin.refresh()
    assert twin.alignment == plan.alignment == replayed(plan)
    with pytest.raises(Refused, match="West was submitted for review by ana"):
        move(twin, "West", "CA", by=BEN)


def test_undo_passes_over_sign_offs_and_stops_at_what_they_close(plan: Plan) -> None:
    move(plan, "West", "CA")
    move(plan, "East", "NY")
    submit(plan, area(plan, "West"), by=ANA)
    assert plan.undo(by=ANA).text == "undid: moved 1 state from Unassigned to East"
    with pytest.raises(Refused, match="West was submitted for review"):
        plan.undo(by=ANA)
    assert holder(plan, "CA") == "West"
    assert status(plan) is Status.SUBMITTED


def test_a_sign_off_is_taken_back_by_its_opposite_only(plan: Plan) -> None:
    seq = submit(plan, area(plan, "West"), by=ANA).seq
    with pytest.raises(Refused, match="only its opposite takes that back"):
        plan.take_back(seq, by=ANA)
    recall(plan, area(plan, "West"), by=ANA)
    assert status(plan) is Status.DRAFT


def test_taking_back_what_reaches_into_a_submitted_branch_is_refused(plan: Plan) -> None:
    seq = move(plan, "West", "CA")
    submit(plan, area(plan, "West"), by=ANA)
    with pytest.raises(Refused, match="West was submitted"):
        plan.take_back(seq, by=BEN)


def test_restoring_a_snapshot_leaves_sign_offs_as_they_are(plan: Plan) -> None:
    plan.snapshot("clean", by=ANA)
    submit(plan, area(plan, "West"), by=ANA)
    move(plan, "East", "NY")
    plan.restore("clean", by=ANA)
    assert holder(plan, "NY") == "Unassigned"
    assert status(plan) is Status.SUBMITTED
    recall(plan, area(plan, "West"), by=ANA)
    move(plan, "West", "CA")
    submit(plan, area(plan, "West"), by=ANA)
    with pytest.raises(Refused, match="West was submitted"):
        plan.restore("clean", by=ANA)


def test_an_approval_of_what_moved_on_since_it_was_seen_is_refused(plan: Plan) -> None:
    west = area(plan, "West")
    submit(plan, west, by=ANA)
    seen = plan.seq
    recall(plan, west, by=ANA)
    move(plan, "West", "CA")
    submit(plan, west, by=ANA)
    with pytest.raises(Refused, match=f"West has moved on since revision {seen}: ana recalled"):
        approve(plan, west, by=BEN, seen=seen)
    move(plan, "East", "NY")
    approve(plan, west, by=BEN, seen=plan.seq - 1)
    assert status(plan) is Status.APPROVED


def test_a_copy_starts_as_a_draft_and_asks_for_what_the_original_asks(plan: Plan) -> None:
    submit(plan, area(plan, "West"), by=ANA)
    require(plan, Asks.ALIGNMENT, by=ANA)
    copy = Planner(plan.store).copy(plan, "Q", by=BEN)
    assert not copy.alignment.signoffs
    assert copy.alignment.asks is Asks.ALIGNMENT
    move(copy, "West", "CA")


def test_a_plan_file_carries_sign_offs_in_its_log(plan: Plan, tmp_path: Path) -> None:
    submit(plan, area(plan, "West"), by=ANA)
    require(plan, Asks.BRANCHES, by=ANA)
    path = export(plan, tmp_path / "p.tpgeo")
    opened = import_plan(Planner(plan.store), path, by=BEN, name="Q")
    assert opened.plan.alignment == plan.alignment
    with pytest.raises(Refused, match="West was submitted"):
        move(opened.plan, "West", "CA")


def test_filling_passes_a_submitted_branch_by(plan: Plan) -> None:
    move(plan, "West", "CA")
    move(plan, "East", "NY")
    submit(plan, area(plan, "West"), by=ANA)
    plan.ask(fill(plan, Way.NEIGHBORS), by=ANA)
    assert holder(plan, "OR") == "East"


# the gate


def test_nothing_is_asked_for_until_somebody_says_so(plan: Plan) -> None:
    assert plan.alignment.asks is Asks.NOTHING
    assert publish_gate(plan, None) == ()


def test_the_approval_of_the_whole_opens_the_gate_and_revoking_it_closes_it(plan: Plan) -> None:
    require(plan, Asks.ALIGNMENT, by=BEN)
    assert publish_gate(plan, None) == (
        "The alignment is a draft, and publishing asks for its approval. Submit it for review.",
    )
    submit(plan, None, by=ANA)
    assert "not approved yet" in publish_gate(plan, area(plan, "West"))[0]
    approve(plan, None, by=BEN)
    assert publish_gate(plan, None) == ()
    assert agreed(plan)
    with pytest.raises(Refused, match="approved by ben"):
        move(plan, "West", "CA")
    revoke(plan, None, by=BEN, reason="late change")
    assert "was revoked: late change" in publish_gate(plan, None)[0]


def test_each_branch_at_the_top_is_asked_for_by_name(plan: Plan) -> None:
    require(plan, Asks.BRANCHES, by=BEN)
    plan.ask(Branch(area(plan, "West"), ("Reno",)), by=ANA)
    submit(plan, area(plan, "West"), by=ANA)
    approve(plan, area(plan, "West"), by=BEN)
    assert [reason.split()[0] for reason in publish_gate(plan, None)] == ["East", "South"]
    assert publish_gate(plan, area(plan, "Reno")) == ()
    assert len(publish_gate(plan, area(plan, "East"))) == 1
    assert not agreed(plan)


def test_an_approval_is_void_when_the_figures_change(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    require(plan, Asks.ALIGNMENT, by=BEN)
    submit(plan, None, by=ANA)
    approve(plan, None, by=BEN)
    monkeypatch.setattr(plan, "dataset", replace(plan.dataset, key="another"))
    assert "the figures have changed" in publish_gate(plan, None)[0]
    assert standing(plan, None).void


def test_the_whole_and_the_top_are_listed_and_below_what_was_ever_submitted(plan: Plan) -> None:
    plan.ask(Branch(area(plan, "West"), ("Reno", "Elko")), by=ANA)
    plan.ask(Change(area(plan, "Reno"), {"owner": CY}), by=ANA)
    submit(plan, area(plan, "Reno"), by=ANA)
    recall(plan, area(plan, "Reno"), by=CY)
    assert [s.name for s in standings(plan)] == ["The alignment", "West", "Reno", "East", "South"]
