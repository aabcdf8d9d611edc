"""Kernels of a rebalance: carry items over borders as a flow says, and bring others home again."""

from __future__ import annotations

import numpy as np

from tp_geo.optimize.compiled import bare, compiled
from tp_geo.optimize.moves import (
    affordable,
    applied,
    balance_after,
    border_change,
    leaving,
    put,
    shape_after,
)
from tp_geo.optimize.pieces import touches
from tp_geo.optimize.problem import Floats, Ints
from tp_geo.optimize.repair import Heap, pop, push
from tp_geo.optimize.state import RIM, TICK, Costs, State, Task, allowed

HALF = 0.5
"""The share of an item's mass that has to be left of a flow for the item to go with it."""

KEPT = 0.3
"""The part of its mass that an area keeps while others still owe it theirs."""


@bare
def way_between(first: Ints, taker: Ints, a: int, b: int) -> int:
    """Return the way from one area to another, -1 if there is none."""
    low, high = first[a], first[a + 1]
    while low < high:
        middle = (low + high) // 2
        if taker[middle] < b:
            low = middle + 1
        else:
            high = middle
    if low < first[a + 1] and taker[low] == b:
        return low
    return -1


@bare
def _price(task: Task, costs: Costs, state: State, i: int, b: int) -> float:
    """Return what it costs shape and continuity, by mass, that an item goes to another area."""
    a = state.label[i]
    found = shape_after(task, state, a, i, -1, -1.0) - state.shape[a]
    found += shape_after(task, state, b, i, -1, 1.0) - state.shape[b]
    found *= costs.shape
    found += costs.border * border_change(task, state, i, -1, a, b)
    found += costs.change * leaving(task, i, a, b) * task.loss[i]
    return found / (task.moments[i, 0] + 1.0)


@bare
def _offer(
    task: Task,
    costs: Costs,
    state: State,
    heap: Heap,
    first: Ints,
    taker: Ints,
    flow: Floats,
    i: int,
) -> None:
    """Put the ways an item could go with a flow on the heap."""
    if task.fixed[i]:
        return
    a = state.label[i]
    last = a
    for e in range(task.indptr[i], task.indptr[i + 1]):
        b = state.label[task.indices[e]]
        if b in (a, last) or not allowed(task, i, b):
            continue
        last = b
        way = way_between(first, taker, a, b)
        if way < 0 or flow[way] <= 0.0 or flow[way] < HALF * task.moments[i, 0]:
            continue
        if heap.size[0] < len(heap.key):
            push(heap, _price(task, costs, state, i, b), i, b)


@bare
def book(task: Task, costs: Costs, state: State, i: int, b: int) -> bool:
    """Move an item if no area falls apart and the budget allows it; return whether."""
    a = state.label[i]
    way = leaving(task, i, a, b)
    if way > 0 and not affordable(task, state, i, way, -1, 0):
        return False
    shape_a = shape_after(task, state, a, i, -1, -1.0)
    shape_b = shape_after(task, state, b, i, -1, 1.0)
    balance_a = balance_after(task, costs, state, a, i, -1, -1.0)
    balance_b = balance_after(task, costs, state, b, i, -1, 1.0)
    if not applied(task, state, i, -1, b):
        return False
    put(task, state, i, a, b, way)
    state.shape[a], state.shape[b] = shape_a, shape_b
    state.balance[a], state.balance[b] = balance_a, balance_b
    return True


@bare
def _hand_over(task: Task, costs: Costs, state: State, i: int, b: int) -> None:
    """Move an item without a look at contiguity, and book all costs."""
    a = state.label[i]
    state.shape[a], state.shape[b] = (
        shape_after(task, state, a, i, -1, -1.0),
        shape_after(task, state, b, i, -1, 1.0),
    )
    state.balance[a], state.balance[b] = (
        balance_after(task, costs, state, a, i, -1, -1.0),
        balance_after(task, costs, state, b, i, -1, 1.0),
    )
    state.label[i] = b
    put(task, state, i, a, b, leaving(task, i, a, b))


@bare
def _flood(task: Task, state: State, start: int, branch: Ints, count: int) -> int:
    """Append the piece of an area around an item to a list; return how long that is then."""
    tick, a = state.numbers[TICK], state.label[start]
    state.seen[start] = tick
    branch[count] = start
    head, count = count, count + 1
    while head < count:
        u = branch[head]
        head += 1
        for e in range(task.indptr[u], task.indptr[u + 1]):
            v = task.indices[e]
            if state.label[v] == a and state.seen[v] != tick:
                state.seen[v] = tick
                branch[count] = v
                count += 1
    return count


