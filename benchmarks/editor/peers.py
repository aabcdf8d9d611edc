"""The peers: each paints what is clicked, by its own means."""

from __future__ import annotations

import gzip
import math
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Frame, Page, Route
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from benchmarks.editor import fetched
from benchmarks.editor.driving import Figures, Wire, heap_mb, opened, pan
from tests.browser.serving import Server, free_port

APPS = Path(__file__).parent / "apps"
MIDDLE, ZOOM = (-96.0, 38.0), 3.5
ZOOMED = "longitude=-83&latitude=40&zoom=7"
READY_MS, PAINT_MS = 180_000, 60_000
CLICKS_BY_SERVER = 3
SIZE_OF_WORLD = 512

CANVAS = """() => {
  const inside = (root) => {
    for (const e of root.querySelectorAll('*')) {
      const found = e.matches('canvas') ? e : e.shadowRoot && inside(e.shadowRoot);
      if (found && found.clientWidth > 300) return found;
    }
  };
  return inside(document);
}"""


@dataclass(frozen=True)
class Peer:
    """How a peer is run and what it can do."""

    name: str
    app: str
    clicks: int
    framed: bool = False


PYDECK = Peer("st.pydeck_chart", "pydeck_app.py", CLICKS_BY_SERVER)
DECK = Peer("deck.gl in a component", "deckgl_app.py", 30)
FOLIUM = Peer("folium", "folium_app.py", 30, framed=True)


def measure(
    browser: Browser, peer: Peer, places: list[tuple[float, float]], found: Figures
) -> None:
    """Add what there is of a peer; raises `MissingError` where it can't be had."""
    leaflet = _have(peer, found)
    os.environ["TP_BENCH_PEERS"] = str(fetched.cache())
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "none.duckdb", free_port(), app=str(APPS / peer.app))
        server.start()
        try:
            _nation(_visited(browser, server.url, peer, leaflet), peer, found, places)
            page, frame = _visited(browser, f"{server.url}/?{ZOOMED}", peer, leaflet)
            found["pan"] = pan(page, frame, *_middle(page, frame, peer)).fps
            page.context.close()
        finally:
            server.stop()


def _have(peer: Peer, found: Figures) -> bytes:
    """Fetch what a peer needs; return Leaflet for folium's page, which would ask others for it."""
    if peer is DECK:
        script = fetched.script(*fetched.DECK)
        (fetched.cache() / "deck.js").write_bytes(script)
        found["script"] = len(gzip.compress(script)) / 1e3
    if peer is not FOLIUM:
        return b""
    fetched.folium()
    leaflet = fetched.script(*fetched.LEAFLET)
    found["script"] = len(gzip.compress(leaflet)) / 1e3
    return leaflet


def _visited(browser: Browser, url: str, peer: Peer, leaflet: bytes) -> tuple[Page, Frame]:
    page = opened(browser, "about:blank", pixels=True)
    page.context.route("**/*", lambda route: _answer(route, url, leaflet))
    page.goto(url)
    frame = page.main_frame
    if peer.framed:
        frame = _inner(page)
    frame.wait_for_function(f"() => ({CANVAS})()", timeout=READY_MS)
    frame.wait_for_function("() => gauge.drew", timeout=READY_MS)
    page.wait_for_timeout(3_000)
    return page, frame


def _answer(route: Route, url: str, leaflet: bytes) -> None:
    asked = route.request.url
    if asked.split("//", 1)[-1].startswith("127.0.0.1"):
        route.fallback()
    elif asked.endswith("leaflet.js"):
        route.fulfill(body=leaflet, content_type="text/javascript")
    else:
        route.abort()


def _inner(page: Page) -> Frame:
    until = time.monotonic() + READY_MS / 1e3
    while time.monotonic() < until:
        for frame in page.frames[1:]:
            if frame.evaluate("() => typeof L !== 'undefined'"):
                return frame
        page.wait_for_timeout(500)
    raise TimeoutError("no map came")


def _nation(
    visited: tuple[Page, Frame], peer: Peer, found: Figures, places: list[tuple[float, float]]
) -> None:
    page, frame = visited
    found["heap"] = heap_mb(page)
    if peer is DECK:
        found["shapes arrived to first paint"] = frame.evaluate("() => peer.firstMs")
    size, corner = _placed(page, frame, peer)
    took = []
    wire = Wire(page)
    for place in places[: peer.clicks]:
        x, y = _pixel(*place, size)
        ms = _painted(page, frame, (x, y), corner)
        if ms is not None:
            took.append(ms)
    if took:
        found["click to paint"] = statistics.median(took)
        found["clicks"] = len(took)
    if peer is PYDECK and took:
        found["up"], found["down"] = wire.up / len(took), wire.down / len(took)
    if peer is DECK:
        wire = Wire(page)
        frame.evaluate("() => peer.paint(Array.from({ length: 100 }, (_, i) => 9000 + i))")
        page.wait_for_timeout(3_000)
        found["up"], found["down"] = wire.up, wire.down
    drawing = pan(page, frame, *_middle(page, frame, peer)).drawing
    if drawing is not None:
        found["whole nation drawn anew"] = drawing
    page.context.close()


def _placed(
    page: Page, frame: Frame, peer: Peer
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return how large a peer's map is, and where its corner lies in the page."""
    box = frame.evaluate(
        f"() => {{ const b = (document.querySelector('.folium-map') ?? ({CANVAS})())"
        ".getBoundingClientRect(); return [b.width, b.height, b.left, b.top]; }"
    )
    corner = (box[2], box[3])
    if peer.framed:
        outer = frame.frame_element().bounding_box()
        assert outer is not None
        corner = (outer["x"] + box[2], outer["y"] + box[3])
    return (box[0], box[1]), corner


def _middle(page: Page, frame: Frame, peer: Peer) -> tuple[float, float]:
    (width, height), (left, top) = _placed(page, frame, peer)
    return left + width / 2, top + height / 2


def _pixel(lon: float, lat: float, size: tuple[float, float]) -> tuple[float, float]:
    """Return where a place lies on a map of the whole nation, in Web Mercator."""
    scale = SIZE_OF_WORLD * 2**ZOOM / (2 * math.pi)
    x, y = (scale * f for f in _mercator(lon, lat))
    mx, my = (scale * f for f in _mercator(*MIDDLE))
    return size[0] / 2 + x - mx, size[1] / 2 - (y - my)


def _mercator(lon: float, lat: float) -> tuple[float, float]:
    return math.radians(lon), math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))


def _painted(
    page: Page, frame: Frame, at: tuple[float, float], corner: tuple[float, float]
) -> float | None:
    """Return the milliseconds from a press until its place is painted; ``None``: it never was."""
    frame.evaluate(
        f"([x, y]) => {{ const c = ({CANVAS})(); const b = c.getBoundingClientRect();"
        "const o = document.querySelector('.folium-map')?.getBoundingClientRect() ?? b;"
        "gauge.watch(c, x + o.left - b.left, y + o.top - b.top); }",
        list(at),
    )
    page.mouse.click(corner[0] + at[0], corner[1] + at[1])
    try:
        frame.wait_for_function("() => gauge.took !== null", timeout=PAINT_MS)
    except PlaywrightTimeout:
        return None
    return float(frame.evaluate("() => gauge.took"))
