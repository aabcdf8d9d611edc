"""The org's file survives a restart; seeds are planted once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tp_geo.crm.org.seed import demo_seed, plant, read_seed
from tp_geo.errors import BadData


def test_records_sessions_and_credentials_survive_a_restart(start, tmp_path: Path) -> None:
    path = tmp_path / "org.db"
    first = start(path=path)
    model = first.model("FY27")
    first.update("Territory2Model", model, State="Active")
    client_id = first.org.auth.client_id
    first.org.close()
    first.clock.wait(10)
    again = start(path=path)
    assert again.org.auth.client_id == client_id
    again.token = first.token
    assert again.state(model) == "Active"
    assert again.territory(model) != model


def test_a_bulk_job_goes_on_after_a_restart(start, tmp_path: Path) -> None:
    path = tmp_path / "org.db"
    org = start(path=path)
    opened = org.ask("POST", "jobs/ingest", {"object": "Account", "operation": "insert"}).body
    rows = "Name\n" + "".join(f"A{n}\n" for n in range(300))
    org.ask("PUT", f"jobs/ingest/{opened['id']}/batches", rows.encode())
    org.ask("PATCH", f"jobs/ingest/{opened['id']}", {"state": "UploadComplete"})
    assert org.org.work()
    org.org.close()
    again = start(path=path)
    while again.org.work():
        pass
    assert again.count("Account") == 300
    assert again.ask("GET", f"jobs/ingest/{opened['id']}").body["state"] == "JobComplete"


def test_the_demo_is_an_org_at_work(org) -> None:
    plant(org.org, demo_seed())
    assert org.count("Account") == 240
    assert org.count("Territory2") == 9
    (model,) = org.query("SELECT Id, State FROM Territory2Model")
    assert model["State"] == "Active"
    made = org.ask("POST", "/__run-rules", {"model": model["Id"]}).body
    assert made == {"associations": 240}
    told = org.ask("GET", "sobjects/UserTerritory2Association/describe").body
    roles = next(f for f in told["fields"] if f["name"] == "RoleInTerritory2")["picklistValues"]
    assert "Account Executive" in [r["value"] for r in roles]


def test_a_seed_is_planted_once(start, tmp_path: Path) -> None:
    path = tmp_path / "org.db"
    seed = {"records": {"Account": [{"Name": "Acme"}]}}
    org = start(path=path)
    plant(org.org, seed)
    org.delete("Account", org.query("SELECT Id FROM Account")[0]["Id"])
    plant(org.org, seed)
    assert org.count("Account") == 0


def test_a_seed_has_custom_fields_references_and_files(org, tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text("Name,Code__c,AnnualRevenue\nAcme,W,5\nAjax,,\n")
    seed = {
        "fields": {"Account": [{"name": "Code__c", "length": 3}]},
        "records": {
            "Account": [{"ref": "top", "Name": "Top"}, {"Name": "Low", "ParentId": "@top"}]
        },
        "files": {"Account": "accounts.csv"},
    }
    (tmp_path / "seed.json").write_text(json.dumps(seed))
    plant(org.org, read_seed(tmp_path / "seed.json"), beside=tmp_path)
    found = org.query("SELECT Name, Code__c, Parent.Name FROM Account ORDER BY Name")
    assert [(r["Name"], r["Code__c"]) for r in found][:2] == [("Acme", "W"), ("Ajax", None)]
    assert found[2]["Parent"]["Name"] == "Top"
    rule = org.rule(org.model(), ("Code__c", "equals", "W"))
    assert rule
    assert org.refuses("Account", Name="x", Code__c="long") == "STRING_TOO_LONG"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no JSON"),
        ("[]", "has a list"),
        ('{"people": []}', "has people"),
        ('{"records": {"Account": [{"Name": "A", "OwnerId": "@ann"}]}}', "names no record"),
        ('{"records": {"Account": [{"Nam": "A"}]}}', "No such column 'Nam'"),
        ('{"fields": {"Account": [{"name": "Code"}]}}', "has to end in __c"),
        ('{"fields": {"Nothing": [{"name": "Code__c"}]}}', "no object of the contract"),
    ],
)
def test_a_seed_that_can_not_be_used_says_why(org, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "seed.json").write_text(text)
    with pytest.raises(BadData, match=said):
        plant(org.org, read_seed(tmp_path / "seed.json"))
    assert org.count("Account") == 0
