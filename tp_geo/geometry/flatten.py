"""Shapes in degrees put on the plane of a map."""

from __future__ import annotations

import numpy as np
import shapely

from tp_geo.geometry.earth import Polygons
from tp_geo.geometry.projection import Projection


def on_plane(shapes: Polygons, projection: Projection) -> Polygons:
    """Return shapes in metres as multipolygons, without parts that the map does not show.

    What is not shown at all is empty.
    """
    parts, of = shapely.get_parts(shapes, return_index=True)
    corners, part = shapely.get_coordinates(parts, return_index=True)
    plane = projection.plane(corners)
    lost = np.bincount(part, np.isnan(plane).any(axis=1), len(parts)) > 0
    flat = shapely.set_coordinates(parts[~lost], plane[~lost[part]])
    made: Polygons = np.full(len(shapes), shapely.MultiPolygon(), dtype=object)
    if len(flat):
        shapely.multipolygons(flat, indices=of[~lost], out=made)
    return made
