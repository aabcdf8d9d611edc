"""Overlap: containers shared with further areas, no longer shared, and whether that is allowed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, Positions
from tp_geo.domain.commands import checked, counted
from tp_geo.domain.edits import Allow, Edit, Share, shared_edits
from tp_geo.domain.shares import Overlap, Shares
from tp_geo.errors import Refused

COUNTING = {
    Overlap.NONE: "areas may not overlap",
    Overlap.FULL: "areas may overlap, what they share counts in full for each",
    Overlap.EVEN: "areas may overlap, what they share is split evenly",
}
"""What an alignment says of overlap, in words."""


@dataclass(frozen=True, slots=True)
class AllowOverlap:
    """Allow areas to overlap and say how what they share counts, or forbid it."""

    overlap: Overlap
    kind: ClassVar[str] = "overlap"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return the new rule, none when it is as it was; refuse to forbid what is used."""
        if self.overlap is Overlap.NONE and (n := len(alignment.shares.containers)):
            what = "1 container is" if n == 1 else f"{n:,} containers are"
            raise Refused(f"{what} shared by several areas. Stop sharing them first.")
        return () if self.overlap is alignment.overlap else (Allow(self.overlap),)

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return the rule in words."""
        return COUNTING[self.overlap]


@dataclass(frozen=True, slots=True, eq=False)
class ShareWith:
    """Have a further area hold containers too; their main area stays what it is.

    An area that is divided passes them to its first leaf.
    """

    items: Positions
    area: AreaId
    kind: ClassVar[str] = "share"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return what is shared now and was not; refuse what nobody holds, and units."""
        if alignment.overlap is Overlap.NONE:
            raise Refused(
                "This alignment does not allow areas to overlap. Allow it first, "
                "in full for each area or split evenly."
            )
        leaf = alignment.leaf(alignment.area(self.area).id)
        items = _containers(alignment, self.items)
        if alone := int((alignment.area_of[items] == UNASSIGNED).sum()):
            what = "1 of these containers has" if alone == 1 else f"{alone:,} of these have"
            raise Refused(f"{what} no area to share with. Assign them first.")
        items = items[alignment.area_of[items] != leaf]
        new = Shares.of(items, leaf) - alignment.shares
        return (Share(new.items, leaf, True),) if len(new) else ()

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return how much is shared with whom."""
        items = _containers(alignment, self.items)
        return f"shared {counted(len(items), noun)} with {alignment.name(self.area)}"


@dataclass(frozen=True, slots=True, eq=False)
class StopSharing:
    """Have containers be held by their main area alone, or no longer by one further area."""

    items: Positions
    area: AreaId | None = None
    kind: ClassVar[str] = "share"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return the shares that end; none when nothing was shared."""
        return shared_edits(self._ended(alignment), on=False)

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return how much is shared no more."""
        what = counted(len(self._ended(alignment).containers), noun)
        whom = "" if self.area is None else f" with {alignment.name(self.area)}"
        return f"stopped sharing {what}{whom}"

    def _ended(self, alignment: Alignment) -> Shares:
        items, shares = _containers(alignment, self.items), alignment.shares
        found = shares.where(np.isin(shares.items, items))
        if self.area is None:
            return found
        return found.inside([*alignment.subtree(alignment.area(self.area).id)])


def _containers(alignment: Alignment, items: Positions) -> Positions:
    found = checked(alignment, items)
    if len(found) and found[-1] >= alignment.items.containers:
        raise Refused(
            "Units can't be shared by themselves: one that follows is shared with its container, "
            "one that was moved belongs to its area alone. Choose containers."
        )
    return found
