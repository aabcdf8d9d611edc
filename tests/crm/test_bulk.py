"""Writing by jobs of Bulk API 2.0 to a simulated org: outcomes in order, and what breaks."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from wired import Killed, Wire, wired

from tp_geo.crm import bulk
from tp_geo.crm.client import Salesforce
from tp_geo.crm.extract import read_model
from tp_geo.crm.journal import FileJournal, read_journal
from tp_geo.crm.org.service import Org
from tp_geo.crm.publish import publish
from tp_geo.crm.reconcile import ChangeSet, reconcile
from tp_geo.crm.rows import ACCOUNT, Rows, Verb
from tp_geo.crm.wanted import Publication, Staffed, wanted
from tp_geo.domain.alignment import Alignment, Area, AreaId, Items
from tp_geo.errors import CrmFailure

FY27 = Publication("ab12cd", "FY27", "FY 27", {"Area": "Area"})


class Place:
    """An org that works its jobs off, a client and the wire between them."""

    def __init__(self, accounts: int) -> None:
        self.org = Org()
        self.crm: Salesforce
        self.wire: Wire
        self.crm, self.wire = wired(self.org)
        with self.org.state.step():
            self.accounts = [
                self.org.records.create("Account", {"Name": f"A {i}"}, by_org=True)
                for i in range(accounts)
            ]
        self.over = threading.Event()
        self.hand = threading.Thread(target=self.work, daemon=True)
        self.hand.start()

    def work(self) -> None:
        while not self.over.is_set():
            if not self.org.work():
                self.over.wait(0.005)

    def close(self) -> None:
        self.over.set()
        self.hand.join()
        self.org.close()

    def read(self) -> Rows:
        return read_model(self.crm, "FY27")


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(bulk, "FROM", 3)
    monkeypatch.setattr(bulk, "PER_JOB", 10)
    monkeypatch.setattr("tp_geo.crm.bulk.time.sleep", lambda seconds: None)
    made = Place(25)
    yield made
    made.close()


def plan(accounts: list[str]) -> Rows:
    alignment = Alignment.empty(Items.only_containers(0))
    areas = {AreaId(1): Area(AreaId(1), "West")}
    staffed = {AreaId(1): Staffed(accounts=tuple(accounts))}
    return wanted(type(alignment)(alignment.items, areas, alignment.area_of, alignment.held),
                  (AreaId(1),), FY27, staffed)  # fmt: skip


def compare(rows: Rows, actual: Rows, journal: FileJournal) -> ChangeSet:
    written = {w.key for w in read_journal(journal.path).written} if journal.path.exists() else ()
    return reconcile(rows, actual, ours=lambda row: row.key in written)


def sent(place: Place, rows: Rows, journal: FileJournal) -> int:
    receipt = publish(
        place.crm, rows, read=place.read, compare=lambda a: compare(rows, a, journal),
        journal=journal,
    )  # fmt: skip
    return len(receipt.written)


def held(place: Place) -> set[str]:
    return {str(row.fields["ObjectId"]) for row in place.read().of_object(ACCOUNT)}


def test_outcomes_come_in_the_order_of_the_records_and_name_what_failed(place: Place) -> None:
    records = [{"Id": k, "Site": f"S {i}"} for i, k in enumerate(place.accounts[:4])]
    records[2] = {"Id": "001000000000000AAA", "Site": "nowhere"}
    found = place.crm.load(Verb.UPDATE, "Account", records)
    assert [one.done for one in found] == [True, True, False, True]
    assert found[0].id == place.accounts[0]
    assert found[2].code


def test_records_of_one_job_need_not_have_the_same_fields(place: Place) -> None:
    one, two, three = place.accounts[:3]
    both = [{"Id": one, "Site": "S", "BillingCity": "1"}, {"Id": two, "Site": "S"}]
    assert all(o.done for o in place.crm.load(Verb.UPDATE, "Account", both))
    some = [{"Id": one, "Site": None}, {"Id": two, "BillingCity": "2"}, {"Id": three, "Site": "T"}]
    assert all(o.done for o in place.crm.load(Verb.UPDATE, "Account", some))
    rows = place.org.state.rows("select Id, Site, BillingCity from Account")
    held = {str(k): (site, city) for k, site, city in rows}
    assert [held[k] for k in (one, two, three)] == [(None, "1"), ("S", "2"), ("T", None)]


def test_many_accounts_go_by_jobs_and_those_no_longer_wanted_too(
    place: Place, tmp_path: Path
) -> None:
    journal = FileJournal(tmp_path / "j.jsonl")
    sent(place, plan(place.accounts), journal)
    assert held(place) == {*place.accounts}
    before = place.wire.writes
    assert sent(place, plan(place.accounts), journal) == 0
    assert place.wire.writes == before
    sent(place, plan(place.accounts[:5]), journal)
    assert held(place) == {*place.accounts[:5]}


@pytest.mark.parametrize("way", ["killed", "no answer"])
def test_jobs_that_break_at_any_call_leave_what_was_asked_for_in_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(bulk, "FROM", 3)
    monkeypatch.setattr("tp_geo.crm.bulk.time.sleep", lambda seconds: None)
    for at in (4, 5, 6):
        place, journal = Place(8), FileJournal(tmp_path / f"{way}{at}.jsonl")
        setattr(place.wire, "kill_at" if way == "killed" else "drop_at", at)
        try:
            sent(place, plan(place.accounts), journal)
        except Killed:
            sent(place, plan(place.accounts), journal)
        place.wire.kill_at = place.wire.drop_at = None
        assert held(place) == {*place.accounts}, f"broken at call {at}"
        sent(place, plan(place.accounts[:1]), journal)
        assert held(place) == {*place.accounts[:1]}, "what was written is known as ours"
        place.close()


def test_an_account_the_org_refuses_is_named_and_the_others_are_written(
    place: Place, tmp_path: Path
) -> None:
    wrong = "001000000000000AAA"
    with pytest.raises(CrmFailure, match=f"ObjectTerritory2Association '{wrong}"):
        sent(place, plan([wrong, *place.accounts[:5]]), FileJournal(tmp_path / "j.jsonl"))
    assert held(place) == {*place.accounts[:5]}
