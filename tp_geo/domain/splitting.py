"""Part of an area becomes an area of its own, beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tp_geo.domain.alignment import Alignment, Area, AreaId, Positions
from tp_geo.domain.commands import Move, counted
from tp_geo.domain.edits import Edit, PutArea, replay
from tp_geo.errors import Refused


@dataclass(frozen=True, slots=True, eq=False)
class SplitOff:
    """Give some of what a leaf area holds to a new area beside it, alike in level and profile.

    Units that follow a container go with it.
    """

    area: AreaId
    name: str
    items: Positions
    kind: ClassVar[str] = "split"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return the new area and what goes to it."""
        old = alignment.area(self.area)
        if alignment.children(self.area):
            raise Refused(f"{old.name} is divided already. Split an area below it.")
        going = self._going(alignment)
        if not len(going) or len(going) == len(alignment.holds(self.area)):
            raise Refused(
                f"One part of {old.name} would be empty. Choose some of what it holds, not all."
            )
        new = Area(next(ids), self.name, old.parent, old.level, profile=old.profile)
        put = PutArea(new)
        return (put, *Move(going, new.id).edits(replay(alignment, (put,)), ids))

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return how much goes where."""
        going = self._going(alignment)
        n = int((going < alignment.items.containers).sum())
        what = counted(n, noun) if n else counted(len(going), "units")
        return f"split {what} off {alignment.name(self.area)} as {self.name}"

    def _going(self, alignment: Alignment) -> Positions:
        alignment.items.check(self.items)
        return np.intersect1d(self.items, alignment.holds(self.area))
