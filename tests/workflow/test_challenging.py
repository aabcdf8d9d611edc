"""Challenges to an open plan: asked, decided as one revision, never lost nor decided twice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from writing import ANA, BEN, area, holder, move

from tp_geo.domain.challenges import MAX_REASON, Verdict, Wish
from tp_geo.domain.commands import Branch, Change, Move, Remove
from tp_geo.errors import BadData, Refused, Stale
from tp_geo.store import ChallengeRow, open_store, recover
from tp_geo.workflow import clock
from tp_geo.workflow.challenging import (
    accept,
    challenge,
    challenges,
    decline,
    effects,
    last_day,
    put_last_day,
    withdraw,
)
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.signoff import submit

CY = "cy"


@pytest.fixture
def split(plan: Plan) -> Plan:
    """West, planned by ana, has North (ben) and Coast (cy); CA and OR are in Coast."""
    west = area(plan, "West")
    plan.ask(Change(west, {"owner": ANA}), by=ANA)
    plan.ask(Branch(west, ("North", "Coast")), by=ANA)
    plan.ask(Change(area(plan, "North"), {"owner": BEN}), by=ANA)
    plan.ask(Change(area(plan, "Coast"), {"owner": CY}), by=ANA)
    move(plan, "Coast", "CA", "OR")
    move(plan, "North", "WA")
    return plan


def asked(plan: Plan, wish: Wish = Wish.TAKE, *codes: str, by: str = BEN, of: str = "North") -> int:
    return challenge(plan, wish, area(plan, of), codes or ("OR",), by=by, reason="near us").number


def test_what_is_accepted_is_one_revision_that_names_the_challenge_and_is_undone(
    split: Plan,
) -> None:
    seq = split.seq
    made = challenge(split, Wish.TAKE, area(split, "North"), ["OR"], by=BEN, reason="near us")
    assert (made.text, made.decides) == ("North wants to take 1 state", (ANA,))
    assert (split.seq, holder(split, "OR")) == (seq, "Coast"), "nothing changes until decided"
    done = accept(split, 1, by=ANA, reason="fine")
    assert (done.verdict, done.decided_by, done.answer) == (Verdict.ACCEPTED, ANA, "fine")
    assert (holder(split, "OR"), split.seq, done.revision) == ("North", seq + 1, seq + 1)
    assert split.history()[-1].note == "Challenge 1 of ben: near us"
    split.undo(by=ANA)
    assert holder(split, "OR") == "Coast"


def test_what_is_to_be_kept_is_held(split: Plan) -> None:
    asked(split, Wish.KEEP, "CA", "OR", by=CY, of="Coast")
    accept(split, 1, by=ANA)
    with pytest.raises(Refused, match="held"):
        split.ask(Move(split.dataset.positions(["CA"]), area(split, "North")), by=ANA)


def test_what_is_given_goes_where_it_was_meant_to_or_to_nobody(split: Plan) -> None:
    coast, north = area(split, "Coast"), area(split, "North")
    challenge(split, Wish.GIVE, coast, ["CA"], by=CY, reason="too far", to=north)
    challenge(split, Wish.GIVE, coast, ["OR"], by=CY, reason="too far")
    accept(split, 1, by=ANA)
    accept(split, 2, by=ANA)
    assert (holder(split, "CA"), holder(split, "OR")) == ("North", "Unassigned")


def test_only_the_owner_above_decides_and_only_who_asked_withdraws(split: Plan) -> None:
    asked(split)
    for decide in (accept, decline):
        with pytest.raises(Refused, match="West is planned by ana: they decide"):
            decide(split, 1, by=BEN, reason="mine")
    with pytest.raises(Refused, match="only they can withdraw it"):
        withdraw(split, 1, by=ANA)
    assert withdraw(split, 1, by=BEN).verdict is Verdict.WITHDRAWN


def test_what_is_decided_stays_decided(split: Plan) -> None:
    asked(split)
    assert decline(split, 1, by=ANA, reason="no").answer == "no"
    for again in (
        lambda: accept(split, 1, by=ANA),
        lambda: decline(split, 1, by=ANA, reason="no"),
        lambda: withdraw(split, 1, by=BEN),
    ):
        with pytest.raises(Refused, match="Challenge 1 was declined by ana already"):
            again()
    assert holder(split, "OR") == "Coast"


def test_what_moved_on_since_is_told_and_not_accepted(split: Plan) -> None:
    asked(split, Wish.TAKE, "CA", "OR")
    move(split, "South", "OR")
    (found,) = challenges(split)
    assert found.stale.startswith("OR went to South since challenge 1 was asked. Decline it")
    seq = split.seq
    with pytest.raises(Refused, match="OR went to South"):
        accept(split, 1, by=ANA)
    assert (split.seq, challenges(split)[0].open) == (seq, True)


def test_a_submitted_branch_hears_challenges_and_changes_only_when_it_is_open(split: Plan) -> None:
    submit(split, area(split, "West"), by=ANA)
    asked(split)
    with pytest.raises(Refused, match="West was submitted for review by ana"):
        accept(split, 1, by=ANA)
    assert challenges(split)[0].open
    assert decline(split, 1, by=ANA, reason="later").verdict is Verdict.DECLINED


def test_of_an_area_that_is_gone_it_is_told_and_only_declined(split: Plan) -> None:
    asked(split)
    split.ask(Remove(area(split, "North")), by=ANA)
    (found,) = challenges(split)
    assert found.area_name.endswith("(gone)")
    assert "gone" in found.stale
    with pytest.raises(Refused, match="Decline the challenge"):
        accept(split, 1, by=ANA)
    assert decline(split, 1, by=ANA, reason="gone").verdict is Verdict.DECLINED


def test_what_it_would_change_is_told_before(split: Plan) -> None:
    asked(split, Wish.TAKE, "CA", "OR")
    found = {e.name: (e.before, e.after) for e in effects(split, 1, "people")}
    assert found == {"North": (100.0, 300.0), "Coast": (200.0, 0.0)}
    assert holder(split, "CA") == "Coast"


@pytest.mark.parametrize("reason", ["", " \n", "x" * (MAX_REASON + 1)])
def test_a_challenge_and_a_refusal_need_a_reason(split: Plan, reason: str) -> None:
    north = area(split, "North")
    with pytest.raises(Refused, match="The reason of a challenge has 1 to 1,000 characters"):
        challenge(split, Wish.TAKE, north, ["OR"], by=BEN, reason=reason)
    asked(split)
    with pytest.raises(Refused, match="The reason of a refusal has 1 to 1,000 characters"):
        decline(split, 1, by=ANA, reason=reason)
    assert challenges(split)[0].open


def test_what_the_plan_has_not_can_t_be_asked_for(split: Plan) -> None:
    with pytest.raises(BadData, match="'99999'"):
        challenge(split, Wish.TAKE, area(split, "North"), ["99999"], by=BEN, reason="?")
    with pytest.raises(Refused, match="P has no challenge 7"):
        accept(split, 7, by=ANA)


def test_html_is_kept_as_the_text_it_is(split: Plan) -> None:
    text = "<img src=x onerror=alert(1)> =1+1"
    made = challenge(split, Wish.TAKE, area(split, "North"), ["OR"], by=BEN, reason=text)
    assert made.reason == text


def test_after_the_last_day_nothing_more_is_asked(
    split: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = date(2027, 3, 1)
    monkeypatch.setattr(clock, "today", lambda: today)
    put_last_day(split, today)
    asked(split)
    monkeypatch.setattr(clock, "today", lambda: today + timedelta(1))
    with pytest.raises(Refused, match="were heard until 1 March 2027"):
        asked(split)
    assert accept(split, 1, by=ANA).verdict is Verdict.ACCEPTED
    with pytest.raises(BadData, match="is over"):
        put_last_day(split, today)
    put_last_day(split, None)
    assert last_day(split) is None
    assert asked(split, Wish.TAKE, "CA") == 2


def test_two_people_at_once_never_decide_differently(split: Plan) -> None:
    asked(split)
    row = split.store.challenges(split.info.id)[0]
    decline(split, 1, by=ANA, reason="no")
    late = ChallengeRow(**{**_fields(row), "verdict": "accepted", "decided_by": CY})
    with pytest.raises(Stale, match="Challenge 1 is declined already"):
        split.store.put_challenge(late)
    with pytest.raises(Stale, match="Challenge 5 can't follow number 1"):
        split.store.put_challenge(ChallengeRow(**{**_fields(row), "number": 5}))
    other = ChallengeRow(**{**_fields(row), "reason": "another"})
    with pytest.raises(Stale):
        split.store.put_challenge(other)


def test_a_decision_that_came_too_late_takes_its_change_back(
    split: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(split)
    put = split.store.put_challenge

    def first_somebody_else(row: ChallengeRow) -> None:
        put(ChallengeRow(**{**_fields(row), "verdict": "declined", "revision": 0}))
        put(row)

    monkeypatch.setattr(split.store, "put_challenge", first_somebody_else)
    with pytest.raises(Stale, match="is declined already"):
        accept(split, 1, by=ANA)
    assert holder(split, "OR") == "Coast"
    assert challenges(split)[0].verdict is Verdict.DECLINED


def test_challenges_come_back_from_the_journal_and_from_a_backup(tmp_path: Path) -> None:
    path, spare = tmp_path / "store.duckdb", tmp_path / "spare.duckdb"
    store = open_store(str(path))
    row = ChallengeRow("a", 1, "take", 2, 0, '{"OR": 3}', "near us", BEN, "2027")
    done = ChallengeRow(**{**_fields(row), "verdict": "declined", "decided_by": ANA})
    store.put_challenge(row)
    store.put_challenge(done)
    store.backup(spare)
    store.close()
    path.unlink()
    recover(str(path))
    for there in (path, spare):
        store = open_store(str(there))
        assert store.challenges("a") == (done,)
        store.close()


def test_a_copy_begins_without_challenges(split: Plan) -> None:
    asked(split)
    assert challenges(Planner(split.store).copy(split, "Q", by=BEN)) == ()


def _fields(row: ChallengeRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in ChallengeRow.__dataclass_fields__}
