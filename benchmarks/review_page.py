"""How soon the Review page stands in a browser: 33,639 postal codes, 1,000 areas, 250,000 units.

A real server, real Chromium with software WebGL on the same machine, from the
address to the headline figures and to the painted map; bytes as they came.
The peer is a Streamlit page of one word: what no page of ours can be faster than.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.app import Wire
from benchmarks.review import _plan
from tests.browser.serving import FLAGS, Server, chromium, free_port
from tp_geo.store import open_store
from tp_geo.workflow.planner import Planner

PAINTED = "() => window.__tpMaps?.review_map?.stats().paints > 0"
WAIT_MS = 120_000
REPEATS = 3


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        address = Path(folder) / "plans.duckdb"
        store = open_store(str(address))
        _plan(Planner(store), store)
        store.close()
        browser = play.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        print("| visit | figures, s | map, s | HTTP, kB | websocket, kB |")
        print("|---|---:|---:|---:|---:|")
        try:
            _peer(Path(folder), browser)
            with Server(address, free_port()).running() as server:
                _visits(server, browser)
        finally:
            browser.close()


def _peer(folder: Path, browser: Browser) -> None:
    app = folder / "empty.py"
    app.write_text("import streamlit as st\nst.metric('ready', 1)\n")
    with Server(folder / "none.duckdb", free_port(), app=str(app)).running() as server:
        for what in ("first", "again"):
            page = _page(browser)
            wire, began = Wire(page), time.perf_counter()
            page.goto(server.url)
            page.get_by_test_id("stMetric").wait_for()
            _row(f"peer: a page of one figure, {what}", time.perf_counter() - began, None, wire)
            page.context.close()


def _visits(server: Server, browser: Browser) -> None:
    _visit(server, browser, "cold server, new browser")
    for _ in range(REPEATS):
        page = _visit(server, browser, "warm server, new browser", keep=True)
        _visit(server, browser, "warm server, loaded again", page=page)


def _visit(
    server: Server, browser: Browser, what: str, *, page: Page | None = None, keep: bool = False
) -> Page:
    page = page or _page(browser)
    wire, began = Wire(page), time.perf_counter()
    page.goto(f"{server.url}/review?alignment=P")
    page.get_by_test_id("stMetric").nth(4).wait_for(timeout=WAIT_MS)
    figures = time.perf_counter() - began
    page.wait_for_function(PAINTED, timeout=WAIT_MS)
    _row(what, figures, time.perf_counter() - began, wire)
    if not keep:
        page.context.close()
    return page


def _page(browser: Browser) -> Page:
    return browser.new_context(viewport={"width": 1440, "height": 900}).new_page()


def _row(what: str, figures: float, painted: float | None, wire: Wire) -> None:
    http, socket = wire.take()
    shown = "" if painted is None else f"{painted:.1f}"
    print(f"| {what} | {figures:.1f} | {shown} | {http / 1e3:,.0f} | {socket / 1e3:,.0f} |")


if __name__ == "__main__":
    main()
