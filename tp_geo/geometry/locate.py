"""Which container holds a point."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from tp_geo.geometry.boundaries import Boundaries
from tp_geo.geometry.earth import Floats

NOWHERE = -1


def containers_of(lon: Floats, lat: Floats, boundaries: Boundaries) -> NDArray[np.int32]:
    """Return the position of the container each point lies in, ``NOWHERE`` where none.

    A point on a border goes to the container that comes first. Coordinates
    that are missing, or beyond 180 and 90 degrees, lie nowhere.
    """
    usable = np.flatnonzero((np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    points = shapely.points(lon[usable], lat[usable])
    container, point = shapely.STRtree(points).query(boundaries.polygons, predicate="intersects")
    found = np.full(len(lon), len(boundaries), dtype=np.int32)
    np.minimum.at(found, usable[point], container.astype(np.int32))
    found[found == len(boundaries)] = NOWHERE
    return found
