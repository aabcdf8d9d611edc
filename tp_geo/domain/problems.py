"""When an alignment is sound: what no edit, merge or import may leave behind."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from tp_geo.domain.alignment import (
    FOLLOW,
    MAX_AREA_ID,
    MAX_LEVELS,
    UNASSIGNED,
    Alignment,
    Area,
    AreaId,
    Positions,
    ids_in,
)
from tp_geo.domain.shares import Overlap
from tp_geo.domain.targets import aim_of, aimed_at

MAX_NAME = 255
RESERVED = frozenset({"unassigned", "-"})
"""What tables and commands call what no area holds, in any case."""


def problems(alignment: Alignment) -> tuple[str, ...]:
    """Return what makes an alignment ill-formed; empty when it is sound."""
    return (*tree_problems(alignment), *entry_problems(alignment))


def new_problems(before: Alignment, after: Alignment) -> tuple[str, ...]:
    """Return what makes an alignment ill-formed that came of a sound one: looks where they differ.

    Where areas differ, an item can be entered wrongly that has not changed.
    """
    if after.areas is not before.areas:
        return problems(after)
    differ = (before.area_of != after.area_of) | (before.held != after.held)
    return entry_problems(after, np.flatnonzero(differ))


def tree_problems(alignment: Alignment) -> tuple[str, ...]:
    """Return what is wrong with the areas themselves."""
    found = []
    for k in sorted(alignment.areas):
        found += _place(alignment, k) or _name(alignment, k) or _figures(alignment.areas[k])
    return (*found, *_twins(alignment))


def entry_problems(alignment: Alignment, items: Positions | None = None) -> tuple[str, ...]:
    """Return what is wrong with where the items, or some of them (ascending), are entered."""
    n, entries, held = alignment.items.containers, alignment.area_of, alignment.held
    if items is not None:
        n, entries, held = int(np.searchsorted(items, n)), entries[items], held[items]
    found = []
    if (entries[:n] < UNASSIGNED).any():
        found.append("a container is entered as following a container")
    for k in sorted({*ids_in(entries)} - alignment.leaves - {UNASSIGNED, FOLLOW}):
        where = "has areas below it" if k in alignment.areas else "does not exist"
        name = alignment.areas[k].name if k in alignment.areas else f"area {k}"
        found.append(f"items are assigned to {name}, which {where}")
    if loose := np.count_nonzero(held[n:] & (entries[n:] == FOLLOW)):
        found.append(f"held units would follow their containers ({loose:,})")
    return (*found, *_share_problems(alignment))


def _share_problems(alignment: Alignment) -> Iterator[str]:
    shares = alignment.shares
    if not len(shares):
        return
    if alignment.overlap is Overlap.NONE:
        number = len(shares.containers)
        yield f"{number:,} containers are shared, and the alignment does not allow overlap"
    if (shares.items < 0).any() or (shares.items >= alignment.items.containers).any():
        yield "units are shared by themselves; only containers can be"
    for k in sorted({*ids_in(shares.areas)} - alignment.leaves):
        where = "has areas below it" if k in alignment.areas else "does not exist"
        name = alignment.areas[k].name if k in alignment.areas else f"area {k}"
        yield f"containers are shared with {name}, which {where}"


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
    if name.strip().casefold() in RESERVED:
        return [f"no area can be called {name}, which means what no area holds"]
    if name.startswith("#") and name[1:].isdecimal():
        return [f"an area called {name} would be taken for area number {name[1:]}"]
    return []


def _figures(area: Area) -> list[str]:
    for measure, target in area.targets.items():
        if not (math.isfinite(target) and target >= 0):
            return [f"the target of {area.name} for {measure} is {target}; give 0 or more"]
    for what, limits in (("minimum", area.minimums), ("maximum", area.maximums)):
        for measure, limit in limits.items():
            if not (math.isfinite(limit) and limit > 0):
                said = f"the {what} of {area.name} for {measure} is {limit}"
                return [f"{said}; give more than 0, or leave it out"]
    if wrong := next(_out_of_order(area), None):
        return [wrong]
    for name, value in area.attributes.items():
        if isinstance(value, float) and not math.isfinite(value):
            return [f"{name} of {area.name} is {value}; give a number, or leave it out"]
    return []


def _out_of_order(area: Area) -> Iterator[str]:
    for measure in aimed_at(area):
        aim = aim_of(area, measure)
        said = [("minimum", aim.minimum), ("target", aim.ideal), ("maximum", aim.maximum)]
        known = [(what, value) for what, value in said if value is not None]
        for (low, small), (high, large) in pairwise(known):
            if small > large:
                yield (
                    f"the {low} of {area.name} for {measure}, {small:,.10g}, is more than its "
                    f"{high}, {large:,.10g}; put them in order"
                )


def _twins(alignment: Alignment) -> Iterator[str]:
    for parent, children in alignment.below.items():
        names = [alignment.areas[k].name for k in children]
        above = None if parent is None else alignment.areas.get(parent)
        where = f"below {above.name}" if above else "at the top"
        for name in sorted(n for n, times in Counter(names).items() if times > 1):
            yield f"there is more than one area called {name} {where}; give one another name"
