"""A plan and a request as a problem that an optimizer solves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tp_geo.domain.alignment import Alignment, AreaId, Profile
from tp_geo.domain.dataset import Floats
from tp_geo.domain.signing import refuse_sealed
from tp_geo.errors import BadData, Refused
from tp_geo.optimize.problem import Distance, Problem
from tp_geo.optimize.solution import Issue
from tp_geo.workflow.optimizing import UNITS, Request, Way
from tp_geo.workflow.optimizing_frame import NOWHERE, Flags, Frame, Numbers, build_frame
from tp_geo.workflow.optimizing_ground import (
    Ground,
    barriers,
    borders,
    ground_of,
    item_of,
    pinned,
)
from tp_geo.workflow.optimizing_roads import roads_in_use
from tp_geo.workflow.optimizing_targets import aimed, limits, max_change, needed, wanted
from tp_geo.workflow.plan import Plan

UNPLACED, NEARNESS = "unplaced", "nearness"
"""Names of the issues that units have no place, and that containers do not touch."""


@dataclass(frozen=True, eq=False)
class Setting:
    """A problem with what it was made of.

    ``goals`` is what each area should hold of each balanced measure, what has
    to stay included; NaN for locked areas.
    """

    request: Request
    frame: Frame
    ground: Ground
    problem: Problem
    goals: Floats
    issues: tuple[Issue, ...]

    @property
    def way(self) -> Way:
        """What to start from: scratch unless all areas that can hold something do."""
        if self.request.way is not Way.AUTO:
            return self.request.way
        holding = np.bincount(self.frame.number[self.frame.number >= 0], minlength=self.areas) > 0
        if not (holding | self.frame.locked).all():
            return Way.SCRATCH
        keeping = self.request.objective.continuity > 0 or bool(self.request.max_change)
        return Way.REBALANCE if keeping or self.request.only_unassigned else Way.PRESENT

    @property
    def areas(self) -> int:
        """How many areas there are."""
        return len(self.frame.areas)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a request is about, told before it is run; ``problems`` says why it would be refused."""

    areas: tuple[AreaId, ...] = ()
    locked: int = 0
    items: int = 0
    held: int = 0
    unassigned: int = 0
    homes: int = 0
    problems: tuple[str, ...] = ()


def problem_of(plan: Plan, request: Request) -> tuple[Problem, Frame]:
    """Return the problem a request amounts to, and how its arrays lie in the plan."""
    setting = setting_of(plan, request)
    return setting.problem, setting.frame


def setting_of(plan: Plan, request: Request, alignment: Alignment | None = None) -> Setting:
    """Return the problem a request amounts to with all it was made of; refuse what makes none.

    ``alignment`` is what the plan might be, by default what it is.
    """
    frame = build_frame(plan, request, needed(request), alignment)
    _refuse_stuck(frame)
    goals, issues = wanted(frame, request)
    ground = ground_of(frame)
    problem = _problem(frame, ground, request, goals)
    return Setting(request, frame, ground, problem, goals, (*issues, *_issues(frame, ground)))


def scope(plan: Plan, request: Request) -> Scope:
    """Return what a request is about: quick enough for every change of a form."""
    try:
        frame = build_frame(plan, request, needed(request))
        wanted(frame, request)
        _refuse_stuck(frame)
    except (Refused, BadData) as error:
        return Scope(problems=(str(error),))
    areas = frame.alignment.areas
    return Scope(
        areas=frame.areas,
        locked=int(frame.locked.sum()),
        items=len(frame.items),
        held=int(frame.held.sum()),
        unassigned=int((frame.number == NOWHERE).sum()),
        homes=sum("home" in areas[k].attributes for k in frame.areas),
    )


