"""The map editor beside ``st.pydeck_chart``, deck.gl in a component, and folium.

All draw the embedded postal areas in headless Chromium with WebGL in software; ours with
every corner and 1,000 areas, the peers simplified and in two colors. A click is timed from
the press: ours by its own clock, the peers' until the pixel below has the new color.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

import numpy as np
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import sync_playwright

from benchmarks.editor import fetched, ours, peers
from benchmarks.editor.driving import Figures
from tests.browser.serving import FLAGS, chromium
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.store.embedded import load_boundaries

TARGETS = {
    "click to paint": ("click to paint, ms", "< 60"),
    "dropped by the brush": ("containers a fast brush leaves out", "0"),
    "brushed": ("of how many", "2,000"),
    "lasso of 10,000": ("lasso, what lies in it is found, ms", "< 20"),
    "lassoed": ("containers in it", "10,000"),
    "whole nation drawn anew": ("whole nation drawn anew, ms", "< 150"),
    "pan": ("zoomed pan, frames a second", ">= 20"),
    "up": ("an edit of 100 containers: bytes up", "< 1,000"),
    "down": ("bytes down", "< 5,000"),
    "server ms of an edit": ("server, ms", "< 10"),
    "coloring 1,000 areas": ("coloring 1,000 areas, cpu ms", "< 50"),
    "labels of 1,000 areas": ("names of 1,000 areas, ms", "< 100"),
    "shapes arrived to first paint": ("shapes arrived to first paint, ms", "< 2,000"),
    "script": ("JavaScript, kB gz", "< 60"),
    "heap": ("JS heap with arrays, MB", "< 120"),
}


def main() -> None:
    """Print the table."""
    layer = load_boundaries("postal")
    places = _large(layer)
    fetched.shapes(layer)
    load = os.getloadavg()[0]
    columns: dict[str, Figures] = {}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        try:
            columns["TP Geo"] = ours.figures(browser, places)
            for peer in (peers.PYDECK, peers.DECK, peers.FOLIUM):
                columns[peer.name] = {}
                try:
                    peers.measure(browser, peer, places, columns[peer.name])
                except (fetched.MissingError, PlaywrightTimeout) as why:
                    print(f"{peer.name}: the rest is left out. {why}", file=sys.stderr)
        finally:
            _print(columns, load)
            browser.close()


def _large(layer: Boundaries) -> list[tuple[float, float]]:
    """Return places inside the largest areas of the contiguous states, to be clicked."""
    lon, lat = layer.xy.T
    inside = np.flatnonzero((lon > -122) & (lon < -75) & (lat > 27) & (lat < 47))
    size = np.array([layer.polygons[i].area for i in inside])
    return [(float(lon[i]), float(lat[i])) for i in inside[np.argsort(-size)[: ours.CLICKS]]]


def _print(columns: Mapping[str, Figures], load: float) -> None:
    processors, after = os.cpu_count(), os.getloadavg()[0]
    print(f"\n{processors} processors; load {load:.1f} before, {after:.1f} after\n")
    print(f"| what | target | {' | '.join(columns)} |\n|---|---:|{'---:|' * len(columns)}")
    for key, (what, target) in TARGETS.items():
        cells = (_cell(found.get(key)) for found in columns.values())
        print(f"| {what} | {target} | {' | '.join(cells)} |")


def _cell(figure: float | None) -> str:
    if figure is None:
        return "-"
    return f"{figure:,.0f}" if figure >= 100 or figure == int(figure) else f"{figure:.1f}"
