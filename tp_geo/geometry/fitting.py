"""Polygons of neighbors made to fit: no overlap, no narrow gap, borders drawn alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tp_geo.geometry.boundaries import rounded
from tp_geo.geometry.earth import Polygons
from tp_geo.geometry.tangles import untangled

NARROW_DEGREES = 1e-4
"""Gaps narrower than this (about 10 m) are faults of drawing, not rivers."""

NARROW_SHARE = 0.05
"""And so are those narrower than this share of the width of shapes, where they are small."""

SNAP_DEGREES = 1e-8
CLEANING_ROUNDS = 5


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Shapes that fit, which of them were touched, and which are still loose.

    A touched one may be as it was, or empty where it lay wholly under others.
    """

    shapes: Polygons
    touched: NDArray[np.intp]
    loose: NDArray[np.intp]


def fitted(polygons: Polygons) -> Fitted:
    """Return valid polygons as a clean coverage, changed only where they must be."""
    narrow = min(NARROW_DEGREES, NARROW_SHARE * float(np.median(_widths(polygons))))
    loose = _loose(polygons, np.arange(len(polygons)), narrow)
    if not len(loose):
        return Fitted(polygons, loose, loose)
    shapes, touched = _drawn_closer(polygons, loose, narrow), loose
    for _ in range(CLEANING_ROUNDS):
        near = _around(shapes, loose)
        shapes = _refitted(shapes, near, narrow)
        touched = np.union1d(touched, near)
        loose = _loose(shapes, _around(shapes, touched), 0.0)
        if not len(loose):
            break
    return Fitted(shapes, touched, loose)


def _loose(shapes: Polygons, among: NDArray[np.intp], gap: float) -> NDArray[np.intp]:
    """Return which shapes overlap others, draw a border otherwise, or leave a narrow gap."""
    edges = shapely.coverage_invalid_edges(shapes[among], gap_width=gap)
    fits: NDArray[np.bool_] = shapely.is_empty(edges)
    return among[~fits]


def _around(shapes: Polygons, some: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return some shapes and all that touch them."""
    found: NDArray[np.intp] = np.unique(
        shapely.STRtree(shapes).query(shapes[some], predicate="intersects")[1]
    )
    return found


def _refitted(shapes: Polygons, near: NDArray[np.intp], narrow: float) -> Polygons:
    """Return shapes with those near one another cleaned together; small ones win overlaps."""
    found = shapes.copy()
    with np.errstate(invalid="ignore"):
        cleaned = shapely.coverage_clean(
            found[near],
            gap_width=narrow,
            snapping_distance=SNAP_DEGREES,
            merge_strategy="min_area",
        )
    found[near] = untangled(rounded(cleaned))
    return found


def _drawn_closer(shapes: Polygons, loose: NDArray[np.intp], narrow: float) -> Polygons:
    """Return shapes with the corners of the loose ones moved onto neighbors a narrow gap away."""
    found = shapes.copy()
    reach = np.minimum(narrow, NARROW_SHARE * _widths(shapes[loose]))
    tree = shapely.STRtree(shapes)
    by, other = tree.query(shapes[loose], predicate="dwithin", distance=reach)
    by, other = by[other < loose[by]], other[other < loose[by]]
    for k, around in zip(*grouped(by, other), strict=True):
        lines = shapely.geometrycollections(found[around])
        found[loose[k]] = shapely.snap(found[loose[k]], lines, reach[k])
    return untangled(found)


def _widths(shapes: Polygons) -> NDArray[np.float64]:
    """Return how wide shapes are, in degrees: of a long strip, its width."""
    return np.asarray(2 * shapely.area(shapes) / shapely.length(shapes), dtype=np.float64)


def grouped(
    group: NDArray[np.intp], items: NDArray[np.intp]
) -> tuple[NDArray[np.intp], list[NDArray[np.intp]]]:
    """Return the groups there are, ascending, and the items of each, in order."""
    order = np.argsort(group, kind="stable")
    groups, starts = np.unique(group[order], return_index=True)
    return groups, np.split(items[order], starts[1:]) if len(groups) else []
