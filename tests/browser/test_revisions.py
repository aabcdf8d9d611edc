"""A revision on the History page: painted before and after, taken back, found by area."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from driving import READY_MS, choose, click_at, ready, settled, stored
from playwright.sync_api import Page, expect
from serving import Server, cli

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

KANSAS, NEBRASKA, NEVADA = (-98.2, 38.5), (-98.2, 41.5), (-117.0, 40.0)
ROW = 33
"""Pixels of a row of a table, its head included."""


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    cli(store, "new", "Seen", "--areas", "2")
    cli(store, "new", "Found", "--areas", "3")
    cli(store, "rename-area", "Found", "Region 2", "Plains")
    cli(store, "rename-area", "Found", "Region 3", "Lakes")
    cli(store, "remove-area", "Found", "Lakes")


def seen(page: Page, call: str) -> Any:
    """Call the hook of the map on the History page."""
    return page.evaluate(f"() => window.__tpMaps.history.{call}")


def shows(page: Page, place: tuple[float, float], area: int) -> None:
    """Wait until a place is painted in an area on the History page."""
    lon, lat = place
    page.wait_for_function(
        f"() => window.__tpMaps?.history?.stats().paints > 0"
        f" && window.__tpMaps.history.areaAt({lon}, {lat}) === {area}",
        timeout=READY_MS,
    )


def table(page: Page) -> Any:
    return page.get_by_test_id("stDataFrame").first


def choose_row(page: Page, row: int) -> None:
    """Click the words of a revision."""
    box = table(page).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 330, box["y"] + ROW * (row + 1) + ROW // 2)


def test_a_revision_is_seen_before_and_after_and_taken_back(visit: Visit, server: Server) -> None:
    page = visit("/map?alignment=Seen")
    ready(page)
    page.keyboard.press("p")
    for name, place in (("Region 1", KANSAS), ("Region 2", KANSAS), ("Region 1", NEBRASKA)):
        choose(page, name)
        page.keyboard.press("p")
        click_at(page, *place)
        settled(page)
    page.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="Revision 4")).to_be_visible(timeout=READY_MS)
    shows(page, NEBRASKA, 1)
    choose_row(page, 1)
    expect(page.get_by_role("heading", name="Revision 3")).to_be_visible()
    shows(page, NEBRASKA, 0)
    shows(page, KANSAS, 2)
    assert seen(page, "stats().marked") == 1
    page.get_by_text("Before", exact=True).first.click()
    shows(page, KANSAS, 1)
    at = seen(page, f"project({KANSAS[0]}, {KANSAS[1]})")
    box = page.locator(".tp-map .stage").bounding_box()
    assert box is not None
    assert abs(at[0] - box["x"] - box["width"] / 2) < box["width"] / 4
    expect(page.locator(".tp-map .legend")).to_be_hidden()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_role("heading", name="Revision 5")).to_be_visible(timeout=READY_MS)
    shows(page, KANSAS, 2)
    page.get_by_text("After", exact=True).first.click()
    shows(page, KANSAS, 1)
    assert stored(server, "Seen") == {1: 2}


def test_a_page_opened_by_its_address_gets_the_shapes(visit: Visit) -> None:
    page = visit("/history?alignment=Seen")
    shows(page, NEBRASKA, 1)
    assert seen(page, "stats().items") == 33_639
    page.mouse.click(*seen(page, f"project({NEVADA[0]}, {NEVADA[1]})"))
    assert seen(page, "stats().selected") == 0


def test_an_area_leaves_only_what_touched_it(visit: Visit) -> None:
    page = visit("/history?alignment=Found")
    expect(page.get_by_text("4 revisions")).to_be_visible(timeout=READY_MS)
    area = page.get_by_role("combobox", name="Area")
    area.click()
    area.fill("Lakes")
    page.get_by_role("option", name="Lakes · gone").click()
    expect(page.get_by_text("3 revisions")).to_be_visible()
    area.click()
    area.fill("Region 2")
    page.get_by_role("option", name="Plains · formerly Region 2").click()
    expect(page.get_by_text("2 revisions")).to_be_visible()
    expect(page.get_by_role("heading", name="Revision 2")).to_be_visible()
