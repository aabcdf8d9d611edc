"""Fill: where containers that no area holds should go, by their neighbors or by nearness.

Both ways take the area of each container (``area_of``, ``UNASSIGNED`` where
none), which of the unassigned are to be filled (``fillable``) and which areas
may take them (``taking``, by area id). They return the area each container
goes to, ``UNASSIGNED`` where it stays as it is.
"""

from __future__ import annotations

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, AreaIds, Flags
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.earth import Floats, unit_vectors


def fill_by_neighbors(
    area_of: AreaIds, fillable: Flags, taking: Flags, adjacency: Adjacency, load: Floats
) -> AreaIds:
    """Return where containers go that are filled ring by ring from the areas outwards.

    A container goes to the area its neighbors are in. Of several, the one
    with the longest common border; of equal ones (links have no border) the
    one with the smallest load so far; then the one with the smallest id.
    What no chain of fillable neighbors joins to an area stays unassigned.

    Parameters
    ----------
    load
        What each container adds to the load of its area, say a measure.
    """
    now: AreaIds = np.where(taking[area_of], area_of, UNASSIGNED).astype(np.int32)
    loads: Floats = np.bincount(now, load, len(taking)).astype(np.float64)
    open_ = fillable & (now == UNASSIGNED)
    both = np.concatenate([adjacency.pairs, adjacency.pairs[:, ::-1]])
    border = np.concatenate([adjacency.length_m, adjacency.length_m])
    while True:
        live = open_[both[:, 0]]
        both, border = both[live], border[live]
        given = now[both[:, 1]]
        reached = given != UNASSIGNED
        if not reached.any():
            break
        ring, goes = _ring(both[reached, 0], given[reached], border[reached], loads)
        now[ring] = goes
        open_[ring] = False
        loads += np.bincount(goes, load[ring], len(taking))
    return np.where(fillable, now, UNASSIGNED).astype(np.int32)


def fill_by_nearness(area_of: AreaIds, fillable: Flags, taking: Flags, xy: Floats) -> AreaIds:
    """Return where containers go that join the area of the nearest container.

    Nearest is by the great circle between the points of containers (``xy``,
    degrees).
    """
    from scipy.spatial import KDTree  # a third of a second that no page needs before it is drawn

    goes = np.zeros(len(area_of), dtype=np.int32)
    sources = np.flatnonzero(taking[area_of] & (area_of != UNASSIGNED))
    gaps = np.flatnonzero(fillable)
    if len(sources) and len(gaps):
        points = unit_vectors(xy)
        nearest = KDTree(points[sources]).query(points[gaps])[1]
        goes[gaps] = area_of[sources[nearest]]
    return goes


def _ring(item: AreaIds, area: AreaIds, border: Floats, loads: Floats) -> tuple[AreaIds, AreaIds]:
    """Return the items that border an area and the one each goes to."""
    key = item.astype(np.int64) * len(loads) + area
    pair, which = np.unique(key, return_inverse=True)
    shared = np.bincount(which, border)
    to, at = pair % len(loads), pair // len(loads)
    order = np.lexsort((to, loads[to], -shared, at))
    first = order[np.unique(at[order], return_index=True)[1]]
    return at[first].astype(np.int32), to[first].astype(np.int32)
