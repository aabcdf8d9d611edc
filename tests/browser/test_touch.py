"""Fingers, a stylus and a trackpad on the map, at places on Earth."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from driving import MAP, area_at, choose, hook, painted, ready, settled, stored
from playwright.sync_api import CDPSession, Page, expect
from serving import Server, cli

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
Place = tuple[float, float]

PLANS = ("Taps", "Moves", "Strokes", "Pinch", "Double", "Sizes", "Trackpad", "Pen")
KANSAS = (-98.2, 38.5)
WICHITA = (-97.3, 37.7)
SQUARE = ((-99.5, 39.5), (-97.0, 39.5), (-97.0, 37.5), (-99.5, 37.5))


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    for name in PLANS:
        cli(store, "new", name, "--level", "Region", "--areas", "3")
    cli(store, "branch", "Double", "Region 1", "--areas", "2")


class Fingers:
    """Fingers by number, put down, moved and lifted where they are told."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session: CDPSession = page.context.new_cdp_session(page)
        self.down: dict[int, Place] = {}

    def restless(self) -> None:
        """Never count as resting, however slowly a busy machine lets them move."""
        self.page.evaluate(
            f"() => Object.defineProperty({MAP}.app.pointer, 'resting', "
            "{ set: (timer) => clearTimeout(timer) })"
        )

    def press(self, finger: int, at: Place) -> None:
        self.down[finger] = at
        self._tell("touchStart", finger)

    def move(self, **to: Place) -> None:
        """Move fingers (``f0``, ``f1``) in eight steps, all at once."""
        ways = {int(name[1:]): (self.down[int(name[1:])], end) for name, end in to.items()}
        for step in range(1, 9):
            for finger, ((x0, y0), (x1, y1)) in ways.items():
                self.down[finger] = x0 + (x1 - x0) * step / 8, y0 + (y1 - y0) * step / 8
            self._tell("touchMove", *ways)
        self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )

    def lift(self, finger: int) -> None:
        self._tell("touchEnd", finger)
        del self.down[finger]

    def tap(self, at: Place) -> None:
        self.press(0, at)
        self.lift(0)

    def double_tap(self, at: Place) -> None:
        """Tap twice within a tenth of a second, however long a busy machine takes to tell it."""
        now = time.time()
        point = [{"id": 0, "x": at[0], "y": at[1]}]
        for kind, points, later in (
            ("touchStart", point, 0.0),
            ("touchEnd", point, 0.03),
            ("touchStart", point, 0.07),
            ("touchEnd", point, 0.1),
        ):
            said = {"type": kind, "touchPoints": points, "timestamp": now + later}
            self.session.send("Input.dispatchTouchEvent", said)

    def _tell(self, kind: str, *fingers: int) -> None:
        points = [{"id": n, "x": self.down[n][0], "y": self.down[n][1]} for n in fingers]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def on_map(
    visit: Visit, plan: str, tool: str = "v", *, rests: bool = False, **more: Any
) -> tuple[Page, Fingers]:
    page = visit(f"/map?alignment={plan}", **({"has_touch": True} | more))
    ready(page)
    choose(page, "Region 1")
    hook(page, "lookAt(-98, 38.5, 6)")
    page.keyboard.press(tool)
    fingers = Fingers(page)
    if not rests:
        fingers.restless()
    return page, fingers


def at(page: Page, place: Place) -> Place:
    x, y = hook(page, f"project({place[0]}, {place[1]})")
    return x, y


def zoom(page: Page) -> float:
    found: float = hook(page, "app.camera.k")
    return found


def selected(page: Page) -> int:
    found: int = hook(page, "stats().selected")
    return found


def away(page: Page, place: Place, was: Place) -> float:
    """Return how many pixels a place is from where it was."""
    (x, y), (x0, y0) = at(page, place), was
    return float(((x - x0) ** 2 + (y - y0) ** 2) ** 0.5)


def test_a_tap_selects_and_a_finger_that_moves_takes_the_map_along(visit: Visit) -> None:
    page, fingers = on_map(visit, "Taps")
    was = at(page, KANSAS)
    fingers.tap(was)
    assert selected(page) == 1
    fingers.press(0, was)
    fingers.move(f0=(was[0] + 90, was[1] + 40))
    fingers.lift(0)
    assert away(page, KANSAS, (was[0] + 90, was[1] + 40)) < 2
    assert selected(page) == 1, "moving the map selects nothing"
    assert page.evaluate("() => [window.scrollY, window.visualViewport.scale]") == [0, 1]


