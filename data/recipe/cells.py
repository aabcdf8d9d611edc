"""Approximate postal areas: power cells of postal points inside real counties.

Every postal code has a point and a land area, and is known to lie in certain
counties. Inside a county, each place goes to the postal code with the least
``distance ** 2 - weight``; with the land area over pi as weight, a large rural
code pushes its border away from a small one. Coordinates are in km.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

ROUNDS = 60
"""A few crowded downtown codes never settle; the rest do long before."""

MARGIN_OF_WEIGHT, LARGEST_MARGIN_KM2 = 0.10, 2.0


def weights_that_own(xy: Floats, land_km2: Floats, members: Sequence[Ints], home: Ints) -> Floats:
    """Return weights with which postal codes hold their own point in their home county.

    ``members`` are the codes of each county; ``home`` is a code's county, -1
    for one that its county does not list.
    """
    weight = land_km2 / np.pi
    margin = np.minimum(MARGIN_OF_WEIGHT * weight, LARGEST_MARGIN_KM2) + 1e-6
    busy = [(m, m[home[m] == c]) for c, m in enumerate(members) if len(m) > 1]
    for _ in range(ROUNDS):
        raised = 0
        for all_here, own in busy:
            gap = ((xy[own][:, None] - xy[all_here][None]) ** 2).sum(axis=2) - weight[all_here]
            gap[own[:, None] == all_here[None]] = np.inf
            need = margin[own] - gap.min(axis=1, initial=np.inf)
            low = weight[own] < need
            weight[own[low]] = need[low]
            raised += int(low.sum())
        if not raised:
            break
    return weight


def power_cells(
    xy: Floats, weight: Floats, county: shapely.Geometry
) -> tuple[Ints, NDArray[np.object_]]:
    """Return which of the points have a cell in a county, and the cells."""
    if len(xy) == 1:
        return np.zeros(1, np.intp), np.array([county], dtype=object)
    frame = _frame(county)
    rings = [_cell(i, xy, weight, frame) for i in range(len(xy))]
    found = np.array([i for i, ring in enumerate(rings) if ring is not None], dtype=np.intp)
    shapes = np.array([shapely.Polygon(ring) for ring in rings if ring is not None], dtype=object)
    cells = _only_polygons(shapely.intersection(shapes, county))
    some = ~shapely.is_empty(cells)
    return found[some], cells[some]


def _frame(county: shapely.Geometry) -> Floats:
    left, low, right, high = county.bounds
    pad = 0.05 * max(right - left, high - low) + 1
    left, low, right, high = left - pad, low - pad, right + pad, high + pad
    return np.array([[left, low], [right, low], [right, high], [left, high]])


def _cell(i: int, xy: Floats, weight: Floats, frame: Floats) -> Floats | None:
    """Return the corners of one cell: the frame, cut by one half-plane a rival; None if hidden."""
    ring, reach = frame, np.inf
    squared = ((xy - xy[i]) ** 2).sum(axis=1)
    heaviest = weight.max()
    for k in np.argsort(squared, kind="stable"):
        if k == i:
            continue
        if squared[k] == 0:
            if k < i:
                return None
            continue
        apart = np.sqrt(squared[k])
        if apart / 2 + (weight[i] - heaviest) / (2 * apart) > reach:
            break
        normal = 2 * (xy[k] - xy[i])
        limit = xy[k] @ xy[k] - xy[i] @ xy[i] - weight[k] + weight[i]
        cut = _half(ring, ring @ normal - limit)
        if cut is None:
            return None
        if cut is not ring:
            ring, reach = cut, np.sqrt(((cut - xy[i]) ** 2).sum(axis=1).max())
    return ring


def _half(ring: Floats, side: Floats) -> Floats | None:
    """Return the part of a convex ring where ``side`` is not positive."""
    if (side <= 0).all():
        return ring
    if (side >= 0).all():
        return None
    corners = []
    for a in range(len(ring)):
        b = (a + 1) % len(ring)
        if side[a] <= 0:
            corners.append(ring[a])
        if side[a] * side[b] < 0:
            corners.append(ring[a] + side[a] / (side[a] - side[b]) * (ring[b] - ring[a]))
    return np.array(corners) if len(corners) > 2 else None


def _only_polygons(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    mixed = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION)
    for k in mixed:
        parts = shapely.get_parts(shapes[k])
        shapes[k] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    shapes[shapely.get_dimensions(shapes) < 2] = shapely.Polygon()
    return shapes
