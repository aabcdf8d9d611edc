"""What Python makes and the browser must read, small: `python tests/js/make_fixtures.py`.

`tests/geometry/test_browser_fixtures.py` fails when the committed files are out of date.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon, box

from tp_geo.domain.alignment import Alignment, Area, AreaId, Items, frozen
from tp_geo.domain.dataset import Aggregate, Dataset, Measure
from tp_geo.domain.edits import Assign, Hold, PutArea, replay
from tp_geo.domain.measures import totals
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.projection import AlbersUsa, Mercator
from tp_geo.geometry.topology import Fact, build_facts, build_topology
from tp_geo.ui.wire import Mirror

FOLDER = Path(__file__).parent / "fixtures"


def projections() -> dict[str, Any]:
    """Points with where they land, for both projections."""
    lon, lat = np.meshgrid(np.arange(-179.0, 180.0, 13.0), np.arange(-80.0, 81.0, 7.0))
    points = np.column_stack([lon.ravel(), lat.ravel()])
    found = {}
    for name, made in (("albers", AlbersUsa()), ("mercator", Mercator(cut=20.0))):
        plane = made.plane(points)
        found[name] = {
            "projection": made.describe(),
            "points": [
                [*p, *(None, None)] if np.isnan(q).any() else [*p, *np.round(q, 3)]
                for p, q in zip(points.tolist(), plane.tolist(), strict=True)
            ],
        }
    return json.loads(json.dumps(found))


def shapes() -> dict[str, Any]:
    """
    6 7 8      a grid of nine cells; the middle one has a hole with cell 9 in it,
    3 4 5      and 0 has an island far to the right. Container 10 has no shape.
    0 1 2
    """
    cells = [box(c, r, c + 1, r + 1) for r in range(3) for c in range(3)]
    inner = box(1.3, 1.3, 1.6, 1.7)
    cells[4] = Polygon(cells[4].exterior, [inner.exterior])
    cells[0] = shapely.MultiPolygon([cells[0], box(5, 0, 5.5, 0.5)])
    polygons = np.array([*cells, inner, Polygon()], dtype=object)
    codes = np.array([f"{i:05d}" for i in range(11)], dtype=object)
    names = np.array([f"Cell {i}" for i in range(10)] + ["00010"], dtype=object)
    points = np.array([[*p.representative_point().coords[0]] for p in polygons[:10]] + [[0.5, 0.5]])
    within = {"state": np.array(["A"] * 3 + ["B"] * 6 + ["B", ""], dtype=object)}
    blob = build_topology(
        polygons, within, codes, names, Mercator(), points=points,
        parents={"state": {"A": "Lower", "B": "Upper"}},
        neighbors=np.array([[0, 1], [10, 2]], dtype=np.int32),
    )  # fmt: skip
    facts = build_facts(
        [Fact("pop", "Population"), Fact("age", "Age", "years", "mean", "pop")],
        np.array([[i + 1.0, 20.0 + i] for i in range(10)] + [[np.nan, np.nan]]),
    )
    return {"shapes": base64.b64encode(blob).decode(), "facts": base64.b64encode(facts).decode()}


def messages() -> dict[str, Any]:
    """A plan's full state and two changes of it, with what each must lead to."""
    n, units = 11, np.array([0, 4, -1], dtype=np.int32)
    items = Items(n, frozen(units))
    codes = np.array([f"{i:05d}" for i in range(n + 3)], dtype=object)
    values = np.array(
        [[i + 1.0, 20.0 + i] for i in range(10)] + [[np.nan, np.nan]] + [[5.0, 30.0]] * 3
    )
    measures = (
        Measure("pop", "Population"),
        Measure("age", "Age", "years", Aggregate.MEAN, "pop"),
    )
    dataset = Dataset("d", "k", "cell", items, codes, codes, measures, values)
    names = {1: ("North", None), 2: ("South", None), 3: ("N1", 1), 4: ("N2", 1)}
    areas = [PutArea(Area(AreaId(k), a, AreaId(p) if p else None)) for k, (a, p) in names.items()]
    first = replay(
        Alignment.empty(items),
        [*areas, Assign(np.arange(3), AreaId(2)), Assign(np.arange(3, 9), AreaId(3))],
    )
    second = replay(
        first,
        [Assign(np.array([7, 8]), AreaId(4)), Assign(np.array([12]), AreaId(2)),
         Hold(np.array([1]), True), Assign(np.array([13]), AreaId(4))],
    )  # fmt: skip
    third = replay(second, [Assign(np.array([7]), AreaId(2)), Hold(np.array([1]), False)])
    row = np.column_stack([np.arange(n - 1), np.arange(1, n)]).astype(np.int32)
    beside = Adjacency(row, np.ones(n - 1), np.zeros(n - 1, dtype=np.bool_))
    mirror = Mirror.of("plan", dataset, first, 1, beside)
    found: dict[str, Any] = {"first": mirror.message(None)}
    mirror = mirror.advance("plan", dataset, second, 2, beside)
    found["second"] = mirror.message(1)
    mirror = mirror.advance("plan", dataset, third, 3, beside)
    found |= {"third": mirror.message(2), "both": mirror.message(1), "whole": mirror.message(None)}
    states = {"1": first, "2": second, "3": third}
    found["assign"] = {rev: state.area_of[:n].tolist() for rev, state in states.items()}
    found["totals"] = {rev: _figures(dataset, state) for rev, state in states.items()}
    return json.loads(json.dumps(found))


def _figures(dataset: Dataset, state: Alignment) -> dict[str, list[float | None]]:
    """Population and mean age by area id, as the core works them out."""
    found = totals(dataset, state).values
    return {
        name: [None if np.isnan(v) else round(float(v), 9) for v in found[:, i]]
        for i, name in enumerate(("pop", "age"))
    }


FIXTURES = {"projections": projections, "shapes": shapes, "messages": messages}


if __name__ == "__main__":
    for name, make in FIXTURES.items():
        (FOLDER / f"{name}.json").write_text(json.dumps(make(), separators=(",", ":")) + "\n")
