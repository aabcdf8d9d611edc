"""How soon the Review page stands in a browser: 33,639 postal codes, 1,000 areas, 250,000 units.

A real server, real Chromium with software WebGL on the same machine, from the
address to the headline figures and to the painted map; bytes as they came.
Peers in the same run: a Streamlit page of one figure, which no page of ours can be
faster than, and the page as Streamlit alone would have it: five figures, a table and
``st.pydeck_chart`` of the areas, dissolved and simplified beforehand.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

import geopandas as gpd
import shapely
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.app import Wire
from benchmarks.review import AREAS, make_plan
from tests.browser.serving import FLAGS, Server, chromium, free_port
from tp_geo.store import open_store
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

PAINTED = "() => window.__tpMaps?.review_map?.stats().paints > 0"
DRAWN = """
window.drawn = 0;
for (const kind of ["drawArrays", "drawElements", "drawArraysInstanced", "drawElementsInstanced"]) {
  const draw = WebGL2RenderingContext.prototype[kind];
  WebGL2RenderingContext.prototype[kind] = function (...a) { window.drawn++; draw.apply(this, a); };
}
"""
STANDING = """
new MutationObserver((_, watch) => {
  if (document.querySelectorAll("[data-testid=stMetricValue]").length < FIGURES) return;
  watch.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.figuresAt = performance.now(); }));
}).observe(document, { subtree: true, childList: true });
"""
"""Notes when so many figures are painted, in the page: who asks from outside waits for its turn."""
DECK = """
import json, pathlib
import altair as alt, pandas as pd, pydeck, streamlit as st
st.set_page_config(layout="wide")
areas, shapes = st.cache_data(lambda: (
    pd.read_json("AREAS"), json.loads(pathlib.Path("SHAPES").read_text())))()
for column in st.columns(5):
    column.metric("ready", 1)
st.pydeck_chart(pydeck.Deck(map_provider=None, layers=[pydeck.Layer(
    "GeoJsonLayer", shapes, get_fill_color="properties.color", pickable=True)],
    initial_view_state=pydeck.ViewState(longitude=-96, latitude=38, zoom=3)), height=560)
st.dataframe(areas)
st.altair_chart(alt.Chart(areas).mark_bar().encode(x=alt.X("value", bin=True), y="count()"))
"""
"""The peer's page: what it shows is read once for all sessions."""

WAIT_MS = 120_000
REPEATS = 3


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        address = Path(folder) / "plans.duckdb"
        store = open_store(str(address))
        shapes = _shapes(make_plan(Planner(store), store))
        store.close()
        browser = play.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        print("| visit | figures, s | map, s | HTTP, kB | websocket, kB |")
        print("|---|---:|---:|---:|---:|")
        try:
            _peer(Path(folder), browser)
            _peer_with_map(Path(folder), browser, shapes)
            with Server(address, free_port()).running() as server:
                _visits(server, browser)
        finally:
            browser.close()


def _peer(folder: Path, browser: Browser) -> None:
    app = folder / "empty.py"
    app.write_text("import streamlit as st\nst.metric('ready', 1)\n")
    with Server(folder / "none.duckdb", free_port(), app=str(app)).running() as server:
        for what in ("first", "again"):
            page = _page(browser, figures=1)
            wire = Wire(page)
            page.goto(server.url)
            _row(f"peer: a page of one figure, {what}", _figures(page), None, wire)
            page.context.close()


def _shapes(plan: Plan) -> gpd.GeoDataFrame:
    """Return the areas as polygons to a hundredth of a degree, with a color and a value."""
    layer = plan.boundaries
    simple = shapely.coverage_simplify(layer.polygons, 0.01)
    area = plan.alignment.area_of[: len(layer)]
    frame = gpd.GeoDataFrame({"area": area}, geometry=simple, crs=4326).dissolve("area")
    frame["value"] = range(len(frame))
    frame["color"] = [[80, 120, 60 + i % 190] for i in range(len(frame))]
    return frame.reset_index()


def _peer_with_map(folder: Path, browser: Browser, shapes: gpd.GeoDataFrame) -> None:
    table, polygons, app = (folder / name for name in ("areas.json", "shapes.json", "deck.py"))
    shapes[["area", "value"]].to_json(table, orient="records")
    polygons.write_text(shapes.to_json())
    app.write_text(DECK.replace("AREAS", str(table)).replace("SHAPES", str(polygons)))
    with Server(folder / "none.duckdb", free_port(), app=str(app)).running() as server:
        for what in ("cold server", "warm server, new browser"):
            page = _page(browser)
            page.add_init_script(DRAWN)
            _deck_visit(page, server, what)
            _deck_visit(page, server, f"{what.split(',')[0]}, loaded again")
            page.context.close()


def _deck_visit(page: Page, server: Server, what: str) -> None:
    wire, began = Wire(page), time.perf_counter()
    page.goto(server.url)
    figures = _figures(page)
    page.wait_for_function("() => window.drawn > 0", timeout=WAIT_MS)
    _row(f"peer: {AREAS:,} areas by pydeck, {what}", figures, time.perf_counter() - began, wire)


def _visits(server: Server, browser: Browser) -> None:
    _visit(server, browser, "cold server, new browser")
    for _ in range(REPEATS):
        page = _visit(server, browser, "warm server, new browser", keep=True)
        _visit(server, browser, "warm server, loaded again", page=page)


def _visit(
    server: Server, browser: Browser, what: str, *, page: Page | None = None, keep: bool = False
) -> Page:
    page = page or _page(browser)
    wire, began = Wire(page), time.perf_counter()
    page.goto(f"{server.url}/review?alignment=P")
    figures = _figures(page)
    page.wait_for_function(PAINTED, timeout=WAIT_MS)
    _row(what, figures, time.perf_counter() - began, wire)
    if not keep:
        page.context.close()
    return page


def _page(browser: Browser, figures: int = 5) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.add_init_script(STANDING.replace("FIGURES", str(figures)))
    return page


def _figures(page: Page) -> float:
    """Return when the figures were painted, seconds after the address was given."""
    page.wait_for_function("() => window.figuresAt", timeout=WAIT_MS)
    return float(page.evaluate("window.figuresAt")) / 1_000


def _row(what: str, figures: float, painted: float | None, wire: Wire) -> None:
    http, socket = wire.take()
    shown = "" if painted is None else f"{painted:.1f}"
    print(f"| {what} | {figures:.1f} | {shown} | {http / 1e3:,.0f} | {socket / 1e3:,.0f} |")


if __name__ == "__main__":
    main()
