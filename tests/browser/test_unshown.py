"""A container that the map shows nowhere is found, selected and assigned like any other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from driving import MAP, hook, painted, ready, settled, stored
from playwright.sync_api import Page, expect
from serving import Server, cli

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

SLOW_MS = 30_000
ZONES = 6


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    """Six zones in a row in Nebraska, and one in Germany, where the map of the country ends."""
    squares = {f"Z{i}": (-100 + i, 40) for i in range(ZONES)} | {"FAR": (10, 50)}
    shapes = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": f"Zone {code}"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]],
            },
        }
        for code, (x, y) in squares.items()
    ]
    file = store.with_name("zones.geojson")
    file.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}))
    rows = ["id,name,zone", *(f"a{i},Shop {i},{code}" for i, code in enumerate(squares))]
    store.with_name("shops.csv").write_text("\n".join(rows))
    cli(store, "boundaries", "add", str(file), "--kind", "zone", "--country", "US")
    shops = ("import", str(store.with_name("shops.csv")), "--postal", "zone")
    cli(store, *shops, "--dataset", "zones", "--boundaries", "zone")
    for name in ("Listed", "Keys"):
        cli(store, "new", name, "--dataset", "zones", "--areas", "2")


def on_map(visit: Visit, plan: str) -> Page:
    page = visit(f"/map?alignment={plan}")
    ready(page)
    return page


def test_it_is_assigned_from_the_table_and_selected_from_there(
    visit: Visit, server: Server
) -> None:
    page = on_map(visit, "Listed")
    far: int = hook(page, "app.topology.codes.indexOf('FAR')")
    assert page.evaluate(f"(i) => {MAP}.app.topology.px[i]", far) == -1
    place = hook(page, "app.camera.place")
    page.get_by_text("Table", exact=True).last.click()
    search = page.get_by_role("searchbox", name="Search", exact=True)
    search.fill("Zone FAR")
    search.press("Enter")
    page.get_by_role("button", name="Select 1 on map").click()
    page.wait_for_function(f"() => {MAP}.stats().selected === 1", timeout=SLOW_MS)
    assert hook(page, "app.camera.place") == place
    expect(page.locator(".tp-map .selection")).to_contain_text("Assign 1")
    page.locator(".tp-map .selection").get_by_role("button", name="Assign 1").click()
    page.wait_for_function(f"(i) => {MAP}.app.plan.current[i] === 1", arg=far, timeout=SLOW_MS)
    settled(page)
    assert stored(server, "Listed") == {1: 1}


def test_it_is_selected_with_all_that_is_unassigned_and_assigned_by_a_key(
    visit: Visit, server: Server
) -> None:
    page = on_map(visit, "Keys")
    hook(page, "setActive(1)")
    page.locator(".tp-map").focus()
    page.keyboard.press("n")
    assert hook(page, "stats().selected") == ZONES + 1
    page.keyboard.press("Enter")
    settled(page)
    assert painted(page) == {1: ZONES + 1}
    assert stored(server, "Keys") == {1: ZONES + 1}
