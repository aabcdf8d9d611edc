"""What it takes to show a million accounts on the map, and what travels for a view.

Accounts are those of `benchmarks.import_accounts`, with their coordinates as
the import keeps them. Views are of a map of 1,440 by 900 pixels. The peer, in
the same run: the same points in view as one `ScatterplotLayer` of pydeck, as
its JSON travels and compressed as we compress.
"""

from __future__ import annotations

import math
import tempfile
import time
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pydeck

from benchmarks.import_accounts import generate
from tp_geo.domain.dataset import Floats, Texts
from tp_geo.geometry.clustering import BLOCK, GRID, LEVELS, View
from tp_geo.geometry.projection import projection_for
from tp_geo.store import open_store
from tp_geo.workflow import points
from tp_geo.workflow.importing import Order, import_dataset
from tp_geo.workflow.planner import Planner

ROWS, REPEATS = 1_000_000, 5
SCREEN = (1_440, 900)
CELL = 48
PLACES = {
    "the whole country": (-96.0, 38.5, 1.0),
    "the east": (-79.0, 39.0, 3.0),
    "New York and around": (-74.0, 40.75, 20.0),
    "New York": (-74.0, 40.75, 100.0),
    "Manhattan": (-73.98, 40.76, 500.0),
    "some streets": (-73.98, 40.76, 4_000.0),
}
"""By name: the middle, and how many screens across the whole map is."""


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "accounts.csv"
        generate(ROWS, file)
        store = open_store(str(Path(folder) / "plans.duckdb"))
        import_dataset(store, file, Order(name="accounts", by="bench", at="2026-01-01T00:00:00Z"))
        planner = Planner(store)
        dataset = planner.dataset("accounts")
        planner.adjacency(dataset)
        began = time.process_time(), time.perf_counter()
        placed = points.placed(planner, dataset)
        cpu, wall = time.process_time() - began[0], time.perf_counter() - began[1]
        print(
            f"{len(placed.points):,} of {ROWS:,} accounts placed and put in order, once: ", end=""
        )
        print(f"{cpu:.1f} s of processor time, {wall:.1f} s\n")
        layer = planner.boundaries(dataset)
        lonlat = points.coordinates(dataset, layer)
        names = dataset.names[dataset.items.containers :]
        project = projection_for(layer.country, layer.xy)
        sheet = placed.sheet
        print("| view | accounts in it | clusters | cpu ms | kB | pydeck, kB | compressed |")
        print("|---|---:|---:|---:|---:|---:|---:|")
        for place, (lon, lat, zoom) in PLACES.items():
            middle = sheet.exact(project.plane(np.array([[lon, lat]])))[0]
            view = _view(middle, zoom)
            found = placed.points.clusters(view)
            packed = placed.build(1, view)
            cost = min(_cpu_ms(partial(placed.build, 1, view)) for _ in range(REPEATS))
            peer = _peer(lonlat[found.points], names[found.points])
            print(
                f"| {place} | {len(found.points):,} | {len(found.count):,} | {cost:.0f} "
                f"| {len(packed) / 1e3:.1f} | {len(peer) / 1e3:,.0f} "
                f"| {len(zlib.compress(peer, 9)) / 1e3:,.0f} |"
            )


def _view(middle: Floats, zoom: float) -> View:
    """Return the blocks a browser asks for, as `model/points.js` works them out."""
    scale = SCREEN[0] * zoom / GRID
    level = max(0, min(LEVELS - 1, math.floor(math.log2(CELL / scale))))
    half = np.array(SCREEN) / 2 / scale
    corners = np.clip(np.array([middle - half, middle + half]), 0, GRID - 1)
    left, top, right, bottom = (corners // (1 << (level + BLOCK))).astype(int).ravel().tolist()
    return View(level, left, top, right, bottom)


def _peer(lonlat: Floats, names: Texts) -> bytes:
    """Return what pydeck sends for points with their names."""
    table = pd.DataFrame({"lon": lonlat[:, 0], "lat": lonlat[:, 1], "name": names})
    layer = pydeck.Layer("ScatterplotLayer", table, get_position=["lon", "lat"], pickable=True)
    return str(pydeck.Deck(layers=[layer]).to_json()).encode()


def _cpu_ms(step: Callable[[], object]) -> float:
    began = time.process_time()
    step()
    return (time.process_time() - began) * 1000


if __name__ == "__main__":
    main()
