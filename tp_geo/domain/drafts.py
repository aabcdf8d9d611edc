"""Drafts: a branch edited apart, and brought back with what both sides changed decided by a person.

A draft is a copy of an alignment whose gate lets one branch change (`Remit`).
Bringing it back is a three-way merge from what it began with.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum

import numpy as np

from tp_geo.domain.adopting import renumbered
from tp_geo.domain.alignment import UNASSIGNED, Alignment, Area, AreaId, Positions
from tp_geo.domain.commands import counted
from tp_geo.domain.edits import Edit
from tp_geo.domain.merge import Merge, Yields, merge
from tp_geo.errors import BadData, Refused

MERGE = "merge"
_WHOLE = "whole"


class Keep(StrEnum):
    """Whose change stays where both changed the same."""

    BASE = "base"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """What a draft may change: an area and all below it; ``None``: everything."""

    area: AreaId | None = None

    def dumps(self) -> str:
        """Return it as a text."""
        return _WHOLE if self.area is None else str(self.area)

    @classmethod
    def loads(cls, text: str) -> Draft:
        """Read what `dumps` wrote."""
        if text == _WHOLE:
            return cls()
        if not text.isdecimal():
            raise BadData(f"{text!r} is no branch of a draft.")
        return cls(AreaId(int(text)))


@dataclass(frozen=True, slots=True, eq=False)
class Conflict:
    """What both sides changed, and not to the same: an area, or items that went two ways.

    ``key`` names it as long as it is the same conflict; ``base`` and ``draft``
    say what each made of it.
    """

    key: str
    label: str
    base: str
    draft: str
    area: AreaId | None
    items: Positions


@dataclass(frozen=True, slots=True)
class Brought:
    """What a draft brings: how many items go elsewhere, and areas by name."""

    items: int
    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]

    def __bool__(self) -> bool:
        """Whether it brings anything."""
        return bool(self.items or self.new or self.changed or self.gone)


@dataclass(frozen=True, slots=True)
class MergeDraft:
    """Bring a draft back; each conflict as decided, none that nobody has decided.

    ``start`` is what the draft began with and ``end`` what became of it.
    """

    start: Alignment
    end: Alignment
    name: str
    decided: Mapping[str, Keep]

    kind = MERGE

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return the edits that bring it in; refuse conflicts left open and unsound results."""
        found = conflicts(self.start, alignment, self.end)
        if left := [c for c in found if c.key not in self.decided]:
            raise Refused(
                f"{counted(len(left), 'conflicts')} with the draft {self.name} not decided: "
                f"{left[0].label}. Look at what it brings again, and say which side stays."
            )
        added = sorted(self.end.areas.keys() - self.start.areas.keys())
        end = renumbered(self.end, {k: next(ids) for k in added})
        taken = [c for c in found if self.decided[c.key] is Keep.DRAFT]
        made = _merged(self.start, alignment, end, _yielding(taken))
        if made.problems:
            raise Refused(
                f"The draft {self.name} does not go together with what was done since: "
                f"{made.problems[0]}. Change that in the draft or in its base, then merge again."
            )
        return made.edits

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return what was done, as it is called."""
        return f"merged the draft {self.name}"


def conflicts(start: Alignment, base: Alignment, end: Alignment) -> tuple[Conflict, ...]:
    """Return what both sides changed since ``start``, and not to the same: areas, then items."""
    end = renumbered(end, _apart(start, base, end))
    made = merge(start, base, end)
    areas = [_about_area(start, base, end, k) for k in sorted(made.areas)]
    clashing = np.union1d(np.array(made.items, dtype=np.intp), _stranded(start, base, end))
    ours, theirs = base.area_of[clashing], end.area_of[clashing]
    held = base.held[clashing] != end.held[clashing]
    ways = np.stack([ours, theirs, held]) if len(clashing) else np.zeros((3, 0), dtype=np.int32)
    kinds, of = np.unique(ways, axis=1, return_inverse=True)
    groups = (
        _about_items(base, end, way, clashing[of.ravel() == i]) for i, way in enumerate(kinds.T)
    )
    return (*areas, *groups)


def brought(start: Alignment, end: Alignment) -> Brought:
    """Return what a draft changed since it began."""
    both = sorted(start.areas.keys() & end.areas.keys())
    moved = (start.area_of != end.area_of) | (start.held != end.held)
    return Brought(
        int(np.count_nonzero(moved)),
        tuple(end.areas[k].name for k in sorted(end.areas.keys() - start.areas.keys())),
        tuple(end.areas[k].name for k in both if start.areas[k] != end.areas[k]),
        tuple(start.areas[k].name for k in sorted(start.areas.keys() - end.areas.keys())),
    )


def _merged(start: Alignment, base: Alignment, end: Alignment, yields: Yields) -> Merge:
    """Merge; items that the draft put where nothing can be any more stay as they are in base."""
    stranded = np.setdiff1d(_stranded(start, base, end), yields.items)
    if len(stranded):
        entries, held = end.area_of.copy(), end.held.copy()
        entries[stranded], held[stranded] = start.area_of[stranded], start.held[stranded]
        end = replace(end, area_of=entries, held=held)
    return merge(start, base, end, yields)


def _stranded(start: Alignment, base: Alignment, end: Alignment) -> Positions:
    """Return items that the draft moved to an area that base has removed or divided since."""
    lost = (start.leaves & end.leaves) - base.leaves - {UNASSIGNED}
    moved = (end.area_of != start.area_of) & np.isin(end.area_of, sorted(lost))
    return np.flatnonzero(moved)


def _apart(start: Alignment, base: Alignment, end: Alignment) -> dict[AreaId, AreaId]:
    """Return other numbers for new areas of the draft that base gave to new areas of its own."""
    first = max((*start.areas, *base.areas, *end.areas, AreaId(0)))
    added = sorted(end.areas.keys() - start.areas.keys())
    return {k: AreaId(first + 1 + i) for i, k in enumerate(added)}


def _yielding(taken: Iterable[Conflict]) -> Yields:
    taken = tuple(taken)
    items = [c.items for c in taken if c.area is None]
    areas = frozenset(c.area for c in taken if c.area is not None)
    return Yields(areas, np.concatenate([*items, np.zeros(0, dtype=np.intp)]).astype(np.intp))


def _about_area(start: Alignment, base: Alignment, end: Alignment, k: AreaId) -> Conflict:
    was, our, their = (side.areas.get(k) for side in (start, base, end))
    names = [f.name for f in fields(Area) if f.name != "id"]
    apart = [
        n
        for n in names
        if our and their and was and _differ(n, was, our) and _differ(n, was, their)
    ]
    known = our or their or was
    label = f"{known.name if known else k}: {', '.join(map(_called, apart)) or 'the area itself'}"
    here, there = _said(base, our, apart), _said(end, their, apart)
    none = np.zeros(0, dtype=np.intp)
    return Conflict(f"area {k}: {here} / {there}", label, here, there, k, none)


def _differ(name: str, one: Area, other: Area) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _called(name: str) -> str:
    return name.replace("_", " ")


def _said(side: Alignment, area: Area | None, names: Iterable[str]) -> str:
    if area is None:
        return "removed"
    return "; ".join(_value(side, n, getattr(area, n)) for n in names) or "changed"


def _value(side: Alignment, name: str, value: object) -> str:
    if name == "parent":
        return f"below {side.areas[AreaId(value)].name}" if isinstance(value, int) else "at the top"
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {v}" for k, v in sorted(value.items())) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or "none"


def _about_items(base: Alignment, end: Alignment, way: Positions, items: Positions) -> Conflict:
    ours, theirs, held = (int(w) for w in way)
    here, there = _where(base, ours), _where(end, theirs)
    if held:
        here += ", held" * bool(base.held[items[0]])
        there += ", held" * bool(end.held[items[0]])
    mark = zlib.crc32(items.astype(np.int64).tobytes())
    label = counted(len(items), "items")
    return Conflict(f"items {here} / {there} {mark:08x}", label, here, there, None, items)


def _where(side: Alignment, k: int) -> str:
    if k == UNASSIGNED:
        return "Unassigned"
    return side.areas[AreaId(k)].name if k in side.areas else "with its container"
