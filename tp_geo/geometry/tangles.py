"""Shapes that cross themselves: how often, and what they look like without."""

from __future__ import annotations

import numpy as np
import shapely

from tp_geo.geometry.earth import Polygons

PROBES = 1000


def crossings(shape: shapely.Geometry) -> int:
    """Return about how often the sides of a shape cross one another.

    Exact up to ``PROBES`` sides; from as many of them, evenly taken, above.
    """
    rings = shapely.get_rings(shapely.get_parts(shape))
    corners, ring_of = shapely.get_coordinates(rings, return_index=True)
    joined = ring_of[1:] == ring_of[:-1]
    sides = shapely.linestrings(np.stack([corners[:-1][joined], corners[1:][joined]], axis=1))
    some = np.unique(np.linspace(0, len(sides) - 1, PROBES).astype(np.intp))
    probe, _ = shapely.STRtree(sides).query(sides[some], predicate="crosses")
    return round(len(probe) / 2 * len(sides) / len(some))


def untangled(shapes: Polygons) -> Polygons:
    """Return valid shapes: what a ring goes round is inside, rings of no width are left out.

    The other way, by lines, takes a hundred times as long where shapes cross
    themselves often, and punches holes where a ring goes round twice. Where
    this way leaves parts that share a side, they are joined.
    """
    found = surfaces(shapely.make_valid(shapes, method="structure", keep_collapsed=False))
    for k in np.flatnonzero(~shapely.is_valid(found)):
        found[k] = shapely.union_all(shapely.get_parts(found[k]))
    return found


def surfaces(shapes: Polygons) -> Polygons:
    """Return shapes with nothing but polygons in them."""
    found = np.asarray(shapes, dtype=object).copy()
    mixed = shapely.get_type_id(found) == shapely.GeometryType.GEOMETRYCOLLECTION
    for k in np.flatnonzero(mixed):
        parts = shapely.get_parts(shapely.get_parts(found[k]))
        found[k] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    found[shapely.get_dimensions(found) < 2] = shapely.Polygon()
    return found
