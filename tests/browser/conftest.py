"""A real Chromium with software WebGL, and the app on a store of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from serving import FLAGS, Server, chromium, free_port, watched

PATIENCE_MS = 20_000
"""How long a page on a busy machine may take to show what is expected of it."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=chromium(), headless=True, args=list(FLAGS))
        yield found
        found.close()


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the plans of a module's tests lie."""
    return tmp_path_factory.mktemp("store") / "plans.duckdb"


@pytest.fixture(scope="module")
def port() -> int:
    """The port at which a module's app will answer."""
    return free_port()


@pytest.fixture(scope="module")
def prepared() -> None:
    """What a module wants to be there before its app starts; nothing unless it says so."""


@pytest.fixture(scope="module")
def server(store: Path, port: int, prepared: None) -> Iterator[Server]:
    with Server(store, port).running() as made:
        yield made


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Open a page of the app in a browser of its own; no error and no other host allowed."""
    with watched(browser, server) as opened:
        yield opened
