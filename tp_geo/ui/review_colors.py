"""What the colors of the coverage map mean: attainment, change, workload, owner."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.balance import TOLERANCE
from tp_geo.geometry import palette
from tp_geo.ui.text import MINUS, figure
from tp_geo.workflow.coverage import Coverage, Row

ATTAINMENT, CHANGE, WORKLOAD, OWNER = "Attainment", "Change", "Workload", "Owner"
WAYS = (ATTAINMENT, CHANGE, WORKLOAD, OWNER)

BELOW, ABOVE = ("#1d5da5", "#86b5de"), ("#f3b57c", "#b24f0d")
ON = "#e9e5d2"
RAMP = ("#fbf3c4", "#a9d8ae", "#46a3b5", "#2b5f9f", "#20295f")
NONE = "#b9bdc1"
"""Where there is nothing to say: no target, no owner, nothing to compare with."""

FAR = 3 * TOLERANCE
SHARES = (0.0, 0.02, 0.1, 0.25)
"""Where classes of change begin: any, and more than so much of what an area holds."""

OWNERS = 8
"""So many owners are named in the key; those of most areas."""


@dataclass(frozen=True, slots=True)
class Class:
    """A color with its words, and how many areas wear it."""

    color: str
    words: str
    count: int


Painted: TypeAlias = tuple[Mapping[AreaId, str], Sequence[Class]]
"""The color of each area, and the key to it."""


def ways(told: Coverage) -> tuple[str, ...]:
    """Return what areas can be colored by: attainment of targets, change against something."""
    aimed = any(not math.isnan(r.deviation) for r in told.rows)
    return tuple(w for w in WAYS if {ATTAINMENT: aimed, CHANGE: told.change}.get(w, True))


def first_way(told: Coverage) -> str:
    """Return what a leader sees first: attainment, without targets the workload."""
    return ATTAINMENT if ATTAINMENT in ways(told) else WORKLOAD


def painted(told: Coverage, way: str) -> Painted:
    """Return the color of each area of the level and what the colors mean."""
    return _PAINTERS[way](told)


def _classed(told: Coverage, classes: Mapping[str, str], of: Callable[[Row], str]) -> Painted:
    """Color areas by class; ``classes`` has the color of each, in the order of the key."""
    at = {r.id: of(r) for r in told.rows}
    key = [Class(color, words, [*at.values()].count(words)) for words, color in classes.items()]
    return {k: classes[words] for k, words in at.items()}, [c for c in key if c.count]


def _attainment(told: Coverage) -> Painted:
    near, far = f"{TOLERANCE:.0%}"[:-1], f"{FAR:.0%}"[:-1]
    words = (
        f"more than {far} % below",
        f"{MINUS}{far} to {MINUS}{near} %",
        f"on target, ±{near} %",
        f"+{near} to +{far} %",
        f"more than {far} % above",
        "no target",
    )
    limits = (-FAR, -TOLERANCE, TOLERANCE, FAR)

    def of(row: Row) -> str:
        if math.isnan(row.deviation):
            return words[-1]
        if abs(row.deviation) <= TOLERANCE:
            return words[2]
        return words[int(np.searchsorted(limits, row.deviation))]

    colors = (*BELOW, ON, *ABOVE, NONE)
    return _classed(told, dict(zip(words, colors, strict=True)), of)


def _change(told: Coverage) -> Painted:
    words = ("no change", "up to 2 %", "2 to 10 %", "10 to 25 %", "more than 25 %", "holds nothing")
    colors = (ON, *RAMP[1:], NONE)

    def of(row: Row) -> str:
        if math.isnan(row.change):
            return words[-1]
        return words[int(np.searchsorted(SHARES, row.change))]

    return _classed(told, dict(zip(words, colors, strict=True)), of)


def _workload(told: Coverage) -> Painted:
    held = np.array([r.planned for r in told.rows if r.planned > 0])
    if not len(held):
        return _classed(told, {"nothing": NONE}, lambda _: "nothing")
    limits = np.unique(np.quantile(held, (0.2, 0.4, 0.6, 0.8)))
    ends = (float(held.min()), *limits.tolist(), float(held.max()))
    words = [f"{figure(a)} to {figure(b)}" for a, b in pairwise(ends)]
    if len(set(words)) < len(words):
        limits, words = limits[:0], [f"{figure(ends[0])} to {figure(ends[-1])}"]
    colors = [*RAMP[-len(words) :], NONE]

    def of(row: Row) -> str:
        return words[int(np.searchsorted(limits, row.planned))] if row.planned > 0 else "nothing"

    return _classed(told, dict(zip([*words, "nothing"], colors, strict=True)), of)


def _owner(told: Coverage) -> Painted:
    held = [r.owner for r in told.rows]
    names = sorted({o for o in held if o}, key=lambda o: (-held.count(o), o))
    own = len(palette.COLORS)
    color = {
        name: palette.COLORS[i] if i < own else palette.variant(i - own)
        for i, name in enumerate(names)
    }
    key = [Class(color[n], n, held.count(n)) for n in names[:OWNERS]]
    if rest := names[OWNERS:]:
        key.append(
            Class(
                "",
                f"{len(rest):,} more {'owner' if len(rest) == 1 else 'owners'}",
                sum(map(held.count, rest)),
            )
        )
    if free := held.count(""):
        key.append(Class(NONE, "without owner", free))
    return {r.id: color.get(r.owner, NONE) for r in told.rows}, key


_PAINTERS: Mapping[str, Callable[[Coverage], Painted]] = MappingProxyType(
    {ATTAINMENT: _attainment, CHANGE: _change, WORKLOAD: _workload, OWNER: _owner}
)
