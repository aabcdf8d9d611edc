"""Optimize as a command: a plan that was worked out becomes one revision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tp_geo.domain.alignment import FOLLOW, UNASSIGNED, Alignment, AreaId, AreaIds, Positions
from tp_geo.domain.commands import counted
from tp_geo.domain.edits import Edit, assigns
from tp_geo.errors import Refused
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.filling import fill_by_neighbors
from tp_geo.workflow.optimizing import Request
from tp_geo.workflow.optimizing_frame import NOWHERE, Flags, Frame, Numbers, numbers


@dataclass(frozen=True, slots=True, eq=False)
class Optimize:
    """Put items where an optimizer has found them to be best.

    ``number`` is the area of each item of the frame, by its number there.
    What changed since the run saw it stays as it is now: items that somebody
    else moved or holds, areas that are gone, locked or divided otherwise.
    """

    request: Request
    frame: Frame
    number: Numbers
    label: str = ""
    kind: ClassVar[str] = "optimize"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return who gets what, of what is still as the run saw it."""
        moving = self.moving
        if not moving.any():
            return ()
        standing = moving & self._stands(alignment)
        if not standing.any():
            raise Refused(
                "The plan has changed since it was optimized, and nothing of the result fits any "
                "more. Optimize again."
            )
        entries = self._entries(alignment, standing)
        changed = np.flatnonzero(entries != alignment.area_of)
        return assigns(changed, entries[changed])

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return what was optimized for what, and how much moves."""
        standing = self.moving & self._stands(alignment)
        was = self.frame.number[standing]
        what = "units" if self.frame.table else noun
        moved, given = int((was >= 0).sum()), int((was == NOWHERE).sum())
        said = [f"moved {counted(moved, what)}"] if moved or not given else []
        said += [f"assigned {counted(given, what)}"] if given else []
        if late := int(self.moving.sum()) - moved - given:
            said.append(f"left {counted(late, what)} that changed meanwhile")
        return f"optimized {self._areas()} for {self._measures()}: {', '.join(said)}"

    @property
    def moving(self) -> Flags:
        """Which items of the frame change their area."""
        found: Flags = self.number != self.frame.number
        return found

    def _areas(self) -> str:
        frame = self.frame
        above = {frame.alignment.areas[k].parent for k in frame.areas}
        inside = f" of {frame.alignment.name(p)}" if len(above) == 1 and (p := above.pop()) else ""
        return f"{counted(len(frame.areas), 'areas')}{inside}"

    def _measures(self) -> str:
        labels = {m.name: m.label for m in self.frame.dataset.measures}
        several = len(self.request.measures) > 1
        said = (
            labels[name] + (f" ({weight:g})" if several else "")
            for name, weight in self.request.measures
        )
        return ", ".join(said)

    def _stands(self, alignment: Alignment) -> Flags:
        """Return which items are as the run saw them, and may go where they are to go."""
        frame = self.frame
        if alignment is frame.alignment:
            return np.ones(len(frame.items), dtype=np.bool_)
        same = alignment.area_at(frame.items) == frame.alignment.area_at(frame.items)
        same &= ~alignment.held[frame.items]
        same &= np.isin(frame.items, alignment.shared.items, invert=True)
        open_ = [k in alignment.areas and bool(_open_leaves(alignment, k)) for k in frame.areas]
        taking = np.array([*open_, False])
        left = np.zeros(max(alignment.areas, default=0) + 1, dtype=np.bool_)
        left[[UNASSIGNED, *(k for k in alignment.leaves if alignment.shut(k) is None)]] = True
        found: Flags = same & taking[self.number] & left[alignment.area_at(frame.items)]
        return found

    def _entries(self, alignment: Alignment, standing: Flags) -> AreaIds:
        """Return the entry of every item of the dataset when some items go where they are to."""
        frame, entries = self.frame, alignment.area_of.copy()
        entries[frame.items[standing]] = self._landing(alignment, standing)
        units, n = frame.along, alignment.items.containers
        if not len(units):
            return entries
        fits = frame.alignment.area_at(units) == alignment.area_at(units)
        fits &= ~alignment.held[units]
        there = entries[frame.items[frame.along_with]]
        fits &= standing[frame.along_with] | (alignment.area_at(units) != there)
        located = alignment.items.container_of[units - n] >= 0
        entries[units[fits]] = np.where(located, FOLLOW, there)[fits]
        return entries

    def _landing(self, alignment: Alignment, standing: Flags) -> AreaIds:
        """Return the leaf each moving item goes to: of a divided area, the one next to it."""
        frame = self.frame
        goal = np.array(frame.areas, dtype=np.int32)[self.number[standing]]
        first = {k: _open_leaves(alignment, AreaId(k))[0] for k in np.unique(goal).tolist()}
        found = np.array([first[k] for k in goal.tolist()], dtype=np.int32)
        divided = np.array([bool(alignment.children(AreaId(k))) for k in goal.tolist()])
        if divided.any() and not frame.table:
            beside = _beside(alignment, frame, frame.items[standing], goal)
            found = np.where(divided & (beside != UNASSIGNED), beside, found).astype(np.int32)
        return found


def _open_leaves(alignment: Alignment, area: AreaId) -> list[AreaId]:
    """Return the leaves of an area that are not locked or signed off."""
    below = alignment.subtree(area)
    return [k for k in below if not alignment.children(k) and alignment.shut(k) is None]


def _beside(alignment: Alignment, frame: Frame, items: Positions, goal: AreaIds) -> AreaIds:
    """Return the leaf, of the area each container goes to, that its neighbors lie in."""
    n, adjacency = alignment.items.containers, frame.plan.adjacency
    areas = tuple(k for k in frame.areas if k in alignment.areas)
    shown = numbers(alignment, areas)[alignment.area_of[:n]]
    shown[items] = [areas.index(AreaId(k)) for k in goal.tolist()]
    i, j = adjacency.pairs.T
    same = (shown[i] == shown[j]) & (shown[i] >= 0)
    within = Adjacency(adjacency.pairs[same], adjacency.length_m[same], adjacency.link[same])
    taking = np.zeros(max(alignment.areas, default=0) + 1, dtype=np.bool_)
    taking[[leaf for k in areas for leaf in _open_leaves(alignment, k)]] = True
    leaving = np.zeros(n, dtype=np.bool_)
    leaving[items] = True
    now = np.where(leaving, UNASSIGNED, alignment.area_of[:n]).astype(np.int32)
    return fill_by_neighbors(now, leaving, taking, within, np.ones(n))[items]
