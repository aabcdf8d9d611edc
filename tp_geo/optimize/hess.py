"""Plans whose areas have a center at an item: least dispersion or inertia within a band."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tp_geo.optimize import search
from tp_geo.optimize.aims import aims_of
from tp_geo.optimize.compiled import compiled
from tp_geo.optimize.fresh import drafted, scattered, solution
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.mixing import Mix, anneal, within
from tp_geo.optimize.moves import Task
from tp_geo.optimize.objective import Objective
from tp_geo.optimize.problem import Floats, Ints, Problem
from tp_geo.optimize.run import Run, Told
from tp_geo.optimize.solution import Solution
from tp_geo.optimize.stop import Stop
from tp_geo.optimize.task import task_of


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


DISPERSION = Course(60, 6, 300, 10, 1.0, 0.05, 30.0)
INERTIA = Course(6, 6, 400, 60, 1.0, 0.02)
ITEMS_STARTED = 6400
"""Starts of few items are quick: at least so many of them for dispersion, all items counted."""
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
    starts = max(DISPERSION.starts, ITEMS_STARTED // max(1, problem.items))
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

    The cost is the sum of squared distances, in m2, weighted by the first measure.
    """
    way = ((problem.xy[:, None] - problem.xy[None]) ** 2).sum(axis=2)
    mass = problem.weights[:, :1] if problem.measures else np.ones((problem.items, 1))
    return _centered(problem, mass * way, tolerance, INERTIA, seed, Run(stop, told))


def _centered(
    problem: Problem, cost: Floats, tolerance: float, course: Course, seed: int, run: Run
) -> Solution:
    graph, aims = Graph.of(problem), aims_of(problem)
    placed = task_of(problem, Objective(tolerance=tolerance), graph, aims)
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
