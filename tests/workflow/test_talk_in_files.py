"""What was said and asked of a plan travels in its file, places and decisions included."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import states
from writing import ANA, BEN, area, move

from tp_geo.domain.challenges import Verdict, Wish
from tp_geo.domain.commands import Branch, Remove
from tp_geo.errors import BadData
from tp_geo.files import plan_file
from tp_geo.files.plan_assignment import Place
from tp_geo.files.plan_talk import Said
from tp_geo.store import ChallengeRow, Comment, open_store
from tp_geo.workflow import clock
from tp_geo.workflow.challenging import accept, challenge, challenges, last_day, put_last_day
from tp_geo.workflow.comments import comment, comments, resolve
from tp_geo.workflow.exporting import export, plan_file_of
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.plan_import import import_plan, take_in
from tp_geo.workflow.planner import Planner

OLD = "2020-01-01T00:00:00Z"


@pytest.fixture
def elsewhere(tmp_path: Path) -> Planner:
    """Another store that has the same dataset."""
    store = open_store(str(tmp_path / "elsewhere.duckdb"))
    states.keep(store)
    return Planner(store)


@pytest.fixture
def spoken(plan: Plan) -> Plan:
    """Comments of the whole, a place and an area that is gone; one challenge done, one open."""
    move(plan, "West", "CA", "NV")
    comment(plan, "Looks right", by=ANA)
    comment(plan, "<b>A new</b> warehouse", by=BEN, code="NV")
    plan.ask(Branch(None, ("Extra",), "Region"), by=ANA)
    comment(plan, "Why this?", by=BEN, area=area(plan, "Extra"))
    plan.ask(Remove(area(plan, "Extra")), by=ANA)
    resolve(plan, 1, by=BEN)
    challenge(plan, Wish.TAKE, area(plan, "East"), ["NV"], by=BEN, reason="nearer")
    accept(plan, 1, by=ANA, reason="fine")
    challenge(plan, Wish.KEEP, area(plan, "West"), ["CA"], by=BEN, reason="ours")
    put_last_day(plan, clock.today() + timedelta(days=3))
    return plan


def test_comments_and_challenges_come_back_as_they_were(
    spoken: Plan, elsewhere: Planner, tmp_path: Path
) -> None:
    opened = import_plan(elsewhere, export(spoken, tmp_path / "p.tpgeo"), by=BEN)
    assert comments(opened.plan) == comments(spoken)
    assert [str(c) for c in challenges(opened.plan)] == [str(c) for c in challenges(spoken)]
    assert last_day(opened.plan) == last_day(spoken)
    assert str(opened).endswith("revisions, 3 comments and 2 challenges.")
    assert accept(opened.plan, 2, by=ANA).verdict is Verdict.ACCEPTED
    assert comment(opened.plan, "Next", by=ANA).number == 4


def test_a_file_of_an_earlier_revision_ends_where_the_next_one_began(
    spoken: Plan, elsewhere: Planner
) -> None:
    store = spoken.store
    fresh = replace(spoken.info, id="early", name="Early")
    store.append_all([replace(e, alignment="early") for e in store.entries(spoken.info.id)])
    store.put_comments(
        [
            Comment("early", 1, "", "Before", BEN, OLD, ANA, "2999-01-01T00:00:00Z"),
            Comment("early", 2, "area:4", "Of one to come", BEN, OLD),
            Comment("early", 3, "", "After", BEN, clock.now()),
        ]
    )
    done = ChallengeRow("early", 1, "take", 2, 0, '{"NV": 1}', "x", BEN, OLD, "accepted", "", ANA)
    store.put_challenge(replace(done, decided_at=OLD, revision=spoken.seq))
    planner = Planner(store)
    planner.enlist(fresh)
    file = plan_file_of(planner.open("early"), seq=2)
    assert file.talk.comments == (Said("Before", BEN, OLD),)
    assert [a.verdict for a in file.talk.challenges] == [Verdict.OPEN]
    opened = take_in(elsewhere, plan_file.loads(plan_file.dumps(file)), by=BEN)
    assert (opened.plan.seq, opened.comments, opened.challenges) == (2, 1, 1)


def test_without_its_log_nothing_is_said_of_an_area_that_gets_the_id_of_one_that_is_gone(
    spoken: Plan, elsewhere: Planner
) -> None:
    file = plan_file_of(spoken, seq=spoken.seq)
    file = replace(file, containers={**file.containers, "TX": Place(1, False)})
    opened = take_in(elsewhere, file, by=BEN).plan
    opened.ask(Branch(None, ("New",), "Region"), by=ANA)
    assert [(r.about, r.text) for r in comments(opened)] == [
        ("The alignment", "Why this?"),
        ("NV", "<b>A new</b> warehouse"),
        ("The alignment", "Looks right"),
    ]
    assert {c.revision for c in challenges(opened)} == {0}
    again = plan_file_of(opened, seq=opened.seq)
    assert plan_file.loads(plan_file.dumps(again)).talk == again.talk


def test_a_place_that_is_not_here_is_told_and_what_was_said_of_it_stays(
    spoken: Plan, elsewhere: Planner
) -> None:
    file = plan_file_of(spoken, seq=spoken.seq)
    more = (*file.talk.comments, Said("Here?", BEN, OLD, code="nowhere"))
    file = replace(file, talk=replace(file.talk, comments=more))
    opened = take_in(elsewhere, file, by=BEN)
    assert opened.lost == ("nowhere",)
    assert (comments(opened.plan)[0].about, comments(opened.plan)[0].text) == ("nowhere", "Here?")


def test_a_file_that_is_refused_leaves_nothing(
    spoken: Plan, elsewhere: Planner, tmp_path: Path
) -> None:
    file = plan_file_of(spoken, seq=spoken.seq)
    bad = (*file.talk.comments, Said("x" * 5_000, BEN, OLD))
    path = tmp_path / "bad.tpgeo"
    path.write_bytes(plan_file.dumps(replace(file, talk=replace(file.talk, comments=bad))))
    with pytest.raises(BadData, match=r"comments.json, entry 4: 'text' has 5,000 characters"):
        import_plan(elsewhere, path, by=BEN)
    assert elsewhere.plans() == ()
