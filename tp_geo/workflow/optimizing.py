"""What an optimizer is asked for: focus, measures, priorities and limits, as one value."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.dataset import Aggregate, Dataset
from tp_geo.domain.hierarchy import Focus, in_view, placeholder
from tp_geo.domain.targets import aimed_at
from tp_geo.errors import Refused
from tp_geo.optimize.objective import BALANCE, BAND, KEEP, Objective
from tp_geo.workflow.plan import Plan

ITEMS, UNITS = "items", "units"
"""What change may be limited by besides measures: how many containers, how many units."""

PRESETS: Mapping[str, Objective] = MappingProxyType(
    {"balance": BALANCE, "compactness": BAND, "continuity": KEEP}
)
"""Priorities by the one that leads."""

Place: TypeAlias = tuple[float, float]
"""Longitude and latitude in degrees."""


class Way(StrEnum):
    """What an optimizer starts from.

    ``AUTO``: from the present areas where all of them hold something, else
    from scratch. ``PRESENT`` betters what is there, ``REBALANCE`` does so with
    as few changes as can be.
    """

    AUTO = "auto"
    SCRATCH = "scratch"
    PRESENT = "present"
    REBALANCE = "rebalance"


@dataclass(frozen=True, slots=True)
class Cap:
    """What an area (``None``: each) may hold of a measure, or of units, at least and at most."""

    measure: str
    minimum: float | None = None
    maximum: float | None = None
    area: AreaId | None = None

    def __post_init__(self) -> None:
        given = [v for v in (self.minimum, self.maximum) if v is not None]
        if not given:
            raise Refused(f"A limit on {self.measure} needs a minimum or a maximum.")
        if wrong := [v for v in given if not (math.isfinite(v) and v >= 0)]:
            raise Refused(f"A limit on {self.measure} is a number of 0 or more, not {wrong[0]}.")
        if len(given) == 2 and given[0] > given[1]:
            raise Refused(
                f"The minimum of {self.measure}, {given[0]:g}, is above its maximum, {given[1]:g}."
            )


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be optimized and how.

    Parameters
    ----------
    measures
        Each measure to balance with its weight.
    focus
        The areas, the level and whether what is unassigned is given out too.
    objective
        The three priorities and the tolerance.
    way
        What to start from.
    placeholders
        Areas that are not divided so far join those of the level.
    only_unassigned
        What has an area keeps it; only what has none is given out.
    homes
        Areas lie round the homes of their owners.
    centers
        Areas that lie round a place: (area, longitude, latitude).
    seeds
        Containers that areas begin with and keep: (area, code).
    caps
        What areas may hold, by any measure.
    targets, shares
        What an area should hold of a measure, and which share of all: (area,
        measure, value). Without either, what the plan says; without that, an
        equal share of the rest.
    max_change
        The largest share that may leave its area, of a measure, of ``ITEMS``
        or of ``UNITS``; of "" for each balanced measure.
    max_distance_km, max_minutes
        How far items may be from the pinned center of their area.
    respect
        Borders to keep to where possible, with a weight: ("county", 1.0).
    barriers
        Pairs of neighbors, by code, that no area may hang together by.
    walls
        Lines over which no area may hang together.
    alternatives
        How many plans to choose from, at most.
    """

    measures: tuple[tuple[str, float], ...]
    focus: Focus = Focus()  # noqa: RUF009 - frozen
    objective: Objective = BALANCE
    way: Way = Way.AUTO
    placeholders: bool = False
    only_unassigned: bool = False
    homes: bool = False
    centers: tuple[tuple[AreaId, float, float], ...] = ()
    seeds: tuple[tuple[AreaId, str], ...] = ()
    caps: tuple[Cap, ...] = ()
    targets: tuple[tuple[AreaId, str, float], ...] = ()
    shares: tuple[tuple[AreaId, str, float], ...] = ()
    max_change: tuple[tuple[str, float], ...] = ()
    max_distance_km: float | None = None
    max_minutes: float | None = None
    respect: tuple[tuple[str, float], ...] = ()
    barriers: tuple[tuple[str, str], ...] = ()
    walls: tuple[tuple[Place, ...], ...] = ()
    alternatives: int = 3
    seed: int = 0
    max_runtime_s: float | None = 10.0

    def __post_init__(self) -> None:
        _check_numbers(self)
        names = [name for name, _ in self.measures]
        if not names:
            raise Refused("There is nothing to balance. Choose a measure.")
        if twice := [name for name in names if names.count(name) > 1]:
            raise Refused(f"{twice[0]} is given twice. Give it once, with one weight.")
        if self.alternatives < 1:
            raise Refused(f"Ask for 1 plan or more, not {self.alternatives}.")
        if self.max_runtime_s is not None and not self.max_runtime_s > 0:
            raise Refused(f"The time is a number of seconds above 0, not {self.max_runtime_s:g}.")

    @property
    def pinned(self) -> bool:
        """Whether areas lie round places."""
        return self.homes or bool(self.centers)


