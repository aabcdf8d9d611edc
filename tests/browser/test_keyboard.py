"""The map by keyboard alone, and what screen readers are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from driving import MAP, hook, painted, ready, settled
from playwright.sync_api import Page, expect
from serving import cli

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

PLANS = ("Steps", "Paints", "Rings", "Legend", "Locked")


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    for name in PLANS:
        cli(store, "new", name, "--level", "Region", "--areas", "3")
    cli(store, "branch", "Legend", "Region 2", "--areas", "2")
    cli(store, "lock", "Locked", "Region 1")


def on_map(visit: Visit, plan: str) -> Page:
    """Open a plan and go to its map with the Tab key alone."""
    page = visit(f"/map?alignment={plan}")
    ready(page)
    hook(page, "lookAt(-98, 38.5, 12)")
    tab_to(page, "Territory map. Press ? for keys.")
    return page


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    for _ in range(60):
        if at(page) == name:
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead to {name}; it ends at {at(page)}")


def at(page: Page) -> str:
    """Return the name of what has the focus."""
    found: str = page.evaluate(
        """() => { let e = document.activeElement;
        while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
        return e?.ariaLabel ?? e?.textContent ?? ''; }"""
    )
    return found


def spoken(page: Page) -> str:
    return page.locator(".tp-map .spoken").inner_text()


def item(page: Page) -> int:
    found: int = hook(page, "app.cursor.item")
    return found


def test_arrows_go_from_container_to_container_and_space_selects(visit: Visit) -> None:
    page = on_map(visit, "Steps")
    page.keyboard.press("ArrowRight")
    first = item(page)
    card = page.locator(".tp-map .stage > .card").first
    expect(card).to_contain_text("Kansas")
    assert spoken(page).startswith(card.locator("b").first.inner_text())
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert item(page) != first
    page.keyboard.press("Space")
    assert page.evaluate(f"() => {MAP}.app.editor.selection.has({MAP}.app.cursor.item)")
    expect(page.locator(".tp-map .spoken")).to_contain_text("1 postal code")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert hook(page, "stats().selected") == 2
    page.keyboard.press("Space")
    assert hook(page, "stats().selected") == 1
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    settled(page)
    assert painted(page)[1] == 1


def test_the_ring_stays_in_view_and_in_place_when_the_map_is_zoomed(visit: Visit) -> None:
    page = on_map(visit, "Steps")
    for _ in range(25):
        page.keyboard.press("ArrowLeft")
    x, y = hook(page, "app.cursor.at")
    width, height = hook(page, "app.camera.w"), hook(page, "app.camera.h")
    assert 0 < x < width
    assert 0 < y < height
    page.keyboard.press("+")
    assert hook(page, "app.cursor.at") == pytest.approx([x, y], abs=1)
    page.keyboard.press("Shift+ArrowLeft")
    assert hook(page, "app.cursor.at") == pytest.approx([x + 60, y], abs=1)
    page.keyboard.press("0")
    page.keyboard.press("ArrowUp")
    assert item(page) >= 0


def test_painting_erasing_and_polygons_without_a_mouse(visit: Visit) -> None:
    page = on_map(visit, "Paints")
    page.keyboard.press("2")
    page.keyboard.press("p")
    for key in ("ArrowRight", "Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    settled(page)
    assert painted(page)[2] == 2
    page.keyboard.press("e")
    page.keyboard.press("Space")
    settled(page)
    assert painted(page).get(2, 0) < 2
    page.keyboard.press("g")
    for way in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        for _ in range(6):
            page.keyboard.press(way)
        page.keyboard.press("Space")
    page.keyboard.press("Enter")
    assert hook(page, "stats().selected") > 2


def test_the_legend_is_worked_by_keyboard_and_tells_its_rows(visit: Visit) -> None:
    page = on_map(visit, "Legend")
    tab_to(page, "Areas")
    rows = page.locator(".tp-map").get_by_role("treegrid", name="Areas")
    expect(rows).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    on = rows.locator("[aria-selected='true']")
    expect(on).to_contain_text("Region")
    name = on.locator("b").inner_text()
    assert rows.get_attribute("aria-activedescendant") == on.get_attribute("id")
    tab_to(page, f"More for {name}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Edit…")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    assert at(page) == f"More for {name}"


def test_what_is_refused_is_said_at_once(visit: Visit) -> None:
    page = on_map(visit, "Locked")
    page.keyboard.press("1")
    page.keyboard.press("p")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    toasts = page.locator(".tp-map .toasts")
    expect(toasts).to_contain_text("Region 1 is locked")
    expect(toasts).to_have_attribute("aria-live", "assertive")


def test_what_has_the_focus_is_seen(visit: Visit) -> None:
    """Each stop of the Tab key changes how the page looks."""
    page = on_map(visit, "Rings")
    dull = []
    for _ in range(45):
        page.keyboard.press("Tab")
        name = at(page)
        if not name or not page.evaluate("() => document.activeElement.shadowRoot !== null"):
            continue
        seen = page.evaluate(
            """() => { let e = document.activeElement;
            while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
            const around = [e, e.parentElement, e.nextElementSibling].filter(Boolean);
            return around.some((one) => { const s = getComputedStyle(one);
              return (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0)
                || s.boxShadow !== 'none' || one.matches('.grip'); }); }"""
        )
        if not seen:
            dull.append(name)
    assert not dull
