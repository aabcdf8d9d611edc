"""Two areas change what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.edits import Assign, Edit
from tp_geo.domain.overlap import swapped
from tp_geo.errors import Refused


@dataclass(frozen=True, slots=True)
class Swap:
    """Give each of two areas what the other one holds; done twice, nothing has changed."""

    one: AreaId
    other: AreaId
    kind: ClassVar[str] = "swap"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return the items of each entered under the other."""
        if self.one == self.other:
            raise Refused(f"{alignment.name(self.one)} can't be swapped with itself.")
        for k in (self.one, self.other):
            if alignment.children(alignment.area(k).id):
                raise Refused(f"{alignment.name(k)} is divided. Swap areas that hold items.")
        pairs = ((self.one, self.other), (self.other, self.one))
        found = ((np.flatnonzero(alignment.area_of == giver), taker) for giver, taker in pairs)
        moves = tuple(Assign(items, taker) for items, taker in found if len(items))
        return (*moves, *swapped(alignment, self.one, self.other))

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return which areas change."""
        names = f"{alignment.name(self.one)} and {alignment.name(self.other)}"
        return f"swapped what {names} hold"
