"""Bulk API 2.0: rows written 200 at a time, each with its outcome; queries as tables."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tp_geo.crm.org.seed import plant


def job(org, name: str, operation: str, rows: str, **more: str) -> str:
    told = {"object": name, "operation": operation, "contentType": "CSV", "lineEnding": "LF"}
    opened = org.ask("POST", "jobs/ingest", {**told, **more}).body
    assert opened["state"] == "Open"
    job_id = str(opened["id"])
    assert org.ask("PUT", f"/{opened['contentUrl']}", rows.encode()).status == 201
    org.ask("PATCH", f"jobs/ingest/{job_id}", {"state": "UploadComplete"})
    while org.org.work():
        pass
    return job_id


def table(org, path: str, **query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(org.ask("GET", path, **query).text)))


def test_each_row_has_its_outcome(org) -> None:
    rows = "Name,NumberOfEmployees,IsExcludedFromRealign\nA,5,true\nB,many,false\n,1,\nC,,\n"
    made = job(org, "Account", "insert", rows)
    told = org.ask("GET", f"jobs/ingest/{made}").body
    assert told["state"] == "JobComplete"
    assert (told["numberRecordsProcessed"], told["numberRecordsFailed"]) == (4, 2)
    good = table(org, f"jobs/ingest/{made}/successfulResults")
    assert [(r["Name"], r["sf__Created"]) for r in good] == [("A", "true"), ("C", "true")]
    bad = table(org, f"jobs/ingest/{made}/failedResults")
    assert [r["sf__Error"].split(":")[0] for r in bad] == [
        "JSON_PARSER_ERROR",
        "REQUIRED_FIELD_MISSING",
    ]
    (first,) = org.query("SELECT IsExcludedFromRealign FROM Account WHERE Name = 'A'")
    assert first["IsExcludedFromRealign"] is True


def test_many_rows_are_worked_off_in_chunks(org) -> None:
    rows = "Name\n" + "".join(f"A{n}\n" for n in range(450))
    opened = org.ask("POST", "jobs/ingest", {"object": "Account", "operation": "insert"}).body
    org.ask("PUT", f"jobs/ingest/{opened['id']}/batches", rows.encode())
    org.ask("PATCH", f"jobs/ingest/{opened['id']}", {"state": "UploadComplete"})
    states = []
    while org.org.work():
        states.append(org.count("Account"))
    assert states == [200, 400, 450]
    assert table(org, f"jobs/ingest/{opened['id']}/unprocessedrecords") == []


def test_rows_are_changed_and_deleted_by_id(org) -> None:
    job(org, "Account", "insert", "Name\nA\nB\n")
    one, two = (r["Id"] for r in org.query("SELECT Id FROM Account ORDER BY Name"))
    job(org, "Account", "update", f"Id,Site\n{one},HQ\n{two},#N/A\n")
    assert [r["Site"] for r in org.query("SELECT Site FROM Account ORDER BY Name")] == ["HQ", None]
    job(org, "Account", "delete", f"Id\n{one}\n")
    assert org.count("Account") == 1


def test_accounts_are_associated_by_thousands(org) -> None:
    area = org.territory(org.model())
    job(org, "Account", "insert", "Name\n" + "".join(f"A{n}\n" for n in range(1_000)))
    ids = [r["Id"] for r in org.query("SELECT Id FROM Account")]
    rows = "".join(f"{i},Territory2Manual,{area}\n" for i in ids)
    made = job(
        org,
        "ObjectTerritory2Association",
        "insert",
        "ObjectId,AssociationCause,Territory2Id\n" + rows,
    )
    assert org.ask("GET", f"jobs/ingest/{made}").body["numberRecordsFailed"] == 0
    assert org.count("ObjectTerritory2Association") == 1_000


def test_a_custom_external_id_finds_the_record(org) -> None:
    seed = {"fields": {"Account": [{"name": "Key__c", "externalId": True}]}}
    plant(org.org, seed)
    made = job(org, "Account", "upsert", "Key__c,Name\nk1,A\nk1,B\n", externalIdFieldName="Key__c")
    good = table(org, f"jobs/ingest/{made}/successfulResults")
    assert [r["sf__Created"] for r in good] == ["true", "false"]
    assert [r["Name"] for r in org.query("SELECT Name FROM Account")] == ["B"]
    answer = org.ask("PATCH", "sobjects/Account/Key__c/k2", {"Name": "C"})
    assert (answer.status, answer.body["created"]) == (201, True)


def test_rules_run_for_bulk_rows_unless_the_header_says_no(org) -> None:
    model = org.model()
    area = org.territory(model)
    org.link(org.rule(model, ("Name", "startsWith", "A")), area)
    org.activate(model)
    job(org, "Account", "insert", "Name\nA1\n")
    assert org.count("ObjectTerritory2Association") == 1
    told = json.dumps({"object": "Account", "operation": "insert"}).encode()
    opened = org.ask("POST", "jobs/ingest", told, headers={"sforce-auto-assign": "FALSE"}).body
    org.ask("PUT", f"jobs/ingest/{opened['id']}/batches", b"Name\nA2\n")
    org.ask("PATCH", f"jobs/ingest/{opened['id']}", {"state": "UploadComplete"})
    while org.org.work():
        pass
    assert org.count("Account") == 2
    assert org.count("ObjectTerritory2Association") == 1


def test_a_query_is_read_in_parts(org) -> None:
    job(org, "Account", "insert", "Name\n" + "".join(f"A{n:02d}\n" for n in range(25)))
    text = "SELECT Name, Owner.Username, Parent.Name, IsExcludedFromRealign FROM Account"
    asked = org.ask("POST", "jobs/query", {"operation": "query", "query": text}).body
    path = f"jobs/query/{asked['id']}"
    assert org.refused("GET", f"{path}/results") == "INVALIDJOBSTATE"
    while org.org.work():
        pass
    answer = org.ask("GET", f"{path}/results", maxRecords="10")
    assert answer.headers["Sforce-NumberOfRecords"] == "10"
    rows = table(org, f"{path}/results", maxRecords="10", locator=answer.headers["Sforce-Locator"])
    assert [r["Name"] for r in rows] == [f"A{n}" for n in range(10, 20)]
    assert rows[0]["Owner.Username"] == "admin@tp-geo.example"
    assert (rows[0]["Parent.Name"], rows[0]["IsExcludedFromRealign"]) == ("", "false")
    last = org.ask("GET", f"{path}/results", maxRecords="10", locator="20")
    assert last.headers["Sforce-Locator"] == "null"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"object": "Foo", "operation": "insert"}, "INVALID_TYPE"),
        ({"object": "Account", "operation": "grow"}, "INVALIDJOB"),
        ({"object": "Account", "operation": "insert", "contentType": "XML"}, "INVALIDJOB"),
    ],
)
def test_a_job_that_is_none_is_refused(org, told: dict[str, str], code: str) -> None:
    assert org.refused("POST", "jobs/ingest", told) == code


def test_a_job_is_given_up_listed_and_deleted(org) -> None:
    opened = org.ask("POST", "jobs/ingest", {"object": "Account", "operation": "insert"}).body
    path = f"jobs/ingest/{opened['id']}"
    assert org.ask("PATCH", path, {"state": "Aborted"}).body["state"] == "Aborted"
    assert org.refused("PATCH", path, {"state": "UploadComplete"}) == "INVALIDJOBSTATE"
    assert org.refused("PUT", f"{path}/batches", b"Name\nA\n") == "INVALIDJOBSTATE"
    listed = org.ask("GET", "jobs/ingest").body["records"]
    assert [j["id"] for j in listed] == [opened["id"]]
    assert org.ask("DELETE", path).status == 204
    assert org.refused("GET", path) == "NOT_FOUND"
