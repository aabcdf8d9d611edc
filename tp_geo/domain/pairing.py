"""Which areas of two alignments are the same ones, though they may come from different plans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, AreaIds
from tp_geo.domain.hierarchy import Focus, in_view, path


class How(StrEnum):
    """How an area was found again on the other side."""

    ID = "same area"
    NAME = "same name"
    OVERLAP = "largest overlap"
    GONE = "only before"
    NEW = "only after"


@dataclass(frozen=True, slots=True)
class Pair:
    """An area before and after; one of the two is ``None`` where it has no counterpart."""

    before: AreaId | None
    after: AreaId | None
    how: How


NOWHERE = Pair(UNASSIGNED, UNASSIGNED, How.ID)
"""What is unassigned before and after: always the first pair."""


def pair_areas(
    before: Alignment,
    after: Alignment,
    *,
    level: int,
    shared: int,
    left: AreaIds,
    right: AreaIds,
) -> tuple[Pair, ...]:
    """Return the areas shown on a level, paired: ``NOWHERE``, those of after, those gone.

    Areas up to id ``shared`` have one history: they are the same by id, or
    gone, or new. Others are the same by path, else by a name that only one
    area on each side has, else by the largest overlap that is at least half
    of what one of the two holds. ``left`` and ``right`` are the areas shown
    of every item that both sides have, in the same order.
    """
    here, there = (in_view(a, Focus(None, level)) for a in (before, after))
    both = set(here) & set(there)
    found = {k: (k, How.ID) for k in there if k <= shared and k in both}
    free = [k for k in here if k > shared], [k for k in there if k > shared]
    for name in (path, Alignment.name):
        found |= _named(before, after, _unpaired(free, found), name)
    found |= _overlapping(_unpaired(free, found), left, right)
    pairs = [Pair(found[k][0], k, found[k][1]) if k in found else _new(k) for k in there]
    kept = {k for k, _ in found.values()}
    gone = (Pair(k, None, How.GONE) for k in here if k not in kept)
    return (NOWHERE, *pairs, *gone)


def _new(area: AreaId) -> Pair:
    return Pair(None, area, How.NEW)


def _unpaired(
    free: tuple[list[AreaId], list[AreaId]], found: dict[AreaId, tuple[AreaId, How]]
) -> tuple[list[AreaId], list[AreaId]]:
    kept = {k for k, _ in found.values()}
    return [k for k in free[0] if k not in kept], [k for k in free[1] if k not in found]


def _named(
    before: Alignment,
    after: Alignment,
    free: tuple[list[AreaId], list[AreaId]],
    name: Callable[[Alignment, AreaId], Hashable],
) -> dict[AreaId, tuple[AreaId, How]]:
    """Return the areas whose name one area of either side has, and no other one."""
    times = [Counter(name(a, k) for k in ks) for a, ks in zip((before, after), free, strict=True)]
    old = {name(before, k): k for k in free[0]}
    return {
        k: (old[called], How.NAME)
        for k in free[1]
        if times[0][called := name(after, k)] == times[1][called] == 1
    }


def _overlapping(
    free: tuple[list[AreaId], list[AreaId]], left: AreaIds, right: AreaIds
) -> dict[AreaId, tuple[AreaId, How]]:
    """Return areas that hold much of the same, the largest overlap first.

    The order of ties does not depend on which side is called before.
    """
    if not all(free):
        return {}
    size = int(max(*free[0], *free[1])) + 1
    within = [np.isin(ids, ks) for ids, ks in zip((left, right), free, strict=True)]
    both = within[0] & within[1]
    codes, counts = np.unique(left[both].astype(np.int64) * size + right[both], return_counts=True)
    held = [
        np.bincount(ids[ok], minlength=size) for ids, ok in zip((left, right), within, strict=True)
    ]
    a, b = np.divmod(codes, size)
    enough = 2 * counts >= np.minimum(held[0][a], held[1][b])
    order = np.lexsort((np.abs(a - b), a + b, -counts))
    found: dict[AreaId, tuple[AreaId, How]] = {}
    taken: set[int] = set()
    for at in order[enough[order]].tolist():
        old, new = int(a[at]), int(b[at])
        if old not in taken and new not in found:
            taken.add(old)
            found[AreaId(new)] = AreaId(old), How.OVERLAP
    return found