def _problem(frame: Frame, ground: Ground, request: Request, goals: Floats) -> Problem:
    balanced = len(request.measures)
    weights, columns = frame.weights, frame.columns
    if any(name == UNITS for name, _ in request.max_change):
        weights, columns = np.column_stack([weights, frame.units]), (*columns, UNITS)
    targets = np.full((len(frame.areas), len(columns)), np.nan)
    targets[:, :balanced] = aimed(frame, goals)
    importance = np.zeros(len(columns))
    importance[:balanced] = [weight for _, weight in request.measures]
    current, held = _seeded(frame, request)
    centers = pinned(frame, request, ground)
    farthest, distance = _farthest(request, ground, centers)
    return Problem(
        edges=ground.edges,
        xy=ground.xy if request.pinned else ground.drawn,
        weights=weights,
        targets=targets,
        current=current,
        held=held,
        centers=centers,
        length=ground.length,
        importance=importance,
        value=_value(frame.weights[:, :balanced]),
        locked=frame.locked,
        contiguous=_contiguous(frame),
        limits=limits(frame, request),
        borders=borders(frame, request),
        barriers=barriers(frame, request, ground),
        max_change=max_change(frame, request, columns),
        max_distance=farthest,
        distance=distance,
    )


def _value(weights: Floats) -> Floats:
    """Return what an item is worth: its share of what is balanced."""
    found: Floats = (weights / weights.sum(axis=0)).mean(axis=1)
    return found


def _contiguous(frame: Frame) -> Flags:
    profiles = (frame.alignment.areas[k].profile for k in frame.areas)
    return np.array([p is Profile.CONTIGUOUS and not frame.table for p in profiles], np.bool_)


def _seeded(frame: Frame, request: Request) -> tuple[Numbers, Flags]:
    """Return where items are and which are held when areas have the seeds they begin with."""
    current, held = frame.number.copy(), frame.held.copy()
    for area, code in request.seeds:
        if area not in frame.areas:
            name = frame.alignment.name(area)
            raise Refused(f"{name} is not among the areas that are optimized. Change the focus.")
        at, number = item_of(frame, code), frame.areas.index(area)
        if current[at] != number and (held[at] or frame.locked[number]):
            raise Refused(
                f"{code} can't be a seed of {frame.name(number)}: it is held or locked. "
                "Release it, or choose another seed."
            )
        current[at], held[at] = number, True
    return current, held


def _farthest(
    request: Request, ground: Ground, centers: Floats | None
) -> tuple[float | None, Distance | None]:
    """Return the largest distance to a pinned center, and how distances are measured."""
    if centers is None and (request.max_distance_km or request.max_minutes):
        raise Refused(
            "A largest distance needs pinned centers. Pin areas to owners' homes or to places."
        )
    roads = roads_in_use()
    if request.max_minutes is not None:
        if roads is None:
            raise Refused(
                "Minutes of driving need a road network. Name its file in TP_GEO_ROADS, "
                "or give the largest distance in km."
            )
        return request.max_minutes, roads.distance(ground.plane)
    if request.max_distance_km is not None:
        return request.max_distance_km * 1000, None
    return None, roads.distance(ground.plane) if roads and centers is not None else None


def _refuse_stuck(frame: Frame) -> None:
    """Refuse when nothing can move: all is locked or held."""
    if frame.locked.all():
        for k in frame.areas:
            refuse_sealed(frame.alignment, k)
        raise Refused("All areas of this focus are locked. Unlock those that may change.")
    if frame.held.all():
        raise Refused("Everything in this focus is held or locked. Release what may move.")


def _issues(frame: Frame, ground: Ground) -> tuple[Issue, ...]:
    found = []
    if frame.unplaced:
        text = (
            f"{frame.unplaced:,} unassigned units have no place and stay unassigned. "
            "Mend their coordinates, or assign them by hand."
        )
        found.append(Issue(UNPLACED, text))
    if ground.near:
        text = "The boundaries do not touch each other: areas hang together by nearness."
        found.append(Issue(NEARNESS, text))
    return tuple(found)
