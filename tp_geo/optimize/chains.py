"""Chains of moves that carry what one area has too much or too little of to areas with room for it.

A single move that takes an area back into its band may push the next one out
of its own. A chain goes on from there, and only what it costs as a whole counts.
"""

from __future__ import annotations

import numpy as np

from tp_geo.optimize.arithmetic import fraction, log_of
from tp_geo.optimize.compiled import bare, compiled
from tp_geo.optimize.moves import (
    affordable,
    balance_after,
    border_change,
    keep_best,
    leaving,
    put,
    shape_after,
)
from tp_geo.optimize.pieces import can_leave
from tp_geo.optimize.problem import Floats, Ints
from tp_geo.optimize.state import BEST, NOW, RIM, TAKEN, TICK, Costs, State, Task, allowed

LINKS = 6
"""How many moves a chain has at most."""
LOOKED_AT = 400
"""How many items of an area are looked at for the next move of a chain."""


@compiled
def mend_worst(
    task: Task, costs: Costs, state: State, column: int, far: float, tries: int, noise: float
) -> int:
    """Try chains from areas off their target by more than ``far``; return how many are left.

    Sums must be made anew before. The dearest area of ``column`` comes first, each
    gets so many ``tries``, and ``noise`` is how much worse than the best a move of
    a chain may be, in units of cost.
    """
    k = len(task.closed) - 1
    item, source, given = (
        np.empty(LINKS, np.int32),
        np.empty(LINKS, np.int32),
        np.empty(LINKS, np.int32),
    )
    worth = np.empty(LINKS)
    stack = np.empty(LOOKED_AT, np.int32)
    failed = np.zeros(k, np.int32)
    left = 0
    while True:
        worst, dearest = -1, far
        left = 0
        for j in range(k):
            if task.closed[j] or task.per[j, column] == 0.0:
                continue
            off = abs(state.totals[j, column] - task.target[j, column]) * task.per[j, column]
            if off > far:
                left += 1
            if off > dearest and failed[j] < tries:
                worst, dearest = j, off
        if worst < 0:
            return left
        if not _chain(task, costs, state, worst, column, noise, stack, item, source, given, worth):
            failed[worst] += 1


@bare
def _chain(
    task: Task,
    costs: Costs,
    state: State,
    first: int,
    column: int,
    noise: float,
    stack: Ints,
    item: Ints,
    source: Ints,
    given: Ints,
    worth: Floats,
) -> bool:
    """Try one chain that begins at an area; return whether it was worth it."""
    total, start = 0.0, _on_rim(state, first)
    for t in range(LINKS):
        if start < 0:
            _undo(task, costs, state, t, item, source, given, total)
            return False
        at = state.label[start]
        way = 1 if state.totals[at, column] > task.target[at, column] else -1
        found = _best_link(task, costs, state, start, way, noise, stack, item, t, given, worth)
        if not found:
            _undo(task, costs, state, t, item, source, given, total)
            return False
        i, b = item[t], given[t]
        source[t] = state.label[i]
        total += worth[t]
        _move(task, costs, state, i, b)
        state.values[NOW] += worth[t]
        if total < -1e-9:
            state.numbers[TAKEN] += t + 1
            if state.values[NOW] < state.values[BEST] - 1e-12:
                keep_best(state)
            return True
        start = i if way > 0 else _beside(task, state, i, source[t])
    _undo(task, costs, state, LINKS, item, source, given, total)
    return False


@bare
def _on_rim(state: State, area: int) -> int:
    """Return an item of an area that may move and touches another one, -1 if there is none."""
    for t in range(state.numbers[RIM]):
        if state.label[state.rim[t]] == area:
            return state.rim[t]
    return -1


@bare
def _beside(task: Task, state: State, i: int, area: int) -> int:
    """Return a neighbor of an item in an area, -1 if there is none."""
    for e in range(task.indptr[i], task.indptr[i + 1]):
        if state.label[task.indices[e]] == area:
            return task.indices[e]
    return -1