@bare
def _branch(task: Task, state: State, i: int, b: int, most: float, branch: Ints) -> int:
    """List an item and all that hangs on its area by it alone; return how many, 0 if they can't go.

    The heaviest of the pieces that the area would fall into stays.
    """
    state.numbers[TICK] += 1
    state.seen[i] = state.numbers[TICK]
    branch[0] = i
    count, stay, end, heaviest, mass = 1, 1, 1, -1.0, 0.0
    for e in range(task.indptr[i], task.indptr[i + 1]):
        v = task.indices[e]
        if state.label[v] != state.label[i] or state.seen[v] == state.numbers[TICK]:
            continue
        after = _flood(task, state, v, branch, count)
        piece = 0.0
        for t in range(count, after):
            piece += task.moments[branch[t], 0]
        mass += piece
        if piece > heaviest:
            heaviest, stay, end = piece, count, after
        count = after
    if heaviest < 0.0 or mass - heaviest + task.moments[i, 0] > most:
        return 0
    for t in range(end, count):
        branch[stay + t - end] = branch[t]
    count -= end - stay
    for t in range(count):
        if task.fixed[branch[t]] or not allowed(task, branch[t], b):
            return 0
    return count


@bare
def _payable(task: Task, state: State, branch: Ints, count: int, b: int) -> bool:
    """Return whether the budget allows all items of a list to go to an area."""
    m = len(task.budget) - 1
    for q in range(m + 1):
        x = 0.0
        for t in range(count):
            i = branch[t]
            way = leaving(task, i, state.label[i], b)
            x += way if q == m else way * task.weights[i, q]
        if x > 0.0 and state.moved[q] + x > task.budget[q]:
            return False
    return True


@compiled
def carry(task: Task, costs: Costs, state: State, first: Ints, taker: Ints, flow: Floats) -> int:
    """Move items over borders until the flows are used up, those that cost least first.

    Ways of area a are ``first[a]`` to ``first[a + 1]``, by taker; ``flow`` is
    lowered by the mass that went. Returns how many items went.
    """
    room = 4 * len(task.indices) + 1024
    heap = Heap(
        np.empty(room), np.empty(room, np.int32), np.empty(room, np.int32), np.zeros(1, np.int32)
    )
    for t in range(state.numbers[RIM]):
        _offer(task, costs, state, heap, first, taker, flow, state.rim[t])
    branch = np.empty(len(state.label) + 1, np.int32)
    before = state.moments[:, 0].copy()
    count = 0
    while heap.size[0] > 0:
        key = heap.key[0]
        i, b = pop(heap)
        a = state.label[i]
        if a == b or not touches(task, state, i, b, -1):
            continue
        way = way_between(first, taker, a, b)
        if way < 0 or flow[way] <= 0.0 or flow[way] < HALF * task.moments[i, 0]:
            continue
        price = _price(task, costs, state, i, b)
        if price > key and heap.size[0] > 0 and price > heap.key[0]:
            push(heap, price, i, b)
            continue
        if state.moments[a, 0] - task.moments[i, 0] < KEPT * before[a]:
            continue
        gone = 1
        branch[0] = i
        if not book(task, costs, state, i, b):
            gone = _branch(task, state, i, b, flow[way], branch)
            if gone == 0 or not _payable(task, state, branch, gone, b):
                continue
            for t in range(gone):
                _hand_over(task, costs, state, branch[t], b)
        for t in range(gone):
            flow[way] -= task.moments[branch[t], 0]
        count += gone
        for t in range(gone):
            u = branch[t]
            for e in range(task.indptr[u], task.indptr[u + 1]):
                _offer(task, costs, state, heap, first, taker, flow, task.indices[e])
            _offer(task, costs, state, heap, first, taker, flow, u)
    return count


@compiled
def bring_home(task: Task, costs: Costs, state: State) -> int:
    """Move items back to their present area wherever that lowers the cost; return how many."""
    count = 0
    nobody = len(task.closed) - 1
    while True:
        before = count
        for i in range(len(state.label)):
            a, home = state.label[i], task.home[i]
            if a == home:
                continue
            if task.fixed[i] or home == nobody or not allowed(task, i, home):
                continue
            if task.contiguous[home] and not touches(task, state, i, home, -1):
                continue
            delta = balance_after(task, costs, state, a, i, -1, -1.0) - state.balance[a]
            delta += balance_after(task, costs, state, home, i, -1, 1.0) - state.balance[home]
            delta += _price(task, costs, state, i, home) * (task.moments[i, 0] + 1.0)
            if delta <= 0.0 and book(task, costs, state, i, home):
                count += 1
        if count == before:
            return count
