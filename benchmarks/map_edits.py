"""What an edit on the map costs the server and the wire, beside ``st.pydeck_chart``.

Both draw the embedded postal areas. Ours: the command through the gate and
the log, and the message that brings the browser up to date. The peer: the
JSON of the chart with the new colors, which Streamlit sends whole.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pydeck
import shapely

from benchmarks.coloring import blocks
from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Move, Split
from tp_geo.store import open_store
from tp_geo.ui.wire import Mirror
from tp_geo.workflow import shapes
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

REPEATS = 30
CONTAINERS = 100


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        planner = Planner(open_store(str(Path(folder) / "bench.duckdb")))
        print("\nAn edit of 100 postal areas out of 33,639: server and wire\n")
        print("| what | areas | server ms, median | first, kB | per edit, kB | everything, kB |")
        print("|---|---|---|---|---|---|")
        for areas in (10, 100, 1_000):
            _row(planner, areas)
        _peer(planner.create("peer", by="bench", areas=10))


@dataclass(frozen=True)
class Cost:
    """What an edit costs: milliseconds of the server, bytes of JSON."""

    server_ms: float
    first: int
    edit: int
    everything: int


def _row(planner: Planner, areas: int) -> None:
    cost = measured(planner, areas)
    print(
        f"| TP Geo | {areas:,} | {cost.server_ms:.1f} | {cost.first / 1e3:,.0f} "
        f"| {cost.edit / 1e3:.1f} | {cost.everything / 1e3:.1f} |"
    )


def measured(planner: Planner, areas: int) -> Cost:
    """Edit a new plan of so many areas again and again."""
    plan = divided(planner, f"{areas} areas", areas)
    n = plan.dataset.items.containers
    mirror = Mirror.of(plan.info.id, plan.dataset, plan.alignment, plan.seq, plan.adjacency)
    shape = len(shapes.shapes(planner, plan.dataset)) + len(shapes.facts(planner, plan.dataset))
    first = shape + _size(mirror.message(None))
    rng = np.random.default_rng(0)
    took, sent = [], []
    for _ in range(REPEATS):
        start = int(rng.integers(0, n - CONTAINERS))
        have = mirror.rev
        began = time.perf_counter()
        plan.ask(
            Move(np.arange(start, start + CONTAINERS), AreaId(int(rng.integers(1, areas)))),
            by="bench",
        )
        mirror = mirror.advance(
            plan.info.id, plan.dataset, plan.alignment, plan.seq, plan.adjacency
        )
        message = mirror.message(have)
        took.append(1000 * (time.perf_counter() - began))
        sent.append(_size(message))
    have = mirror.rev
    plan.ask(Move(rng.permutation(n)[: n // 2], AreaId(1)), by="bench")
    mirror = mirror.advance(plan.info.id, plan.dataset, plan.alignment, plan.seq, plan.adjacency)
    return Cost(statistics.median(took), first, max(sent), _size(mirror.message(have)))


def divided(planner: Planner, name: str, areas: int) -> Plan:
    """Return a new plan of compact areas, all of the same size."""
    plan = planner.create(name, by="bench")
    names = tuple(f"Territory {k + 1}" for k in range(areas))
    plan.ask(Split(None, names, blocks(plan.boundaries.xy, areas).astype(np.int32)), by="bench")
    return plan


def _peer(plan: Plan) -> None:
    layer = plan.boundaries
    simple = shapely.coverage_simplify(layer.polygons, 0.01)
    frame = gpd.GeoDataFrame(
        {"code": layer.codes, "color": [[80, 120, 160]] * len(layer)}, geometry=simple, crs=4326
    )
    began = time.perf_counter()
    chart = pydeck.Deck(
        layers=[
            pydeck.Layer(
                "GeoJsonLayer",
                id="areas",
                data=json.loads(frame.to_json()),
                get_fill_color="properties.color",
                pickable=True,
            )
        ],
        map_provider=None,
    )
    size = len(chart.to_json())
    took = 1000 * (time.perf_counter() - began)
    whole = f"{size / 1e3:,.0f}"
    print(
        f"| st.pydeck_chart, shapes simplified to 0.01 degrees | 10 | {took:,.0f} "
        f"| {whole} | {whole} | {whole} |"
    )


def _size(message: object) -> int:
    return len(json.dumps(message, separators=(",", ":")))


if __name__ == "__main__":
    main()
