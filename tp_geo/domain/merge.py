"""Three-way merge of alignments: drafts, reverts and refreshes are all this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from tp_geo.domain.alignment import Alignment, Area, AreaId, Positions
from tp_geo.domain.edits import Edit, diff
from tp_geo.domain.problems import problems

_T = TypeVar("_T", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class Yields:
    """The clashes in which the other side wins: areas, and items (positions)."""

    areas: frozenset[AreaId]
    items: Positions


NOTHING = Yields(frozenset(), np.zeros(0, dtype=np.intp))


@dataclass(frozen=True, slots=True)
class Merge:
    """Edits that bring the other side in, and what both sides changed otherwise."""

    edits: tuple[Edit, ...]
    areas: frozenset[AreaId]
    items: tuple[int, ...]
    problems: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing needs a person to decide."""
        return not (self.areas or self.items or self.problems)


def merge(base: Alignment, ours: Alignment, theirs: Alignment, yields: Yields = NOTHING) -> Merge:
    """Bring what changed from ``base`` to ``theirs`` into ``ours``, which wins a clash.

    Where ``yields`` says so, theirs wins it. An item that one side holds and
    the other moves is a clash, too. Sign-offs stay ours: only a step of their
    own changes them. What is shared can't clash: each side's new shares come,
    each side's ended ones go.
    """
    area_of, clash = _entries(base.area_of, ours.area_of, theirs.area_of)
    held, _ = _entries(base.held, ours.held, theirs.held)
    clash |= (ours.held & ~base.held) & (theirs.area_of != base.area_of)
    clash |= (theirs.held & ~base.held) & (ours.area_of != base.area_of)
    clash &= (ours.area_of != theirs.area_of) | (ours.held != theirs.held)
    lost = np.zeros_like(clash)
    lost[yields.items] = clash[yields.items]
    area_of = np.where(clash, np.where(lost, theirs.area_of, ours.area_of), area_of)
    held = np.where(clash, np.where(lost, theirs.held, ours.held), held)
    areas, clashing = dict(ours.areas), set()
    for k in sorted(base.areas.keys() | ours.areas.keys() | theirs.areas.keys()):
        was, our, their = (side.areas.get(k) for side in (base, ours, theirs))
        merged, clashed = _area(was, our, their)
        if clashed:
            clashing.add(k)
            merged = _area(was, their, our)[0] if k in yields.areas else merged
        if merged is None:
            areas.pop(k, None)
        else:
            areas[k] = merged
    kept = {k: s for k, s in ours.signoffs.items() if k is None or k in areas}
    shares = (ours.shares | (theirs.shares - base.shares)) - (base.shares - theirs.shares)
    overlap = theirs.overlap if ours.overlap is base.overlap else ours.overlap
    result = Alignment(ours.items, areas, area_of, held, kept, ours.asks, shares, overlap)
    clashes = tuple(np.flatnonzero(clash).tolist())
    return Merge(diff(ours, result), frozenset(clashing), clashes, problems(result))


def revert(now: Alignment, after: Alignment, before: Alignment) -> Merge:
    """Take back one past revision without touching what came later."""
    return merge(base=after, ours=now, theirs=before)


def _entries(
    base: NDArray[_T], ours: NDArray[_T], theirs: NDArray[_T]
) -> tuple[NDArray[_T], NDArray[np.bool_]]:
    came, went = theirs != base, ours != base
    clash = came & went & (ours != theirs)
    return np.where(came & ~clash, theirs, ours), clash


def _area(was: Area | None, our: Area | None, their: Area | None) -> tuple[Area | None, bool]:
    """Return what one area becomes, and whether the two sides disagree about it."""
    if their in (was, our):
        return our, False
    if our == was:
        return their, False
    if was is None or our is None or their is None:
        return our, True
    merged: dict[str, Any] = {}
    clashed = False
    for name in (f.name for f in fields(Area)):
        sides = (getattr(side, name) for side in (was, our, their))
        merged[name], disagree = _field(*sides)
        clashed |= disagree
    return replace(our, **merged), clashed


def _field(was: object, our: object, their: object) -> tuple[object, bool]:
    if their in (was, our):
        return our, False
    if our == was:
        return their, False
    if isinstance(was, Mapping) and isinstance(our, Mapping) and isinstance(their, Mapping):
        merged, clashed = dict(our), False
        for key in sorted(was.keys() | our.keys() | their.keys()):
            value, disagree = _field(was.get(key), our.get(key), their.get(key))
            clashed |= disagree
            merged[key] = value
        return {k: v for k, v in merged.items() if v is not None}, clashed
    return our, True
