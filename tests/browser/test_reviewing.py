"""A leader on the Review page: other colors, a look into an area, from a gap to the map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from driving import READY_MS, ready
from playwright.sync_api import Page, expect
from serving import cli

from tp_geo.store.embedded import load_boundaries

pytestmark = pytest.mark.browser

MAP = "window.__tpMaps?.review_map"
OREGON, BURNS = (-120.5, 44.0), (-119.0, 43.3)


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    """West is divided into a district with Oregon and one with Nevada; East holds nothing."""
    cli(store, "new", "P", "--names", "West,East")
    cli(store, "branch", "P", "West", "--names", "Coast,Desert")
    postal = load_boundaries("postal")
    for name, code in (("Coast", "OR"), ("Desert", "NV")):
        codes = postal.codes[postal.within["state"].astype(str) == code]
        listed = store.with_name(f"{name}.csv")
        listed.write_text("\n".join(["code", *codes]))
        cli(store, "assign", "P", str(listed), "--to", name)


def color_by(page: Page, way: str, words: str) -> None:
    page.get_by_role("radio", name=way, exact=True).click()
    expect(page.locator(".tp-review-key").get_by_text(words)).to_be_visible()


def click(page: Page, place: tuple[float, float]) -> None:
    page.mouse.click(*page.evaluate(f"() => {MAP}.project({place[0]}, {place[1]})"))


def near(page: Page, of: str) -> None:
    """Wait until a map has gone to West."""
    page.wait_for_function(f"() => {of}?.app.camera.k > 5 * {of}?.app.camera.least")


def test_a_leader_looks_into_an_area_and_follows_a_gap_to_the_map(
    visit: Callable[..., Page],
) -> None:
    page = visit("/review?alignment=P")
    page.wait_for_function(f"() => {MAP}?.stats().paints > 0", timeout=READY_MS)
    color_by(page, "Owner", "without owner")
    color_by(page, "Workload", "nothing")
    click(page, OREGON)
    expect(page.get_by_role("heading", name="District: 2 areas")).to_be_visible()
    near(page, MAP)
    click(page, BURNS)
    expect(page.locator(".st-key-review_picked")).to_contain_text("Coast")
    page.get_by_role("button", name="All areas").click()
    page.get_by_role("radio", name="Empty areas").click()
    expect(page.locator(".st-key-review_gaps")).to_contain_text("East")
    page.get_by_role("radio", name="Areas at risk").click()
    page.locator(".st-key-review_gaps").get_by_role("button", name="West").click()
    page.wait_for_url("**/map**")
    ready(page)
    near(page, "window.__tpMaps.map")
