"""Drafts: a branch edited apart comes back whole, and a person decides what both sides changed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from writing import ANA

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch, Change, Move, Remove
from tp_geo.domain.drafts import Draft, Keep
from tp_geo.domain.revision import last_id
from tp_geo.errors import BadData, Refused
from tp_geo.workflow.drafts import begin, branch_of, drafts_of, merge, report
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.signoff import submit

BOB = "bob"
WEST, EAST = AreaId(1), AreaId(2)
WESTERN, EASTERN = ("CA", "NV", "OR", "WA"), ("NY", "NJ", "PA")


@pytest.fixture
def planner(plan: Plan) -> Planner:
    """West and East hold four and three states; West is divided into Northwest and Southwest."""
    plan.ask(Move(plan.dataset.positions(WESTERN), WEST), by=ANA)
    plan.ask(Move(plan.dataset.positions(EASTERN), EAST), by=ANA)
    made = plan.ask(Branch(WEST, ("Northwest", "Southwest"), "District"), by=ANA)
    assert made is not None
    north = AreaId(last_id(made.edits) - 1)
    plan.ask(Move(plan.dataset.positions(("WA", "OR")), north), by=ANA)
    return Planner(plan.store)


def by_name(plan: Plan, name: str) -> AreaId:
    return next(a.id for a in plan.alignment.areas.values() if a.name == name)


def move(plan: Plan, code: str, to: str, *, by: str) -> None:
    plan.ask(Move(plan.dataset.positions([code]), by_name(plan, to)), by=by)


def place(plan: Plan, code: str) -> str:
    (at,) = plan.dataset.positions([code])
    return plan.alignment.name(AreaId(int(plan.alignment.area_of[at])))


def decided(planner: Planner, draft: Plan, keep: Keep) -> dict[str, Keep]:
    return {c.key: keep for c in report(planner, draft).conflicts}


def test_in_a_draft_of_a_branch_only_the_branch_changes_and_the_base_never(
    planner: Planner,
) -> None:
    base = planner.open("P")
    draft = begin(planner, base, area=WEST, by=BOB)
    assert (draft.info.name, branch_of(draft)) == ("P · West · bob", "West")
    move(draft, "WA", "Southwest", by=BOB)
    for outside in (
        Change(EAST, {"name": "Orient"}),
        Move(draft.dataset.positions(["NY"]), by_name(draft, "Northwest")),
        Move(draft.dataset.positions(["CA"]), EAST),
        Branch(None, ("Third",), "Region"),
    ):
        with pytest.raises(Refused, match="outside the part you plan"):
            draft.ask(outside, by=BOB)
    assert place(base, "WA") == "Northwest"
    assert [i.name for i in drafts_of(planner, base)] == ["P · West · bob"]
    assert begin(planner, base, area=WEST, by=BOB).info.name == "P · West · bob 2"


def test_a_draft_comes_back_as_one_revision_beside_what_the_base_did_meanwhile(
    planner: Planner,
) -> None:
    base = planner.open("P")
    draft = begin(planner, base, "Mine", area=WEST, by=BOB)
    move(draft, "WA", "Southwest", by=BOB)
    draft.ask(Branch(by_name(draft, "Southwest"), ("Coast", "Desert"), "Patch"), by=BOB)
    move(draft, "NV", "Desert", by=BOB)
    base.ask(Branch(EAST, ("City", "Country"), "District"), by=ANA)
    move(base, "NY", "Country", by=ANA)
    told = report(planner, draft)
    assert (told.brings.new, told.conflicts, told.since) == (("Coast", "Desert"), (), 2)
    merged = merge(planner, draft, {}, by=BOB, note="as agreed")
    assert merged.revision is not None
    assert (merged.revision.kind, merged.revision.note) == ("merge", "as agreed")
    assert merged.revision.seq == base.seq
    assert (place(base, "NV"), place(base, "NY")) == ("Desert", "Country")
    assert not drafts_of(planner, base)
    base.undo(by=BOB)
    assert (place(base, "NV"), place(base, "NY")) == ("Northwest", "Country")


@pytest.mark.parametrize(("keep", "stays"), [(Keep.BASE, "Unassigned"), (Keep.DRAFT, "Southwest")])
def test_what_both_sides_changed_is_named_and_a_person_decides(
    planner: Planner, keep: Keep, stays: str
) -> None:
    base = planner.open("P")
    draft = begin(planner, base, area=WEST, by=BOB)
    move(draft, "WA", "Southwest", by=BOB)
    draft.ask(Change(by_name(draft, "Northwest"), {"name": "Upper", "owner": "bo"}), by=BOB)
    base.ask(Move(base.dataset.positions(["WA"]), AreaId(0)), by=ANA)
    base.ask(Change(by_name(base, "Northwest"), {"name": "Nord"}), by=ANA)
    names, wa = report(planner, draft).conflicts
    assert (names.label, names.base, names.draft) == ("Nord: name", "Nord", "Upper")
    assert (wa.label, wa.base, wa.draft) == ("1 item", "Unassigned", "Southwest")
    with pytest.raises(Refused, match=r"2 conflicts .* not decided"):
        merge(planner, draft, {}, by=BOB)
    assert not draft.info.archived
    merge(planner, draft, {names.key: Keep.BASE, wa.key: keep}, by=BOB)
    assert place(base, "WA") == stays if keep is Keep.DRAFT else not place_of(base, "WA")
    assert {"Nord"} == {a.name for a in base.alignment.areas.values() if a.owner == "bo"}


def place_of(plan: Plan, code: str) -> int:
    (at,) = plan.dataset.positions([code])
    return int(plan.alignment.area_of[at])


def test_a_conflict_that_came_after_the_report_is_not_decided_by_it(planner: Planner) -> None:
    base = planner.open("P")
    draft = begin(planner, base, area=WEST, by=BOB)
    move(draft, "WA", "Southwest", by=BOB)
    seen = decided(planner, draft, Keep.DRAFT)
    base.ask(Move(base.dataset.positions(["WA"]), AreaId(0)), by=ANA)
    with pytest.raises(Refused, match="not decided"):
        merge(planner, draft, seen, by=BOB)


def test_what_was_moved_to_an_area_that_is_gone_is_a_conflict_and_can_stay(
    planner: Planner,
) -> None:
    base = planner.open("P")
    draft = begin(planner, base, area=WEST, by=BOB)
    move(draft, "WA", "Southwest", by=BOB)
    for code in ("CA", "NV"):
        move(base, code, "Northwest", by=ANA)
    base.ask(Remove(by_name(base, "Southwest")), by=ANA)
    (lost,) = report(planner, draft).conflicts
    assert (lost.base, lost.draft) == ("Northwest", "Southwest")
    with pytest.raises(Refused, match="does not go together"):
        merge(planner, draft, {lost.key: Keep.DRAFT}, by=BOB)
    merge(planner, draft, {lost.key: Keep.BASE}, by=BOB)
    assert place(base, "WA") == "Northwest"


def test_a_branch_that_is_submitted_takes_no_draft(planner: Planner) -> None:
    base = planner.open("P")
    draft = begin(planner, base, area=WEST, by=BOB)
    move(draft, "WA", "Southwest", by=BOB)
    submit(base, WEST, by=ANA)
    with pytest.raises(Refused, match="submitted"):
        merge(planner, draft, {}, by=BOB)
    assert drafts_of(planner, base)


def test_a_draft_of_a_draft_or_of_what_is_not_there_is_refused(planner: Planner) -> None:
    base = planner.open("P")
    draft = begin(planner, base, by=BOB)
    for wrong in (lambda: begin(planner, draft, by=BOB), lambda: report(planner, base)):
        with pytest.raises(Refused, match=r"Start (a draft of the alignment|one of it)"):
            wrong()
    with pytest.raises(Refused, match="no area 99"):
        begin(planner, base, area=AreaId(99), by=BOB)
    with pytest.raises(BadData, match="no branch of a draft"):
        Draft.loads("-4")


def test_a_draft_is_one_after_a_restart_too(planner: Planner) -> None:
    name = begin(planner, planner.open("P"), area=WEST, by=BOB).info.name
    again = Planner(planner.store).open(name)
    with pytest.raises(Refused, match="outside"):
        again.ask(Change(EAST, {"name": "Orient"}), by=BOB)


CODES = st.sampled_from(WESTERN + EASTERN)
AREAS = st.sampled_from(("Northwest", "Southwest", "East", ""))
MOVES = st.lists(st.tuples(CODES, AREAS), max_size=6)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(here=MOVES, there=MOVES, keep=st.sampled_from(Keep))
def test_after_a_merge_every_item_is_where_one_side_put_it_and_a_change_of_one_side_stands(
    planner: Planner, here: list[tuple[str, str]], there: list[tuple[str, str]], keep: Keep
) -> None:
    base = planner.copy(planner.open("P"), f"Q{len(planner.plans())}", by=ANA)
    draft = begin(planner, base, by=BOB)
    start = base.alignment
    for plan, moves in ((base, here), (draft, there)):
        for code, to in moves:
            area = by_name(plan, to) if to else AreaId(0)
            plan.ask(Move(plan.dataset.positions([code]), area), by=ANA)
    ours, theirs = base.alignment.area_of, draft.alignment.area_of
    merge(planner, draft, decided(planner, draft, keep), by=BOB)
    now, both = base.alignment.area_of, (ours != start.area_of) & (theirs != start.area_of)
    assert (now[~both & (ours != start.area_of)] == ours[~both & (ours != start.area_of)]).all()
    assert (now[~both & (ours == start.area_of)] == theirs[~both & (ours == start.area_of)]).all()
    assert (now[both] == (ours if keep is Keep.BASE else theirs)[both]).all()
