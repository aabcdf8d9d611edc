"""Shapes on both sides of the 180th meridian."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from tp_geo.geometry.earth import Floats, Polygons
from tp_geo.geometry.tangles import untangled

Flags = NDArray[np.bool_]


def beyond(polygons: Polygons) -> Flags:
    """Return which shapes have a corner east or west of the 180th meridian."""
    west, _, east, _ = shapely.bounds(polygons).T
    return np.asarray((west < -180) | (east > 180))


def crossing(polygons: Polygons) -> Flags:
    """Return which shapes have a side that jumps from one edge of the map to the other.

    A side along the edge of the map, from -180 to 180 (as round a pole), is none.
    """
    parts, polygon_of = shapely.get_parts(polygons, return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    jump = np.abs(np.diff(xy[:, 0]))
    inside = (ring_of[1:] == ring_of[:-1]) & (jump > 180) & (jump < 360)
    found = np.zeros(len(polygons), np.bool_)
    found[polygon_of[part_of[ring_of[1:][inside]]]] = True
    return found


def folded(polygons: Polygons) -> Polygons:
    """Return shapes cut at the 180th meridian, all of them between -180 and 180."""
    shifted = polygons.copy()
    jumps = crossing(polygons)
    shifted[jumps] = shapely.transform(polygons[jumps], _unwrapped)
    shifted = untangled(shifted)
    globes = [_one_globe(shifted, turn) for turn in (-1, 0, 1)]
    return np.asarray(shapely.union_all(np.array(globes, dtype=object), axis=0), dtype=object)


def _unwrapped(corners: Floats) -> Floats:
    return np.column_stack(
        [np.where(corners[:, 0] < 0, corners[:, 0] + 360, corners[:, 0]), corners[:, 1]]
    )


def _one_globe(polygons: Polygons, turn: int) -> Polygons:
    frame = shapely.box(360 * turn - 180, -90, 360 * turn + 180, 90)
    part = shapely.intersection(polygons, frame)
    return np.asarray(shapely.transform(part, lambda c: c - (360.0 * turn, 0.0)), dtype=object)
