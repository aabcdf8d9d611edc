"""What the map draws: a coverage as shared arcs, flat, simplified and small enough to send once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from tp_geo.geometry.adjacency import Pairs
from tp_geo.geometry.arcs import Arcs, Flags, Integers, Rings, build_arcs
from tp_geo.geometry.earth import Floats, Polygons
from tp_geo.geometry.ground import NO_GROUND, Around, build_ground, cities_on
from tp_geo.geometry.packed import Array, pack, unpack
from tp_geo.geometry.projection import Projection

MAGIC = b"TPG4"
FACTS = b"TPF1"

GRID = 1 << 17
"""Steps along the longer side of the map: about 40 m on that of the United States."""

DETAIL = 9_000
"""Simplification may change a border by about one part in this of the longer side."""

SMALLEST = 0.5
"""Parts below this share of the simplification's square are left out, but for an item's largest."""

Texts = NDArray[np.object_]
_NO_PAIRS: Pairs = np.zeros((0, 2), dtype=np.int32)


@dataclass(frozen=True)
class Sheet:
    """How plane metres become steps of the grid: y runs downwards."""

    left: float
    top: float
    step: float

    @classmethod
    def over(cls, plane: Floats) -> Sheet:
        """Return the sheet that just holds all points."""
        if not len(plane):
            return cls(0.0, 0.0, 1.0)
        low, high = plane.min(axis=0), plane.max(axis=0)
        side = float((high - low).max())
        return cls(float(low[0]), float(high[1]), side / GRID if side else 1.0)

    def steps(self, plane: Floats) -> Integers:
        """Return whole steps from the upper left corner."""
        return np.rint(self.exact(plane)).astype(np.int64)

    def exact(self, plane: Floats) -> Floats:
        """Return steps from the upper left corner and parts of them."""
        across = (plane[:, 0] - self.left) / self.step
        down = (self.top - plane[:, 1]) / self.step
        return np.column_stack([across, down])


def build_topology(
    polygons: Polygons,
    within: Mapping[str, Texts],
    codes: Texts,
    names: Texts,
    projection: Projection,
    *,
    points: Floats,
    parents: Mapping[str, Mapping[str, str]] | None = None,
    neighbors: Pairs | None = None,
    around: Around | None = None,
    detail: float = DETAIL,
) -> bytes:
    """Return a coverage packed for the browser; the same input gives the same bytes.

    Parameters
    ----------
    polygons
        A valid coverage in degrees, in item order; one without a shape has no place on the map.
    within
        By level, the code of the county, state, ... each item lies in; "" where unknown.
    points
        A point inside each item, (n, 2) degrees.
    parents
        By level, names of those codes.
    neighbors
        Pairs of items, links to islands too; those that share no border as drawn travel along.
    around
        What is shown round the items, and named on them.
    detail
        The longer side of the map over the largest change of a border.
    """
    parts, item = _flat_parts(polygons, projection)
    sheet = Sheet.over(shapely.get_coordinates(parts))
    tolerance = sheet.step * GRID / detail
    parts, item = _simple(parts, item, tolerance)
    arcs = build_arcs(_rings(parts, item, sheet))
    levels = {level: _indexed(of) for level, of in sorted(within.items())}
    head = {
        "items": len(polygons),
        "sheet": [sheet.left, sheet.top, sheet.step],
        "projection": projection.describe(),
        "codes": codes.tolist(),
        "names": ["" if name == code else name for code, name in zip(codes, names, strict=True)],
        "levels": [
            {"name": level, "codes": found, "names": _named(found, (parents or {}).get(level, {}))}
            for level, (found, _) in levels.items()
        ],
    }
    inside = {f"in.{level}": _changes(index) for level, (_, index) in levels.items()}
    shown = np.isin(np.arange(len(polygons)), item)
    places = _point_arrays(points, shown, projection, sheet)
    links = _link_arrays(_NO_PAIRS if neighbors is None else neighbors, arcs, len(polygons))
    piece = projection.piece_of(points)[item]
    told, round_it = _around(around, projection, sheet, (parts, piece), tolerance)
    return pack(MAGIC, head | told, {**_arrays(arcs), **places, **links, **inside, **round_it})


def read_topology(blob: bytes) -> tuple[dict[str, Any], Mapping[str, Array]]:
    """Return the head and the arrays of a packed topology, differences still as differences."""
    return unpack(MAGIC, blob)


@dataclass(frozen=True)
class Fact:
    """What the map says about a measure: its name and how areas add it up."""

    name: str
    label: str
    unit: str = ""
    aggregate: str = "sum"
    weight: str | None = None


def build_facts(facts: Sequence[Fact], values: Floats) -> bytes:
    """Return the measures of all containers, (containers, measures), packed; NaN is not known."""
    head = {
        "items": len(values),
        "measures": [
            {
                "name": fact.name,
                "label": fact.label,
                "unit": fact.unit,
                "aggregate": fact.aggregate,
                "weight": fact.weight,
            }
            for fact in facts
        ],
    }
    columns = {f"m.{i}": values[:, i].astype(np.float32) for i in range(len(facts))}
    return pack(FACTS, head, columns)


def _flat_parts(polygons: Polygons, projection: Projection) -> tuple[Polygons, Integers]:
    """Return single polygons on the plane and the item of each; what is not shown is left out."""
    parts, item = shapely.get_parts(polygons, return_index=True)
    corners, of = shapely.get_coordinates(parts, return_index=True)
    plane = projection.plane(corners)
    lost = np.isnan(plane).any(axis=1)
    shown = np.bincount(of[lost], minlength=len(parts)) == 0
    shown &= ~shapely.is_empty(parts)
    flat = shapely.set_coordinates(parts[shown].copy(), plane[shown[of]])
    return np.asarray(flat, dtype=object), item[shown].astype(np.int64)


def _simple(parts: Polygons, item: Integers, tolerance: float) -> tuple[Polygons, Integers]:
    if not len(parts):
        return parts, item
    parts = np.asarray(shapely.coverage_simplify(parts, tolerance), dtype=object)
    size = shapely.area(parts)
    largest = np.zeros(len(parts), dtype=np.bool_)
    order = np.lexsort((size, item))
    largest[order[np.flatnonzero(np.diff(item[order], append=-1))]] = True
    keep = largest | (size >= SMALLEST * tolerance**2)
    return parts[keep], item[keep]


def _rings(parts: Polygons, item: Integers, sheet: Sheet) -> Rings:
    """Return the rings in steps of the grid, those that shrank to a line left out."""
    if not len(parts):
        none = np.zeros(0, dtype=np.int64)
        return Rings(np.zeros((0, 2), dtype=np.int64), np.zeros(1, dtype=np.int64), none, none)
    rings, part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    xy = sheet.steps(corners)
    closing = np.append(ring[1:] != ring[:-1], True)
    repeats = np.append((xy[1:] == xy[:-1]).all(axis=1), False) & ~closing
    keep = ~closing & ~repeats
    xy, ring = xy[keep], ring[keep]
    xy, ring = _without_last_repeat(xy, ring)
    hole = np.append(False, part[1:] == part[:-1])
    enough = np.bincount(ring, minlength=len(rings)) >= 3
    outer = np.maximum.accumulate(np.where(hole, 0, np.arange(len(rings))))
    enough &= enough[outer]
    stays = enough[ring]
    size = np.bincount(ring[stays], minlength=len(rings))[enough]
    start = np.concatenate([[0], np.cumsum(size)])
    return Rings(xy[stays], start, item[part[enough]], hole[enough].astype(np.int64))


def _without_last_repeat(xy: Integers, ring: Integers) -> tuple[Integers, Integers]:
    """Drop a ring's last corner where it fell on its first."""
    begins = np.flatnonzero(np.append(True, ring[1:] != ring[:-1]))
    first = np.repeat(begins, np.diff(np.append(begins, len(ring))))
    last = np.append(ring[1:] != ring[:-1], True)
    closes = last & (xy == xy[first]).all(axis=1) & (first != np.arange(len(ring)))
    return xy[~closes], ring[~closes]


