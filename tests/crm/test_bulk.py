"""Writing by jobs of Bulk API 2.0 to a simulated org: outcomes in order, and what differs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jobs import Place, plan, sent

from tp_geo.crm import bulk
from tp_geo.crm.journal import FileJournal
from tp_geo.crm.rows import ACCOUNT, Verb
from tp_geo.errors import CrmFailure


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(bulk, "PER_JOB", 10)
    made = Place(25, monkeypatch)
    yield made
    made.org.close()


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


def test_an_account_the_org_refuses_is_named_and_the_others_are_written(
    place: Place, tmp_path: Path
) -> None:
    wrong = "001000000000000AAA"
    with pytest.raises(CrmFailure, match=f"ObjectTerritory2Association '{wrong}"):
        sent(place, plan([wrong, *place.accounts[:5]]), FileJournal(tmp_path / "j.jsonl"))
    assert held(place) == {*place.accounts[:5]}
