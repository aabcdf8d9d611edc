"""The basemap: tiles of a server that was named, laid where they belong, and only when wanted."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from driving import hook, ready
from PIL import Image, ImageDraw
from playwright.sync_api import Page, Route, expect
from serving import cli

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

SIDE, DISC = 256, 12
PLACES = {"Chicago": (-87.63, 41.88), "Anchorage": (-149.9, 61.2), "Honolulu": (-157.85, 21.31)}
RED = (220, 20, 20)
COMPLETE = """() => {
  const { camera, basemap } = Object.values(window.__tpMaps)[0].app;
  const [on, place, , , arrived] = JSON.parse(basemap.drawn);
  return on && place.k === camera.k && place.x === camera.x && arrived === basemap.images.size;
}"""


@pytest.fixture(scope="module")
def prepared(store: Path, port: int) -> Iterator[None]:
    cli(store, "new", "West", "--names", "West,East")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TP_GEO_TILES", f"http://127.0.0.1:{port}/tiles/{{z}}/{{x}}/{{y}}.png")
        patch.setenv("TP_GEO_TILES_CREDIT", "© Mapmakers")
        yield


def painted(z: int, x: int, y: int) -> bytes:
    """A white tile with a red disc on each of the places."""
    image = Image.new("RGB", (SIDE, SIDE), "white")
    for lon, lat in PLACES.values():
        across = (lon + 180) / 360 * 2**z
        down = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z
        at = ((across - x) * SIDE, (down - y) * SIDE)
        ImageDraw.Draw(image).circle(at, DISC, fill=RED)
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def page(visit: Visit, asked: list[str]) -> Page:
    opened: Page = visit("/alignments")

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        *_, z, x, y = route.request.url.removesuffix(".png").split("/")
        route.fulfill(body=painted(int(z), int(x), int(y)), content_type="image/png")

    opened.route("**/tiles/**", answer)
    opened.goto(opened.url.replace("/alignments", "/map?alignment=West"))
    ready(opened)
    return opened


def turn_on(page: Page) -> None:
    page.get_by_role("button", name="What is shown").click()
    page.get_by_label("Basemap").check()


def color_at(page: Page, place: tuple[float, float]) -> Any:
    """The color that the tiles have at a place on Earth."""
    return page.evaluate(
        """([x, y]) => {
          const canvas = Object.values(window.__tpMaps)[0].app.basemap.canvas;
          const box = canvas.getBoundingClientRect(), scale = canvas.width / box.width;
          const at = [(x - box.left) * scale, (y - box.top) * scale].map(Math.round);
          return [...canvas.getContext('2d').getImageData(...at, 1, 1).data].slice(0, 3);
        }""",
        hook(page, f"project({place[0]}, {place[1]})"),
    )


def test_no_tile_is_asked_for_until_a_planner_wants_them(page: Page, asked: list[str]) -> None:
    page.wait_for_timeout(500)
    assert asked == []
    turn_on(page)
    page.wait_for_function("() => Object.values(window.__tpMaps)[0].app.basemap.arrived > 5")
    expect(page.locator(".tp-map .credit")).to_have_text("© Mapmakers")


@pytest.mark.parametrize("place", PLACES)
def test_tiles_lie_where_the_map_has_their_places(page: Page, place: str) -> None:
    turn_on(page)
    lon, lat = PLACES[place]
    for zoom in (1, 12):
        hook(page, f"lookAt({lon}, {lat}, {zoom})")
        page.wait_for_function(COMPLETE)
        assert color_at(page, PLACES[place]) == pytest.approx(RED, abs=12), zoom


def test_a_server_that_does_not_answer_is_told_once(visit: Visit) -> None:
    page = visit("/map?alignment=West")
    ready(page)
    page.route("**/tiles/**", lambda route: route.abort())
    turn_on(page)
    told = page.locator(".tp-map .toast").get_by_text("The basemap of 127.0.0.1")
    expect(told).to_have_count(1)