def _arrays(arcs: Arcs) -> dict[str, Array]:
    return {
        "x": _changes(arcs.xy[:, 0]),
        "y": _changes(arcs.xy[:, 1]),
        "length": arcs.length,
        "own": _changes(arcs.sides[:, 0]),
        "beyond": arcs.sides[:, 1] - arcs.sides[:, 0],
        "used": _changes(arcs.used),
        "arcs": arcs.per_ring,
        "item": _changes(arcs.item),
        "hole": arcs.hole,
    }


def _point_arrays(
    points: Floats, shown: Flags, projection: Projection, sheet: Sheet
) -> dict[str, Array]:
    plane = projection.plane(points)
    steps = sheet.steps(np.nan_to_num(plane, nan=sheet.left))
    hidden = ~shown | np.isnan(plane).any(axis=1)
    steps[hidden] = -1
    piece = np.where(hidden, -1, projection.piece_of(points))
    return {"px": _changes(steps[:, 0]), "py": _changes(steps[:, 1]), "piece": _changes(piece)}


def _link_arrays(neighbors: Pairs, arcs: Arcs, items: int) -> dict[str, Array]:
    """Return the pairs of neighbors that no arc lies between, each once, ascending."""
    drawn = np.sort(arcs.sides[arcs.sides[:, 1] >= 0], axis=1)
    pairs = np.sort(neighbors.astype(np.int64), axis=1)
    names = np.setdiff1d(pairs[:, 0] * items + pairs[:, 1], drawn[:, 0] * items + drawn[:, 1])
    one, other = np.divmod(names, max(items, 1))
    return {"link": _changes(one), "linked": other - one}


