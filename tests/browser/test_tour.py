"""The five minutes of the README, step by step, as a new user takes them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable

import pytest
from driving import (
    MAP,
    WEST,
    area_at,
    choose,
    click_at,
    drag,
    hook,
    painted,
    ready,
    settled,
    stored,
)
from playwright.sync_api import Page, expect
from serving import Server, cli

pytestmark = pytest.mark.browser


def test_the_tour_of_the_readme_works_step_by_step(
    visit: Callable[..., Page], server: Server
) -> None:
    page = visit("/")
    _looks_at_the_sample(page)
    _starts_a_plan(page)
    _draws_the_west(page, server)
    _corrects_it(page)
    _sets_a_target(page)
    _branches_by_state(page, server)
    _finds_it_all_again(page)
    _takes_a_revision_back(page, server)
    _exports_through_the_page(page)
    server.stop()
    shown = json.loads(cli(server.store, "show", "FY27", "--json"))
    assert shown["levels"] == ["Region"]
    out = server.store.with_name("FY27.xlsx")
    cli(server.store, "export", "FY27", "--to", str(out))
    assert out.stat().st_size > 10_000
    server.start()


def _looks_at_the_sample(page: Page) -> None:
    page.get_by_role("button", name="Open map").click()
    ready(page)
    assert painted(page).get(0, 0) == 0
    page.mouse.move(*hook(page, "project(-118.24, 34.05)"))
    card = page.locator(".tp-map .card:visible")
    expect(card).to_be_visible()
    expect(card.locator("header b")).to_have_text(re.compile(r"^90\d{3}$"))
    expect(card).to_contain_text("Los Angeles County, California")
    expect(card).to_contain_text("Pacific › California")
    expect(card.locator("dl")).to_have_text(re.compile(r"^Population[\d,]+ people"))
    page.locator(".tp-map").get_by_label("Level shown").select_option(label="State")
    expect(page.locator(".tp-map .legend")).to_contain_text("Alabama")
    page.locator(".tp-map").get_by_label("Level shown").select_option(label="Division")
    expect(page.locator(".tp-map .legend")).to_contain_text("Pacific")


def _starts_a_plan(page: Page) -> None:
    page.get_by_role("link", name="Alignments").click()
    page.get_by_role("button", name="New alignment").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the alignment").fill("FY27")
    dialog.get_by_role("button", name="Create alignment").click()
    page.wait_for_function(f"() => {MAP}?.stats().areas === 4", timeout=60_000)
    ready(page)


def _draws_the_west(page: Page, server: Server) -> None:
    choose(page, "Region 1")
    page.keyboard.press("l")
    drag(page, WEST)
    page.locator(".tp-map .selection").get_by_role("button", name="Assign").click()
    settled(page)
    assert painted(page)[1] == stored(server, "FY27")[1] > 1_000


def _corrects_it(page: Page) -> None:
    held = painted(page)[1]
    page.keyboard.press("p")
    click_at(page, -98.2, 38.5)
    settled(page)
    assert painted(page)[1] == held + 1
    page.keyboard.press("Control+z")
    page.wait_for_function(f"() => {MAP}.areaAt(-98.2, 38.5) === 0")
    page.keyboard.press("Control+Shift+z")
    page.wait_for_function(f"() => {MAP}.areaAt(-98.2, 38.5) === 1")
    settled(page)


def _sets_a_target(page: Page) -> None:
    page.get_by_role("button", name="Edit area").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Target, Population").fill("80000000")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".tp-map .legend .rows")).to_contain_text("%")
    assert hook(page, "app.plan.areas.get(1).targets.population") == 80_000_000


def _branches_by_state(page: Page, server: Server) -> None:
    page.get_by_role("button", name="Arrange").click()
    page.get_by_text("Branch or split").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("By state").click()
    dialog.get_by_role("button", name="Split").click()
    expect(dialog).to_be_hidden(timeout=30_000)
    page.wait_for_function(f"() => {MAP}.stats().areas > 6", timeout=30_000)
    leaf = area_at(page, -119.5, 36.0)
    assert leaf is not None and leaf > 4
    assert leaf in stored(server, "FY27")


def _finds_it_all_again(page: Page) -> None:
    before = painted(page)
    page.goto(page.url.split("/map")[0] + "/map")
    ready(page)
    assert painted(page) == before


def _takes_a_revision_back(page: Page, server: Server) -> None:
    page.get_by_role("link", name="History").click()
    table = page.get_by_test_id("stDataFrame").first
    table.wait_for()
    page.wait_for_timeout(1_000)
    box = table.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 15, box["y"] + 35 + 17)
    page.get_by_role("button", name="Take back").click()
    told = page.get_by_role("status").filter(has_text="Took back: split")
    expect(told).to_be_visible(timeout=30_000)
    assert set(stored(server, "FY27")) == {1}


def _exports_through_the_page(page: Page) -> None:
    page.get_by_role("link", name="Alignments").click()
    page.get_by_alt_text("Map of FY27").wait_for()
    page.get_by_role("button", name="more_horiz").first.click()
    page.get_by_text("Export", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").first.click()
    page.get_by_role("option", name="CSV table").click()
    dialog.get_by_role("combobox").nth(1).click()
    page.get_by_role("option", name="Areas with totals and targets").click()
    dialog.get_by_role("button", name="Make the file").click()
    with page.expect_download() as made:
        dialog.get_by_role("button", name="Download").click(timeout=30_000)
    assert made.value.suggested_filename == "FY27.csv"
    with made.value.path().open(encoding="utf-8-sig", newline="") as file:
        areas = {row["name"]: row for row in csv.DictReader(file)}
    assert sorted(areas) == ["Region 1", "Region 2", "Region 3", "Region 4"]
    assert float(areas["Region 1"]["target population"]) == 80_000_000
