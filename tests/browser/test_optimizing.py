"""Areas optimized beside the map: a fresh plan designed, corrected by hand, balanced again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from driving import MAP, choose, drag, hook, painted, ready, settled, stored
from playwright.sync_api import Page, expect
from serving import Server

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

RUN_MS = 120_000
"""How long a run may take where its kernels are compiled first."""

AREAS = 6
PLAINS = ((-100.5, 41.5), (-92.0, 34.0))


def begin(page: Page, name: str, areas: int, units: str) -> None:
    """Start an alignment in the dialog and go to its map."""
    page.get_by_role("button", name="New alignment").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the alignment").fill(name)
    dialog.get_by_label("Number of areas").fill(str(areas))
    dialog.get_by_label("Number of areas").press("Enter")
    dialog.get_by_text(units, exact=True).click()
    dialog.get_by_role("button", name="Create alignment").click()
    page.wait_for_function(f"(n) => {MAP}?.stats().areas === n", arg=areas, timeout=60_000)
    ready(page)


def button(page: Page, name: str) -> Any:
    return page.locator(".st-key-map_panel_box").get_by_role("button", name=name)


def proposed(page: Page) -> Counter[int]:
    """Wait for a proposal and return how many postal codes each area would have."""
    expect(button(page, "Apply")).to_be_visible(timeout=RUN_MS)
    page.wait_for_function(
        f"""() => {{ const {{ plan, data }} = {MAP}.app;
        return data.called && plan.alignment === data.alignment && plan.rev === data.rev; }}""",
        timeout=60_000,
    )
    return Counter(painted(page))


def in_plan(page: Page) -> None:
    """Wait until the map shows the plan itself."""
    page.wait_for_function(f"() => !{MAP}.app.readonly", timeout=60_000)
    settled(page)


def test_a_fresh_plan_is_designed_corrected_and_balanced_again(
    visit: Visit, server: Server
) -> None:
    page = visit("/alignments")
    begin(page, "National", AREAS, "Optimize now")
    panel = page.locator(".st-key-map_panel_box")
    expect(panel.get_by_text("less is better").or_(button(page, "Apply"))).to_be_visible(
        timeout=RUN_MS
    )
    first = proposed(page)
    assert sorted(first) == list(range(1, AREAS + 1)), "all of the country has an area"
    assert stored(server, "National") == {}, "nothing is saved before it is applied"
    _compares(page)
    designed = proposed(page)
    above = page.locator(".tp-map").bounding_box()
    button(page, "Apply").click()
    in_plan(page)
    expect(page.locator("[class*='st-key-undoable_']")).to_be_visible()
    assert page.locator(".tp-map").bounding_box() == above, "what is told takes no room"
    assert Counter(painted(page)) == designed == Counter(stored(server, "National"))

    corrected = _corrects(page)
    button(page, "Preview").click()
    balanced = proposed(page)
    assert hook(page, "app.looks.way") == "change"
    moved = hook(page, "app.compare.difference.items")
    assert 0 < moved < 0.1 * corrected.total(), "few move where much is as it should be"
    _explains(page)
    assert Counter(stored(server, "National")) == corrected
    button(page, "Apply").click()
    in_plan(page)
    assert Counter(painted(page)) == balanced == Counter(stored(server, "National"))

    page.locator("[class*='st-key-undoable_']").get_by_role("button", name="Undo").click()
    page.wait_for_function(
        f"(n) => {MAP}.app.plan.current.filter((k) => k === 1).length === n", arg=corrected[1]
    )
    settled(page)
    assert Counter(painted(page)) == corrected


def _compares(page: Page) -> None:
    """Look at another of the plans, and at both under a bar."""
    before = hook(page, "app.plan.rev")
    page.get_by_role("radiogroup", name="Alternative").get_by_role("radio").nth(1).press("Space")
    page.wait_for_function(f"(rev) => {MAP}.app.plan.rev > rev", arg=before, timeout=60_000)
    page.locator(".tp-map").press("w")
    expect(page.locator(".compared .when")).to_have_text("Proposal")
    page.keyboard.press("Escape")
    expect(page.locator(".compared")).to_be_hidden()


def _corrects(page: Page) -> Counter[int]:
    """Give the plains to the first area, by hand."""
    choose(page, "Region 1")
    page.locator(".tp-map").press("r")
    drag(page, PLAINS)
    page.keyboard.press("Enter")
    settled(page)
    page.keyboard.press("v")
    return Counter(painted(page))


def _explains(page: Page) -> None:
    """Read of a postal code that moves why it does."""
    item = page.evaluate(
        f"""() => {{ const {{ app }} = {MAP};
        return app.looks.was.findIndex((was, i) => was !== app.shown[i]); }}"""
    )
    page.evaluate(f"(i) => {MAP}.select([i])", item)
    panel = page.locator(".st-key-optimize_body")
    expect(panel.get_by_text("moves from Region")).to_be_attached()
