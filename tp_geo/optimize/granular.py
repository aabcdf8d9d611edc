"""Plans for few items an area, where single moves get stuck: by cut borders, or about centers."""

from __future__ import annotations

import numpy as np

from tp_geo.optimize import search
from tp_geo.optimize.aims import aims_of
from tp_geo.optimize.fresh import drafted, solution
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.hess import least_dispersion, least_inertia
from tp_geo.optimize.mixing import Mix, anneal, within
from tp_geo.optimize.objective import Objective
from tp_geo.optimize.problem import Problem
from tp_geo.optimize.run import Run, Told
from tp_geo.optimize.solution import Solution
from tp_geo.optimize.stop import Stop
from tp_geo.optimize.task import INSIDE, task_of

__all__ = ["fewest_cuts", "least_dispersion", "least_inertia"]

SMALL = 150
"""Up to so many items cuts are cheap and do most of the work."""
EDGE = 1000.0
"""What an area a whole target outside its band costs, in cut edges."""


def fewest_cuts(
    problem: Problem,
    *,
    tolerance: float = 0.005,
    stop: Stop | None = None,
    seed: int = 0,
    told: Told | None = None,
) -> Solution:
    """Return the plan within ``tolerance`` of all targets that parts fewest neighbors.

    Every pair of neighbors counts 1, however long their border. Starts anew
    some times, each from a balanced power diagram of another seed.
    """
    run = Run(stop, told)
    graph, aims = Graph.of(problem), aims_of(problem)
    task = task_of(problem, Objective(tolerance=tolerance / INSIDE), graph, aims)
    task = task._replace(parting=np.ones(len(graph.indices)))
    costs = within(task, EDGE, border=1.0)
    small = problem.items <= SMALL
    mix = Mix(40_000, 3, 2.0, 0.3) if small else Mix(40_000, 20, 1.0, 0.3)
    best, least = task.home, np.inf
    for turn in range(40 if small else 5):
        label, cost = anneal(
            task, costs, drafted(task, aims, graph, seed + turn), mix, seed + turn, run
        )
        if cost < least:
            best, least = label, cost
        if run.stopped:
            break
    return solution(problem, search.area_of(task, best), float(least), run)
