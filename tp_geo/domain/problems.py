"""When an alignment is sound: what no edit, merge or import may leave behind."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tp_geo.domain.alignment import (
    FOLLOW,
    MAX_AREA_ID,
    MAX_LEVELS,
    UNASSIGNED,
    Alignment,
    AreaId,
)

MAX_NAME = 255


def problems(alignment: Alignment) -> tuple[str, ...]:
    """Return what makes an alignment ill-formed; empty when it is sound."""
    return (*tree_problems(alignment), *entry_problems(alignment))


def tree_problems(alignment: Alignment) -> tuple[str, ...]:
    """Return what is wrong with the areas themselves."""
    found = []
    for k in sorted(alignment.areas):
        found += _place(alignment, k) or _name(alignment, k)
    return (*found, *_twins(alignment))


def entry_problems(alignment: Alignment) -> tuple[str, ...]:
    """Return what is wrong with where the items are entered."""
    n = alignment.items.containers
    found = []
    if (alignment.area_of[:n] < UNASSIGNED).any():
        found.append("a container is entered as following a container")
    used = np.unique(alignment.area_of)
    for k in map(AreaId, used[used > UNASSIGNED].tolist()):
        if k not in alignment.areas:
            found.append(f"items are assigned to area {k}, which does not exist")
        elif alignment.children(k):
            found.append(f"items are assigned to {alignment.name(k)}, which has areas below it")
    if (used < FOLLOW).any():
        found.append("items are assigned to an area with a negative id")
    return tuple(found)


def _place(alignment: Alignment, area: AreaId) -> list[str]:
    areas, name = alignment.areas, alignment.areas[area].name
    if not UNASSIGNED < area <= MAX_AREA_ID:
        return [f"area {name} has the number {area}; areas are numbered 1 to {MAX_AREA_ID:,}"]
    seen: set[AreaId] = set()
    at: AreaId | None = area
    while at is not None and at in areas and at not in seen:
        seen.add(at)
        at = areas[at].parent
    if at is not None:
        how = "itself" if at in areas else f"area {at}, which does not exist"
        return [f"{name} is under {how}"]
    if len(seen) > MAX_LEVELS:
        return [f"{name} would be on level {len(seen)}; an alignment has at most {MAX_LEVELS}"]
    return []


def _name(alignment: Alignment, area: AreaId) -> list[str]:
    name = alignment.areas[area].name
    if not name.strip():
        return [f"area {area} has no name"]
    if len(name) > MAX_NAME:
        return [f"the name {name[:40]!r}… has {len(name)} characters, at most {MAX_NAME} may be"]
    return []


def _twins(alignment: Alignment) -> Iterator[str]:
    for parent, children in alignment.below.items():
        names = [alignment.areas[k].name for k in children]
        above = None if parent is None else alignment.areas.get(parent)
        where = f"below {above.name}" if above else "at the top"
        for name in sorted({n for n in names if names.count(n) > 1}):
            yield f"there is more than one area called {name} {where}; give one another name"