def test_a_finger_that_rests_shows_what_lies_below_and_selects_nothing(visit: Visit) -> None:
    page, fingers = on_map(visit, "Taps", rests=True)
    card = page.locator(".tp-map .stage > .card").first
    fingers.press(0, at(page, KANSAS))
    expect(card).to_contain_text("Kansas")
    code = card.locator("b").first.inner_text()
    fingers.move(f0=at(page, WICHITA))
    expect(card.locator("b").first).not_to_have_text(code)
    fingers.lift(0)
    expect(card).to_be_visible()
    assert selected(page) == 0
    fingers.tap(at(page, KANSAS))
    expect(card).to_be_hidden()
    assert selected(page) == 1


def many(page: Page) -> None:
    """Wait until what lies in the square is selected."""
    page.wait_for_function(f"() => {MAP}.stats().selected > 50")


def test_rings_are_drawn_with_a_finger(visit: Visit) -> None:
    page, fingers = on_map(visit, "Moves")
    corners = [at(page, place) for place in SQUARE]
    for tool, way in (("r", corners[:3:2]), ("l", corners)):
        page.keyboard.press(tool)
        fingers.press(0, way[0])
        for corner in way[1:]:
            fingers.move(f0=corner)
        fingers.lift(0)
        many(page)
        page.keyboard.press("Escape")
    page.keyboard.press("g")
    for corner in [*corners, (corners[0][0] + 12, corners[0][1] + 9)]:
        fingers.tap(corner)
    many(page)  # a tap near the first corner closes a polygon


def test_brush_and_eraser_paint_under_a_finger_and_a_second_finger_takes_the_stroke_back(
    visit: Visit, server: Server
) -> None:
    page, fingers = on_map(visit, "Strokes", "b")
    here, there = at(page, KANSAS), at(page, WICHITA)
    fingers.press(0, here)
    fingers.move(f0=there)
    assert painted(page)[1] > 1
    fingers.press(1, (there[0] + 120, there[1]))
    assert painted(page) == {0: 33_639}, "what the stroke had painted is as it was"
    was = zoom(page)
    fingers.move(f0=(there[0] - 40, there[1]), f1=(there[0] + 200, there[1]))
    assert zoom(page) == pytest.approx(was * 2, rel=0.1)
    fingers.lift(1)
    fingers.lift(0)
    assert painted(page) == {0: 33_639}
    fingers.press(0, at(page, KANSAS))
    fingers.move(f0=at(page, WICHITA))
    fingers.lift(0)
    settled(page)
    assert stored(server, "Strokes") == {1: painted(page)[1]}
    page.keyboard.press("e")
    fingers.press(0, at(page, KANSAS))
    fingers.move(f0=at(page, WICHITA))
    fingers.lift(0)
    settled(page)
    assert area_at(page, *KANSAS) == 0


def test_two_fingers_move_and_zoom_the_map_at_once_with_any_tool(visit: Visit) -> None:
    page, fingers = on_map(visit, "Pinch")
    for tool in "vpbrgle":
        page.keyboard.press(tool)
        hook(page, "lookAt(-98, 38.5, 6)")
        x, y = at(page, KANSAS)
        was = zoom(page)
        fingers.press(0, (x - 50, y))
        fingers.press(1, (x + 50, y))
        fingers.move(f0=(x - 60, y + 60), f1=(x + 140, y + 60))
        assert zoom(page) == pytest.approx(2 * was, rel=0.02), tool
        assert away(page, KANSAS, (x + 40, y + 60)) < 4, "what was between the fingers still is"
        fingers.lift(0)
        fingers.move(f1=(x + 140, y + 100))
        assert away(page, KANSAS, (x + 40, y + 100)) < 4, "the finger that is left moves the map on"
        fingers.lift(1)
        fingers.press(0, (x + 200, y))
        fingers.press(1, (x + 260, y))
        assert zoom(page) == pytest.approx(2 * was, rel=0.02), "two new fingers begin anew"
        fingers.lift(1)
        fingers.lift(0)
        page.keyboard.press("Escape")
    assert painted(page) == {0: 33_639}
    assert selected(page) == 0
    assert page.evaluate("() => window.visualViewport.scale") == 1