def _check_numbers(request: Request) -> None:
    for what, value in _numbers(request):
        if not (math.isfinite(value) and value >= 0):
            raise Refused(f"{what} is a number of 0 or more, not {value}.")
    for what, value in request.max_change:
        if value > 1:
            raise Refused(
                f"The largest change of {what or 'measures'} is a share from 0 to 1, not {value:g}."
            )
    if any(weight == 0 for _, weight in request.measures):
        raise Refused("The weight of a measure is above 0. Leave out what does not count.")


def _numbers(request: Request) -> Iterator[tuple[str, float]]:
    yield from ((f"The weight of {name}", w) for name, w in request.measures)
    yield from ((f"The target of {name}", v) for _, name, v in request.targets)
    yield from ((f"The share of {name}", v) for _, name, v in request.shares)
    yield from (
        (f"The largest change of {name or 'measures'}", v) for name, v in request.max_change
    )
    yield from ((f"The weight of {name} borders", w) for name, w in request.respect)
    distances = (("km", request.max_distance_km), ("minutes", request.max_minutes))
    yield from ((f"The largest distance in {u}", v) for u, v in distances if v is not None)


def default(plan: Plan, focus: Focus, measure: str = "") -> Request:
    """Return what a planner most likely wants.

    The measures there are targets for, else ``measure``; few changes once
    every area of the focus holds something.
    """
    alignment, sums = plan.alignment, summed(plan.dataset)
    areas = in_view(alignment, focus)
    targeted = {m for k in areas for m in aimed_at(alignment.areas[k])}
    names = [m for m in sums if m in targeted]
    names = names or [measure if measure in sums else _usual(sums)]
    held = plan.totals()
    begun = bool(areas) and all(held.containers[k] + held.units[k] for k in areas)
    return Request(tuple((n, 1.0) for n in names), focus, KEEP if begun else BALANCE)


def summed(dataset: Dataset) -> tuple[str, ...]:
    """Return the measures that can be balanced: those that add up."""
    return tuple(m.name for m in dataset.measures if m.aggregate is Aggregate.SUM)


def check_measure(dataset: Dataset, name: str) -> None:
    """Refuse a measure that does not add up; raise ``BadData`` for one that is not there."""
    if dataset.measure(name).aggregate is not Aggregate.SUM:
        others = ", ".join(summed(dataset)) or "none"
        raise Refused(
            f"{dataset.measure(name).label} is a mean and can't be balanced: only what adds up "
            f"can. Choose one of: {others}."
        )


def areas_of(alignment: Alignment, request: Request) -> tuple[AreaId, ...]:
    """Return the areas that are optimized; refuse a focus that has fewer than two."""
    focus = request.focus
    for top in focus.areas or ():
        alignment.area(top)
    shown = in_view(alignment, focus)
    undivided = [k for k in shown if placeholder(alignment, k, focus.level)]
    found = shown if request.placeholders else tuple(k for k in shown if k not in undivided)
    if len(found) < 2:
        raise Refused(_too_few(alignment, found, undivided))
    return found


def _too_few(alignment: Alignment, found: tuple[AreaId, ...], undivided: list[AreaId]) -> str:
    if not alignment.areas:
        return "There is no area to optimize. Add two or more areas first."
    if undivided:
        names = ", ".join(alignment.name(k) for k in undivided[:3])
        return (
            f"Two areas or more are needed on this level. Not divided so far: {names}. "
            "Add areas below, let undivided areas join, or choose a higher level."
        )
    what = alignment.name(found[0]) if found else "none"
    return f"Two areas or more are needed; this focus has {what}. Choose a wider focus."


def _usual(sums: tuple[str, ...]) -> str:
    if not sums:
        raise Refused("No measure of this dataset adds up, so there is nothing to balance.")
    return "population" if "population" in sums else sums[0]