@bare
def _best_link(
    task: Task,
    costs: Costs,
    state: State,
    start: int,
    way: int,
    noise: float,
    stack: Ints,
    item: Ints,
    links: int,
    given: Ints,
    worth: Floats,
) -> bool:
    """Find a move out of the area of an item (``way`` 1), or into it (-1).

    It is the one that costs least, but for ``noise`` and for what too much or too
    little the next area gets of it: the chain goes on from there.
    """
    label = state.label
    area = label[start]
    tail = _members(task, state, start, stack)
    least, found = np.inf, False
    for t in range(tail):
        u = stack[t]
        for e in range(task.indptr[u], task.indptr[u + 1]):
            v = task.indices[e]
            if label[v] == area:
                continue
            i, b = u, label[v]
            if way < 0:
                i, b = v, area
            a = label[i]
            if state.place[i] < 0 or task.closed[a] or not allowed(task, i, b):
                continue
            if _among(item, links, i):
                continue
            change = _cost(task, costs, state, i, b)
            on = b if way > 0 else a
            later = balance_after(task, costs, state, on, i, -1, float(way)) - state.balance[on]
            score = change - max(0.0, later - noise)
            score -= noise * log_of(fraction(state.random) + 1e-12)
            if score >= least or not can_leave(task, state, i):
                continue
            go = leaving(task, i, a, b)
            if go > 0 and not affordable(task, state, i, go, -1, 0):
                continue
            item[links], given[links], worth[links] = i, b, change
            least, found = score, True
    return found


@bare
def _members(task: Task, state: State, start: int, stack: Ints) -> int:
    """List items of the area an item is in, by breadth; return how many."""
    area = state.label[start]
    state.numbers[TICK] += 1
    tick = state.numbers[TICK]
    state.seen[start] = tick
    stack[0] = start
    head, tail = 0, 1
    while head < tail:
        u = stack[head]
        head += 1
        for e in range(task.indptr[u], task.indptr[u + 1]):
            v = task.indices[e]
            if state.label[v] == area and state.seen[v] != tick and tail < len(stack):
                state.seen[v] = tick
                stack[tail] = v
                tail += 1
    return tail


@bare
def _among(item: Ints, links: int, i: int) -> bool:
    found = False
    for t in range(links):
        found = found or item[t] == i
    return found


@bare
def _cost(task: Task, costs: Costs, state: State, i: int, b: int) -> float:
    """Return what moving item i to area b costs."""
    a = state.label[i]
    change = balance_after(task, costs, state, a, i, -1, -1.0) - state.balance[a]
    change += balance_after(task, costs, state, b, i, -1, 1.0) - state.balance[b]
    shape = shape_after(task, state, a, i, -1, -1.0) - state.shape[a]
    shape += shape_after(task, state, b, i, -1, 1.0) - state.shape[b]
    change += costs.shape * shape
    if costs.border > 0.0:
        change += costs.border * border_change(task, state, i, -1, a, b)
    if costs.change > 0.0:
        change += costs.change * leaving(task, i, a, b) * task.loss[i]
    return change


@bare
def _move(task: Task, costs: Costs, state: State, i: int, b: int) -> None:
    a = state.label[i]
    balance_a = balance_after(task, costs, state, a, i, -1, -1.0)
    balance_b = balance_after(task, costs, state, b, i, -1, 1.0)
    shape_a = shape_after(task, state, a, i, -1, -1.0)
    shape_b = shape_after(task, state, b, i, -1, 1.0)
    state.label[i] = b
    put(task, state, i, a, b, leaving(task, i, a, b))
    state.balance[a], state.balance[b] = balance_a, balance_b
    state.shape[a], state.shape[b] = shape_a, shape_b


@bare
def _undo(
    task: Task,
    costs: Costs,
    state: State,
    links: int,
    item: Ints,
    source: Ints,
    given: Ints,
    total: float,
) -> None:
    for t in range(links - 1, -1, -1):
        _move(task, costs, state, item[t], source[t])
    state.values[NOW] -= total
