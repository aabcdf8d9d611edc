"""How much of each container lies in which of other, larger ones."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from tp_geo.geometry.boundaries import Shares, Texts
from tp_geo.geometry.earth import Polygons

LEAST_SHARE = 0.01
"""Less is where two drawings of the same border differ."""


def shares_of(polygons: Polygons, counties: Polygons, codes: Texts) -> Shares:
    """Return the shares of polygons by county (``codes``), by area on the map.

    They sum to 1 over what lies in any county; a polygon in none has no entry.
    """
    inside, of = shapely.STRtree(counties).query(polygons, predicate="intersects")
    area = np.ones(len(inside))
    several = np.bincount(inside, minlength=len(polygons))[inside] > 1
    overlap = shapely.intersection(polygons[inside[several]], counties[of[several]])
    area[several] = shapely.area(overlap)
    area[area < LEAST_SHARE * _total(inside, area, len(polygons))] = 0.0
    order = np.lexsort((codes[of].astype(str), inside))
    order = order[area[order] > 0]
    inside, of, area = inside[order], of[order], area[order]
    share = area / _total(inside, area, len(polygons))
    return Shares(inside.astype(np.int32), codes[of], share)


def largest(shares: Shares, n: int) -> Texts:
    """Return the county with the largest share of each of ``n`` containers, "" where none."""
    order = np.lexsort((shares.share, shares.container))
    found = np.full(n, "", dtype=object)
    found[shares.container[order]] = shares.county[order]
    return found


def _total(inside: NDArray[np.intp], area: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    return np.asarray(np.bincount(inside, area, n)[inside], dtype=np.float64)
