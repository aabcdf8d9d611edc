"""What areas that overlap hold: who else holds a container, which part counts, what a change means.

A container has one main area. A share of it counts while that main area is
another one; where the container is unassigned, or its main area is the one
it is shared with, the share rests.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeAlias

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, AreaIds, Positions
from tp_geo.domain.dataset import Floats
from tp_geo.domain.edits import Assign, Share, assigns, shared_edits
from tp_geo.domain.shares import Overlap, Shares

Held: TypeAlias = tuple[Positions, AreaIds]
"""Containers with what holds each too; a container may be there more than once."""

Parts: TypeAlias = tuple[Positions, AreaIds, Floats]
"""Containers, where a part of each is added, and which part; below 0 it is taken away."""


def held_too(alignment: Alignment, shown: AreaIds) -> Held:
    """Return what holds shared containers besides what their main area shows in, each once.

    ``shown`` has by leaf area what stands for it, such as an area of a level.
    """
    shared = alignment.shared
    items, there = shared.items, shown[shared.areas]
    other = there != shown[alignment.area_of[items]]
    if not other.any():
        return items[other], there[other]
    pairs = np.unique(np.column_stack([items[other], there[other]]), axis=0)
    return pairs[:, 0].astype(np.intp), pairs[:, 1].astype(np.int32)


def parts(alignment: Alignment, shown: AreaIds) -> Parts:
    """Return what to add to sums by main area, by what stands for areas, so that shares count.

    In full each holder counts a shared container whole; split evenly each of
    those who hold it counts one part, so that nothing is counted twice.
    """
    if alignment.overlap is not Overlap.EVEN:
        items, there = held_too(alignment, shown)
        return items, there, np.ones(len(items))
    items = alignment.shared.items
    part = 1.0 / (1 + np.bincount(items, minlength=1)[items])
    main = shown[alignment.area_of[items]]
    there = np.concatenate([shown[alignment.shared.areas], main])
    return np.tile(items, 2), there, np.concatenate([part, -part])


def reheld(before: Alignment, after: Alignment) -> frozenset[AreaId]:
    """Return the areas that hold a shared container otherwise: no more, new, or another part of it.

    So does its main area when it is shared with others, and one that shares a
    container of which a unit was moved by itself.
    """
    same = before.shares is after.shares and before.overlap is after.overlap
    if not (len(before.shares) or len(after.shares)) or (same and before.area_of is after.area_of):
        return frozenset()
    items = np.union1d(before.shared.containers, after.shared.containers)
    changed = {k for _, k, _ in _holdings(before, items) ^ _holdings(after, items)}
    mains = _main_areas_sharing_otherwise(before, after)
    return frozenset({*changed, *mains, *_with_moved_units(before, after)})


def passed_on(
    alignment: Alignment, areas: Collection[AreaId], heir: AreaId
) -> tuple[Assign | Share, ...]:
    """Return the edits by which a leaf takes over what some areas share.

    Where that is none, what these areas hold goes to those who share it. The
    edits come after those that give the heir what the areas hold.
    """
    shares, theirs = alignment.shares, alignment.shares.inside(list(areas))
    main_gone = np.isin(alignment.area_of[shares.items], list(areas))
    if heir == UNASSIGNED:
        left = shares.where(main_gone) - theirs
        items, first = np.unique(left.items, return_index=True)
        taken = Shares.of(items, left.areas[first])
        return (*assigns(items, left.areas[first]), *shared_edits(taken | theirs, on=False))
    begun = Shares.of(theirs.items, heir)
    own = Shares.of(shares.items[main_gone], heir)
    held = begun.where(alignment.area_of[begun.items] == heir)
    ended = theirs - Shares.of(theirs.items, heir) | own.among(shares)
    begun = begun - own - held - shares
    return (*shared_edits(ended, on=False), *shared_edits(begun, on=True))


def swapped(alignment: Alignment, one: AreaId, other: AreaId) -> tuple[Share, ...]:
    """Return the edits by which each of two areas shares what the other one does."""
    old = alignment.shares.inside((one, other))
    new = Shares.of(old.items, np.where(old.areas == one, other, one))
    return (*shared_edits(old - new, on=False), *shared_edits(new - old, on=True))


def _holdings(alignment: Alignment, items: Positions) -> set[tuple[int, AreaId, int]]:
    """Return who holds each of some containers, with by how many its figures are divided."""
    shared = alignment.shared
    among = np.isin(shared.items, items)
    times = 1 + np.bincount(shared.items, minlength=alignment.items.containers)
    divided = times if alignment.overlap is Overlap.EVEN else np.ones_like(times)
    at = np.concatenate([items, shared.items[among]])
    by = np.concatenate([alignment.area_of[items], shared.areas[among]])
    there = by != UNASSIGNED
    at, by = at[there], by[there]
    return set(zip(at.tolist(), map(AreaId, by.tolist()), divided[at].tolist(), strict=True))


def _main_areas_sharing_otherwise(before: Alignment, after: Alignment) -> set[AreaId]:
    ended, begun = before.shared - after.shared, after.shared - before.shared
    items = (ended | begun).items
    return {AreaId(k) for side in (before, after) for k in side.area_of[items].tolist() if k}


def _with_moved_units(before: Alignment, after: Alignment) -> set[AreaId]:
    n, inside = before.items.containers, before.items.container_of
    moved = np.flatnonzero(before.area_of[n:] != after.area_of[n:])
    homes = np.unique(inside[moved[inside[moved] >= 0]])
    sides = (before.shared, after.shared)
    return {AreaId(k) for s in sides for k in s.areas[np.isin(s.items, homes)].tolist()}
