"""Plans made from nothing in other ways each time, and a plan that was found with its figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tp_geo.optimize.aims import Aims
from tp_geo.optimize.arithmetic import Words, below, fraction, seeded
from tp_geo.optimize.compiled import compiled
from tp_geo.optimize.figures import measured
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.problem import Floats, Ints, Problem
from tp_geo.optimize.repair import mended
from tp_geo.optimize.run import Run
from tp_geo.optimize.solution import Solution
from tp_geo.optimize.start import drafts
from tp_geo.optimize.state import Task


def drafted(task: Task, aims: Aims, graph: Graph, seed: int) -> Ints:
    """Return a plan made from nothing, areas in one piece."""
    for sketch in drafts(task, aims, graph, seed):
        last = sketch
    return mended(task, last.label, last.center, last.height)


def scattered(task: Task, seed: int) -> Ints:
    """Return a plan of areas about items drawn far from each other, in one piece each."""
    center = task.center[:-1].copy()
    open_ = np.flatnonzero(~task.closed[:-1])
    center[open_] = task.xy[far_apart(task.xy, len(open_), seeded(seed))]
    center = np.where(task.anchored[:-1, None], task.center[:-1], center)
    way = ((task.xy[:, None] - center[None, open_]) ** 2).sum(axis=2)
    label = np.where(task.fixed, task.home, open_[way.argmin(axis=1)]).astype(np.int32)
    return mended(task, label, center, np.zeros(len(center)))


@compiled
def far_apart(xy: Floats, count: int, random: Words) -> Ints:
    """Draw items, each as likely as it is far from the nearest one drawn, squared."""
    n = len(xy)
    found = np.zeros(count, np.int32)
    near = np.full(n, 1e300)
    for t in range(count):
        i = below(random, n)
        if t > 0:
            left = fraction(random) * near.sum()
            i = n - 1
            for v in range(n):
                left -= near[v]
                if left < 0.0:
                    i = v
                    break
        found[t] = i
        for v in range(n):
            way = (xy[v, 0] - xy[i, 0]) ** 2 + (xy[v, 1] - xy[i, 1]) ** 2
            near[v] = min(near[v], way)
    return found


def solution(problem: Problem, area_of: Ints, cost: float, run: Run) -> Solution:
    """Return a plan with its figures."""
    figures = measured(problem, area_of, cost=cost)
    return Solution(
        area_of,
        replace(
            figures,
            stopped=run.stopped or "done",
            seconds=run.seconds,
            iterations=run.iterations,
            trace=tuple(run.trace),
        ),
    )
