"""Each tool of the map, at places on Earth: what it takes, what it leaves, what is stored."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from driving import MAP, area_at, choose, click_at, drag, hook, painted, ready, settled, stored
from playwright.sync_api import Browser, Page, expect
from serving import Server, cli

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

PLANS = (
    "Shapes",
    "Levels",
    "County",
    "Limits",
    "Rings",
    "Hold",
    "Fast",
    "Commands",
    "Gone",
    "Lost",
    "Menu",
)
KANSAS = (-98.2, 38.5)
SQUARE = ((-99.5, 39.5), (-97.0, 39.5), (-97.0, 37.5), (-99.5, 37.5))


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    for name in PLANS:
        cli(store, "new", name, "--level", "Region", "--areas", "3")


def on_map(visit: Visit, plan: str, tool: str = "v") -> Page:
    page = visit(f"/map?alignment={plan}")
    ready(page)
    choose(page, "Region 1")
    hook(page, "lookAt(-98, 38.5, 6)")
    page.keyboard.press(tool)
    return page


def selected(page: Page) -> int:
    found: int = hook(page, "stats().selected")
    return found


def at(page: Page, lon: float, lat: float) -> tuple[float, float]:
    x, y = hook(page, f"project({lon}, {lat})")
    return x, y


def inside(page: Page, level: str, lon: float, lat: float) -> int:
    """Return how many containers lie in the county or state at a place."""
    found: int = page.evaluate(
        f"""() => {{ const {{ app, itemAt }} = {MAP};
        const of = app.topology.levels.find((l) => l.name === '{level}').of;
        return of.filter((k) => k === of[itemAt({lon}, {lat})]).length; }}"""
    )
    return found


def test_a_polygon_is_set_corner_by_corner_and_shift_and_alt_change_it(visit: Visit) -> None:
    page = on_map(visit, "Shapes", "g")
    for lon, lat in SQUARE:
        click_at(page, lon, lat)
    assert selected(page) == 0
    page.keyboard.press("Backspace")
    click_at(page, *SQUARE[3])
    page.keyboard.press("Enter")
    ring = selected(page)
    assert ring > 50
    page.keyboard.press("r")
    drag(page, (SQUARE[0], SQUARE[2]))
    assert abs(selected(page) - ring) < ring / 5
    page.keyboard.down("Shift")
    drag(page, ((-96.5, 39.5), (-95.5, 38.5)))
    page.keyboard.up("Shift")
    more = selected(page)
    assert more > ring
    page.keyboard.down("Alt")
    drag(page, ((-96.6, 39.6), (-95.4, 38.4)))
    page.keyboard.up("Alt")
    assert selected(page) < more
    page.keyboard.press("g")
    for lon, lat in SQUARE[:2]:
        click_at(page, lon, lat)
    page.keyboard.press("Escape")
    assert hook(page, "app.overlay.path") is None
    assert selected(page) > 0, "giving up a ring leaves the selection"
    page.keyboard.press("Escape")
    assert selected(page) == 0


def test_a_double_click_closes_a_polygon(visit: Visit) -> None:
    page = on_map(visit, "Shapes", "g")
    for lon, lat in SQUARE[:3]:
        click_at(page, lon, lat)
    page.mouse.dblclick(*at(page, *SQUARE[3]))
    assert selected(page) > 50


def test_nothing_of_a_ring_stays_once_it_is_drawn(visit: Visit) -> None:
    page = on_map(visit, "Shapes", "l")
    drag(page, SQUARE)
    page.keyboard.press("Escape")
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    left = page.evaluate(
        f"""() => {{
          const {{ canvas, context }} = {MAP}.app.overlay;
          const {{ data }} = context.getImageData(0, 0, canvas.width, canvas.height);
          return data.filter((v, i) => i > 3 && v).length;
        }}"""
    )
    assert left == 0


def test_whole_counties_and_states_are_painted_by_a_click(visit: Visit, server: Server) -> None:
    page = on_map(visit, "Levels", "p")
    page.keyboard.press("c")
    expect(page.get_by_label("What tools take")).to_have_value("county")
    click_at(page, *KANSAS)
    county = inside(page, "county", *KANSAS)
    settled(page)
    assert stored(server, "Levels") == {1: county}
    page.keyboard.press("c")
    page.keyboard.press("e")
    click_at(page, *KANSAS)
    settled(page)
    assert painted(page) == {0: 33_639}
    page.keyboard.press("v")
    click_at(page, *KANSAS)
    assert selected(page) == inside(page, "state", *KANSAS)


def test_a_stroke_stays_in_the_county_it_begins_in(visit: Visit, server: Server) -> None:
    page = on_map(visit, "County", "b")
    page.get_by_label("What tools take").select_option(label="In one county")
    drag(page, (KANSAS, (KANSAS[0] + 1.5, KANSAS[1])))
    settled(page)
    assert area_at(page, *KANSAS) == 1
    assert 1 < painted(page)[1] <= inside(page, "county", *KANSAS)
    assert stored(server, "County") == {1: painted(page)[1]}


def test_limits_hold_for_brush_and_selection(visit: Visit) -> None:
    page = on_map(visit, "Limits", "r")
    drag(page, (SQUARE[0], SQUARE[2]))
    page.keyboard.press("Enter")
    settled(page)
    first = painted(page)[1]
    page.keyboard.press("2")
    page.keyboard.press("u")
    expect(page.get_by_label("Take only from")).to_have_value("0")
    drag(page, ((-100.0, 40.0), (-96.5, 37.0)))
    page.keyboard.press("Enter")
    settled(page)
    now = painted(page)
    assert now[1] == first
    assert now[2] > 0
    page.get_by_label("Take only from").select_option(label="Only Region 2")
    page.keyboard.press("3")
    page.keyboard.press("b")
    drag(page, ((-100.0, 38.5), (-96.5, 38.5)))
    settled(page)
    assert painted(page)[1] == first
    assert painted(page)[3] > 0
    assert painted(page)[2] + painted(page)[3] == now[2]


def test_rings_edge_and_the_rest(visit: Visit) -> None:
    page = on_map(visit, "Rings")
    click_at(page, *KANSAS)
    assert selected(page) == 1
    for _ in range(3):
        page.keyboard.press(".")
    grown = selected(page)
    assert grown > 20
    page.keyboard.press(",")
    assert 1 < selected(page) < grown
    page.keyboard.press("Enter")
    settled(page)
    held = painted(page)[1]
    page.keyboard.press("d")
    assert 0 < selected(page) < held
    page.keyboard.press("a")
    assert selected(page) == held
    page.keyboard.press("x")
    assert selected(page) == 33_639 - held
    page.keyboard.press("n")
    assert selected(page) == 33_639 - held


def test_what_is_held_stays_and_says_so(visit: Visit) -> None:
    page = on_map(visit, "Hold")
    click_at(page, *KANSAS)
    page.keyboard.press("h")
    settled(page)
    expect(page.locator(".tp-map .selection")).to_contain_text("1 held or locked")
    page.keyboard.press("p")
    click_at(page, *KANSAS)
    expect(page.locator(".tp-map .toasts")).to_contain_text("Left as it is: held.")
    assert area_at(page, *KANSAS) == 0
    page.keyboard.press("h")
    settled(page)
    click_at(page, *KANSAS)
    settled(page)
    assert area_at(page, *KANSAS) == 1


def test_a_fast_brush_leaves_no_container_out(visit: Visit, server: Server) -> None:
    """Two presses of the wrist: one event each from one end of the map to the other."""
    page = on_map(visit, "Fast", "b")
    hook(page, "lookAt(-90, 38.5, 1.6)")
    page.wait_for_timeout(200)
    line = [(-100.0, 41.0), (-80.0, 40.0), (-100.0, 39.0), (-80.0, 38.0), (-100.0, 37.0)]
    under: set[int] = set()
    for (lon0, lat0), (lon1, lat1) in pairwise(line):
        x0, y0 = at(page, lon0, lat0)
        x1, y1 = at(page, lon1, lat1)
        under |= set(_within(page, x0, y0, x1, y1))
    drag_fast(page, line)
    settled(page)
    where: list[int] = page.evaluate(
        f"() => Array.from({MAP}.app.plan.current.keys()).filter((i) => {MAP}.app.plan.current[i])"
    )
    assert len(under) > 2_000
    assert under <= set(where)
    assert stored(server, "Fast") == {1: len(where)}


def drag_fast(page: Page, line: list[tuple[float, float]]) -> None:
    points = [at(page, *place) for place in line]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=1)
    page.mouse.up()


def _within(page: Page, x0: float, y0: float, x1: float, y1: float) -> list[int]:
    """Return items whose inner point is under a brush drawn along a line, worked out plainly."""
    found: list[int] = page.evaluate(
        f"""([x0, y0, x1, y1]) => {{ const {{ app }} = {MAP}; const t = app.topology;
        const box = app.overlay.canvas.getBoundingClientRect(); const out = [];
        for (let i = 0; i < t.items; i++) {{
          if (t.px[i] < 0) continue;
          const [px, py] = app.camera.toScreen(t.px[i], t.py[i]);
          const [x, y] = [px + box.left, py + box.top]; const [dx, dy] = [x1 - x0, y1 - y0];
          const s = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy)));
          if (Math.hypot(x - x0 - s * dx, y - y0 - s * dy) < app.brush - 0.5) out.push(i);
        }} return out; }}""",
        [x0, y0, x1, y1],
    )
    return found


def test_the_menu_of_a_row_selects_limits_and_swaps(visit: Visit, server: Server) -> None:
    page = on_map(visit, "Menu", "r")
    drag(page, (SQUARE[0], SQUARE[2]))
    page.keyboard.press("Enter")
    settled(page)
    held = painted(page)[1]
    row = page.locator(".tp-map .row[data-area='1']")
    row.click(button="right")
    page.get_by_role("menuitem", name="Select all postal codes").click()
    assert selected(page) == held
    row.click(button="right")
    page.get_by_role("menuitem", name="Take only from here").click()
    expect(page.get_by_label("Take only from")).to_have_value("1")
    row.click(button="right")
    page.get_by_role("menuitem", name="Swap units with…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Swap").click()
    expect(dialog).to_be_hidden()
    page.wait_for_function(f"() => {MAP}.areaAt({KANSAS[0]}, {KANSAS[1]}) === 2")
    assert stored(server, "Menu") == {2: held}


def test_commands_are_found_by_typing(visit: Visit) -> None:
    page = on_map(visit, "Commands")
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Find")
    expect(field).to_have_value(">")
    page.keyboard.type("lass")
    expect(page.get_by_role("option", name="Lasso")).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    assert hook(page, "app.tool") == "lasso"
    page.keyboard.press("Control+k")
    page.keyboard.type("no such thing")
    expect(page.locator(".found")).to_contain_text("Nothing is called “no such thing”.")
    field.press("Escape")
    expect(page.locator(".found")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Only unassigned")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_a_stroke_to_an_area_that_someone_removes_meanwhile_is_not_kept(
    visit: Visit, server: Server
) -> None:
    page = on_map(visit, "Gone", "b")
    page.mouse.move(*at(page, *KANSAS))
    page.mouse.down()
    hook(page, "app.editor.stroke.to = 99")
    page.mouse.move(*at(page, -97.5, 38.5), steps=3)
    page.mouse.up()
    expect(page.locator(".tp-map .toasts")).to_contain_text("removed meanwhile")
    assert stored(server, "Gone") == {}


def test_work_goes_on_while_the_server_is_gone_and_is_saved_when_it_is_back(
    browser: Browser, server: Server
) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{server.url}/map?alignment=Lost")
    ready(page)
    choose(page, "Region 1")
    hook(page, "lookAt(-98, 38.5, 6)")
    page.keyboard.press("p")
    click_at(page, *KANSAS)
    settled(page)
    server.kill()
    for i in range(1, 4):
        click_at(page, KANSAS[0] + 0.8 * i, KANSAS[1])
    expect(page.locator(".tp-map .saving")).to_contain_text("3 not saved yet", timeout=20_000)
    told = page.get_by_role("dialog", name="Connection error")
    told.get_by_role("button", name="Close").click()
    page.locator(".tp-map .saving button").click()
    expect(page.locator(".tp-map .pending")).to_contain_text("1 postal code to Region 1")
    server.start()
    settled(page)
    expect(page.locator(".tp-map .saving button")).to_have_text("Saved")
    assert painted(page)[1] == 4
    assert stored(server, "Lost") == {1: 4}
    page.close()


def test_an_updated_server_replaces_the_map_of_a_page_that_stays_open(visit: Visit) -> None:
    page = on_map(visit, "Shapes")
    page.evaluate(
        f"""async () => {{ const {{ app }} = {MAP};
        const from = '/_stcore/bidi-components/tp-geo.territory_map/map.js';
        const another = (await import(from)).default;
        another({{ ...app.api, parentElement: app.root.parentNode, data: app.data }}); }}"""
    )
    ready(page)
    expect(page.locator(".tp-map")).to_have_count(1)
