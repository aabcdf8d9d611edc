"""A search where many items have nothing of what is balanced: they go with one near by that has.

Accounts are in few of the postal codes of a country. At a border where all
items are empty no single move changes a total, so balance would end there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from tp_geo.optimize import search
from tp_geo.optimize.compiled import compiled
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.objective import Objective
from tp_geo.optimize.problem import Flags, Floats, Ints
from tp_geo.optimize.run import Clock
from tp_geo.optimize.schedule import phases_of
from tp_geo.optimize.search import Phase
from tp_geo.optimize.state import Costs, State, Task

EMPTY = 0.3
"""Which share of the items that may move is empty where this is worth while."""

HOT, COLD, LONGER = 0.3, 0.02, 2
"""How hot the search with all items is at first and at last, in prices of a border of average
length, and how many times as long as the last phase otherwise is."""


class Groups(NamedTuple):
    """A task of giving out groups of items, and the group of each item."""

    task: Task
    of: Ints


def searched(
    task: Task, objective: Objective, state: State, phases: tuple[Phase, ...], seed: int, run: Clock
) -> None:
    """Search phase after phase; where many items are empty, first for those that are not."""
    groups = grouped(task, state.label)
    if groups is None:
        search.run(task, state, phases, run)
        return
    first = np.unique(groups.of, return_index=True)[1]
    label = state.label[first]
    few = search.begin(groups.task, label, seed)
    heard = _Heard(run, groups, task, phases[-1].costs)
    steps = phases_of(groups.task, objective, label)
    search.run(groups.task, few, steps, heard)
    state.best[:] = few.best[groups.of]
    search.run(task, state, (_straightening(phases[-1]),), run)


def _straightening(last: Phase) -> Phase:
    """Return a last phase so hot that empty items cross over: borders of groups are ragged."""
    border = last.costs.border
    hot, cold = max(last.hot, HOT * border), max(last.cold, COLD * border)
    return replace(last, moves=LONGER * last.moves, hot=hot, cold=cold)


def grouped(task: Task, label: Ints) -> Groups | None:
    """Return empty items as parts of groups about those that are not, each within its area.

    ``None`` where few are empty, and where what may leave home, or how far
    from centers items may be, is asked of each item.
    """
    counted = task.counts[: len(task.budget) - 1] > 0
    full = (task.weights[:, : len(counted)][:, counted] > 0).any(axis=1)
    free = ~task.fixed
    if np.sum(free & ~full) < EMPTY * max(1, free.sum()) or not (free & full).any():
        return None
    if np.isfinite(task.budget).any() or len(task.far) or np.isfinite(task.reach):
        return None
    return _grouped(task, _grown(task, label, free & full))


@compiled
def _grown(task: Task, label: Ints, root: Flags) -> Ints:
    """Return the group of each item: that of a root near by, in the same area and of the same home.

    Groups are numbered by their first item; an item that no root reaches is one by itself.
    """
    n = len(label)
    of, queue, tail = np.full(n, -1, np.int32), np.empty(n, np.int32), 0
    for i in range(n):
        if root[i]:
            of[i] = i
            queue[tail] = i
            tail += 1
    head = 0
    while head < tail:
        u = queue[head]
        head += 1
        for e in range(task.indptr[u], task.indptr[u + 1]):
            v = task.indices[e]
            if of[v] >= 0 or task.fixed[v] or label[v] != label[u]:
                continue
            if task.home[v] == task.home[u]:
                of[v] = of[u]
                queue[tail] = v
                tail += 1
    number, count = np.full(n, -1, np.int32), 0
    for i in range(n):
        at = of[i] if of[i] >= 0 else i
        if number[at] < 0:
            number[at] = count
            count += 1
        of[i] = number[at]
    return of


def _grouped(task: Task, of: Ints) -> Groups:
    first = np.unique(of, return_index=True)[1]
    count = len(first)
    moments = _summed(task.moments, of, count)
    mass = moments[:, :1]
    with np.errstate(invalid="ignore", divide="ignore"):
        xy = np.where(mass > 0, moments[:, 1:3] / mass, task.xy[first])
    source = np.repeat(of, np.diff(task.indptr))
    once = source < of[task.indices]
    edges = np.column_stack([source[once], of[task.indices][once]])
    graph = Graph.from_edges(count, edges, task.parting[once])
    few = task._replace(
        indptr=graph.indptr,
        indices=graph.indices,
        parting=graph.length,
        xy=np.ascontiguousarray(xy),
        moments=moments,
        weights=_summed(task.weights, of, count),
        loss=_summed(task.loss[:, None], of, count)[:, 0],
        home=task.home[first],
        fixed=task.fixed[first],
    )
    return Groups(few, of)


def _summed(values: Floats, of: Ints, count: int) -> Floats:
    return np.column_stack([np.bincount(of, column, count) for column in values.T])


class _Heard:
    """Tells a run of plans for groups as of plans for the items in them."""

    def __init__(self, run: Clock, groups: Groups, task: Task, costs: Costs) -> None:
        self._run, self._groups, self._task, self._costs = run, groups, task, costs

    @property
    def stopped(self) -> str:
        return self._run.stopped

    def left(self, planned: int) -> int:
        return self._run.left(planned)

    def goes_on(self, area_of: Ints, cost: float, tried: int) -> bool:
        del cost
        of, nobody = area_of[self._groups.of], len(self._task.closed) - 1
        label = np.where(of < 0, nobody, of).astype(np.int32)
        state = search.begin(self._task, label, 0)
        return self._run.goes_on(of, search.value(self._task, self._costs, state), tried)
