"""Without a map the table does it all; without a server the page waits and says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from driving import area_at, choose, click_at, hook, ready, settled, stored
from playwright.sync_api import Browser, Page, expect
from serving import Server, cli

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

SLOW_MS = 30_000
KANSAS, EASTWARDS = (-98.2, 38.5), (-96.9, 38.5)
NO_WEBGL = """() => {
  const had = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
    return kind === 'webgl2' ? null : had.call(this, kind, ...more);
  };
}"""


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    for name in ("Table", "Restart"):
        cli(store, "new", name, "--level", "Region", "--areas", "3")


def test_where_webgl_is_missing_the_page_says_so_and_the_table_does_the_work(
    visit: Visit, server: Server
) -> None:
    page = visit("/alignments")
    page.context.add_init_script(f"({NO_WEBGL})()")
    page.goto(f"{server.url}/map?alignment=Table")
    expect(page.get_by_role("alert").filter(has_text="WebGL 2")).to_contain_text(
        "The table does the same work."
    )
    page.get_by_text("Table", exact=True).last.click()
    search = page.get_by_role("searchbox", name="Search", exact=True)
    search.fill("San Francisco")
    search.press("Enter")
    assign = page.get_by_role("button", name=re.compile(r"^Assign \d{1,3}$"))
    expect(assign).to_be_enabled(timeout=SLOW_MS)
    number = int(assign.inner_text().split()[-1])
    assign.click()
    expect(page.get_by_text(re.compile(r"^rev 2 "))).to_be_visible(timeout=SLOW_MS)
    assert stored(server, "Table") == {1: number}
    page.get_by_role("button", name="Undo").first.click()
    expect(page.get_by_text(re.compile(r"^rev 3 "))).to_be_visible(timeout=SLOW_MS)
    assert stored(server, "Table") == {}


def test_a_server_that_restarts_is_told_of_and_the_selection_outlives_it(
    browser: Browser, server: Server
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{server.url}/map?alignment=Restart")
    ready(page)
    choose(page, "Region 1")
    hook(page, "lookAt(-98, 38.5, 6)")
    click_at(page, *KANSAS)
    server.kill()
    told = page.get_by_role("dialog", name="Connection error")
    expect(told).to_be_visible(timeout=SLOW_MS)
    server.start()
    expect(told).to_be_hidden(timeout=SLOW_MS)
    assert hook(page, "stats().selected") == 1
    page.locator(".tp-map").focus()
    page.keyboard.press("Enter")
    settled(page)
    page.keyboard.press("p")
    click_at(page, *EASTWARDS)
    settled(page)
    assert area_at(page, *KANSAS) == area_at(page, *EASTWARDS) == 1
    assert stored(server, "Restart") == {1: 2}
    page.close()
