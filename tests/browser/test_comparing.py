"""A plan beside its past or another plan: by a bar, side by side, and in its colors."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from driving import MAP, area_at, click_at, drag, hook, ready, settled
from playwright.sync_api import Locator, Page, expect
from serving import cli

from tp_geo.store.embedded import load_boundaries

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

KANSAS = (-98.4, 38.5)
TEXAS = (-99.3, 31.4)
NEVADA = (-116.6, 39.3)


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    """Two plans; in the first, Texas went from Region 2 to Region 1 after its snapshot."""
    postal = load_boundaries("postal")

    def give(plan: str, area: str, *states: str) -> None:
        codes = postal.codes[np.isin(postal.within["state"].astype(str), states)]
        listed = store.with_name("codes.csv")
        listed.write_text("\n".join(["code", *codes]))
        cli(store, "assign", plan, str(listed), "--to", area)

    for plan in ("Now", "Other"):
        cli(store, "new", plan, "--level", "Region", "--areas", "2")
    give("Now", "Region 1", "CA", "NV")
    give("Now", "Region 2", "TX", "KS")
    cli(store, "snapshot", "Now", "Spring")
    give("Now", "Region 1", "TX")
    give("Other", "Region 2", "NV")


def compared(visit: Visit, how: str, what: str = "Spring") -> tuple[Page, Locator]:
    """Open the plan and compare it as a planner does."""
    page = visit("/map?alignment=Now")
    ready(page)
    app = page.locator(".tp-map")
    app.get_by_role("button", name="What is shown").click()
    app.get_by_label("Compare with").select_option(label=what)
    app.get_by_role("radio", name=how).click()
    app.get_by_role("button", name="What is shown").click()
    page.wait_for_function(f"() => {MAP}.app.compare.on && {MAP}.app.compare.drawnKey")
    page.wait_for_function(f"name => {MAP}.app.base.name === name", arg=what)
    page.wait_for_timeout(500)
    return page, app


def base_at(page: Page, place: tuple[float, float]) -> int:
    """Return the leaf area a place has in what the plan is compared with."""
    item = hook(page, f"itemAt({place[0]}, {place[1]})")
    found: int = hook(page, f"app.base.plan.current[{item}]")
    return found


def seen(page: Page, canvas: str, place: tuple[float, float]) -> list[int]:
    """Return the color a canvas of the base shows at a place."""
    found: list[int] = page.evaluate(
        f"""([lon, lat]) => {{
        const m = {MAP}, [x, y] = m.app.camera.toScreen(...m.app.topology.locate(lon, lat));
        const c = m.app.{canvas}, k = c.width / m.app.camera.w;
        const flat = document.createElement('canvas').getContext('2d');
        flat.drawImage(c, -Math.round(x * k), -Math.round(y * k));
        return Array.from(flat.getImageData(0, 0, 1, 1).data.slice(0, 3));
        }}""",
        list(place),
    )
    return found


def alike(one: list[int], other: list[int]) -> bool:
    """Whether two places have one color; a border may run through a place."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) < 75


def test_the_base_lies_left_of_the_bar_in_its_own_colors(visit: Visit) -> None:
    page, _ = compared(visit, "Swipe")
    then, now = "compare.picture", "scene.canvas"
    assert alike(seen(page, then, TEXAS), seen(page, now, KANSAS))
    assert alike(seen(page, now, TEXAS), seen(page, now, NEVADA))
    assert alike(seen(page, then, KANSAS), seen(page, now, KANSAS))
    assert not alike(seen(page, now, TEXAS), seen(page, now, KANSAS))


def test_the_bar_goes_by_mouse_and_by_keys_and_escape_ends(visit: Visit) -> None:
    page, app = compared(visit, "Swipe")
    bar = app.get_by_role("slider", name="Between then and now")
    expect(bar).to_have_value("50")
    bar.press("ArrowLeft")
    expect(bar).to_have_value("49")
    bar.press("End")
    expect(bar).to_have_value("100")
    bar.press("Home")
    expect(bar).to_have_value("0")
    bar.fill("60")
    stage = app.locator(".stage").bounding_box()
    assert stage is not None
    page.mouse.move(stage["x"] + 0.6 * stage["width"], stage["y"] + 300)
    page.mouse.down()
    page.mouse.move(stage["x"] + 0.3 * stage["width"], stage["y"] + 300, steps=3)
    page.mouse.up()
    expect(bar).to_have_value("30")
    bar.press("Escape")
    expect(app.locator(".base")).to_be_hidden()
    assert hook(page, "app.compare.on") is False


