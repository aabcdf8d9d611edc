"""Publishing to a simulated org: whatever breaks, the org ends up as the plan says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from wired import Killed, Wire, wired

from tp_geo.crm.client import Salesforce
from tp_geo.crm.extract import read_model
from tp_geo.crm.journal import FileJournal, read_journal
from tp_geo.crm.org.ids import PROFILE_ID
from tp_geo.crm.org.service import Org
from tp_geo.crm.ours import called, ours
from tp_geo.crm.packing import pack
from tp_geo.crm.publish import Receipt, publish
from tp_geo.crm.reconcile import ChangeSet, reconcile
from tp_geo.crm.rows import TERRITORY, USER, Key, Row, Rows
from tp_geo.crm.wanted import Member, Publication, Staffed, wanted
from tp_geo.domain.alignment import Alignment, Area, AreaId, Items
from tp_geo.errors import CrmFailure

FY27 = Publication("ab12cd", "FY27", "FY 27", {"Region": "Region", "District": "District"})
CODES = [f"{i:05}" for i in range(10_000, 10_400)]


class Desk:
    """A planner's desk: an org with two users, a client of it, and a journal."""

    def __init__(self, folder: Path) -> None:
        self.org = Org()
        self.journal = FileJournal(folder / "publish.jsonl")
        self.users = tuple(self._user(name) for name in ("ann", "ben"))
        self.crm: Salesforce
        self.wire: Wire
        self.crm, self.wire = wired(self.org)

    def _user(self, name: str) -> str:
        fields = {"Username": f"{name}@x.example", "LastName": name, "Email": f"{name}@x.example",
                  "Alias": name, "IsActive": True, "ForecastEnabled": True,
                  "ProfileId": PROFILE_ID}  # fmt: skip
        with self.org.state.step():
            return self.org.records.create("User", fields, by_org=True)

    def plan(self, *, names: tuple[str, ...] = ("Reno", "Elko"), seed: int = 0) -> Rows:
        """A region with districts; each has its codes, and users who forecast."""
        areas = {AreaId(1): Area(AreaId(1), "West", level="Region")}
        for i, name in enumerate(names, start=2):
            areas[AreaId(i)] = Area(AreaId(i), name, AreaId(1), "District")
        alignment = replace(Alignment.empty(Items.only_containers(0)), areas=areas)
        owner = np.random.default_rng(seed).integers(0, len(names), len(CODES)).astype(np.int32)
        packed = pack(CODES, owner, country=("United States", "US", "USA"))
        staffed = {AreaId(1): Staffed((Member(self.users[0], "Owner"),), forecasts=self.users[0])}
        for i, one in enumerate(packed, start=2):
            staffed[AreaId(i)] = Staffed((Member(self.users[i % 2]),), criteria=one.criteria)
        there = called(self.read(), FY27)
        return wanted(alignment, tuple(areas), FY27, staffed, called=there)

    def read(self) -> Rows:
        return read_model(self.crm, "FY27")

    def compare(self, rows: Rows, actual: Rows) -> ChangeSet:
        written = [w.key for w in read_journal(self.journal.path).written] if (
            self.journal.path.exists()) else []  # fmt: skip
        return reconcile(rows, actual, ours=ours(FY27, actual, written))

    def publish(self, rows: Rows) -> Receipt:
        return publish(
            self.crm,
            rows,
            read=self.read,
            compare=lambda actual: self.compare(rows, actual),
            journal=self.journal,
        )

    def holds(self) -> dict[Key, dict[str, object]]:
        return {
            row.key: {k: v for k, v in row.fields.items() if v is not None} for row in self.read()
        }


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


def expected(folder: Path, *plans: tuple[tuple[str, ...], int]) -> dict[Key, dict[str, object]]:
    calm = Desk(folder)
    for names, seed in plans:
        calm.publish(calm.plan(names=names, seed=seed))
    held = calm.holds()
    return {k: v for k, v in held.items() if k.object != USER}


PLANS = ((("Reno", "Elko"), 0), (("Reno", "Tahoe", "Ely"), 1))


@pytest.mark.parametrize("way", ["killed once it was done", "no answer"])
def test_a_publish_that_breaks_at_any_call_ends_as_one_that_was_left_alone(
    tmp_path: Path, way: str
) -> None:
    calm = expected(tmp_path / "calm", *PLANS)
    for at in range(1, 60):
        desk = Desk(tmp_path / f"{at}")
        if way == "no answer":
            desk.wire.drop_at = at
        else:
            desk.wire.kill_at = at
        killed = published_all(desk)
        assert published_as(desk, calm), f"broken at call {at}"
        if desk.wire.writes < at:
            return
        assert killed == (way != "no answer")
    raise AssertionError("the calls never ended")


def test_a_publish_that_is_killed_while_it_reads_ends_as_one_that_was_left_alone(
    tmp_path: Path,
) -> None:
    calm = expected(tmp_path / "calm", *PLANS)
    for at in range(1, 100, 4):
        desk = Desk(tmp_path / f"{at}")
        desk.wire.kill_read_at = at
        killed = published_all(desk)
        if not killed:
            return
        assert published_as(desk, calm), f"killed at read {at}"
    raise AssertionError("the reads never ended")


@pytest.mark.parametrize("fault", ["lock:at={}", "unavailable:at={},times=2", "expire:at={}"])
@pytest.mark.parametrize("at", [1, 2, 5, 9, 14, 20, 33])
def test_a_busy_org_ends_as_one_that_had_time(tmp_path: Path, fault: str, at: int) -> None:
    calm = expected(tmp_path / "calm", *PLANS)
    desk = Desk(tmp_path / "busy")
    desk.org.faults.add([fault.format(at)])
    if fault.startswith("expire"):
        with pytest.raises(CrmFailure, match="Connect again"):
            published_all(desk)
        desk.crm, desk.wire = wired(desk.org)
    published_all(desk)
    assert published_as(desk, calm)


def published_all(desk: Desk) -> bool:
    """Publish the plans one by one, again after a kill; return whether there was one."""
    killed = False
    for names, seed in PLANS:
        try:
            desk.publish(desk.plan(names=names, seed=seed))
        except Killed:
            killed = True
            desk.publish(desk.plan(names=names, seed=seed))
    return killed


def published_as(desk: Desk, calm: dict[Key, dict[str, object]]) -> bool:
    held = desk.holds()
    members = [key for key in held if key.object == USER]
    return len(members) == 4 and {k: v for k, v in held.items() if k.object != USER} == calm


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
