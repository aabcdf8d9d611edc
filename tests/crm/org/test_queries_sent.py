"""Every query that import, publish and drift send is one that a parser from npm accepts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from test_org_clients import accepted
from wired import QUICK, URL, Wire

from tp_geo.crm.auth import SessionId
from tp_geo.crm.client import Salesforce
from tp_geo.crm.org.seed import demo_seed, plant
from tp_geo.crm.org.service import Org
from tp_geo.domain.commands import Change
from tp_geo.domain.hierarchy import find_area
from tp_geo.store import open_store
from tp_geo.workflow import model_import_accounts
from tp_geo.workflow.model_import import ImportRequest, import_model, preview_import
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.publishing import Request, publish_plan
from tp_geo.workflow.publishing_after import drift, undo_publish
from tp_geo.workflow.verifying_org import verify_org


class Recorder(Wire):
    """A line to an org that notes the queries, and has jobs worked off."""

    def __init__(self, org: Org) -> None:
        super().__init__(org)
        self.queries: dict[str, None] = {}

    def send(self, request: requests.PreparedRequest, *more: Any, **options: Any) -> Any:
        asked = dict(parse_qsl(urlsplit(str(request.url)).query))
        if "q" in asked:
            self.queries[asked["q"]] = None
        if request.method == "POST" and str(request.url).endswith("jobs/query"):
            self.queries[json.loads(request.body or b"{}")["query"]] = None
        answer = super().send(request, *more, **options)
        while self.org.work():
            pass
        return answer


def test_a_parser_from_npm_accepts_every_query_of_import_publish_and_drift(
    clients: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    org = Org()
    plant(org, demo_seed())
    session, line = requests.Session(), Recorder(org)
    session.mount(URL, line)
    crm = Salesforce(SessionId(URL, org.session()), session=session, patience=QUICK)
    planner = Planner(open_store(str(tmp_path / "store.duckdb")))
    where = "Industry != 'O''Neill'".replace("''", "\\'")
    asked = ImportRequest("FY26 Sales", "Ours", fields=("Territory_Code__c",), where=where)
    preview_import(planner, crm, asked)
    plan = import_model(planner, crm, asked, by="ana").plan
    monkeypatch.setattr(model_import_accounts, "BULK_FROM", 1)
    import_model(planner, crm, ImportRequest("FY26 Sales", "Bulk"), by="ana")
    change = {"owner": "ann.o'neill@x.example", "name": "Far West"}
    plan.ask(Change(find_area(plan.alignment, "West"), change), by="ana")
    publish_plan(plan, crm, Request())
    publish_plan(plan, crm, Request(model="Brand\\new 'FY27'"))
    drift(plan, crm, "FY26 Sales")
    undo_publish(plan, crm, "FY26 Sales")
    verify_org(crm)
    sent = list(line.queries)
    assert len(sent) > 20
    refused = [q for q, fits in zip(sent, accepted(clients, sent), strict=True) if not fits]
    assert refused == []
    org.close()
