"""Outlines: what containers look like when they are drawn as one area."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray

from tp_geo.geometry.earth import Polygons
from tp_geo.geometry.tangles import untangled

WIDE = 12


def outlines(polygons: Polygons, group: NDArray[np.integer]) -> Mapping[int, shapely.Geometry]:
    """Return one dissolved shape for each group of polygons, by group.

    ``group`` has an entry for each polygon; negative ones are left out.
    """
    order = np.argsort(group, kind="stable")
    order = order[group[order] >= 0]
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    members = np.split(order, starts[1:]) if len(starts) else []
    return {int(group[m[0]]): dissolved(polygons[m]) for m in members}


def dissolved(polygons: Polygons) -> shapely.Geometry:
    """Return the union of polygons: fast for a clean coverage, right for any."""
    try:
        whole = shapely.coverage_union_all(polygons)
    except shapely.GEOSException:
        return _slowly(polygons)
    return whole if shapely.is_valid(whole) else _slowly(polygons)


def simplified(polygons: Polygons, tolerance: float) -> Polygons:
    """Return a clean coverage with fewer corners; shared borders stay shared.

    ``tolerance`` is a length in the units of the coordinates, about the side
    of the largest triangle that may vanish. Shapes less than ``WIDE`` times
    as wide keep their borders to an eighth of it, and so do the outer ones.
    """
    fine = np.asarray(shapely.coverage_simplify(polygons, tolerance / 8), dtype=object)
    wide = shapely.area(polygons) > (WIDE * tolerance) ** 2
    fine[wide] = shapely.coverage_simplify(fine[wide], tolerance, simplify_boundary=False)
    return fine


def _slowly(polygons: Polygons) -> shapely.Geometry:
    whole = shapely.union_all(untangled(polygons))
    shapes = shapely.get_parts(whole)
    return shapely.multipolygons(shapes[shapely.get_dimensions(shapes) == 2])
