"""From start to the first painted map, what crosses the wire, and what a session costs.

A real server on a fresh store, real Chromium with software WebGL. Bytes are
exact; times depend on the machine and are told beside it.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from tests.browser.serving import FLAGS, Server, chromium, free_port

READY = "() => Object.values(window.__tpMaps ?? {})[0]?.stats().paints > 0"
SESSIONS = 5


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        print("\nFrom the start on an empty store to the first painted map, and what was sent\n")
        print("| step | seconds | HTTP, kB | websocket, kB |\n|---|---|---|---|")
        _peer(Path(folder), browser)
        server = Server(Path(folder) / "plans.duckdb", free_port())
        began = time.perf_counter()
        server.start()
        try:
            _visits(server, browser, began)
            _sessions(server, browser)
        finally:
            browser.close()
            server.stop()


def _peer(folder: Path, browser: Browser) -> None:
    """Time a Streamlit page of one word: what no page of ours can be faster than."""
    app = folder / "empty.py"
    app.write_text("import streamlit as st\nst.write('ready')\n")
    server = Server(folder / "none.duckdb", free_port(), app=str(app))
    began = time.perf_counter()
    server.start()
    page = browser.new_page()
    wire = Wire(page)
    page.goto(server.url)
    page.get_by_text("ready").wait_for()
    _row("peer: a Streamlit page of one word, since the start", time.perf_counter() - began, wire)
    page.close()
    server.stop()


class Wire:
    """Bytes that a page got: compressed as they came, by HTTP and by websocket."""

    def __init__(self, page: Page) -> None:
        self.page, self.http, self.socket = page, 0, 0
        cdp: CDPSession = page.context.new_cdp_session(page)
        cdp.send("Network.enable")
        cdp.on("Network.loadingFinished", self._loaded)
        cdp.on("Network.webSocketFrameReceived", self._frame)

    def _loaded(self, event: dict[str, float]) -> None:
        self.http += int(event["encodedDataLength"])

    def _frame(self, event: dict[str, dict[str, str]]) -> None:
        frame = event["response"]
        data = frame["payloadData"]
        self.socket += len(data) * 3 // 4 if frame["opcode"] == 2 else len(data)

    def take(self) -> tuple[int, int]:
        """Return and forget what came since the last call."""
        found = self.http, self.socket
        self.http = self.socket = 0
        return found


def _visits(server: Server, browser: Browser, began: float) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    wire = Wire(page)
    page.goto(server.url + "/map")
    page.wait_for_function(READY, timeout=60_000)
    _row("first visit: map painted, since the start", time.perf_counter() - began, wire)
    page.wait_for_timeout(3000)
    _row("three seconds more", 3.0, wire)
    began = time.perf_counter()
    page.reload()
    page.wait_for_function(READY, timeout=60_000)
    _row("reload: map painted", time.perf_counter() - began, wire)
    page.wait_for_timeout(1000)
    wire.take()
    page.get_by_role("link", name="History").click()
    page.wait_for_timeout(2500)
    wire.take()
    began = time.perf_counter()
    page.get_by_role("link", name="Map", exact=True).click()
    page.wait_for_function(READY, timeout=60_000)
    _row("back from another page: map painted", time.perf_counter() - began, wire)
    context.close()


def _row(what: str, seconds: float, wire: Wire) -> None:
    http, socket = wire.take()
    print(f"| {what} | {seconds:.1f} | {http / 1e3:,.0f} | {socket / 1e3:,.0f} |")


def _sessions(server: Server, browser: Browser) -> None:
    assert server.process is not None
    before = _resident_mb(server.process.pid)
    for _ in range(SESSIONS):
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(server.url + "/map")
        page.wait_for_function(READY, timeout=60_000)
    after = _resident_mb(server.process.pid)
    print("\nMemory of the server, MB resident\n")
    print("| after the first sessions | with five more open | per session |\n|---|---|---|")
    print(f"| {before:.0f} | {after:.0f} | {(after - before) / SESSIONS:.1f} |")


def _resident_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(x for x in status.splitlines() if x.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