def _around(
    around: Around | None,
    projection: Projection,
    sheet: Sheet,
    drawn: tuple[Polygons, Integers],
    tolerance: float,
) -> tuple[dict[str, object], dict[str, Array]]:
    """Return head and arrays of the land round items and of the cities on both."""
    parts, piece = drawn
    ground, names, at = NO_GROUND, np.zeros(0, dtype=object), np.zeros((0, 2))
    if around is not None and (piece == 0).any():
        ground = build_ground(around.land, projection, parts, piece, tolerance)
        names, at = cities_on(around.cities, projection, parts, ground, tolerance)
    rings = _rings(ground.parts, np.arange(len(ground.parts)), sheet)
    head: dict[str, object] = {"neighbors": list(ground.names), "cities": names.tolist()}
    return head, {
        "ground.length": np.diff(rings.start),
        "ground.hole": rings.hole,
        **_points("ground", rings.xy),
        **_points("neighbor", sheet.steps(ground.at)),
        **_points("city", sheet.steps(at)),
    }


def _points(name: str, xy: Integers) -> dict[str, Array]:
    return {f"{name}.x": _changes(xy[:, 0]), f"{name}.y": _changes(xy[:, 1])}


def _indexed(of: Texts) -> tuple[list[str], Integers]:
    """Return the codes in order and each item's place among them, -1 where it has none."""
    found, index = np.unique(of.astype(str), return_inverse=True)
    codes: list[str] = found.tolist()
    if codes and codes[0] == "":
        return codes[1:], index.astype(np.int64) - 1
    return codes, index.astype(np.int64)


def _named(codes: Sequence[str], names: Mapping[str, str]) -> list[str]:
    return [names.get(code, "") for code in codes]


def _changes(values: Integers) -> Integers:
    steps: Integers = np.diff(values, prepend=0)
    return steps
