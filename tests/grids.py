"""Small countries drawn as text: a letter a container, rows apart by spaces.

``grid("AAB A.B")`` has six containers and the areas A and B; ``.`` is
unassigned. ``units`` draws one more picture of the same size, a unit at most
in each cell: ``*`` follows its container, a letter has been moved to that
area by itself, ``.`` is none. ``held`` marks containers (or, where the cell
has a unit, the unit) with ``#``.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from tp_geo.domain.alignment import (
    FOLLOW,
    UNASSIGNED,
    Alignment,
    Area,
    AreaId,
    Items,
    Positions,
    frozen,
)
from tp_geo.domain.commands import Command
from tp_geo.domain.rules import EVERYTHING, Remit, decide


def grid(rows: str, units: str = "", held: str = "") -> Alignment:
    """Return the alignment of a picture; areas are numbered in the order of the alphabet."""
    cells = rows.replace(" ", "")
    inside = [(at, c) for at, c in enumerate(units.replace(" ", "")) if c != "."]
    letters = sorted({*cells, *(c for _, c in inside)} - set(".*"))
    ids = {c: AreaId(i + 1) for i, c in enumerate(letters)} | {".": UNASSIGNED, "*": FOLLOW}
    entries = [ids[c] for c in cells] + [ids[c] for _, c in inside]
    items = Items(len(cells), frozen(np.array([at for at, _ in inside], dtype=np.int32)))
    unit_at = {at: len(cells) + u for u, (at, _) in enumerate(inside)}
    marked = [at for at, c in enumerate(held.replace(" ", "")) if c == "#"]
    fixed = np.zeros(items.count, dtype=np.bool_)
    fixed[[unit_at.get(at, at) for at in marked]] = True
    areas = {k: Area(k, c) for c, k in ids.items() if k > UNASSIGNED}
    return Alignment(items, areas, frozen(np.array(entries, dtype=np.int32)), frozen(fixed))


def drawn(alignment: Alignment, width: int = 3) -> str:
    """Return the picture of an alignment: the first letter of each container's area."""
    found = alignment.area_of[: alignment.items.containers].tolist()
    cells = ["." if k == UNASSIGNED else alignment.name(AreaId(k))[0] for k in found]
    return " ".join("".join(cells[i : i + width]) for i in range(0, len(cells), width))


def units(alignment: Alignment) -> str:
    """Return the first letter of the area each unit is in, exceptions in lower case."""
    n, odd = alignment.items.containers, set(alignment.exceptions.tolist())
    found = enumerate(alignment.resolved[n:].tolist(), start=n)
    cells = ((u, "." if k == UNASSIGNED else alignment.name(AreaId(k))[0]) for u, k in found)
    return "".join(c.lower() if u in odd else c for u, c in cells)


def at(*items: int) -> Positions:
    """Return positions as commands take them."""
    return np.array(items, dtype=np.intp)


def the(alignment: Alignment, name: str) -> AreaId:
    """Return the id of the one area of a name."""
    (found,) = (k for k, a in alignment.areas.items() if a.name == name)
    return found


def new_ids(alignment: Alignment) -> Iterator[AreaId]:
    """Yield ids that no area has."""
    return map(AreaId, itertools.count(max(alignment.areas, default=0) + 1))


def done(alignment: Alignment, *commands: Command, remit: Remit = EVERYTHING) -> Alignment:
    """Return the alignment after commands, each through the gate."""
    for command in commands:
        _, alignment = decide(alignment, command, new_ids(alignment), remit)
    return alignment
