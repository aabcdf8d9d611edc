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


def largest(shares: Shares, n: int, *, least: float = 0.0) -> Texts:
    """Return the county with the largest share of each of ``n`` containers.

    "" where there is none, or where even the largest is below ``least``.
    """
    enough = np.flatnonzero(shares.share >= least)
    order = enough[np.lexsort((shares.share[enough], shares.container[enough]))]
    found = np.full(n, "", dtype=object)
    found[shares.container[order]] = shares.county[order]
    return found


def by_parent(shares: Shares, parents: Texts) -> Shares:
    """Return shares by what the counties lie in, given for each entry."""
    names, parent = np.unique(parents.astype(str), return_inverse=True)
    pair = shares.container.astype(np.int64) * len(names) + parent
    pairs, entry = np.unique(pair, return_inverse=True)
    container, at = np.divmod(pairs, max(len(names), 1))
    share = np.bincount(entry, shares.share, len(pairs)).astype(np.float64)
    return Shares(container.astype(np.int32), names[at].astype(object), share)


def _total(inside: NDArray[np.intp], area: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    return np.asarray(np.bincount(inside, area, n)[inside], dtype=np.float64)
