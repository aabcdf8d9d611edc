"""The org as a process: http and https, its one line, faults on the wire, a restart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

Start = Callable[..., dict[str, Any]]


def get(told: dict[str, Any], path: str, **options: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    url = f"{options.pop('base', told['instance_url'])}/services/data/v67.0/{path}"
    return requests.get(url, headers=headers, timeout=60, **options)


def test_the_org_answers_over_http_and_https_and_survives_a_restart(
    served: Start, tmp_path: Path
) -> None:
    store = str(tmp_path / "org.db")
    told = served("--https-port", "0", "--store", store, "--edition", "Enterprise")
    assert get(told, "limits").json()["DailyApiRequests"]["Max"] == 100_000
    secure = get(told, "limits", base=told["https_url"], verify=told["certificate"])
    assert secure.headers["Sforce-Limit-Info"] == "api-usage=2/100000"
    form = {
        "grant_type": "client_credentials",
        "client_id": told["client_id"],
        "client_secret": told["client_secret"],
    }
    token = f"{told['https_url']}/services/oauth2/token"
    granted = requests.post(token, form, verify=told["certificate"], timeout=60).json()
    assert granted["instance_url"] == told["https_url"]
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    url = f"{told['instance_url']}/services/data/v67.0/sobjects/Account"
    made = requests.post(url, json={"Name": "Ünïcode"}, headers=headers, timeout=60)
    assert made.status_code == 201
    again = served("--store", store)
    found = get(again, "query", params={"q": "SELECT Name FROM Account WHERE Name = 'Ünïcode'"})
    assert found.json()["totalSize"] == 1
    assert not (tmp_path / "plans.duckdb").exists()


def test_faults_are_met_on_the_wire(served: Start) -> None:
    told = served("--fault", "drop:method=POST", "--fault", "slow:at=2,method=GET,seconds=0.3")
    url = f"{told['instance_url']}/services/data/v67.0/sobjects/Account"
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    with pytest.raises(requests.ConnectionError):
        requests.post(url, json={"Name": "Acme"}, headers=headers, timeout=60)
    count = {"q": "SELECT COUNT() FROM Account"}
    assert get(told, "query", params=count).json()["totalSize"] == 1
    assert get(told, "query", params=count).elapsed.total_seconds() >= 0.3
    calls = requests.get(f"{told['instance_url']}/__calls", timeout=60).json()
    assert (calls["read"], calls["write"]) == (2, 1)
    long = get(told, "query", params={"q": "SELECT Id FROM Account WHERE Name = '" + "x" * 16_400})
    assert long.status_code == 414


def test_bulk_jobs_are_worked_off_by_themselves(served: Start) -> None:
    told = served()
    headers = {"Authorization": f"Bearer {told['access_token']}"}
    url = f"{told['instance_url']}/services/data/v67.0/jobs/ingest"
    with requests.Session() as session:
        session.headers.update(headers)
        opened = session.post(url, json={"object": "Account", "operation": "insert"}).json()
        rows = "Name\n" + "".join(f"A{n}\n" for n in range(401))
        session.put(f"{url}/{opened['id']}/batches", data=rows)
        session.patch(f"{url}/{opened['id']}", json={"state": "UploadComplete"})
        state = ""
        while state not in ("JobComplete", "Failed"):
            state = session.get(f"{url}/{opened['id']}").json()["state"]
    assert state == "JobComplete"
    count = {"q": "SELECT COUNT() FROM Account"}
    assert get(told, "query", params=count).json()["totalSize"] == 401
