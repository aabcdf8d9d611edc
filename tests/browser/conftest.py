"""A real Chromium with software WebGL, and the app on a store of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator

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
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("store") / "plans.duckdb", free_port())
    made.start()
    yield made
    made.stop()


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Open a page of the app in a browser of its own; no error and no other host allowed."""
    with watched(browser, server) as opened:
        yield opened
