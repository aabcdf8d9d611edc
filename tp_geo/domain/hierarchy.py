"""The tree of areas: levels and their names, what a focus covers, where an item shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, AreaIds
from tp_geo.errors import Refused


@dataclass(frozen=True, slots=True)
class Focus:
    """The areas in view (``None``: all at the top), the level shown, with or without unassigned."""

    areas: tuple[AreaId, ...] | None = None
    level: int = 1
    unassigned: bool = True


def levels(alignment: Alignment) -> tuple[str, ...]:
    """Return the name of each level from the top down: the one most areas on it carry."""
    names: dict[int, Counter[str]] = {}
    for depth, k in depths(alignment):
        names.setdefault(depth, Counter())[alignment.areas[k].level] += 1
    return tuple(names[d].most_common(1)[0][0] for d in sorted(names))


def depths(alignment: Alignment) -> tuple[tuple[int, AreaId], ...]:
    """Return (depth, area) of all areas in the order of the tree, parents first."""
    found: list[tuple[int, AreaId]] = []
    waiting = [(1, k) for k in reversed(alignment.children(None))]
    while waiting:
        depth, k = waiting.pop()
        found.append((depth, k))
        waiting += [(depth + 1, c) for c in reversed(alignment.children(k))]
    return tuple(found)


def shown_at(alignment: Alignment, level: int) -> AreaIds:
    """Return, by area id, the area that stands for it when ``level`` is shown.

    That is its ancestor on the level, or itself when it lies above: the
    placeholder of a branch that is not divided so far. Index 0 is unassigned.
    """
    found = np.zeros(max(alignment.areas, default=0) + 1, dtype=np.int32)
    at_level: list[AreaId] = []
    for depth, k in depths(alignment):
        at_level[depth - 1 :] = [k]
        found[k] = at_level[min(depth, level) - 1]
    return found


def in_view(alignment: Alignment, focus: Focus) -> tuple[AreaId, ...]:
    """Return the areas a focus shows, in the order of the tree; placeholders included.

    An area of the focus that lies below the level shows as itself.
    """
    tops = alignment.children(None) if focus.areas is None else focus.areas
    seen: dict[AreaId, None] = {}
    for top in tops:
        level = max(focus.level, alignment.depth(top))
        for k in alignment.subtree(top):
            if alignment.depth(k) == level or placeholder(alignment, k, level):
                seen[k] = None
    return tuple(seen)


def still_there(alignment: Alignment, focus: Focus) -> Focus:
    """Return a focus on what there is: areas that are gone left out, the level within bounds.

    Where none of the areas is divided any more, as after a branch was undone,
    it is the one that shows them beside the others of their level.
    """
    level = min(max(focus.level, 1), max(len(levels(alignment)), 1))
    if focus.areas is None:
        return Focus(None, level, focus.unassigned)
    areas = tuple(k for k in focus.areas if k in alignment.areas)
    if areas and not all(placeholder(alignment, k, focus.level) for k in areas):
        return Focus(areas, level, focus.unassigned)
    above = {alignment.areas[k].parent: None for k in areas}
    level = max((alignment.depth(k) for k in areas), default=level)
    tops = tuple(k for k in above if k is not None)
    if not tops or None in above:
        return Focus(None, level, unassigned=True)
    return Focus(tops, level, focus.unassigned)


def placeholder(alignment: Alignment, area: AreaId, level: int) -> bool:
    """Whether an area shows on a level below its own because it is not divided so far."""
    return not alignment.children(area) and alignment.depth(area) < level


def find_area(alignment: Alignment, text: str) -> AreaId:
    """Return the area meant by ``West``, ``West/California`` or ``#12``; refuse the unclear."""
    if text.startswith("#") and text[1:].isdecimal():
        return alignment.area(AreaId(int(text[1:]))).id
    if text.lower() == "unassigned":
        return UNASSIGNED
    named = [k for k, a in sorted(alignment.areas.items()) if a.name == text]
    if "/" in text or not named:
        placed = [k for k in sorted(alignment.areas) if path(alignment, k) == text]
        named = sorted({*named, *placed})
    if len(named) == 1:
        return named[0]
    if not named:
        near = ", ".join(a.name for _, a in sorted(alignment.areas.items())[:8]) or "none"
        raise Refused(f"There is no area called {text!r}. Areas: {near}.")
    ways = ", ".join(f"{path(alignment, k)} (#{k})" for k in named[:5])
    raise Refused(f"{len(named)} areas are called {text!r}: {ways}. Give the path or the number.")


def path(alignment: Alignment, area: AreaId) -> str:
    """Return the names from the top to an area, joined by slashes."""
    return "/".join(reversed([a.name for a in alignment.ancestry(area)]))
