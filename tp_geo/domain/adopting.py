"""What one side changed, brought into another: assumptions into a scenario, that into its base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.commands import counted
from tp_geo.domain.edits import Edit
from tp_geo.domain.merge import merge
from tp_geo.domain.shares import Shares
from tp_geo.errors import Refused


@dataclass(frozen=True, slots=True)
class TakeOver:
    """Bring in what differs from ``start`` to ``end``; what was changed otherwise here stays.

    With ``anew``, areas that ``end`` has and ``start`` has not get numbers of their own.
    """

    start: Alignment
    end: Alignment
    kind: str
    text: str
    anew: bool = False

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return the edits that bring it in; refuse what leads to no sound alignment."""
        added = sorted(self.end.areas.keys() - self.start.areas.keys()) if self.anew else ()
        made = merge(self.start, alignment, renumbered(self.end, {k: next(ids) for k in added}))
        if made.problems:
            raise Refused(
                f"That does not go together with what was done by hand: {made.problems[0]}. "
                "Undo that first."
            )
        return made.edits

    def left(self, alignment: Alignment) -> tuple[str, ...]:
        """Return what both changed, in words; it stays as it is in an alignment."""
        met = merge(self.start, alignment, self.end)
        left = [alignment.areas[k].name for k in sorted(met.areas) if k in alignment.areas]
        return (*left, *([counted(len(met.items), "items")] if met.items else ()))

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return what was done, as it is called."""
        return self.text


def renumbered(alignment: Alignment, numbers: Mapping[AreaId, AreaId]) -> Alignment:
    """Return an alignment with other ids for some of its areas."""
    if not numbers:
        return alignment

    def of(k: AreaId | None) -> AreaId | None:
        return None if k is None else numbers.get(k, k)

    areas = {
        numbers.get(k, k): replace(a, id=numbers.get(k, k), parent=of(a.parent))
        for k, a in alignment.areas.items()
    }
    entries, sharers = alignment.area_of.copy(), alignment.shares.areas.copy()
    for old, new in numbers.items():
        entries[alignment.area_of == np.int32(old)] = new
        sharers[alignment.shares.areas == np.int32(old)] = new
    shares = Shares.of(alignment.shares.items, sharers)
    return replace(alignment, areas=areas, area_of=entries, shares=shares)
