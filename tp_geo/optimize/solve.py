"""Balances a problem: a start, areas in one piece, then a search."""

from __future__ import annotations

from typing import Literal

import numpy as np

from tp_geo.optimize import search
from tp_geo.optimize.aims import Aims, aims_of, movable
from tp_geo.optimize.coarse import clumps_for
from tp_geo.optimize.costs import costs_of, several
from tp_geo.optimize.figures import measured
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.issues import issues_of
from tp_geo.optimize.objective import Objective
from tp_geo.optimize.problem import Flags, Ints, Problem
from tp_geo.optimize.repair import mended
from tp_geo.optimize.run import Run, Told
from tp_geo.optimize.schedule import STARTS, insisted, phases_of, starts_of
from tp_geo.optimize.several import FEW_STARTS, by_clumps
from tp_geo.optimize.solution import Solution
from tp_geo.optimize.sparse import searched
from tp_geo.optimize.start import COARSE_STARTS, Sketch, drafts, present
from tp_geo.optimize.state import Task
from tp_geo.optimize.stop import Stop
from tp_geo.optimize.task import task_of

Start = Literal["auto", "present", "scratch", "centers"]


def solve(
    problem: Problem,
    *,
    objective: Objective | None = None,
    stop: Stop | None = None,
    seed: int = 0,
    start: Start = "auto",
    told: Told | None = None,
) -> Solution:
    """Return the best plan found for a problem, with its figures and what stood in the way.

    Without a stop rule the work is a number of moves that follows from the
    size of the problem, so that the same seed gives the same plan on any
    machine. ``start`` is the plan there is ("present"), nothing ("scratch"),
    or the pinned centers ("centers"); by itself the present plan where
    keeping it counts. ``told`` hears after each slice of work how far it is
    and where each item is; what it raises abandons the run.
    """
    objective = Objective() if objective is None else objective
    run = Run(stop, told)
    graph, aims = Graph.of(problem), aims_of(problem)
    area_of, cost, reach = _found(problem, objective, graph, aims, seed, start, run)
    return Solution(
        area_of,
        measured(
            problem,
            area_of,
            graph=graph,
            cost=cost,
            stopped=run.stopped or "done",
            seconds=run.seconds,
            iterations=run.iterations,
            issues=issues_of(problem, objective, area_of, graph, aims, reach),
            trace=tuple(run.trace),
        ),
    )


def _found(
    problem: Problem,
    objective: Objective,
    graph: Graph,
    aims: Aims,
    seed: int,
    start: Start,
    run: Run,
) -> tuple[Ints, float, Flags]:
    """Return the plan, its cost, and which items some area may take."""
    if not problem.items or not problem.areas:
        return problem.current.copy(), 0.0, np.zeros(problem.items, np.bool_)
    touching = bool(len(graph.indices))
    graph = graph if touching else Graph.near(problem.xy)
    task = task_of(problem, objective, graph, aims, place=touching)
    start = _chosen(problem, objective, start)
    label = _started(task, objective, aims, graph, seed, start, run)
    state = search.begin(task, label, seed + 1)
    phases = phases_of(task, objective, label)
    anew = several(task) and start != "present"
    if not (anew and by_clumps(task, objective, aims, graph, state, seed + 1, run)):
        searched(task, objective, state, phases, seed + 1, run)
    costs = insisted(task, objective, state, phases[-1], run)
    reach = ~task.fixed | ~movable(problem)
    return search.area_of(task, state.best), search.value(task, costs, state), reach


def _chosen(problem: Problem, objective: Objective, start: Start) -> Start:
    if start != "auto":
        return start
    kept = objective.continuity > 0 or bool(np.isfinite(problem.max_change).any())
    return "present" if kept and bool((problem.current >= 0).any()) else "scratch"


def _started(
    task: Task,
    objective: Objective,
    aims: Aims,
    graph: Graph,
    seed: int,
    start: Start,
    run: Run,
) -> Ints:
    """Return the plan a search starts from: the one there is, or the best of some drafts."""
    if start == "present":
        return mended(task, *present(task))
    held = task.fixed & ~task.closed[task.home]
    count = starts_of(len(held), clumps_for(held, int(np.sum(~task.closed[:-1]))))
    each = (FEW_STARTS if several(task) else COARSE_STARTS) if count == 1 else 1
    best = mended(task, *_drafted(task, aims, graph, STARTS * seed, each, run))
    costs = costs_of(task, objective, best, 1.0)
    least = search.value(task, costs, search.begin(task, best, 0))
    for turn in range(1, count):
        if run.stopped:
            break
        label = mended(task, *_drafted(task, aims, graph, STARTS * seed + turn, each, run))
        cost = search.value(task, costs, search.begin(task, label, 0))
        if cost < least:
            best, least = label, cost
    return best


def _drafted(task: Task, aims: Aims, graph: Graph, seed: int, starts: int, run: Run) -> Sketch:
    for sketch in drafts(task, aims, graph, seed, starts=starts):
        if not run.goes_on(search.area_of(task, sketch.label), float("inf"), 0):
            break
    return sketch