def test_a_pinch_of_the_browser_zooms_the_map_and_not_the_page(visit: Visit) -> None:
    page, fingers = on_map(visit, "Pinch")
    (x, y), was = at(page, KANSAS), zoom(page)
    fingers.session.send(
        "Input.synthesizePinchGesture",
        {"x": x, "y": y, "scaleFactor": 2.0, "gestureSourceType": "touch"},
    )
    assert zoom(page) > 1.5 * was
    assert away(page, KANSAS, (x, y)) < 12
    assert page.evaluate("() => window.visualViewport.scale") == 1


def test_a_double_tap_looks_into_an_area(visit: Visit) -> None:
    page, fingers = on_map(visit, "Double")
    page.keyboard.press("p")
    fingers.tap(at(page, KANSAS))
    settled(page)
    page.locator(".tp-map").get_by_label("Level shown").select_option(index=0)
    page.locator(".tp-map").focus()
    page.keyboard.press("v")
    hook(page, "lookAt(-98, 38.5, 6)")
    place = at(page, KANSAS)
    fingers.double_tap(place)
    page.wait_for_function(f"() => {MAP}.app.focus.areas?.[0] === 1")


def test_fingers_find_large_targets(visit: Visit) -> None:
    page, fingers = on_map(visit, "Sizes", width=1280, height=720)
    assert page.evaluate("() => matchMedia('(pointer: coarse)').matches")
    fingers.tap(at(page, KANSAS))
    small: list[str] = page.locator(".tp-map").evaluate(
        """(map) => [...map.querySelectorAll(
            '.toolbar button, .toolbar select, .zoom button, .corner button, .selection button, '
            + '.selection select, .legend .head select, .legend .foot button, .grip')]
        .filter((e) => e.checkVisibility())
        .map((e) => [e, e.getBoundingClientRect()])
        .filter(([, r]) => r.width < 40 || r.height < 40)
        .map(([e, r]) => `${e.ariaLabel ?? e.textContent} ${r.width}x${r.height}`)"""
    )
    assert not small


def test_a_trackpad_zooms_at_the_pointer_and_moves_the_map_sideways(visit: Visit) -> None:
    page, _ = on_map(visit, "Trackpad", has_touch=False)
    x, y = at(page, KANSAS)
    page.mouse.move(x, y)
    was = zoom(page)
    page.keyboard.down("Control")
    for _step in range(10):
        page.mouse.wheel(0, -6)
    page.keyboard.up("Control")
    page.wait_for_function(f"() => {MAP}.app.camera.k > {1.6 * was}")
    assert away(page, KANSAS, (x, y)) < 1
    was = zoom(page)
    page.mouse.wheel(40, 3)
    page.wait_for_function(f"() => {MAP}.project({KANSAS[0]}, {KANSAS[1]})[0] < {x - 30}")
    assert zoom(page) == was
    page.mouse.wheel(0, -60)
    page.wait_for_function(f"() => {MAP}.app.camera.k > {was}")
    assert page.evaluate("() => [window.scrollX, window.scrollY, window.devicePixelRatio]") == [
        0,
        0,
        1,
    ]


def test_a_stylus_works_as_the_mouse_does(visit: Visit) -> None:
    page, fingers = on_map(visit, "Pen", has_touch=False)
    pen = {"pointerType": "pen", "button": "left", "clickCount": 1}

    def tell(kind: str, place: Place, **more: Any) -> None:
        where = {"type": kind, "x": place[0], "y": place[1], "pointerType": "pen"}
        fingers.session.send("Input.dispatchMouseEvent", where | more)

    tell("mouseMoved", at(page, KANSAS))
    expect(page.locator(".tp-map .stage > .card").first).to_contain_text("Kansas")
    tell("mousePressed", at(page, KANSAS), **pen)
    tell("mouseReleased", at(page, KANSAS), **pen)
    assert selected(page) == 1
    page.keyboard.press("l")
    corners = [at(page, place) for place in (*SQUARE, SQUARE[0])]
    tell("mousePressed", corners[0], **pen)
    for (x0, y0), (x1, y1) in pairwise(corners):
        tell("mouseMoved", ((x0 + x1) / 2, (y0 + y1) / 2), **pen)
        tell("mouseMoved", (x1, y1), **pen)
    tell("mouseReleased", corners[-1], **pen)
    assert selected(page) > 50
