"""Dialogs of the Map page: they stay open whatever the page answers meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from driving import MAP, choose, hook, ready
from playwright.sync_api import Locator, Page, expect
from serving import cli

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    cli(store, "new", "Dialogs", "--level", "Region", "--areas", "3")


@pytest.fixture
def page(visit: Visit) -> Page:
    found = visit("/map?alignment=Dialogs")
    ready(found)
    return found


def answered(page: Page) -> None:
    """Wait until the page has answered all that the map said."""
    page.wait_for_function(f"() => !{MAP}.app.mailer.busy && !{MAP}.app.mailer.waiting.size")
    page.wait_for_timeout(1_000)
    page.locator("[data-test-script-state='notRunning']").wait_for()


def editing(page: Page, name: str) -> Locator:
    """Expect the dialog that edits an area, and nothing else to be asked in it."""
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Edit {name}")
    expect(dialog.get_by_label("Owner", exact=True)).to_be_visible()
    return dialog


def test_a_dialog_opened_within_a_moment_of_a_choice_is_about_it_and_stays(page: Page) -> None:
    for name, before in (("Region 2", "Region 1"), ("Region 3", "Region 1")):
        choose(page, before)
        choose(page, name)
        page.get_by_role("button", name="Edit area").click()
        dialog = editing(page, name)
        answered(page)
        editing(page, name)
        dialog.get_by_label("Close").click()
        expect(dialog).to_have_count(0)
        answered(page)
        expect(dialog).to_have_count(0)


def test_an_answer_that_shows_the_whole_page_anew_keeps_the_dialog_and_what_it_holds(
    page: Page,
) -> None:
    choose(page, "Region 1")
    page.get_by_role("button", name="Edit area").click()
    owner = editing(page, "Region 1").get_by_label("Owner", exact=True)
    owner.fill("Ana Ruiz")
    owner.press("Tab")
    hook(page, "app.setFocus({ areas: [1], level: 1, unassigned: false })")
    answered(page)
    expect(page.get_by_role("button", name="Focus: Region 1")).to_be_attached()
    expect(editing(page, "Region 1").get_by_label("Owner", exact=True)).to_have_value("Ana Ruiz")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    answered(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