def test_the_plan_is_edited_right_of_the_bar_and_the_base_is_not(visit: Visit) -> None:
    page, app = compared(visit, "Swipe")
    bar = app.get_by_role("slider", name="Between then and now")
    hook(page, "setActive(1)")
    hook(page, "setTool('paint')")
    bar.press("Home")
    before = base_at(page, KANSAS)
    click_at(page, *KANSAS)
    settled(page)
    assert (area_at(page, *KANSAS), base_at(page, KANSAS)) == (1, before)
    app.locator(".toolbar").get_by_role("button", name="Undo").click()
    page.wait_for_function(f"() => {MAP}.areaAt({KANSAS[0]}, {KANSAS[1]}) === 2")
    bar.press("End")
    revision = hook(page, "stats().revision")
    click_at(page, *KANSAS)
    drag(page, (KANSAS, (KANSAS[0] + 1, KANSAS[1])))
    page.wait_for_timeout(600)
    settled(page)
    assert hook(page, "stats().revision") == revision
    assert area_at(page, *KANSAS) == 2


def test_side_by_side_both_halves_go_together(visit: Visit) -> None:
    page, app = compared(visit, "Side by side")
    stage = app.locator(".stage").bounding_box()
    half = app.locator(".base").bounding_box()
    assert stage is not None
    assert half is not None
    assert half["width"] == pytest.approx(stage["width"] / 2, abs=1)
    assert hook(page, "app.camera.w") == pytest.approx(stage["width"] / 2, abs=1)
    assert hook(page, f"project({KANSAS[0]}, {KANSAS[1]})")[0] > stage["x"] + stage["width"] / 2
    x = hook(page, "app.camera.x")
    page.mouse.move(half["x"] + 200, half["y"] + 300)
    page.mouse.down()
    page.mouse.move(half["x"] + 260, half["y"] + 300, steps=3)
    page.mouse.up()
    page.wait_for_timeout(700)
    assert hook(page, "app.camera.x") < x
    assert alike(seen(page, "compare.picture", TEXAS), seen(page, "scene.canvas", KANSAS))
    page.keyboard.press("Escape")
    page.wait_for_function(f"() => !{MAP}.app.compare.on")
    assert hook(page, "app.camera.w") == pytest.approx(stage["width"], abs=1)


def test_another_alignment_is_compared_by_the_names_of_its_areas(visit: Visit) -> None:
    page, app = compared(visit, "Swipe", "alignment Other")
    assert base_at(page, NEVADA) == 2
    assert area_at(page, *NEVADA) == 1
    expect(app.locator(".base .when")).to_have_text("alignment Other")
    assert alike(seen(page, "compare.picture", NEVADA), seen(page, "scene.canvas", KANSAS))


def test_what_moved_is_told_in_the_key_and_in_the_legend(visit: Visit) -> None:
    page, app = compared(visit, "Swipe")
    app.get_by_role("combobox", name="Color by").select_option("change")
    key = app.locator(".colorkey")
    moved = int(np.sum(load_boundaries("postal").within["state"].astype(str) == "TX"))
    expect(key).to_contain_text(f"{moved:,} postal codes moved · Population")
    expect(key.locator("li").first).to_contain_text("Region 2 → Region 1")
    expect(key.locator("li em").first).to_have_text(f"{moved:,}")
    rows = app.locator(".legend .row")
    expect(rows.filter(has_text="Region 1").locator("[role=gridcell]").last).to_contain_text("+")
    expect(rows.filter(has_text="Region 2").locator("[role=gridcell]").last).to_contain_text("−")
    hook(page, "app.compare.end()")
    app.get_by_role("combobox", name="Color by").select_option("area")
    expect(app.locator(".legend .header")).to_contain_text("Off target")


def test_the_base_travels_once(visit: Visit) -> None:
    page, _ = compared(visit, "Swipe")
    plan = hook(page, "app.base.plan.items")
    page.evaluate(f"() => {{ window.__base = {MAP}.app.base; }}")
    hook(page, "setActive(2)")
    hook(page, "setTool('paint')")
    page.locator(".compared input").press("Home")
    click_at(page, *NEVADA)
    settled(page)
    assert plan == 33639
    assert page.evaluate(f"() => window.__base === {MAP}.app.base")
    feeds = page.evaluate("() => document.querySelectorAll('[class*=\"st-key-feed-base\"]').length")
    assert feeds == 0
