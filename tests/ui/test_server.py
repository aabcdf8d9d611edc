"""What the server adds to the pages: headers, health, readiness, figures."""

from __future__ import annotations

import asyncio
import json
import threading
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route
from streamlit import config

from tp_geo.errors import StoreAway
from tp_geo.ui import server

ROOT = Path(__file__).resolve().parents[2]


def page(_: Request) -> HTMLResponse:
    return HTMLResponse("<p>page</p>", headers={"X-Frame-Options": "ALLOW", "x-own": "1"})


@dataclass
class Answer:
    """What the server said."""

    status_code: int
    headers: Headers
    text: str


@dataclass
class Client:
    """Somebody at an address who asks the app, without a network between."""

    app: Starlette
    host: str = "127.0.0.1"

    def get(self, path: str, headers: Mapping[str, bytes] | None = None) -> Answer:
        """Ask for a page."""
        said: list[dict[str, Any]] = []
        scope = {
            "type": "http",
            "method": "GET",
            "path": path,
            "query_string": b"",
            "headers": [(k.lower().encode(), v) for k, v in (headers or {}).items()],
            "client": (self.host, 50_000),
        }

        async def ask() -> None:
            async def receive() -> dict[str, Any]:
                return {"type": "http.request", "body": b"", "more_body": False}

            async def send(message: Any) -> None:
                said.append(dict(message))

            await self.app(scope, receive, send)

        asyncio.run(ask())
        body = b"".join(m.get("body", b"") for m in said[1:])
        return Answer(said[0]["status"], Headers(raw=said[0]["headers"]), body.decode())


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    monkeypatch.setenv("TP_GEO_STORE", str(tmp_path / "plans.duckdb"))
    monkeypatch.delenv(server.TOKEN, raising=False)
    server.headers.cache_clear()
    given = server.parts()
    return Starlette(routes=[*given["routes"], Route("/", page)], middleware=given["middleware"])


@pytest.fixture
def client(app: Starlette) -> Client:
    """Somebody on this machine."""
    return Client(app)


def test_every_answer_has_the_headers_once(client: Client) -> None:
    for path in ("/", "/healthz", "/nothing"):
        got = client.get(path).headers
        assert got.getlist("x-frame-options") == ["DENY"]
        assert got["x-content-type-options"] == "nosniff"
        assert got["referrer-policy"] == "same-origin"
        assert "content-security-policy" in got
    assert client.get("/").headers["x-own"] == "1"


def test_pages_may_run_only_scripts_of_their_own(client: Client) -> None:
    rules = dict(
        rule.strip().split(" ", 1)
        for rule in client.get("/").headers["content-security-policy"].split(";")
    )
    assert rules["default-src"] == "'self'"
    assert "unsafe-inline" not in rules["script-src"]
    assert "'unsafe-eval'" not in rules["script-src"]
    assert "sha256-" in rules["script-src"]  # the one line Streamlit's page has in itself
    assert rules["object-src"] == rules["frame-ancestors"] == "'none'"
    assert "http" not in " ".join(rules.values())


def test_tiles_may_come_from_the_server_that_is_named_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TP_GEO_TILES", "https://{s}.tiles.example.com/{z}/{x}/{y}.png")
    assert "https://*.tiles.example.com;" in server.policy()
    monkeypatch.setenv("TP_GEO_TILES", "no address; script-src *")
    assert "script-src *" not in server.policy()


def test_health_and_readiness_are_told(client: Client) -> None:
    assert client.get("/healthz").text == "ok"
    ready = client.get("/readyz")
    assert (ready.status_code, json.loads(ready.text)) == (200, {"status": "ready"})


def test_without_its_store_the_app_is_healthy_but_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise StoreAway("The store postgresql://host.inside/plans can't be reached.")

    monkeypatch.setattr(server, "open_store", away)
    assert client.get("/healthz").status_code == 200
    got = client.get("/readyz")
    assert got.status_code == 503
    assert "host.inside" not in got.text


def test_a_store_that_does_not_answer_is_asked_once_and_told_in_time(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    over, asked = threading.Event(), []

    def silent() -> None:
        asked.append(1)
        over.wait(60)
        raise StoreAway("silent")

    monkeypatch.setattr(server, "open_store", silent)
    monkeypatch.setattr(server, "READY_S", 0.1)
    said = [client.get("/readyz") for _ in range(4)]
    over.set()
    assert {got.status_code for got in said} == {503}
    assert len(asked) == 1


def test_figures_are_for_this_machine_alone_where_there_is_no_token(
    app: Starlette, client: Client
) -> None:
    got = client.get("/metrics")
    assert got.status_code == 200
    assert "process_resident_memory_bytes" in got.text
    assert client.get("/metrics", headers={"X-Forwarded-For": b"10.0.0.9"}).status_code == 404
    assert Client(app, "10.0.0.9").get("/metrics").status_code == 404


def test_figures_are_for_who_has_the_token_where_there_is_one(
    app: Starlette, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(server.TOKEN, "a long token")
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": b"Bearer \xe9"}).status_code == 404
    allowed = {"Authorization": b"Bearer a long token"}
    assert Client(app, "10.0.0.9").get("/metrics", headers=allowed).status_code == 200


def test_no_run_of_a_page_ends_with_a_search_for_garbage() -> None:
    """It takes a tenth of a second at our size, after every run, and no page runs meanwhile."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    assert settings["runner"]["postScriptGC"] is False
    assert "runner.postScriptGC" in config.get_config_options(force_reparse=False)
