"""Finds how many areas it takes when each can hold so much: by bounds, then by solving a few."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from tp_geo.optimize.aims import movable
from tp_geo.optimize.objective import BALANCE, Objective
from tp_geo.optimize.problem import Flags, Floats, Ints, Limit, Problem
from tp_geo.optimize.run import Told
from tp_geo.optimize.solution import Solution
from tp_geo.optimize.solve import solve
from tp_geo.optimize.stop import Stop

TRIES = 6
"""How many numbers of areas are solved for, at most."""
NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Capacity:
    """What an area can hold of a measure: at most ``most``, best of all ``ideal``.

    ``measure`` is its column; one of the two may be left out.
    """

    measure: int = 0
    most: float | None = None
    ideal: float | None = None

    def __post_init__(self) -> None:
        if self.most is None and self.ideal is None:
            raise ValueError("Expected most or ideal, how much an area can hold, got neither.")
        for name, value in (("most", self.most), ("ideal", self.ideal)):
            if value is not None and not (math.isfinite(value) and value > 0):
                raise ValueError(f"Expected {name} to be a number above 0, got {value}.")


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A number of areas that was solved for: its heaviest area, how far all are from ideal."""

    areas: int
    heaviest: float
    off: float
    fits: bool
    solution: Solution


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """How many areas it takes, and the plan that shows it.

    No plan fits in fewer than ``bound`` areas. ``solution`` numbers the areas
    0 to ``areas`` - 1 anew; items that may not move are in none of them.
    ``fits`` is whether every area holds at most what it can.
    """

    areas: int
    bound: int
    fits: bool
    solution: Solution
    trials: tuple[Trial, ...]


def number(
    problem: Problem,
    *,
    capacity: Capacity,
    least: int = 1,
    most: int | None = None,
    objective: Objective = BALANCE,
    stop: Stop | None = None,
    seed: int = 0,
    told: Told | None = None,
) -> Number:
    """Return the number of areas that the items that may move need, ``least`` to ``most``.

    With a capacity at most, it is the smallest number found to fit; with an
    ideal alone, the one whose areas are nearest to it.
    """
    part = _free(problem)
    if not part.items:
        raise ValueError("Expected items that may move, got none: release some, or unlock areas.")
    if not 0 <= capacity.measure < part.measures:
        raise ValueError(f"Expected a measure of 0 to {part.measures - 1}, got {capacity.measure}.")
    highest = part.items if most is None else min(most, part.items)
    if not 1 <= least <= highest:
        raise ValueError(f"Expected least and most with 1 <= least <= most, got {least}, {most}.")
    bound = lower_bound(part, capacity)
    trials: dict[int, Trial] = {}
    lowest = max(least, min(bound, highest))
    while len(trials) < TRIES:
        k = _next(part, capacity, trials, lowest, highest)
        if k is None:
            break
        trials[k] = _tried(part, capacity, k, objective, stop, seed, told)
        if trials[k].solution.figures.stopped != "done":
            break
    best = min(trials.values(), key=lambda trial: (not trial.fits, trial.off, trial.areas))
    plan = _whole(problem, best.solution)
    return Number(best.areas, bound, best.fits, plan, tuple(trials.values()))


def lower_bound(problem: Problem, capacity: Capacity) -> int:
    """Return how many areas it takes at least: what there is, and items that can't share one."""
    if capacity.most is None:
        return 1
    weights, most = problem.weights[:, capacity.measure], capacity.most
    alone = int((weights > most / 2).sum())
    return max(1, alone, math.ceil(float(weights.sum()) / most * (1 - NEAR)))


