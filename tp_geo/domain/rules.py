"""What edits may do: one gate for commands, optimizers, merges and reverts alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from tp_geo.domain.alignment import FOLLOW, UNASSIGNED, Alignment, AreaId, Positions
from tp_geo.domain.commands import Command
from tp_geo.domain.edits import Assign, DropArea, Edit, Hold, PutArea, evolve
from tp_geo.domain.problems import entry_problems, tree_problems
from tp_geo.errors import Refused


@dataclass(frozen=True, slots=True)
class Remit:
    """The part of the hierarchy someone may edit; ``None`` is all of it."""

    area: AreaId | None = None

    def covers(self, alignment: Alignment, area: AreaId) -> bool:
        """Whether an area is at or below the remit's."""
        if self.area is None:
            return True
        return area != UNASSIGNED and any(a.id == self.area for a in alignment.ancestry(area))


EVERYTHING = Remit()


def decide(
    alignment: Alignment, command: Command, ids: Iterator[AreaId], remit: Remit = EVERYTHING
) -> tuple[tuple[Edit, ...], Alignment]:
    """Return the edits a command amounts to and what they lead to, or raise ``Refused``."""
    edits = command.edits(alignment, ids)
    return edits, admit(alignment, edits, remit)


def admit(alignment: Alignment, edits: Iterable[Edit], remit: Remit = EVERYTHING) -> Alignment:
    """Return the alignment after the edits, or raise ``Refused``.

    Locks and holds are those at the start: lifting one and using it takes two
    revisions.
    """
    after = alignment
    for edit in edits:
        for area in touched(after, edit):
            if not remit.covers(after, area):
                raise Refused(f"{after.name(area)} is outside the part you plan.")
            if area in alignment.areas and (by := alignment.lock(area)):
                raise Refused(f"{by} is locked. Unlock it, or choose another area.")
        after = evolve(after, edit)
    found = () if after.areas is alignment.areas else tree_problems(after)
    if found := found or entry_problems(after):
        raise Refused(f"This can't be done: {found[0]}.")
    if len(left := moved_though_held(alignment, after)):
        name = alignment.name(AreaId(int(alignment.resolved[left[0]])))
        raise Refused(f"{len(left):,} held items would leave {name}. Release them first.")
    return after


def touched(alignment: Alignment, edit: Edit) -> tuple[AreaId, ...]:
    """Return the areas whose content an edit changes."""
    match edit:
        case Assign(items, to):
            now = alignment.resolved[items]
            then = _resolved_to(alignment, items, to)
            changed = (alignment.area_of[items] != to) & ((now != then) | (to == FOLLOW))
            pinned = (alignment.area_of[items] != to) & ~changed
            ids = np.unique(np.concatenate([now[changed], then[changed], now[pinned]]))
            return tuple(AreaId(k) for k in ids.tolist())
        case Hold(items, _):
            return tuple(AreaId(k) for k in np.unique(alignment.resolved[items]).tolist())
        case DropArea(area):
            return (area,)
        case PutArea(area):
            return _touched_by_put(alignment, edit)


def moved_though_held(before: Alignment, after: Alignment) -> Positions:
    """Return the held items whose entry left the area they were held in.

    Dividing that area, or taking the division back, is no leaving.
    """
    changed = (before.resolved != after.resolved) | (before.area_of != after.area_of)
    held = np.flatnonzero(before.held & changed)
    return np.array([i for i in held.tolist() if not _stayed(before, after, i)], dtype=np.intp)


def _stayed(before: Alignment, after: Alignment, item: int) -> bool:
    if after.held[item] and after.area_of[item] == FOLLOW:
        return False
    was, now = AreaId(int(before.resolved[item])), AreaId(int(after.resolved[item]))
    if was == now:
        return True
    if UNASSIGNED in (was, now):
        return False
    divided = was in after.areas and any(a.id == was for a in after.ancestry(now))
    undivided = now in before.areas and any(a.id == now for a in before.ancestry(was))
    return divided or undivided


def _resolved_to(alignment: Alignment, items: Positions, to: AreaId) -> Positions:
    if to != FOLLOW:
        return np.full(len(items), to, dtype=np.intp)
    inside = alignment.items.container_of[items - alignment.items.containers]
    return np.where(inside >= 0, alignment.area_of[inside], UNASSIGNED).astype(np.intp)


def _touched_by_put(alignment: Alignment, edit: PutArea) -> tuple[AreaId, ...]:
    new, old = edit.area, alignment.areas.get(edit.area.id)
    above = () if new.parent is None or new.parent not in alignment.areas else (new.parent,)
    if old is None:
        return above
    if replace(old, locked=new.locked) == new:
        return ()
    if old.parent != new.parent:
        left = () if old.parent is None else (old.parent,)
        return (new.id, *left, *above)
    return (new.id,)
