"""Many areas locked or unlocked in one step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.commands import counted
from tp_geo.domain.edits import Edit, PutArea


@dataclass(frozen=True, slots=True)
class LockAreas:
    """Lock areas, or unlock them; those that are so already stay as they are."""

    areas: tuple[AreaId, ...]
    locked: bool = True

    @property
    def kind(self) -> str:
        """The field that changes, as when one area is locked."""
        return "locked"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return the areas that change."""
        changing = (alignment.area(k) for k in self._changing(alignment))
        return tuple(PutArea(replace(a, locked=self.locked)) for a in changing)

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return the area when it is one, else how many."""
        found = self._changing(alignment)
        what = alignment.name(found[0]) if len(found) == 1 else counted(len(found), "areas")
        return f"{'locked' if self.locked else 'unlocked'} {what}"

    def _changing(self, alignment: Alignment) -> list[AreaId]:
        return [k for k in sorted({*self.areas}) if alignment.area(k).locked != self.locked]
