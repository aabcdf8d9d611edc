"""A run of the optimizer is ended by hand: with the best it has, or with nothing; in dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from barriers import barriers
from driving import MAP, painted, ready, settled, stored
from playwright.sync_api import Page, expect
from serving import Server, cli

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

RUN_MS = 120_000
"""How long a run may take where its kernels are compiled first."""


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    # So many that a run is still under way, on any machine, when someone has read that it is.
    cli(store, "new", "Ends", "--level", "Region", "--areas", "300")


def button(page: Page, name: str) -> Any:
    return page.locator(".st-key-map_panel_box").get_by_role("button", name=name)


def kept_out(page: Page) -> list[str]:
    page.wait_for_timeout(600)
    return barriers(page)


def test_a_run_is_cancelled_or_stopped_with_the_best_it_has(visit: Visit, server: Server) -> None:
    page = visit("/map?alignment=Ends", color_scheme="dark")
    ready(page)
    page.locator(".st-key-area_bar_optimize button").click()
    _sets_targets(page)
    assert not kept_out(page), "the form"

    button(page, "Preview").click()
    expect(button(page, "Cancel")).to_be_visible(timeout=RUN_MS)
    assert not kept_out(page), "a run under way"
    button(page, "Cancel").click()
    expect(button(page, "Preview")).to_be_visible()
    expect(page.get_by_text("Cancelled. Nothing has changed.")).to_be_visible()
    assert not kept_out(page), "what is said in the corner"
    assert set(painted(page)) == {0}

    button(page, "Preview").click()
    expect(page.get_by_text("less is better")).to_be_visible(timeout=RUN_MS)
    button(page, "Stop and keep the best").click()
    expect(button(page, "Apply")).to_be_visible(timeout=RUN_MS)
    assert not kept_out(page), "a proposal"
    assert stored(server, "Ends") == {}
    button(page, "Apply").click()
    page.wait_for_function(f"() => !{MAP}.app.readonly", timeout=60_000)
    settled(page)
    assert stored(server, "Ends") == painted(page)
    assert 0 not in painted(page)


def _sets_targets(page: Page) -> None:
    """Open the dialog of targets from the panel, and leave it."""
    button(page, "Targets…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Targets of a level")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
