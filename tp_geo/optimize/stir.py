"""Stirs a plan of clumps: an annealed search that leaves the optimum the diagram got stuck in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from tp_geo.optimize import search
from tp_geo.optimize.costs import costs_of, several
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.newton import Points
from tp_geo.optimize.objective import Objective
from tp_geo.optimize.problem import Floats, Ints
from tp_geo.optimize.run import Run
from tp_geo.optimize.search import FARTHEST, LEARN, Phase
from tp_geo.optimize.state import Task

EACH, MOST = 150, 1_200_000
"""How many moves are tried for each clump, and at most in all that is stirred."""
HOT, COLD = 3.0, 0.02
"""Temperatures at first and at last, in units of the square root of areas by clumps."""
FINE = 20
"""From so many clumps for each area on a search by one measure aims as far beyond as it must."""
SLICES = 4
"""In how many slices it can be told of and stopped."""
OBJECTIVE = Objective(borders=0.0225)
"""What counts: balance and inertia, and borders so far that they stay straight."""


def stirred(task: Task, label: Ints, seed: int, most: int = MOST) -> Iterator[Ints]:
    """Yield better and better plans of a task, slice after slice, in ``most`` moves at most."""
    n, k = len(label), max(1, len(task.closed) - 1)
    state, heat = search.begin(task, label, seed), float(np.sqrt(k / n))
    costs = costs_of(task, OBJECTIVE, label, 0.1)
    costs = costs._replace(push=0.0 * costs.push)
    heats = heat * HOT * (COLD / HOT) ** (np.arange(SLICES + 1) / SLICES)
    far = 1.0 if n >= FINE * k and not several(task) else FARTHEST
    moves = min(EACH * n, most) // SLICES
    for hot, cold in pairwise(heats):
        phase = Phase(costs, moves, float(hot), float(cold), learn=LEARN, farthest=far)
        search.anneal(task, state, phase, costs, Run())
        yield state.best.copy()


def of_clumps(task: Task, items: Ints, clump: Ints, points: Points) -> Task:
    """Return the task of giving out clumps of items, none of which is held or at home anywhere."""
    count, nobody = len(points.xy), len(task.closed) - 1
    number = np.full(len(task.home), -1, np.int32)
    number[items] = clump
    graph = Graph(points.indptr, points.indices, np.zeros(len(points.indices)))
    return task._replace(
        indptr=points.indptr,
        indices=points.indices,
        parting=_parting(task, number, graph),
        xy=points.xy,
        moments=_summed(task.moments[items], clump, count),
        weights=_summed(task.weights[items], clump, count),
        loss=np.zeros(count),
        home=np.full(count, nobody, np.int32),
        fixed=np.zeros(count, np.bool_),
        budget=np.full(len(task.budget), np.inf),
    )


def _summed(values: Floats, clump: Ints, count: int) -> Floats:
    return np.column_stack([np.bincount(clump, column, count) for column in values.T])


def _parting(task: Task, number: Ints, graph: Graph) -> Floats:
    """Return what parting two neighboring clumps costs: as much as all the items of them."""
    count = len(graph.indptr) - 1
    sources = np.repeat(np.arange(len(number)), np.diff(task.indptr))
    a, b = number[sources].astype(np.int64), number[task.indices].astype(np.int64)
    apart = (a >= 0) & (b >= 0) & (a != b)
    pairs, which = np.unique(a[apart] * count + b[apart], return_inverse=True)
    length = np.bincount(which, task.parting[apart], len(pairs))
    wanted = graph.sources.astype(np.int64) * count + graph.indices
    at = np.minimum(np.searchsorted(pairs, wanted), max(0, len(pairs) - 1))
    found: Floats = np.where(pairs[at] == wanted, length[at], 0.0)
    return found
