"""What a log touched: by revision, the areas of which, or below which, something changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tp_geo.domain.alignment import Alignment, Area, AreaId, Positions, ids_in
from tp_geo.domain.edits import Assign, DropArea, Edit, Hold, PutArea, Sign, replay
from tp_geo.domain.overlap import reheld
from tp_geo.domain.revision import Revision


@dataclass(frozen=True, slots=True, eq=False)
class Trail:
    """Which areas each revision of a log touched, and what areas were ever called.

    ``touched[i]`` is of the ``i``-th revision; ``UNASSIGNED`` is in it when
    items came from nowhere or went there. ``names`` has areas that are gone
    as well, with their last name at the end. ``state`` is the alignment after
    the last revision.
    """

    state: Alignment
    touched: tuple[frozenset[AreaId], ...] = ()
    names: Mapping[AreaId, tuple[str, ...]] = field(default_factory=dict)

    def extended(self, log: Sequence[Revision]) -> Trail:
        """Return the trail with the revisions that came next."""
        if not log:
            return self
        state, found, names = self.state, list(self.touched), dict(self.names)
        for revision in log:
            after = replay(state, revision.edits)
            found.append(touched(state, revision.edits, after))
            for area in (e.area for e in revision.edits if isinstance(e, PutArea)):
                others = (n for n in names.get(area.id, ()) if n != area.name)
                names[area.id] = (*others, area.name)
            state = after
        return Trail(state, tuple(found), names)


def touched(before: Alignment, edits: Sequence[Edit], after: Alignment) -> frozenset[AreaId]:
    """Return the areas that edits from ``before`` to ``after`` touched, those above included.

    An area is touched when one of its fields changed, when it came, went or
    lies elsewhere, when items went into or out of it or are held, released or
    shared in it; when it was signed off; and when that happened to an area below it,
    before or after.
    """
    items = _items(edits)
    was, now = before.area_at(items), after.area_at(items)
    differ = (was != now) | (before.held[items] != after.held[items])
    areas = {
        k
        for k in (_area(e) for e in edits if isinstance(e, PutArea | DropArea))
        if before.areas.get(k) != after.areas.get(k)
    }
    areas |= {e.area for e in edits if isinstance(e, Sign) and e.area and e.area in after.areas}
    areas |= reheld(before, after)
    return _upwards(before.areas, {*areas, *ids_in(was[differ])}) | _upwards(
        after.areas, {*areas, *ids_in(now[differ])}
    )


def _area(edit: PutArea | DropArea) -> AreaId:
    return edit.area.id if isinstance(edit, PutArea) else edit.area


def _items(edits: Iterable[Edit]) -> Positions:
    parts = [e.items for e in edits if isinstance(e, Assign | Hold)]
    return np.concatenate([np.zeros(0, dtype=np.intp), *parts]).astype(np.intp, copy=False)


def _upwards(areas: Mapping[AreaId, Area], start: Iterable[AreaId]) -> frozenset[AreaId]:
    """Return areas with all that lie above them."""
    found: set[AreaId] = set()
    for k in start:
        at: AreaId | None = k
        while at is not None and at not in found:
            found.add(at)
            at = areas[at].parent if at in areas else None
    return frozenset(found)
