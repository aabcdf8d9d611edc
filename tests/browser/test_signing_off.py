"""A branch is submitted on the map, closed to edits, sent back, edited, submitted and approved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from driving import MAP, area_at, choose, click_at, ready, settled
from playwright.sync_api import Page, expect
from serving import cli

pytestmark = pytest.mark.browser

KANSAS = (-98.2, 38.5)


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    cli(store, "new", "P", "--names", "West,East")


def paint(page: Page, area: str) -> None:
    """Give the postal code in Kansas to an area."""
    choose(page, area)
    page.keyboard.press("p")
    click_at(page, *KANSAS)
    settled(page)


def go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def test_a_branch_is_closed_from_its_submission_until_it_is_sent_back(
    visit: Callable[..., Page],
) -> None:
    page = visit("/map?alignment=P")
    ready(page)
    paint(page, "West")
    page.get_by_role("button", name="Arrange").click()
    page.get_by_text("Submit for review or recall").click()
    page.get_by_label("Note for the reviewer").fill("Kansas is done")
    page.get_by_role("button", name="Submit for review", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    paint(page, "East")
    expect(page.get_by_text("West was submitted for review by planner").first).to_be_visible()
    assert area_at(page, *KANSAS) == 1
    go(page, "Review")
    page.get_by_role("button", name="Send back…").click()
    page.get_by_label("Reason").fill("Wichita is missing")
    page.get_by_role("button", name="Send back", exact=True).click()
    expect(page.get_by_text("Wichita is missing").first).to_be_visible()
    go(page, "Map")
    ready(page)
    paint(page, "East")
    page.wait_for_function(f"() => {MAP}.areaAt({KANSAS[0]}, {KANSAS[1]}) === 2")
    go(page, "Review")
    page.get_by_role("button", name="Submit", exact=True).nth(1).click()
    page.get_by_role("button", name="Submit for review", exact=True).click()
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("button", name="Revoke…")).to_be_visible()
    expect(page.get_by_text("1 of 2 branches approved", exact=True)).to_be_visible()
