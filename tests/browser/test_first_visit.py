"""Whoever comes first to a new server is heard while their page is still being drawn."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def prepared() -> Iterator[None]:
    """The planner administers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "TP_GEO_ADMINISTRATORS", "planner")
        yield


def test_a_press_before_the_first_page_is_whole_is_heard(visit: Callable[..., Page]) -> None:
    page = visit("/alignments")
    page.get_by_role("button", name="Team").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("by the settings")).to_be_visible()
    dialog.get_by_role("textbox", name="Person").fill("Eva@x.org")
    dialog.get_by_role("combobox", name="Roles", exact=True).click()
    page.get_by_role("option", name="Reviewer").click()
    page.keyboard.press("Tab")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.get_by_text("by planner,")).to_be_visible()
