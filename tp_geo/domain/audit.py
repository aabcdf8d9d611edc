"""The path of one item through a log: where it was, revision by revision, and how it was held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tp_geo.domain.alignment import FOLLOW, AreaId, Items, Positions
from tp_geo.domain.edits import Assign, Hold, Share
from tp_geo.domain.revision import Revision, start


@dataclass(frozen=True, slots=True)
class Stop:
    """A revision that changed where an item is, whether it is held, or who shares it.

    ``before`` and ``after`` are the areas it was in: for a unit that follows its
    container, the container's. ``held`` and ``shared`` are how it was afterwards.
    """

    seq: int
    before: AreaId
    after: AreaId
    held: bool
    shared: frozenset[AreaId] = frozenset()


def path(items: Items, log: Sequence[Revision], item: int) -> tuple[Stop, ...]:
    """Return the stops of an item, oldest first; reads each edit once, replays nothing."""
    first = start(items)
    home = int(items.container_of[item - items.containers]) if item >= items.containers else item
    entries = {k: int(first.area_of[k]) for k in {item, home} if k >= 0}
    held, shared = False, frozenset[AreaId]()
    found: list[Stop] = []
    for revision in log:
        was = Stop(revision.seq, AreaId(0), _area(entries, item, home), held, shared)
        for edit in revision.edits:
            match edit:
                case Assign(there, area):
                    entries |= {k: int(area) for k in entries if _in(there, k)}
                case Hold(there, on) if _in(there, item):
                    held = on
                case Share(there, area, on) if _in(there, item):
                    shared = shared | {area} if on else shared - {area}
                case _:
                    pass
        now = Stop(revision.seq, was.after, _area(entries, item, home), held, shared)
        if (now.after, now.held, now.shared) != (was.after, was.held, was.shared):
            found.append(now)
    return tuple(found)


def _area(entries: dict[int, int], item: int, home: int) -> AreaId:
    own = entries[item]
    return AreaId(entries[home] if own == FOLLOW and home >= 0 else max(own, 0))


def _in(items: Positions, item: int) -> bool:
    return bool(np.any(items == item))
