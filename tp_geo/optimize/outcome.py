"""Makes a solution of a plan: its figures, and what stands in the way of a better one."""

from __future__ import annotations

import numpy as np

from tp_geo.optimize.aims import aims_of
from tp_geo.optimize.figures import measured
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.issues import issues_of
from tp_geo.optimize.objective import Objective
from tp_geo.optimize.problem import Flags, Ints, Problem
from tp_geo.optimize.solution import Figures, Solution


def outcome(
    problem: Problem,
    objective: Objective,
    plan: Ints,
    *,
    graph: Graph | None = None,
    reach: Flags | None = None,
    cost: float = float("nan"),
    stopped: str = "done",
    seconds: float = 0.0,
    iterations: int = 0,
    trace: tuple[tuple[float, int, float], ...] = (),
    label: str = "",
) -> Solution:
    """Return a plan with its figures; ``reach`` says which items some area may take."""
    graph = Graph.of(problem) if graph is None else graph
    reach = np.ones(problem.items, np.bool_) if reach is None else reach
    figures = measured(
        problem,
        plan,
        graph=graph,
        cost=cost,
        stopped=stopped,
        seconds=seconds,
        iterations=iterations,
        issues=issues_of(problem, objective, plan, graph, aims_of(problem), reach),
        trace=trace,
    )
    return Solution(plan, figures, label)


def again(problem: Problem, objective: Objective, plan: Ints, run: Figures) -> Solution:
    """Return a plan that a run found, with the figures it has in another problem."""
    return outcome(
        problem,
        objective,
        plan,
        cost=run.cost,
        stopped=run.stopped,
        seconds=run.seconds,
        iterations=run.iterations,
        trace=run.trace,
    )
