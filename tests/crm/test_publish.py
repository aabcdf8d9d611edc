"""Publishing to a simulated org: whatever breaks, the org ends up as the plan says."""

from __future__ import annotations

from pathlib import Path

import pytest
from desks import Desk

from tp_geo.crm.journal import read_journal
from tp_geo.crm.rows import TERRITORY, USER, Key, Row, Rows
from tp_geo.errors import CrmFailure


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_an_org_holds_a_plan_once_it_is_published_and_nothing_is_written_again(desk: Desk) -> None:
    plan = desk.plan()
    assert desk.publish(plan).written
    held = desk.holds()
    assert {k: v for k, v in held.items() if k in plan} == held
    before = desk.wire.writes
    assert desk.publish(plan).written == ()
    assert desk.wire.writes == before


def test_what_changes_in_a_plan_changes_in_the_org_and_nothing_else_does(desk: Desk) -> None:
    desk.publish(desk.plan())
    desk.publish(desk.plan(names=("Reno", "Ely", "Tahoe"), seed=1))
    there = {str(row.fields["Name"]) for row in desk.read().of_object(TERRITORY)}
    assert there == {"West", "Reno", "Ely", "Tahoe"}
    assert desk.compare(desk.plan(names=("Reno", "Ely", "Tahoe"), seed=1), desk.read()).empty
    desk.publish(desk.plan(names=("Reno",)))
    assert len(desk.read().of_object(TERRITORY)) == 2


def test_rows_of_others_are_left_as_they_are(desk: Desk) -> None:
    desk.publish(desk.plan())
    west = next(r for r in desk.read().of_object(TERRITORY) if r.fields["Name"] == "West")
    model = next(r for r in desk.read() if r.key.object == "Territory2Model")
    kind = next(r for r in desk.read() if r.key.object == "Territory2Type")
    with desk.org.state.step():
        theirs = desk.org.records.create(
            "Territory2",
            {"Name": "Theirs", "DeveloperName": "Theirs", "Territory2ModelId": model.id,
             "Territory2TypeId": kind.id, "ParentTerritory2Id": west.id,
             "AccountAccessLevel": "Read", "OpportunityAccessLevel": "None",
             "CaseAccessLevel": "None"},
        )  # fmt: skip
        desk.org.records.create(
            "UserTerritory2Association", {"UserId": desk.users[1], "Territory2Id": west.id}
        )
    desk.publish(desk.plan(seed=3))
    after = desk.read()
    assert Key(TERRITORY, "Theirs") in after
    assert after[Key(TERRITORY, "Theirs")].id == theirs
    assert len([r for r in after.of_object(USER) if r.fields["Territory2Id"] == west.key]) == 2


def test_a_territory_that_was_renamed_in_the_org_is_found_by_its_mark(desk: Desk) -> None:
    desk.publish(desk.plan())
    reno = next(r for r in desk.read().of_object(TERRITORY) if r.fields["Name"] == "Reno")
    with desk.org.state.step():
        desk.org.records.update("Territory2", reno.id, {"DeveloperName": "Silver", "Name": "X"})
    drift = desk.compare(desk.plan(), desk.read())
    assert [(u.before.id, dict(u.fields)) for u in drift.update] == [(reno.id, {"Name": "Reno"})]
    assert not drift.create
    assert not drift.delete


def test_a_record_that_the_org_refuses_is_named_and_what_is_written_stays(desk: Desk) -> None:
    plan = desk.plan()
    wrong = Row(Key(USER, "005x>P_ab12cd_Reno"),
                {"UserId": "005000000000000AAA", "Territory2Id": Key(TERRITORY, "P_ab12cd_Reno"),
                 "RoleInTerritory2": None})  # fmt: skip
    with pytest.raises(CrmFailure, match="UserTerritory2Association '005x>P_ab12cd_Reno'"):
        desk.publish(Rows.of([*plan, wrong]))
    assert len(desk.read().of_object(TERRITORY)) == 3
    desk.publish(plan)
    assert desk.compare(plan, desk.read()).empty


def test_what_an_org_goes_on_refusing_is_told_in_its_words(desk: Desk) -> None:
    desk.publish(desk.plan())
    twin = Row(Key(TERRITORY, "twin"), {"DeveloperName": "P_ab12cd_Reno", "Name": "Twin"})
    reno = desk.read()[Key(TERRITORY, "P_ab12cd_Reno")]
    rows = Rows.of([*desk.plan(), Row(twin.key, {**reno.fields, **twin.fields})])
    with pytest.raises(CrmFailure, match=r"Territory2 'twin'.*DUPLICATE"):
        desk.publish(rows)


def test_an_org_that_never_answers_is_told_as_such(desk: Desk) -> None:
    desk.publish(desk.plan())
    desk.org.faults.add(["cut:times=0,method=PATCH"])
    with pytest.raises(CrmFailure, match="did not answer in time"):
        desk.publish(desk.plan(seed=3))


def test_a_publish_is_undone_by_publishing_what_was_there_before(desk: Desk) -> None:
    first = desk.plan()
    desk.publish(first)
    held = desk.holds()
    desk.journal.path.rename(desk.journal.path.with_name("first.jsonl"))
    desk.publish(desk.plan(names=("Ely", "Elko", "Tahoe"), seed=2))
    journal = read_journal(desk.journal.path)
    assert journal.ended
    desk.publish(journal.before)
    assert {k: v for k, v in desk.holds().items() if k.object != USER} == {
        k: v for k, v in held.items() if k.object != USER
    }
