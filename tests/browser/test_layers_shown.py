"""Reference layers on the map: where they are, switched off and remembered, never in the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from driving import MAP, READY_MS, choose, click_at, hook, ready
from playwright.sync_api import Locator, Page, expect
from serving import cli

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

PLAINS = shapely.box(-104, 37, -95, 43)
NORTH = shapely.Point(-150, 64)
FEATURES = {
    "Great Plains": PLAINS,
    "I 40": shapely.LineString([(-118, 35), (-106, 35), (-90, 35), (-80, 36)]),
    "Fairbanks": NORTH,
    "Denver yard": shapely.Point(-105, 39.7),
}


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    file = written(store.with_name("freight.geojson"))
    cli(store, "layers", "add", str(file), "--name", "Freight", "--color", "#c2410c")
    for name in ("Layers", "Homes"):
        cli(store, "new", name, "--areas", "2")


def written(path: Path) -> Path:
    features = [
        {"type": "Feature", "properties": {"name": n}, "geometry": shapely.geometry.mapping(s)}
        for n, s in FEATURES.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def shown(page: Page, count: int) -> None:
    page.wait_for_function(
        f"() => {MAP}.app.reference.shown.length === {count} "
        f"&& {MAP}.app.scene.renderer.reference.length === {count}",
        timeout=READY_MS,
    )
    hook(page, "app.scene.now()")


def orange(page: Page, lon: float, lat: float) -> float:
    """How much redder than blue the picture is round a place, from -255 to 255."""
    return hook(
        page,
        f"""app && (() => {{
          const app = {MAP}.app;
          const {{ canvas, renderer: {{ gl }} }} = app.scene;
          const [x, y] = app.camera.toScreen(...app.topology.locate({lon}, {lat}));
          const dpr = canvas.width / app.camera.w;
          const px = new Uint8Array(4 * 81);
          const [left, low] = [x * dpr - 4, canvas.height - y * dpr - 4];
          gl.readPixels(left, low, 9, 9, gl.RGBA, gl.UNSIGNED_BYTE, px);
          let most = -255;
          for (let i = 0; i < px.length; i += 4) most = Math.max(most, px[i] - px[i + 2]);
          return most;
        }})()""",
    )


def test_a_layer_is_drawn_over_the_fills_switched_off_and_remembered(visit: Visit) -> None:
    page = visit("/map?alignment=Layers")
    ready(page)
    shown(page, 1)
    assert orange(page, -106, 35) > 100
    assert hook(page, "app.reference.shown[0].marks.filter((m) => !m.room).length") == 2
    page.get_by_role("button", name="What is shown").click()
    page.get_by_label("Freight").click()
    shown(page, 0)
    assert orange(page, -106, 35) < 60
    page.reload()
    ready(page)
    shown(page, 0)
    page.get_by_role("button", name="What is shown").click()
    box = page.get_by_label("Freight")
    expect(box).not_to_be_checked()
    box.click()
    shown(page, 1)


def test_a_click_on_a_layer_picks_what_lies_below(visit: Visit) -> None:
    page = visit("/map?alignment=Layers")
    ready(page)
    shown(page, 1)
    under = hook(page, "itemAt(-106, 35)")
    click_at(page, -106, 35)
    page.wait_for_function(f"() => {MAP}.app.editor.selection.size === 1")
    assert hook(page, f"app.editor.selection.has({under})")


def test_an_owners_home_is_said_shown_switched_off_and_taken_back(visit: Visit) -> None:
    page = visit("/map?alignment=Homes")
    ready(page)
    page.get_by_role("button", name="What is shown").click()
    expect(page.get_by_label("Owners' homes")).to_have_count(0)
    choose(page, "Region 1")
    page.get_by_role("button", name="Edit area").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Owner", exact=True).fill("Ana Ruiz")
    dialog.get_by_label("Owner's home", exact=True).fill("Narnia")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("'Narnia' is no place")).to_be_visible()
    dialog.get_by_label("Owner's home", exact=True).fill("67401")
    dialog.get_by_role("button", name="Save").click()
    shown(page, 2)
    assert hook(page, "app.reference.shown[0].marks.map((mark) => mark.name)") == ["Ana Ruiz"]
    item = hook(page, "app.topology.codes.indexOf('67401')")
    assert has_mark(page, item)
    homes = page.get_by_label("Owners' homes")
    if not homes.is_visible():
        page.get_by_role("button", name="What is shown").click()
    expect(homes).to_be_checked()
    homes.click()
    shown(page, 1)
    assert not has_mark(page, item)
    homes.click()
    shown(page, 2)
    page.get_by_role("button", name="Undo").first.click()
    shown(page, 1)
    expect(homes).to_have_count(0)


def has_mark(page: Page, item: int) -> bool:
    """Whether a mark in the color of homes is drawn inside a container."""
    hook(page, "app.names.draw()")
    return hook(
        page,
        f"""app && (() => {{
          const {{ names: {{ canvas, context }}, camera, topology: t }} = {MAP}.app;
          const [x, y] = camera.toScreen(t.px[{item}], t.py[{item}]);
          const dpr = canvas.width / camera.w;
          const [r, g, b] = context.getImageData(x * dpr, y * dpr, 1, 1).data;
          return r === 0xa2 && g === 0x1c && b === 0xaf;
        }})()""",
    )


def test_a_layer_comes_in_on_the_data_page_changes_and_goes_again(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit("/data")
    page.get_by_role("button", name="Add a layer").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input[type=file]").set_input_files(written(tmp_path / "lanes.geojson"))
    dialog.get_by_label("Name", exact=True).fill("Lanes")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Lanes: 4 shapes for the map.")).to_be_visible(timeout=READY_MS)
    page.get_by_role("button", name="Change a layer").click()
    dialog = chosen(page, "Lanes")
    title = dialog.get_by_role("textbox", name="Name", exact=True)
    expect(title).to_have_value("Lanes")
    title.fill("Truck lanes")
    dialog.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_text("Truck lanes is changed.")).to_be_visible(timeout=READY_MS)
    page.get_by_role("button", name="Remove a layer").click()
    dialog = chosen(page, "Truck lanes")
    dialog.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("Truck lanes is no longer shown.")).to_be_visible(timeout=READY_MS)


def chosen(page: Page, layer: str) -> Locator:
    """Choose a layer in the dialog that is open, once the page behind it has come."""
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.locator("[data-test-script-state='notRunning']").wait_for()
    dialog.get_by_role("combobox").click()
    page.get_by_role("option", name=layer).click()
    return dialog
