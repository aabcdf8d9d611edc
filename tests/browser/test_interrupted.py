"""Broken lines, tabs asleep, areas that go: told in words, nothing lost, nothing doubled."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from driving import MAP, READY_MS, area_at, choose, click_at, hook, painted, ready, settled, stored
from playwright.sync_api import Browser, Page, expect
from serving import Server, cli, free_port

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

SLOW_MS = 30_000
KANSAS, EASTWARDS = (-98.2, 38.5), (-96.9, 38.5)


@dataclass
class Line:
    """A line to the server that can be cut: open connections break, new ones are refused.

    Or it can be slow: what the server says waits while ``free`` is not set.
    """

    server: Server
    port: int = field(default_factory=free_port)
    sockets: list[socket.socket] = field(default_factory=list)
    listener: socket.socket | None = None
    free: threading.Event = field(default_factory=threading.Event)
    asked: int = 0
    """How often the browser has sent something."""

    def open(self) -> None:
        self.free.set()
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def cut(self) -> None:
        ends, self.sockets = [self.listener, *self.sockets], []
        for end in ends:
            if end is not None:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.server.port))
            self.sockets += [near, far]
            for ends in ((near, far, self._count), (far, near, self.free.wait)):
                threading.Thread(target=_pump, args=ends, daemon=True).start()

    def _count(self) -> None:
        self.asked += 1


def _pump(source: socket.socket, target: socket.socket, before: Callable[[], object]) -> None:
    try:
        while data := source.recv(65_536):
            before()
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    for name in ("Cut", "Asleep", "Gone", "Focus"):
        cli(store, "new", name, "--level", "Region", "--areas", "3")


@pytest.fixture
def line(server: Server) -> Iterator[Line]:
    made = Line(server)
    made.open()
    yield made
    made.cut()


def on_map(page: Page, plan: str, port: int) -> Page:
    page.goto(f"http://127.0.0.1:{port}/map?alignment={plan}")
    ready(page)
    choose(page, "Region 1")
    hook(page, "lookAt(-98, 38.5, 6)")
    return page


def revisions(server: Server, plan: str) -> int:
    """Count the revisions of a plan by the journal."""
    journal = server.store.with_name(server.store.name + ".journal.jsonl")
    lines = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
    ids = {x["row"]["name"]: x["row"]["id"] for x in lines if x["kind"] == "alignment"}
    return sum(x["kind"] == "revision" and x["row"]["alignment"] == ids[plan] for x in lines)


def test_a_page_comes_also_when_the_one_before_looks_for_news_while_the_line_is_slow(
    browser: Browser, server: Server, line: Line
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(f"http://127.0.0.1:{line.port}/alignments")
    leave = page.get_by_role("button", name="Open map").first
    leave.wait_for(timeout=READY_MS)
    page.get_by_alt_text("Map of Gone").wait_for(timeout=READY_MS)
    line.free.clear()
    asked = line.asked
    leave.click(no_wait_after=True)
    while line.asked < asked + 3:  # the press, and two looks for news
        page.wait_for_timeout(50)
    line.free.set()
    ready(page)
    expect(page.get_by_text("rev 1 ·")).to_be_visible()
    assert not faults
    page.close()


def test_a_stroke_during_which_the_line_breaks_is_saved_once(
    browser: Browser, server: Server, line: Line
) -> None:
    page = on_map(browser.new_page(viewport={"width": 1440, "height": 900}), "Cut", line.port)
    before = revisions(server, "Cut")
    page.keyboard.press("b")
    page.mouse.move(*hook(page, f"project({KANSAS[0]}, {KANSAS[1]})"))
    page.mouse.down()
    page.mouse.move(*hook(page, "project(-97.5, 38.5)"), steps=4)
    line.cut()
    page.mouse.move(*hook(page, f"project({EASTWARDS[0]}, {EASTWARDS[1]})"), steps=4)
    page.mouse.up()
    expect(page.locator(".tp-map .saving")).to_contain_text("1 not saved yet", timeout=SLOW_MS)
    assert stored(server, "Cut") == {}
    line.open()
    settled(page)
    expect(page.locator(".tp-map .saving button")).to_have_text("Saved", timeout=SLOW_MS)
    held = painted(page)[1]
    assert held > 5
    assert (area_at(page, *KANSAS), area_at(page, *EASTWARDS)) == (1, 1)
    assert stored(server, "Cut") == {1: held}
    assert revisions(server, "Cut") == before + 1
    page.close()


def test_a_tab_that_slept_for_an_hour_without_a_line_catches_up(
    browser: Browser, server: Server, line: Line
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.clock.install()
    on_map(page, "Asleep", line.port)
    page.keyboard.press("p")
    click_at(page, *KANSAS)
    settled(page)
    line.cut()
    other = on_map(browser.new_page(viewport={"width": 1440, "height": 900}), "Asleep", server.port)
    choose(other, "Region 2")
    other.keyboard.press("p")
    click_at(other, *EASTWARDS)
    settled(other)
    line.open()
    page.clock.fast_forward("01:00:00")
    lon, lat = EASTWARDS
    page.wait_for_function(f"() => {MAP}?.areaAt({lon}, {lat}) === 2", timeout=READY_MS)
    assert area_at(page, *KANSAS) == 1
    click_at(page, -98.2, 39.5)
    settled(page)
    assert stored(server, "Asleep") == {1: 2, 2: 1}
    for tab in (page, other):
        tab.close()


def test_an_area_that_goes_while_it_is_chosen_is_told(visit: Visit, server: Server) -> None:
    ann = on_map(visit("/"), "Gone", server.port)
    bob = on_map(visit("/"), "Gone", server.port)
    ann.keyboard.press("p")
    bob.get_by_role("button", name="Arrange").click()
    bob.get_by_text("Remove…").click()
    bob.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(ann.locator(".tp-map .toasts")).to_contain_text(
        "Region 1 was removed. Choose another area.", timeout=SLOW_MS
    )
    click_at(ann, *KANSAS)
    expect(ann.locator(".tp-map .toasts")).to_contain_text("Choose an area in the legend first.")
    assert stored(server, "Gone") == {}


def test_a_selection_follows_when_its_focus_changes(visit: Visit, server: Server) -> None:
    page = on_map(visit("/"), "Focus", server.port)
    click_at(page, *KANSAS)
    assert hook(page, "stats().selected") == 1
    page.get_by_role("button", name="Arrange").click()
    page.get_by_text("Branch or split").click()
    page.get_by_role("dialog").get_by_role("button", name="Branch", exact=True).click()
    expect(page.locator(".tp-map .toasts")).to_contain_text(
        "1 postal code outside the focus: no longer selected.", timeout=SLOW_MS
    )
    assert hook(page, "stats().selected") == 0
