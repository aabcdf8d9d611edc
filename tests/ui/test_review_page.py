"""The Review page: figures, where branches stand, and the steps that sign them off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch, Change, Move
from tp_geo.domain.signoff import Asks, Status
from tp_geo.errors import Refused
from tp_geo.ui import review_desk, review_gaps, review_sign, state
from tp_geo.workflow.comments import comments
from tp_geo.workflow.coverage import Coverage, coverage
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.signoff import recall, submit

Opened = Callable[..., AppTest]
WEST, EAST = AreaId(1), AreaId(2)


@pytest.fixture
def plan(planner: Planner) -> Plan:
    """West with two postal codes, East with one."""
    made = planner.create("North", by="anna", areas=("West", "East"))
    made.ask(Move(made.dataset.positions(["94103", "94110"]), WEST), by="anna")
    made.ask(Move(made.dataset.positions(["10001"]), EAST), by="anna")
    return made


def press(at: AppTest, key: str) -> AppTest:
    return at.button(key=key).click().run()


def write(at: AppTest, label: str, text: str, button: str) -> AppTest:
    """Fill the one field of a form or dialog, and press its button."""
    next(a for a in at.text_area if a.label.startswith(label)).input(text)
    return next(b for b in at.button if b.label == button).click().run()


def texts(at: AppTest) -> str:
    said = [e.value for e in (*at.markdown, *at.caption, *at.metric)]
    return " ".join(map(str, said))


def headings(at: AppTest) -> list[str]:
    return [str(h.value) for h in at.subheader]


def test_a_branch_goes_from_draft_to_approved_and_is_revoked_with_a_reason(
    opened: Opened, plan: Plan, planner: Planner
) -> None:
    at = press(opened("review", alignment="North"), "branch_1_Submit")
    at = write(at, "Note", "please look", "Submit for review")
    assert planner.open("North").alignment.signoff(WEST).status is Status.SUBMITTED
    assert "please look" in texts(at)
    at = press(at, "branch_1_Approve")
    assert "0 of 2" not in texts(at)
    assert "1 of 2" in texts(at)
    assert "who submitted it, too" in texts(at)
    at = press(at, "branch_1_Revoke…")
    at = write(at, "Reason", "<b>late</b> change", "Revoke")
    found = planner.open("North").alignment.signoff(WEST)
    assert (found.status, found.reason) == (Status.REVOKED, "<b>late</b> change")
    assert "<b>" not in texts(at), "a reason is only ever text"


def test_a_branch_needs_a_reason_to_go_back_and_has_no_steps_while_the_whole_is_submitted(
    opened: Opened, plan: Plan
) -> None:
    submit(plan, WEST, by="anna")
    at = press(opened("review", alignment="North"), "branch_1_Send back…")
    next(b for b in at.button if b.label == "Send back").click().run()
    assert any("Say why West" in e.value for e in at.error)
    assert plan.alignment.signoff(WEST).status is Status.SUBMITTED
    submit(plan, None, by="anna")
    keys = {b.key for b in at.run().button}
    assert "branch_0_Approve" in keys
    assert not any(str(k).startswith("branch_1_") for k in keys)


def test_an_approval_from_a_page_that_is_out_of_date_is_refused(
    opened: Opened, plan: Plan, planner: Planner
) -> None:
    submit(plan, WEST, by="anna")
    at = opened("review", alignment="North")
    here = planner.open("North")
    recall(here, WEST, by="anna")
    here.ask(Change(WEST, {"name": "Far West"}), by="anna")
    submit(here, WEST, by="anna")
    press(at, "branch_1_Approve")
    assert planner.open("North").alignment.signoff(WEST).status is Status.SUBMITTED


def test_what_a_publish_asks_for_is_chosen_and_told(
    opened: Opened, plan: Plan, planner: Planner
) -> None:
    at = opened("review", alignment="North")
    at.selectbox(key=review_sign.ASKED).select(Asks.BRANCHES).run()
    assert planner.open("North").alignment.asks is Asks.BRANCHES
    assert "West is a draft" in texts(at)


def test_a_comment_is_written_and_resolved_and_never_more_than_text(
    opened: Opened, plan: Plan, planner: Planner
) -> None:
    at = opened("review", alignment="North")
    at = write(at, "Comment", "<script>alert(1)</script>", "Comment")
    (made,) = comments(planner.open("North"))
    assert made.text == "<script>alert(1)</script>"
    assert "<script>" not in texts(at)
    press(at, "comment_1")
    assert not comments(planner.open("North"), still_open=True)


def test_the_headline_tells_what_is_covered_on_target_and_changed(
    opened: Opened, plan: Plan
) -> None:
    people = plan.totals().of(WEST, "population")
    plan.ask(Change(WEST, {"targets": {"population": people}, "owner": "Ana"}), by="anna")
    plan.ask(Change(EAST, {"targets": {"population": people * 9}}), by="anna")
    plan.snapshot("Before", by="anna")
    plan.ask(Move(plan.dataset.positions(["10001"]), WEST), by="anna")
    at = opened("review", alignment="North")
    told = {m.label: m.value for m in at.metric}
    assert told["Areas on target"] == "0 of 2"
    assert told["Open comments"] == "0"
    assert told["Population covered"] == "0.0 %"
    assert "Population with another owner" in told
    (kinds,) = at.pills
    assert any(o.startswith("Areas without owner") for o in kinds.options)


def test_an_area_is_looked_into_and_left_again(opened: Opened, plan: Plan) -> None:
    plan.ask(Branch(WEST, ("Coast", "Desert"), "District"), by="anna")
    at = opened("review", alignment="North")
    at.session_state[review_desk.SCOPE] = WEST
    at.session_state[review_desk.LEVEL] = 2
    assert "District: 2 areas" in headings(at.run())
    press(at, "review_crumb_0")
    assert "Region: 2 areas" in headings(at)


def test_a_gap_leads_to_its_place_on_the_map(opened: Opened, plan: Plan) -> None:
    at = opened("review", alignment="North")
    at = press(at, "review_risk_1")
    assert at.session_state[state.CHOSEN] == WEST
    assert len(at.session_state[state.LOOK].items) == 2
    assert at.session_state[state.PAGE] != "review"


def test_a_plan_with_nothing_in_it_says_where_to_begin(opened: Opened, planner: Planner) -> None:
    planner.create("Empty", by="anna")
    at = opened("review", alignment="Empty")
    assert not at.exception
    assert any("No areas so far" in i.value for i in at.info)
    with pytest.raises(Refused, match="no area to submit"):
        submit(planner.open("Empty"), None, by="anna")


def test_on_a_wall_there_is_nothing_to_sign(opened: Opened, plan: Plan) -> None:
    at = press(opened("review", alignment="North"), "review_present")
    assert "Sign-off" not in headings(at)
    assert "Sign-off" in headings(press(at, "review_present"))


def test_a_revision_is_looked_through_once_for_everybody(
    opened: Opened, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def counted(planner: Planner, looked_at: Plan, **more: Any) -> Coverage:
        seen.append(looked_at.seq)
        return coverage(planner, looked_at, **more)

    monkeypatch.setattr(review_desk, "coverage", counted)
    opened("review", alignment="North").run()
    opened("review", alignment="North")
    assert seen == [plan.seq], "neither another run nor another session looks again"
    plan.ask(Change(WEST, {"name": "Far West"}), by="anna")
    opened("review", alignment="North")
    assert seen == [plan.seq - 1, plan.seq]


def test_that_nobody_owns_an_area_at_risk_is_said_once(opened: Opened, plan: Plan) -> None:
    at = opened("review", alignment="North")
    (kinds,) = at.pills
    kinds.select("risks").run()
    told = [b.label for b in at.button if b.key and b.key.startswith("review_risk_")]
    assert any("no owner" in label for label in told)
    assert not any("nobody" in label for label in told)


def test_deviations_of_a_table_that_is_read_have_the_sign_of_everywhere_else(
    opened: Opened, plan: Plan
) -> None:
    plan.ask(Change(WEST, {"targets": {"population": 1e9}}), by="anna")
    table = next(d for d in opened("review", alignment="North").dataframe if "Bar" in d.value)
    assert '"Deviation"' in table.proto.columns
    assert "%+.1f" not in table.proto.columns, "the browser would write a hyphen"


def test_of_many_branches_those_under_way_have_rows_and_any_other_can_be_picked(
    opened: Opened, planner: Planner
) -> None:
    names = [f"Area {i:02d}" for i in range(1, 21)]
    many = planner.create("Many", by="anna", areas=names)
    submit(many, AreaId(20), by="anna")

    def rows(at: AppTest) -> list[str]:
        keys = [b.key for b in at.button if b.key and b.key.endswith("_Submit")]
        return [key.split("_")[1] for key in keys]

    at = opened("review", alignment="Many")
    assert "branch_20_Approve" in {b.key for b in at.button}
    assert rows(at) == ["0", *map(str, range(1, review_sign.SHOWN))]
    (another,) = [s for s in at.selectbox if s.key == review_sign.PICKED]
    assert another.options == names[review_sign.SHOWN - 1 : -1]
    at = another.select("Area 15").run()
    assert rows(at)[-1] == "15"
    write(press(at, "branch_15_Submit"), "Note", "", "Submit for review")
    assert planner.open("Many").alignment.signoff(AreaId(15)).status is Status.SUBMITTED


def test_more_of_what_there_is_to_look_at_is_shown_when_it_is_asked_for(
    opened: Opened, planner: Planner
) -> None:
    planner.create("Many", by="anna", areas=[f"Area {i:02d}" for i in range(1, 21)])

    def listed(at: AppTest) -> int:
        return sum(b.key is not None and b.key.startswith("review_gap_") for b in at.button)

    at = opened("review", alignment="Many")
    (kinds,) = at.pills
    at = kinds.select("no owner").run()
    assert listed(at) == review_gaps.SHOWN
    at = press(at, "review_gaps_more")
    assert listed(at) == 20
    assert "review_gaps_more" not in {b.key for b in at.button}
