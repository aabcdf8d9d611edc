"""What new areas and their level are called when nobody says."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.hierarchy import levels

TOP = "Region"
BELOW = {"region": "District", "district": "Territory", "division": "State", "state": "County"}

ABOVE = {below.casefold(): above.title() for above, below in BELOW.items()} | {"region": "Zone"}


def new_names(
    level: str, count: int, given: Sequence[str] = (), alignment: Alignment | None = None
) -> tuple[str, ...]:
    """Return the names given and, up to ``count``, ``District 4`` and on that no area has."""
    taken = {*given, *(a.name for a in alignment.areas.values())} if alignment else {*given}
    numbered = (f"{level} {i}" for i in itertools.count(len(given) + 1))
    free = (name for name in numbered if name not in taken)
    return (*given, *itertools.islice(free, max(count - len(given), 0)))


def level_below(alignment: Alignment, area: AreaId | None, otherwise: str = "") -> str:
    """Return what the level below an area is called: as its children are, or others as deep.

    Where there are none, ``otherwise``, or what usually lies below such an area.
    """
    if siblings := alignment.children(area):
        return alignment.area(siblings[0]).level
    depth = 0 if area is None else alignment.depth(area)
    names = levels(alignment)
    if depth < len(names):
        return names[depth]
    own = "" if area is None else alignment.area(area).level
    usual = TOP if area is None else BELOW.get(own.casefold(), f"Level {depth + 1}")
    return otherwise or usual


def level_above(level: str) -> str:
    """Return what usually lies above areas of a level."""
    return ABOVE.get(level.casefold(), TOP)