def _next(
    problem: Problem, capacity: Capacity, trials: dict[int, Trial], lowest: int, highest: int
) -> int | None:
    """Return the number to try next, ``None`` when there is none that could be better."""
    if capacity.most is None:
        return _nearest(problem, capacity, trials, lowest, highest)
    fit = min((k for k, trial in trials.items() if trial.fits), default=None)
    short = max((k for k, trial in trials.items() if not trial.fits), default=None)
    if fit is None:
        if short is None:
            return lowest
        wanted = math.ceil(short * trials[short].heaviest / capacity.most)
        return min(max(short + 1, wanted), highest) if short < highest else None
    if short is not None and fit - short > 1:
        return (short + fit) // 2
    return _nearest(problem, capacity, trials, fit, highest)


def _nearest(
    problem: Problem, capacity: Capacity, trials: dict[int, Trial], lowest: int, highest: int
) -> int | None:
    """Return a number not tried yet whose areas could be about the ideal, if there is any."""
    if capacity.ideal is None:
        return None
    middle = float(problem.weights[:, capacity.measure].sum()) / capacity.ideal
    for k in (math.floor(middle), math.ceil(middle)):
        inside = min(max(k, lowest), highest)
        if inside not in trials:
            return inside
    return None


def _tried(
    problem: Problem,
    capacity: Capacity,
    k: int,
    objective: Objective,
    stop: Stop | None,
    seed: int,
    told: Told | None,
) -> Trial:
    sized = _sized(problem, capacity, k)
    found = solve(sized, objective=objective, stop=stop, seed=seed, start="scratch", told=told)
    total = found.figures.totals[:, capacity.measure]
    heaviest = float(total.max(initial=0.0))
    fits = capacity.most is None or heaviest <= capacity.most * (1 + NEAR)
    ideal = capacity.ideal
    off = float(k) if ideal is None else float(np.abs(total / ideal - 1).mean())
    return Trial(k, heaviest, off, fits, found)


def _sized(problem: Problem, capacity: Capacity, k: int) -> Problem:
    """Return the problem with so many equal areas, each under the capacity."""
    even = problem.weights.sum(axis=0) / k
    asked: Flags = np.asarray(np.isfinite(problem.targets).any(axis=0), np.bool_)
    asked[capacity.measure] = True
    limits = [
        Limit(x.name, x.weights, np.full(k, x.minimum[0]), np.full(k, x.maximum[0]))
        for x in problem.limits
        if _alike(x.minimum) and _alike(x.maximum)
    ]
    if capacity.most is not None:
        weights = problem.weights[:, capacity.measure]
        limits.append(Limit("capacity", weights, np.full(k, np.nan), np.full(k, capacity.most)))
    return replace(
        problem,
        targets=np.tile(np.where(asked, even, np.nan), (k, 1)),
        locked=np.zeros(k, np.bool_),
        contiguous=np.full(k, bool(problem.contiguous.all())),
        limits=tuple(limits),
    )


def _alike(values: Floats) -> bool:
    return len(values) > 0 and bool(np.array_equal(values, np.full_like(values, values[0]), True))


def _free(problem: Problem) -> Problem:
    """Return the problem of the items that may move, which are in no area yet."""
    able = movable(problem)
    at = np.cumsum(able).astype(np.int32) - 1
    inside = able[problem.edges].all(axis=1)
    n = int(able.sum())
    return replace(
        problem,
        edges=at[problem.edges[inside]].astype(np.int32),
        length=problem.length[inside],
        barriers=problem.barriers[inside],
        xy=problem.xy[able],
        weights=problem.weights[able],
        value=problem.value[able],
        current=np.full(n, -1, np.int32),
        held=np.zeros(n, np.bool_),
        centers=None,
        max_distance=None,
        max_change=np.full(problem.measures + 1, np.nan),
        limits=tuple(replace(x, weights=x.weights[able]) for x in problem.limits),
        borders=tuple(replace(x, group=x.group[able]) for x in problem.borders),
    )


def _whole(problem: Problem, found: Solution) -> Solution:
    plan: Ints = np.full(problem.items, -1, np.int32)
    plan[movable(problem)] = found.area_of
    return replace(found, area_of=plan)
