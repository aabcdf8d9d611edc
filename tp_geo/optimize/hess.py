"""Plans whose areas have a center at an item: least dispersion or inertia within a band."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from tp_geo.optimize import search
from tp_geo.optimize.aims import aims_of
from tp_geo.optimize.arithmetic import below, seeded
from tp_geo.optimize.compiled import compiled
from tp_geo.optimize.exact import Shares, shares
from tp_geo.optimize.fresh import drafted, scattered, solution
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.mixing import Mix, anneal, within
from tp_geo.optimize.objective import Objective
from tp_geo.optimize.problem import Floats, Ints, Problem
from tp_geo.optimize.repair import mended
from tp_geo.optimize.run import Run, Told
from tp_geo.optimize.solution import Solution
from tp_geo.optimize.state import Task
from tp_geo.optimize.stop import Stop
from tp_geo.optimize.task import INSIDE, task_of


@dataclass(frozen=True, slots=True)
class Course:
    """How a search goes: so many starts, each with rounds of annealing between new centers.

    ``edge`` is what an area a whole target outside its band costs, in what an
    item costs on average.
    """

    starts: int
    rounds: int
    cuts: int
    moves: int
    hot: float
    cold: float
    edge: float = 100.0


DISPERSION = Course(60, 5, 250, 20, 2.0, 0.1, 30.0)
STARTS, KICKS, ROUNDS, FINAL = 8, 10, 12, 2
"""Sets of centers from nothing, with one drawn anew, shares at most for each; plans made."""
SETTLING = ((0.03, True), (0.3, False), (0.1, False), (0.03, False))
"""How hot plans settle, in what an item costs on average, and whether prices keep bands."""
FIRM = 300.0
"""What an area a whole target outside its band costs at least, in the same unit."""
CUTS, MOVES = 200, 60
"""How much each settling does: trees, and single moves before each."""
ITEMS_STARTED, MOST_STARTS = 8000, 90
"""Starts of few items are quick: more of them for dispersion, about so many items counted."""
COOLER, STRICTER = 0.7, 1.5
"""How much cooler each round starts than the one before, and how much more its band counts."""


def least_dispersion(
    problem: Problem,
    *,
    tolerance: float = 0.05,
    stop: Stop | None = None,
    seed: int = 0,
    told: Told | None = None,
) -> Solution:
    """Return the plan within ``tolerance`` whose items are nearest to the medians of their areas.

    The cost is the sum of distances, in metres, each item counted once.
    """
    way = ((problem.xy[:, None] - problem.xy[None]) ** 2).sum(axis=2)
    more = min(MOST_STARTS, ITEMS_STARTED // max(1, problem.items))
    starts = max(DISPERSION.starts, more)
    course = replace(DISPERSION, starts=starts)
    return _centered(problem, np.sqrt(way), tolerance, course, seed, Run(stop, told))


def least_inertia(
    problem: Problem,
    *,
    tolerance: float = 0.005,
    stop: Stop | None = None,
    seed: int = 0,
    told: Told | None = None,
) -> Solution:
    """Return the plan within ``tolerance`` of least inertia about centers that are items.

    The cost is the sum of squared distances, in m2, weighted by the first
    measure. Centers are found by linear programs that let items be parted;
    the best few of them become plans.
    """
    run = Run(stop, told)
    way = ((problem.xy[:, None] - problem.xy[None]) ** 2).sum(axis=2)
    mass = problem.weights[:, :1] if problem.measures else np.ones((problem.items, 1))
    cost = mass * way
    graph, aims = Graph.of(problem), aims_of(problem)
    placed = task_of(problem, Objective(tolerance=tolerance / INSIDE), graph, aims)
    task = _by_center(placed)
    best, least = placed.home, np.inf
    pool = _pool(placed, cost, lambda turn: drafted(placed, aims, graph, turn), seed, run)
    for turn, found in enumerate(pool):
        at = placed.xy[list(found.centers)]
        label = mended(placed, found.shares.label, at, np.zeros(len(at)))
        label, total = _settled(task, cost, label, found, seed + turn, run)
        if total < least:
            best, least = label, total
        if run.stopped:
            break
    return solution(problem, search.area_of(task, best), float(least), run)


class _Found(NamedTuple):
    """Centers, and how items are shared out over them."""

    centers: tuple[int, ...]
    shares: Shares


def _pool(
    task: Task, cost: Floats, draft: Callable[[int], Ints], seed: int, run: Run
) -> list[_Found]:
    """Return the best few sets of centers, by what plans about them cost at least."""
    k, random = len(task.closed) - 1, seeded(seed)
    best: dict[tuple[int, ...], _Found] = {}
    for turn in range(STARTS + KICKS):
        if turn < STARTS:
            label = scattered(task, seed + turn) if turn % 2 else draft(seed + turn)
            center = medians(cost, label, k)[0]
        else:
            center = np.array(min(best.values(), key=_value).centers, np.int32)
            center[below(random, k)] = below(random, len(cost))
        found = _lloyd(task, cost, center)
        if found is not None:
            known = best.setdefault(tuple(sorted(found.centers)), found)
            if found.shares.value < known.shares.value:
                best[tuple(sorted(found.centers))] = found
        if run.stopped or not best:
            break
    return sorted(best.values(), key=_value)[:FINAL]


def _value(found: _Found) -> tuple[float, tuple[int, ...]]:
    return found.shares.value, found.centers


def _lloyd(task: Task, cost: Floats, center: Ints) -> _Found | None:
    """Share items out and move centers to the medians of what they get until they stay."""
    k, best = len(center), None
    unit = len(cost) / max(
        float(cost.min(axis=1).sum() + cost[:, center].min(axis=1).sum()), 1e-300
    )
    for _ in range(ROUNDS):
        found = shares(task, cost[:, center] * unit)
        if found is None:
            return best
        scaled = Shares(found.value / unit, found.label, found.price / unit)
        if best is None or scaled.value < best.shares.value:
            best = _Found(tuple(int(i) for i in center), scaled)
        moved = medians(cost, found.label, k)[0]
        if (moved == center).all():
            break
        center = moved
    return best


def _settled(
    task: Task, cost: Floats, label: Ints, found: _Found, seed: int, run: Run
) -> tuple[Ints, float]:
    """Return the best plan near what shares say: bands kept by their prices, then by force."""
    k, price = len(task.closed) - 1, found.shares.price
    unit = len(label) / max(found.shares.value, 1e-300)
    per = np.where(task.per[:k] > 0, task.per[:k], np.inf)
    dear = FIRM + 2 * unit * float(np.abs(price / per).max())
    center, best, least = np.array(found.centers), label, np.inf
    for turn, (hot, priced) in enumerate(SETTLING):
        task.far[:, :k] = cost[:, center] + (task.weights @ price.T if priced else 0.0)
        costs = within(task, FIRM if priced else dear, shape=unit)
        label, _ = anneal(
            task, costs, label, Mix(CUTS, MOVES, hot, hot / 10, 0.4), seed + turn, run
        )
        center, total = medians(cost, label, k)
        if _kept(task, label) and total < least:
            best, least = label, total
        if run.stopped:
            break
    return best, float(least)


def _centered(
    problem: Problem, cost: Floats, tolerance: float, course: Course, seed: int, run: Run
) -> Solution:
    graph, aims = Graph.of(problem), aims_of(problem)
    placed = task_of(problem, Objective(tolerance=tolerance / INSIDE), graph, aims)
    task = _by_center(placed)
    best, least = placed.home, np.inf
    for turn in range(seed, seed + course.starts):
        label = scattered(placed, turn) if turn % 2 else drafted(placed, aims, graph, turn)
        label, total = _rounds(task, cost, label, course, turn, run)
        if total < least:
            best, least = label, total
        if run.stopped:
            break
    return solution(problem, search.area_of(task, best), float(least), run)


def _by_center(task: Task) -> Task:
    """Return a task in which an item costs what its row of ``far`` says, whatever its mass."""
    k = len(task.closed)
    moments = np.zeros_like(task.moments)
    moments[:, 0] = 1.0
    anchored = np.append(np.ones(k - 1, np.bool_), False)
    return task._replace(moments=moments, anchored=anchored, far=np.zeros((len(moments), k)))


def _rounds(
    task: Task, cost: Floats, label: Ints, course: Course, seed: int, run: Run
) -> tuple[Ints, float]:
    """Return the best plan of some rounds and its cost, infinite where a band is not kept."""
    k = len(task.closed) - 1
    center, total = medians(cost, label, k)
    best, least, hot, edge = label, np.inf, course.hot, course.edge
    shape = len(label) / total if total > 0 else 0.0
    for turn in range(course.rounds):
        task.far[:, :k] = cost[:, center]
        mix = Mix(course.cuts, course.moves, hot, course.cold, 0.3)
        costs = within(task, edge, shape=shape)
        label, _ = anneal(task, costs, label, mix, seed * course.rounds + turn, run)
        before, (center, total) = center, medians(cost, label, k)
        better = _kept(task, label) and total < least
        if better:
            best, least = label, total
        if run.stopped or (turn > 1 and not better and (center == before).all()):
            break
        hot, edge = max(hot * COOLER, course.cold), edge * STRICTER
    return best, float(least)


def _kept(task: Task, label: Ints) -> bool:
    """Return whether all bands are kept, but for rounding."""
    totals = np.zeros_like(task.low)
    np.add.at(totals, label, task.weights)
    slack = 1e-9 * np.abs(task.target)
    counts = task.per > 0
    return bool(((totals >= task.low - slack) & (totals <= task.high + slack) | ~counts).all())


@compiled
def medians(cost: Floats, label: Ints, k: int) -> tuple[Ints, float]:
    """Return the item of each area that is the best center of it, and what all areas cost."""
    n = len(label)
    found, total = np.zeros(k, np.int32), 0.0
    own = np.empty(n, np.int32)
    for j in range(k):
        m = 0
        for i in range(n):
            if label[i] == j:
                own[m] = i
                m += 1
        least = np.inf
        for s in range(m):
            c = 0.0
            for t in range(m):
                c += cost[own[t], own[s]]
                if c >= least:
                    break
            if c < least:
                least = c
                found[j] = own[s]
        if m > 0:
            total += least
    return found, total
