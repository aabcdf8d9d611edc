"""Accounts on the map: circles that add up at every zoom, dots with names, remembered."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from driving import MAP, READY_MS, hook, ready
from playwright.sync_api import Page, expect
from serving import cli

pytestmark = pytest.mark.browser
UNITS = re.compile("^Units")
Visit = Callable[..., Page]

CITIES = {
    "New York": ("10001", -73.99, 40.75, 40),
    "Newark": ("07102", -74.17, 40.74, 9),
    "Denver": ("80202", -105.0, 39.75, 25),
}
LONE = "Pike Place Coffee"


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    rows = ["id,name,postal code,latitude,longitude,revenue"]
    for city, (code, lon, lat, count) in CITIES.items():
        rows += [
            f"{city}-{i},{city} {i},{code},{lat + i * 1e-3:.3f},{lon},10" for i in range(count)
        ]
    rows += [f"lone,{LONE},98101,47.61,-122.34,70", "lost,Nowhere,,,,5"]
    file = store.with_name("accounts.csv")
    file.write_text("\n".join(rows))
    cli(store, "import", str(file), "--dataset", "accounts")
    cli(store, "new", "Points", "--dataset", "accounts", "--areas", "2")
    cli(store, "new", "Bare")


def switch(page: Page) -> None:
    page.get_by_role("button", name="What is shown").click()
    page.get_by_label(UNITS).click()
    page.keyboard.press("Escape")


def fetched(page: Page) -> None:
    """Wait until what is in view has come."""
    points = f"{MAP}.app.points"
    page.wait_for_function(
        f"() => {points}.version && {points}.version === {points}.wanted", timeout=READY_MS
    )
    hook(page, "app.scene.now()")


def circles(page: Page) -> list[tuple[int, str]]:
    found = hook(page, "app.points.circles.map((c) => [c.count, c.name])")
    return [(count, name) for count, name in found]


def look_at(page: Page, lon: float, lat: float, zoom: float) -> None:
    hook(page, f"lookAt({lon}, {lat}, {zoom})")
    hook(page, "app.scene.now()")
    fetched(page)


def test_circles_add_up_and_come_apart_further_in(visit):
    page = visit("/map?alignment=Points")
    ready(page)
    assert hook(page, "app.points.circles.length") == 0
    switch(page)
    fetched(page)
    assert circles(page) == [(49, ""), (25, ""), (1, LONE)]
    look_at(page, -74.08, 40.74, 100)
    assert {count for count, _ in circles(page)} == {40, 9}
    look_at(page, -73.99, 40.77, 1700)
    near = circles(page)
    assert sum(count for count, _ in near) == 40
    assert len(near) > 5


def test_the_pointer_tells_who_stands_alone_and_what_a_circle_holds(visit):
    page = visit("/map?alignment=Points")
    ready(page)
    switch(page)
    fetched(page)
    page.mouse.move(*hook(page, "project(-122.34, 47.61)"))
    card = page.locator(".tp-map .card:visible")
    expect(card).to_contain_text(LONE)
    page.mouse.move(*hook(page, "project(-105.0, 39.75)"))
    expect(card).to_contain_text("25 units")
    page.mouse.move(*hook(page, "project(-98.0, 44.0)"))
    expect(card).to_contain_text("South Dakota")


def test_the_choice_is_remembered_and_what_has_no_place_is_told(visit):
    page = visit("/map?alignment=Points")
    ready(page)
    switch(page)
    fetched(page)
    page.reload()
    ready(page)
    fetched(page)
    assert sum(count for count, _ in circles(page)) == 75
    page.get_by_role("button", name="What is shown").click()
    expect(page.locator(".tp-map .corner .panel")).to_contain_text("1 without a place")
    switched = page.get_by_label(UNITS)
    switched.click()
    page.wait_for_timeout(200)
    assert not hook(page, "app.points.on")


def test_where_there_are_no_accounts_none_are_offered(visit):
    page = visit("/map?alignment=Bare")
    ready(page)
    page.get_by_role("button", name="What is shown").click()
    expect(page.get_by_label("Names of areas")).to_be_visible()
    expect(page.get_by_label(UNITS)).to_be_hidden()
