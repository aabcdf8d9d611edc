"""Areas parted by a drawn line, and units moved out of their container, on the map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from driving import MAP, choose, click_at, drag, hook, painted, ready, settled, stored
from playwright.sync_api import Page, expect
from serving import Server, cli

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

SLOW_MS = 30_000
SQUARE = ((-99.5, 39.5), (-97.0, 37.5))
ACROSS = ((-98.4, 40.2), (-98.0, 38.8), (-98.6, 36.9))
SALINA = (-97.6, 38.84)
WAYS = ("area", "parent", "owner", "deviation", "measure", "density", "change")


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    for name in ("Corners", "Drawn", "Refused"):
        cli(store, "new", name, "--areas", "2")
    rows = ["id,name,postal code"]
    rows += [f"k{i},Kansas {i},67401" for i in range(4)] + ["h1,Hula,96813", "h2,Surf,96813"]
    file = store.with_name("accounts.csv")
    file.write_text("\n".join(rows))
    cli(store, "import", str(file), "--dataset", "accounts")
    cli(store, "new", "Units", "--dataset", "accounts", "--areas", "2")


def on_map(visit: Visit, plan: str) -> Page:
    page = visit(f"/map?alignment={plan}")
    ready(page)
    choose(page, "Region 1")
    hook(page, "lookAt(-98, 38.5, 6)")
    return page


def with_area(visit: Visit, plan: str) -> tuple[Page, int]:
    """Give a square of Kansas to the first area."""
    page = on_map(visit, plan)
    page.keyboard.press("r")
    drag(page, SQUARE)
    page.keyboard.press("Enter")
    settled(page)
    page.keyboard.press("k")
    return page, painted(page)[1]


def selected(page: Page) -> set[int]:
    return set(page.evaluate(f"() => [...{MAP}.app.editor.selection]"))


def previewed(page: Page) -> set[int]:
    expect(page.get_by_label("Name of the new area")).to_be_visible(timeout=SLOW_MS)
    page.wait_for_function(f"() => {MAP}.stats().selected > 0", timeout=SLOW_MS)
    return selected(page)


def press(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button").first.click()


def test_a_line_of_corners_splits_an_area_in_one_step(visit: Visit, server: Server) -> None:
    page, held = with_area(visit, "Corners")
    for lon, lat in ACROSS:
        click_at(page, lon, lat)
    assert hook(page, "app.overlay.handles") == 3
    page.keyboard.press("Backspace")
    assert hook(page, "app.overlay.handles") == 2
    click_at(page, *ACROSS[2])
    page.keyboard.press("Enter")
    going = previewed(page)
    assert 0 < len(going) <= held / 2
    page.get_by_label("Name of the new area").fill("Prairie")
    press(page, "map_split_1_do")
    expect(page.locator(".tp-map .legend")).to_contain_text("Prairie", timeout=SLOW_MS)
    settled(page)
    page.wait_for_function(f"() => {MAP}.stats().selected === 0", timeout=SLOW_MS)
    there = page.evaluate(
        f"() => [...{MAP}.app.plan.current.keys()].filter((i) => {MAP}.app.plan.current[i] === 3)"
    )
    assert set(there) == going
    assert stored(server, "Corners") == {1: held - len(going), 3: len(going)}
    press(page, "frame_undo")
    page.wait_for_function(f"() => !{MAP}.app.plan.areas.has(3)", timeout=SLOW_MS)
    settled(page)
    assert painted(page)[1] == held


def test_a_line_drawn_in_one_go_is_previewed_and_drawn_again(visit: Visit, server: Server) -> None:
    page, held = with_area(visit, "Drawn")
    drag(page, ACROSS)
    first = previewed(page)
    assert not drawn_over(page)
    drag(page, [(lon + 0.6, lat) for lon, lat in ACROSS])
    page.wait_for_function(f"(n) => {MAP}.stats().selected !== n", arg=len(first), timeout=SLOW_MS)
    assert selected(page) != first
    other = page.get_by_role("combobox", name="The new area takes")
    other.click()
    page.get_by_role("option").nth(1).click()
    page.wait_for_function(f"(n) => {MAP}.stats().selected > n", arg=held / 2, timeout=SLOW_MS)
    press(page, "map_panel_close")
    expect(page.get_by_label("Name of the new area")).to_be_hidden(timeout=SLOW_MS)
    assert stored(server, "Drawn") == {1: held}


def test_a_line_that_parts_nothing_is_refused_and_escape_gives_up(
    visit: Visit, server: Server
) -> None:
    page, held = with_area(visit, "Refused")
    drag(page, ((-104.0, 41.0), (-104.0, 36.0)))
    expect(page.locator(".tp-map .toasts")).to_contain_text("does not cross Region 1")
    click_at(page, *ACROSS[0])
    click_at(page, *ACROSS[1])
    page.keyboard.press("Escape")
    assert hook(page, "app.overlay.path") is None
    click_at(page, *ACROSS[0])
    page.mouse.dblclick(*hook(page, f"project({ACROSS[0][0]}, {ACROSS[0][1]})"))
    expect(page.locator(".tp-map .toasts")).to_contain_text("does not cross Region 1")
    assert stored(server, "Refused") == {1: held}
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Split")


def test_units_go_elsewhere_and_their_container_is_hatched_whatever_colors_mean(
    visit: Visit, server: Server
) -> None:
    page = on_map(visit, "Units")
    hook(page, "lookAt(-97.6, 38.84, 40)")
    page.mouse.click(*hook(page, f"project({SALINA[0]}, {SALINA[1]})"), button="right")
    panel = page.locator(".st-key-map_panel_box")
    expect(panel).to_contain_text("4 units in 67401", timeout=SLOW_MS)
    search = panel.get_by_placeholder("Id, name, area")
    search.press_sequentially("kansas 2")
    expect(panel.get_by_role("button", name="Assign 1", exact=True)).to_be_visible(timeout=SLOW_MS)
    hatched = strokes(page, SALINA)
    press(page, "map_panel_assign")
    item = hook(page, f"itemAt({SALINA[0]}, {SALINA[1]})")
    page.wait_for_function(f"() => {MAP}.app.plan.mixed[{item}] === 1", timeout=SLOW_MS)
    page.wait_for_timeout(300)
    assert strokes(page, SALINA) > hatched
    for way in WAYS:
        hook(page, f"app.looks.choose({{ way: '{way}' }})")
        page.wait_for_timeout(200)
        assert strokes(page, SALINA) > 1, way
    hook(page, "app.looks.choose({ way: 'area' })")
    expect(panel).to_contain_text("Elsewhere 1")
    press(page, "map_panel_back")
    page.wait_for_function(f"() => {MAP}.app.plan.mixed[{item}] === 0", timeout=SLOW_MS)
    page.wait_for_timeout(300)
    assert strokes(page, SALINA) == hatched


def test_units_of_a_container_in_a_frame_are_reached_by_keys_alone(
    visit: Visit, server: Server
) -> None:
    page = on_map(visit, "Units")
    item: int = hook(page, "app.topology.codes.indexOf('96813')")
    hook(page, f"select([{item}])")
    page.locator(".tp-map").focus()
    page.keyboard.press("t")
    panel = page.locator(".st-key-map_panel_box")
    expect(panel).to_contain_text("2 units in 96813", timeout=SLOW_MS)
    panel.get_by_placeholder("Id, name, area").focus()
    page.keyboard.type("surf")
    button = panel.get_by_role("button", name="Assign 1", exact=True)
    expect(button).to_be_visible(timeout=SLOW_MS)
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"() => {MAP}.app.plan.mixed[{item}] === 1", timeout=SLOW_MS)
    hook(page, f"app.viewport.lookAtItems(new Set([{item}]))")
    page.wait_for_timeout(300)


def strokes(page: Page, place: tuple[float, float]) -> int:
    """Count the colors round a place: one where it is plain, more where it is hatched."""
    lon, lat = place
    hook(page, "app.scene.now()")
    found: int = page.evaluate(
        f"""([lon, lat]) => {{ const {{ app }} = {MAP};
        const fills = app.stage.querySelector('.fills');
        const box = fills.getBoundingClientRect(); const [x, y] = {MAP}.project(lon, lat);
        const copy = document.createElement('canvas');
        copy.width = copy.height = 24;
        const c = copy.getContext('2d'); const k = fills.width / box.width;
        c.drawImage(fills, (x - box.left - 12) * k, (y - box.top - 12) * k, 24, 24, 0, 0, 24, 24);
        const {{ buffer }} = c.getImageData(0, 0, 24, 24).data;
        return new Set(new Uint32Array(buffer)).size; }}""",
        [lon, lat],
    )
    return found


def drawn_over(page: Page) -> bool:
    """Whether anything is on the canvas of what the pointer does, but for its first pixel."""
    page.mouse.move(5, 5)
    page.wait_for_timeout(300)
    found: bool = page.evaluate(
        f"""() => {{ const {{ canvas, context }} = {MAP}.app.overlay;
        const {{ data }} = context.getImageData(0, 0, canvas.width, canvas.height);
        return data.some((v, i) => i > 3 && v); }}"""
    )
    return found
