"""The Compare page: what moved is painted by where it goes, a flow outlined, sides swapped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from driving import READY_MS
from playwright.sync_api import Page, expect
from serving import cli

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

NEVADA, OREGON = (-117.0, 40.0), (-120.5, 43.9)
ROW = 33
"""Pixels of a row of a table, its head included."""


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    """Census divisions; then Mountain gives Reno, with all that begins with 89, to Pacific."""
    cli(store, "new", "FY27", "--sample", "Census divisions")
    cli(store, "owner", "FY27", "Mountain", "hugo")
    cli(store, "owner", "FY27", "Pacific", "ines")
    cli(store, "snapshot", "FY27", "Draft 1")
    table = store.parent / "nevada.csv"
    cli(store, "export", "FY27", "--to", str(table), "--what", "containers")
    codes = (line.split(",")[1] for line in table.read_text("utf-8").splitlines()[1:])
    table.write_text("code\n" + "\n".join(c for c in codes if c.startswith("89")), "utf-8")
    cli(store, "assign", "FY27", "--to", "Pacific", str(table))


def named(page: Page, place: tuple[float, float]) -> Any:
    """Return what the area at a place is called on the map."""
    lon, lat = place
    return page.evaluate(
        f"() => {{ const m = window.__tpMaps.compare_map;"
        f" return m.app.plan.areas.get(m.areaAt({lon}, {lat}))?.name; }}"
    )


def shows(page: Page, place: tuple[float, float], name: str) -> None:
    lon, lat = place
    page.wait_for_function(
        f"() => {{ const m = window.__tpMaps?.compare_map; return m?.stats().paints > 0"
        f" && m.app.plan.areas.get(m.areaAt({lon}, {lat}))?.name === '{name}'; }}",
        timeout=READY_MS,
    )


def test_what_moved_is_seen_by_flow_and_the_other_way_round(visit: Visit) -> None:
    page = visit("/compare?alignment=FY27")
    shows(page, NEVADA, "Mountain → Pacific")
    assert named(page, OREGON) == "Pacific"
    expect(page.get_by_role("heading", name="From where to where: 1 flow")).to_be_visible()
    page.get_by_role("button", name="Export hand-over").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Workbook (.xlsx)").click()
    assert download.value.suggested_filename == "FY27 - FY27.xlsx"
    page.keyboard.press("Escape")
    box = page.locator(".st-key-compare_flows").get_by_test_id("stDataFrame").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 17, box["y"] + ROW + ROW // 2)
    page.wait_for_function("() => window.__tpMaps.compare_map.stats().marked > 100")
    page.get_by_role("button", name="Swap").click()
    shows(page, NEVADA, "Pacific → Mountain")
