"""Beside the map: findings are walked through; dialogs do much in one step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from driving import choose, hook, painted, ready, settled, stored
from playwright.sync_api import Page, expect
from serving import Server, cli

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

SLOW_MS = 30_000
PLANS = ("Check", "Fill", "Split", "Comments")
FAR = ("94103", "94110", "10001")
"""Two postal codes of San Francisco, and one of New York that is apart from them."""

HOLD = """() => {
  const send = WebSocket.prototype.send, held = [];
  WebSocket.prototype.send = function (data) { held.push([this, data]); };
  window.__letGo = () => {
    WebSocket.prototype.send = send;
    for (const [socket, data] of held) socket.send(data);
  };
}"""
"""Has the browser keep back what it sends, until it is let go: all of it comes at once."""


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    for name in PLANS:
        cli(store, "new", name, "--names", "West,East")
        cli(store, "assign", name, "--to", "West", *FAR)
        cli(store, "assign", name, "--to", "East", "02108")


def on_map(visit: Visit, plan: str) -> Page:
    page = visit(f"/map?alignment={plan}", width=1280, height=720)
    ready(page)
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def selected(page: Page, number: int) -> None:
    """Wait until so many containers are selected."""
    page.wait_for_function(
        f"() => Object.values(window.__tpMaps)[0].stats().selected === {number}", timeout=SLOW_MS
    )


def sees_all(page: Page) -> None:
    """Wait until the country from coast to coast is in the map, whatever stands beside it."""
    page.wait_for_function(
        """() => { const { camera, topology } = Object.values(window.__tpMaps)[0].app;
        return [[-124.2, 40.4], [-67, 44.8]].every((at) => {
          const [x] = camera.toScreen(...topology.locate(...at));
          return x > 0 && x < camera.w; }); }""",
        timeout=SLOW_MS,
    )


def test_findings_are_gone_through_and_shown(visit: Visit) -> None:
    page = on_map(visit, "Check")
    press(page, "Check")
    expect(page.get_by_text("Cut off 1", exact=True)).to_be_visible()
    sees_all(page)
    page.get_by_text("Cut off 1", exact=True).click()
    rows = page.locator(".st-key-map_panel_list button")
    expect(rows).to_have_count(1, timeout=SLOW_MS)
    expect(rows.first).to_contain_text("1 postal code apart from its main part: New York, NY 10001")
    rows.first.click()
    selected(page, 1)
    x, y = hook(page, "project(-74.0, 40.75)")
    assert 300 < x < 960
    assert 180 < y < 720


def test_the_keyboard_goes_from_finding_to_finding(visit: Visit) -> None:
    page = on_map(visit, "Check")
    press(page, "Check")
    page.get_by_text("Without owner 2", exact=True).click()
    page.keyboard.press("Alt+ArrowDown")
    selected(page, 3)


def test_gaps_are_filled_after_a_preview_and_undone(visit: Visit, server: Server) -> None:
    page = on_map(visit, "Fill")
    press(page, "Assign")
    page.get_by_text("Fill gaps…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("To the nearest").click()
    dialog.get_by_role("button", name="Fill 33,635 postal codes").click()
    expect(dialog).to_be_hidden(timeout=SLOW_MS)
    page.wait_for_function("() => !Object.values(window.__tpMaps)[0].app.plan.current.includes(0)")
    settled(page)
    assert sum(stored(server, "Fill").values()) == 33_639
    press(page, "Undo")
    page.wait_for_function("() => Object.values(window.__tpMaps)[0].app.plan.current.includes(0)")
    assert painted(page) == {0: 33_635, 1: 3, 2: 1}


def test_an_area_is_split_through_its_middle(visit: Visit, server: Server) -> None:
    page = on_map(visit, "Split")
    choose(page, "West")
    press(page, "Arrange")
    page.get_by_text("Split in two…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name of the new area")).to_have_value("West west", timeout=SLOW_MS)
    dialog.get_by_role("button", name="Split", exact=True).click()
    expect(page.locator(".tp-map .legend")).to_contain_text("West west", timeout=SLOW_MS)
    settled(page)
    assert stored(server, "Split") == {1: 2, 2: 1, 3: 1}


def test_a_comment_is_kept_when_its_panel_is_closed_while_the_app_is_busy(visit: Visit) -> None:
    page = on_map(visit, "Comments")
    press(page, "Arrange")
    page.get_by_text("Comments beside the map").click()
    page.get_by_role("textbox", name="Comment", exact=True).fill("Both sides of the bay")
    page.evaluate(HOLD)
    page.get_by_text("Table", exact=True).last.click()
    press(page, "Comment")
    press(page, "Close")
    page.evaluate("window.__letGo()")
    expect(page.locator(".st-key-map_panel_box")).to_be_hidden()
    press(page, "Arrange")
    page.get_by_text("Comments beside the map").click()
    panel = page.locator(".st-key-map_panel_box")
    expect(panel.get_by_text("1 open comment in all areas")).to_be_visible()
    expect(panel).to_contain_text("Both sides of the bay")
    page.get_by_role("combobox", name="Area", exact=True).click()
    page.get_by_role("option", name="West", exact=True).click()
    expect(panel.get_by_text("None open in West.")).to_be_visible()
