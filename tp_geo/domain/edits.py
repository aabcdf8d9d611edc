"""The four facts an alignment is made of, and the algebra over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from tp_geo.domain.alignment import Alignment, Area, AreaId, AreaIds, Positions, ids_in


@dataclass(frozen=True, slots=True)
class PutArea:
    """An area as it is from now on: new, renamed, moved, retargeted, locked."""

    area: Area


@dataclass(frozen=True, slots=True)
class DropArea:
    """An area that is no more."""

    area: AreaId


@dataclass(frozen=True, slots=True, eq=False)
class Assign:
    """Items that belong to one leaf area from now on; ``FOLLOW`` gives units back."""

    items: Positions
    area: AreaId


@dataclass(frozen=True, slots=True, eq=False)
class Hold:
    """Items that stay where they are from now on, or are let go."""

    items: Positions
    held: bool


Edit: TypeAlias = PutArea | DropArea | Assign | Hold


def replay(alignment: Alignment, edits: Iterable[Edit]) -> Alignment:
    """Return the alignment after all edits, in order. Total: a recorded edit never fails.

    Copies each part at most once.
    """
    areas: dict[AreaId, Area] | None = None
    area_of, held = alignment.area_of, alignment.held
    for edit in edits:
        match edit:
            case PutArea(area):
                areas = dict(alignment.areas) if areas is None else areas
                areas[area.id] = area
            case DropArea(gone):
                areas = dict(alignment.areas) if areas is None else areas
                areas.pop(gone, None)
            case Assign(items, to):
                area_of = area_of if area_of.flags.writeable else area_of.copy()
                area_of[items] = to
            case Hold(items, on):
                held = held if held.flags.writeable else held.copy()
                held[items] = on
    if areas is not None:
        return Alignment(alignment.items, areas, area_of, held)
    after = Alignment(alignment.items, alignment.areas, area_of, held)
    for view in ("below", "leaves"):  # the same tree: what was computed of it still holds
        if view in alignment.__dict__:
            after.__dict__[view] = alignment.__dict__[view]
    return after


def assigns(items: Positions, to: AreaIds) -> tuple[Assign, ...]:
    """Return edits that enter each item under its own area; one an area, ascending."""
    order = np.argsort(to, kind="stable")
    to, items = to[order], items[order]
    parts = np.split(items, np.flatnonzero(np.diff(to)) + 1)
    return tuple(Assign(part, k) for k, part in zip(ids_in(to), parts, strict=False))


def diff(before: Alignment, after: Alignment) -> tuple[Edit, ...]:
    """Return edits with ``replay(before, diff(before, after)) == after``."""
    puts = (PutArea(a) for k, a in sorted(after.areas.items()) if before.areas.get(k) != a)
    moved = np.flatnonzero(before.area_of != after.area_of)
    moves = assigns(moved, after.area_of[moved])
    switched = np.flatnonzero(before.held != after.held)
    on = after.held[switched]
    holds = (Hold(switched[on == h], h) for h in (False, True) if (on == h).any())
    drops = (DropArea(k) for k in sorted(before.areas) if k not in after.areas)
    return (*puts, *moves, *holds, *drops)
