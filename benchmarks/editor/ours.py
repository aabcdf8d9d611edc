"""Our editor on a plan of 1,000 areas, driven by mouse as a planner drives it."""

from __future__ import annotations

import gzip
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks import coloring, map_edits
from benchmarks.editor.driving import Figures, Wire, heap_mb, opened, pan
from tests.browser.serving import Server, free_port
from tp_geo.store import open_store
from tp_geo.ui.bundle import SOURCES, bundled, minified
from tp_geo.workflow.planner import Planner

AREAS, CLICKS, REPEATS = 1_000, 30, 5
CLICK_GAP_MS = 400
"""Between clicks, so that each finds the page at rest."""
MAP = "Object.values(window.__tpMaps ?? {})[0]"
BRUSH_PX = 12
STROKE = ((-122.0, 41.0), (-75.0, 40.0), (-95.0, 33.0), (-81.0, 28.0), (-84.0, 40.5))
"""Places a brush runs over, as fast as a mouse can say so."""

LASSO = ((-87.0, 48.0), (-66.0, 47.0), (-76.0, 33.0), (-87.0, 33.0))

EXPECTED = Path(__file__).with_name("brushed.js").read_text().replace("MAP", MAP)
"""Containers a brush has to take, worked out from one end of each line to the other."""


def figures(browser: Browser, places: list[tuple[float, float]]) -> Figures:
    """Measure everything that the table tells of us."""
    found: Figures = {}
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "plans.duckdb"
        cost = _plans(store)
        found["server ms of an edit"] = cost.server_ms
        found["coloring 1,000 areas"] = coloring.anew_ms(AREAS)
        found["script"] = sum(
            len(gzip.compress(minified(bundled(SOURCES / entry)).encode())) / 1e3
            for entry in ("map.js", "feed.js")
        )
        server = Server(store, free_port())
        server.start()
        try:
            page = opened(browser, f"{server.url}/map?alignment=bench")
            page.wait_for_function(f"() => {MAP}?.stats().paints > 0", timeout=120_000)
            _drive(page, found, places)
            page.context.close()
        finally:
            server.stop()
    return found


def _plans(store: Path) -> map_edits.Cost:
    opened = open_store(str(store))
    try:
        planner = Planner(opened)
        map_edits.divided(planner, "bench", AREAS)
        return map_edits.measured(planner, AREAS)
    finally:
        opened.close()


def _drive(page: Page, found: Figures, places: list[tuple[float, float]]) -> None:
    page.wait_for_function(f"() => {MAP}.stats().fine && {MAP}.stats().labelsMs", timeout=120_000)
    stats = _stats(page)
    found["shapes arrived to first paint"] = stats["firstPaintAt"] - stats["arrivedAt"]
    found["heap"] = heap_mb(page)
    found["labels of 1,000 areas"] = statistics.median(_relabeled(page) for _ in range(REPEATS))
    found["whole nation drawn anew"] = statistics.median(_redrawn(page) for _ in range(REPEATS))
    found["click to paint"] = _clicks(page, places)
    found["lasso of 10,000"], found["lassoed"] = _lasso(page)
    found["dropped by the brush"], found["brushed"] = _brush(page)
    found["up"], found["down"] = _edit(page)
    page.evaluate(f"() => {{ {MAP}.setTool('select'); {MAP}.lookAt(-83, 40, 12) }}")
    page.wait_for_timeout(1_000)
    found["pan"] = pan(page, page.main_frame, *_pixel(page, -83, 40)).fps


def _stats(page: Page) -> dict[str, Any]:
    stats: dict[str, Any] = page.evaluate(f"() => {MAP}.stats()")
    return stats


def _pixel(page: Page, lon: float, lat: float) -> tuple[float, float]:
    x, y = page.evaluate(f"() => {MAP}.project({lon}, {lat})")
    return x, y


def _settled(page: Page) -> None:
    page.wait_for_function(f"() => {MAP}.stats().pending === 0", timeout=60_000)


def _relabeled(page: Page) -> float:
    page.evaluate(
        f"() => {{ const {{ app }} = {MAP}; app.figures.labelsMs = 0; app.restyle(null); }}"
    )
    page.wait_for_function(f"() => {MAP}.stats().labelsMs > 0")
    return float(_stats(page)["labelsMs"])


def _redrawn(page: Page) -> float:
    return float(
        page.evaluate(
            f"() => {{ const {{ app }} = {MAP}; app.scene.dirty(null); app.scene.now(); "
            "return app.figures.fullMs; }"
        )
    )


def _clicks(page: Page, places: list[tuple[float, float]]) -> float:
    page.evaluate(f"() => {{ {MAP}.setActive(1); {MAP}.setTool('paint'); }}")
    page.wait_for_timeout(500)
    before = len(_stats(page)["clicks"])
    for place in places[:CLICKS]:
        page.mouse.click(*_pixel(page, *place))
        page.wait_for_timeout(CLICK_GAP_MS)
    _settled(page)
    return float(statistics.median(_stats(page)["clicks"][before:]))


def _lasso(page: Page) -> tuple[float, float]:
    took = []
    for _ in range(REPEATS):
        page.evaluate(f"() => {{ {MAP}.select([]); {MAP}.setTool('lasso'); }}")
        _draw(page, LASSO, steps=8)
        took.append(float(_stats(page)["lassoMs"]))
    chosen = float(_stats(page)["selected"])
    page.evaluate(f"() => {MAP}.select([])")
    return statistics.median(took), chosen


def _brush(page: Page) -> tuple[float, float]:
    """Return how many containers a stroke of few, far places leaves out, and how many it takes."""
    page.evaluate(
        f"() => {{ {MAP}.setActive(2); {MAP}.setTool('brush'); {MAP}.app.setBrush({BRUSH_PX}); }}"
    )
    _draw(page, STROKE, steps=1)
    _settled(page)
    wanted = page.evaluate(EXPECTED, [STROKE, BRUSH_PX])
    missed = page.evaluate(
        f"(items) => items.filter((i) => {MAP}.app.plan.current[i] !== 2).length", wanted
    )
    return float(missed), float(len(wanted))


def _draw(page: Page, way: tuple[tuple[float, float], ...], *, steps: int) -> None:
    points = [_pixel(page, *place) for place in way]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=steps)
    page.mouse.up()


def _edit(page: Page) -> tuple[float, float]:
    """Return the bytes of an edit of 100 containers, all frames both ways with Streamlit's own.

    The median of a few, each until it is stored: the page also asks every 2 s
    what others did, which is no part of it.
    """
    sent = []
    for repeat in range(REPEATS):
        page.wait_for_timeout(2_000)
        wire = Wire(page)
        page.evaluate(
            f"() => {MAP}.app.editor.assign("
            f"Array.from({{ length: 100 }}, (_, i) => {9_000 + 100 * repeat} + i), 3)"
        )
        _settled(page)
        wire.close()
        sent.append((wire.up, wire.down))
    up, down = (statistics.median(column) for column in zip(*sent, strict=True))
    return up, down
