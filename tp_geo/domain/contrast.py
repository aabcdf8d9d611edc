"""Two states of one alignment side by side: what to mark on a map, and where the change shows."""

from __future__ import annotations

import numpy as np

from tp_geo.domain.alignment import Alignment, Flags, Positions
from tp_geo.domain.hierarchy import levels, shown_at


def marked(before: Alignment, after: Alignment) -> Positions:
    """Return the containers that changed, ascending.

    Those in another leaf area, those whose area lies under another one, those
    that were held, released or are shared with others; and those with a unit in
    them that did so by itself.
    """
    n = before.items.containers
    differ = (before.resolved != after.resolved) | (before.held != after.held)
    found = differ[:n] | _reparented(before, after)
    inside = before.items.container_of[differ[n:]]
    found[inside[inside >= 0]] = True
    for one, other in ((before.shared, after.shared), (after.shared, before.shared)):
        found[(one - other).items] = True
    return np.flatnonzero(found)


def telling_level(before: Alignment, after: Alignment, containers: Positions) -> int:
    """Return the highest level on which the most of some containers show another area.

    Where none does on any level, such as of items that are held, that is the lowest level.
    """
    deepest = max(len(levels(before)), len(levels(after)), 1)
    was, now = before.area_of[containers], after.area_of[containers]
    differing = [
        int((shown_at(before, level)[was] != shown_at(after, level)[now]).sum())
        for level in range(1, deepest + 1)
    ]
    most = max(differing)
    return differing.index(most) + 1 if most else deepest


def _reparented(before: Alignment, after: Alignment) -> Flags:
    """Return which containers lie in, or below, an area that was put under another one."""
    moved = [
        k
        for k, area in after.areas.items()
        if k in before.areas and before.areas[k].parent != area.parent
    ]
    below = {leaf for k in moved for leaf in after.subtree(k)}
    return np.isin(after.area_of[: after.items.containers], sorted(below))
