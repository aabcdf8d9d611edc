"""What the map shows: colors and their key, the legend's columns, finding, full screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from driving import MAP, hook, ready, settled
from playwright.sync_api import Locator, Page, expect
from serving import cli

from tp_geo.store.embedded import load_boundaries

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    cli(store, "new", "Looks", "--level", "Region", "--areas", "3")
    postal = load_boundaries("postal")
    for name, states in (("Region 1", ("CA",)), ("Region 2", ("NY", "WA"))):
        codes = postal.codes[np.isin(postal.within["state"].astype(str), states)]
        listed = store.with_name(f"{name}.csv")
        listed.write_text("\n".join(["code", *codes]))
        cli(store, "assign", "Looks", str(listed), "--to", name)
    cli(store, "target", "Looks", "Region 1", "population=30000000")
    cli(store, "owner", "Looks", "Region 2", "Ana Ruiz")
    cli(store, "branch", "Looks", "Region 3", "--areas", "2")


def on_map(visit: Visit) -> tuple[Page, Locator]:
    page = visit("/map?alignment=Looks")
    ready(page)
    return page, page.locator(".tp-map")


def pixel(page: Page, lon: float, lat: float) -> list[int]:
    """Return the color of the fills at a place, between borders."""
    return page.evaluate(
        f"""() => {{
        const m = {MAP}, {{ canvas, renderer }} = m.app.scene, [x, y] = m.project({lon}, {lat});
        const box = canvas.getBoundingClientRect(), out = new Uint8Array(4), {{ gl }} = renderer;
        const k = canvas.width / box.width;
        gl.readPixels((x - box.left) * k, canvas.height - (y - box.top) * k, 1, 1,
            gl.RGBA, gl.UNSIGNED_BYTE, out);
        return Array.from(out.slice(0, 3));
        }}"""
    )


def key_colors(page: Page) -> list[list[int]]:
    """Return the colors of the key, one for each class."""
    found: list[list[int]] = hook(
        page, "app.looks.steps.map((c) => c.map((v) => Math.round(v * 255)))"
    )
    return found


def near(one: list[int], other: list[int]) -> bool:
    return all(abs(a - b) <= 4 for a, b in zip(one, other, strict=True))


def test_colors_show_a_measure_in_classes_and_the_choice_is_remembered(visit: Visit) -> None:
    page, view = on_map(visit)
    view.get_by_label("Color by").select_option("density")
    key = view.get_by_role("region", name="Color key")
    expect(key).to_contain_text("Population per km²")
    page.wait_for_timeout(600)
    hook(page, "lookAt(-73.97, 40.78, 900)")
    page.wait_for_timeout(900)
    assert near(pixel(page, -73.985, 40.757), key_colors(page)[-1]), "Manhattan is crowded"
    key.get_by_role("button", name="Classes").click()
    key.get_by_label("Classes").last.select_option("natural")
    key.get_by_label("How many").select_option("4")
    expect(key.get_by_role("listitem")).to_have_count(4)
    page.reload()
    ready(page)
    expect(view.get_by_label("Color by")).to_have_value("density")
    expect(key.get_by_role("listitem")).to_have_count(4)
    view.get_by_label("Color by").select_option("area")
    expect(key).to_be_hidden()


def test_limits_by_hand_are_taken_in_order(visit: Visit) -> None:
    page, view = on_map(visit)
    view.get_by_label("Color by").select_option("measure")
    key = view.get_by_role("region", name="Color key")
    key.get_by_role("button", name="Classes").click()
    key.get_by_label("Classes").last.select_option("hand")
    key.get_by_label("Limit 1").fill("50000")
    key.get_by_label("Limit 1").blur()
    limits: list[float] = hook(page, "app.looks.classes.breaks")
    assert limits == sorted(limits)
    assert 50_000 in limits


def test_areas_off_target_stand_out(visit: Visit) -> None:
    page, view = on_map(visit)
    view.get_by_label("Color by").select_option("deviation")
    key = view.get_by_role("region", name="Color key")
    expect(key).to_contain_text("No target")
    page.wait_for_timeout(900)
    hook(page, "lookAt(-119, 37, 12)")
    page.wait_for_timeout(900)
    assert near(pixel(page, -119.55, 36.75), key_colors(page)[-1]), "California is far above"


def test_owners_have_colors_and_names(visit: Visit) -> None:
    _, view = on_map(visit)
    view.get_by_label("Color by").select_option("owner")
    expect(view.get_by_role("region", name="Color key")).to_contain_text("Ana Ruiz")
    expect(view.get_by_role("region", name="Color key")).to_contain_text("No owner")


def test_a_place_is_found_from_the_keyboard_and_selected(visit: Visit) -> None:
    page, view = on_map(visit)
    view.press("/")
    field = view.get_by_role("combobox", name="Find")
    expect(field).to_be_focused()
    field.fill("90210")
    expect(view.get_by_role("option").first).to_contain_text("Beverly Hills")
    field.press("Enter")
    page.wait_for_function(f"() => {MAP}.stats().selected === 1")
    field.fill("rhode island")
    field.press("Enter")
    page.wait_for_function(f"() => {MAP}.stats().selected > 50")
    field.fill("region 2")
    field.press("Enter")
    page.wait_for_function(f"() => {MAP}.app.active === 2")
    field.fill("qqqq")
    expect(view.locator(".found")).to_contain_text("Nothing is called “qqqq”.")
    field.fill("region 3")
    expect(view.get_by_role("option").first).to_contain_text("area")
    field.press("Shift+Enter")
    page.wait_for_function(f"() => {MAP}.app.focus.areas?.[0] === 3")


def test_the_legend_has_the_columns_that_are_wanted_sorted_and_remembered(visit: Visit) -> None:
    page, view = on_map(visit)
    legend = view.get_by_role("complementary", name="Legend")
    legend.get_by_role("button", name="Columns").click()
    legend.get_by_role("group", name="Columns").get_by_label("Owner").check()
    page.keyboard.press("Escape")
    legend.get_by_role("button", name="Population").click()
    expect(legend.get_by_role("columnheader", name="Population")).to_have_attribute(
        "aria-sort", "descending"
    )
    assert hook(page, "app.legend.order")[:2] == [1, 2]
    legend.get_by_role("button", name="Population").click()
    assert hook(page, "app.legend.order")[-1] == 1
    page.reload()
    ready(page)
    expect(legend.get_by_role("columnheader", name="Owner")).to_be_visible()
    expect(legend).to_contain_text("Ana Ruiz")
    assert hook(page, "app.legend.order")[-1] == 1


def test_the_legend_is_as_wide_as_it_is_drawn(visit: Visit) -> None:
    page, view = on_map(visit)
    grip = view.get_by_role("separator", name="Width of the legend")
    box = grip.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 4, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 104, box["y"] + 200, steps=4)
    page.mouse.up()
    assert hook(page, "app.legend.element.offsetWidth") == pytest.approx(420, abs=3)
    grip.press("ArrowLeft")
    page.reload()
    ready(page)
    assert hook(page, "app.legend.element.offsetWidth") == pytest.approx(404, abs=3)


def test_an_area_in_two_parts_says_so_and_shows_the_smaller(visit: Visit) -> None:
    page, view = on_map(visit)
    view.get_by_role("button", name="Region 2 is in 2 parts").click()
    selected: list[str] = page.evaluate(
        f"""() => {{ const {{ app }} = {MAP};
        const {{ of, codes }} = app.topology.levels.find((l) => l.name === 'state');
        return [...new Set([...app.editor.selection].map((i) => codes[of[i]]))]; }}"""
    )
    assert selected in (["NY"], ["WA"])


def test_a_row_dragged_onto_another_puts_the_area_under_it(visit: Visit) -> None:
    page, view = on_map(visit)
    rows = view.locator(".legend .rows")
    rows.get_by_text("Region 2", exact=True).drag_to(rows.get_by_text("Region 3", exact=True))
    page.wait_for_function(f"() => {MAP}.app.plan.areas.get(2).parent === 3")
    settled(page)
    view.get_by_label("Level shown").select_option(index=1)
    rows.get_by_text("Region 2", exact=True).drag_to(view.get_by_role("button", name="All areas"))
    page.wait_for_function(f"() => {MAP}.app.plan.areas.get(2).parent === null")


def test_the_map_fills_the_screen_and_comes_back(visit: Visit) -> None:
    page, view = on_map(visit)
    view.get_by_role("button", name="Full screen").click()
    page.wait_for_timeout(500)
    box = view.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 1440, 900)
    view.get_by_role("button", name="Leave full screen").click()
    page.wait_for_timeout(500)
    assert (view.bounding_box() or box)["y"] > 0


def test_nothing_is_cut_off_on_a_small_screen(visit: Visit) -> None:
    page = visit("/map?alignment=Looks", width=1280, height=720)
    ready(page)
    view = page.locator(".tp-map")
    view.get_by_label("Color by").select_option("density")
    view.get_by_role("button", name="Classes").click()
    stage = view.locator(".stage").bounding_box()
    assert stage is not None
    for name in (".colorkey", ".corner .buttons", ".toolbar", ".zoom"):
        box = view.locator(name).bounding_box()
        assert box is not None
        assert box["x"] >= stage["x"], name
        assert box["y"] >= stage["y"], name
        assert box["x"] + box["width"] <= stage["x"] + stage["width"], name
        assert box["y"] + box["height"] <= stage["y"] + stage["height"], name
