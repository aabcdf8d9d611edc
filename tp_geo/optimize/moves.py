"""The innermost loop: what a move costs, and thousands of moves."""

from __future__ import annotations

import numpy as np

from tp_geo.optimize.arithmetic import below, exp_minus, fraction
from tp_geo.optimize.compiled import bare
from tp_geo.optimize.pieces import can_leave, touches
from tp_geo.optimize.state import (
    BEST,
    LOGGED,
    NOW,
    OVERFLOW,
    RIM,
    TAKEN,
    Costs,
    State,
    Task,
    allowed,
    balance_of,
    inertia,
    rim_again,
    squared,
)

FROZEN = 40.0
"""A move that costs more than so many times the temperature is not made: what is drawn is
never below exp(-40)."""


@bare
def _other_area(task: Task, state: State, i: int) -> int:
    """Return the area of a random neighbor elsewhere that may take an item, -1 if there is none."""
    first, degree = task.indptr[i], task.indptr[i + 1] - task.indptr[i]
    s = below(state.random, degree)
    for _ in range(degree):
        s += 1
        if s >= degree:
            s = 0
        j = state.label[task.indices[first + s]]
        if j != state.label[i] and allowed(task, i, j):
            return j
    return -1


@bare
def _partner(task: Task, state: State, i: int, b: int) -> int:
    """Return an item of area b, near item i, that could come in exchange, -1 if none is found."""
    a = state.label[i]
    indptr, indices = task.indptr, task.indices
    for _ in range(6):
        u = indices[indptr[i] + below(state.random, indptr[i + 1] - indptr[i])]
        v = indices[indptr[u] + below(state.random, indptr[u + 1] - indptr[u])]
        if v == i or state.label[v] != b or state.place[v] < 0:
            continue
        if allowed(task, v, a) and touches(task, state, v, a, i):
            return v
    return -1


@bare
def border_change(task: Task, state: State, i: int, i2: int, a: int, b: int) -> float:
    """Return what a move from a to b adds to the border; i2, if not -1, goes the other way."""
    label, x = state.label, 0.0
    for e in range(task.indptr[i], task.indptr[i + 1]):
        other = label[task.indices[e]]
        x += task.parting[e] * (np.int64(other == a) - np.int64(other == b))
    if i2 < 0:
        return x
    for e in range(task.indptr[i2], task.indptr[i2 + 1]):
        v = task.indices[e]
        if v == i:
            x += 2.0 * task.parting[e]
        elif label[v] == b:
            x += task.parting[e]
        elif label[v] == a:
            x -= task.parting[e]
    return x


@bare
def leaving(task: Task, i: int, a: int, b: int) -> int:
    """Return 1 where a move from a to b leaves home, -1 where it comes home, else 0."""
    home = task.home[i]
    if home == a:
        return 1
    if home == b:
        return -1
    return 0


@bare
def affordable(task: Task, state: State, i: int, way: int, i2: int, way2: int) -> bool:
    """Return whether what may leave home allows a move."""
    m = len(task.budget) - 1
    for q in range(m + 1):
        x = float(way) if q == m else way * task.weights[i, q]
        if i2 >= 0:
            x += float(way2) if q == m else way2 * task.weights[i2, q]
        if x > 0.0 and state.moved[q] + x > task.budget[q]:
            return False
    return True


@bare
def shape_after(task: Task, state: State, j: int, i: int, i2: int, sign: float) -> float:
    """Return the shape cost of area j when item i comes (sign 1) or goes (-1), i2 the other way."""
    if task.anchored[j]:
        x = state.shape[j] + sign * task.moments[i, 0] * squared(task, i, j)
        if i2 >= 0:
            x -= sign * task.moments[i2, 0] * squared(task, i2, j)
        return x
    s0 = state.moments[j, 0] + sign * task.moments[i, 0]
    sx = state.moments[j, 1] + sign * task.moments[i, 1]
    sy = state.moments[j, 2] + sign * task.moments[i, 2]
    s2 = state.moments[j, 3] + sign * task.moments[i, 3]
    if i2 >= 0:
        s0 -= sign * task.moments[i2, 0]
        sx -= sign * task.moments[i2, 1]
        sy -= sign * task.moments[i2, 2]
        s2 -= sign * task.moments[i2, 3]
    return inertia(s0, sx, sy, s2)


@bare
def balance_after(
    task: Task, costs: Costs, state: State, j: int, i: int, i2: int, sign: float
) -> float:
    """Return the balance cost of area j when item i comes (sign 1) or goes, i2 the other way."""
    cost = 0.0
    for q in range(task.weights.shape[1]):
        x = task.weights[i, q]
        if i2 >= 0:
            x -= task.weights[i2, q]
        cost += balance_of(task, costs, j, q, state.totals[j, q] + sign * x)
    return cost


@bare
def put(task: Task, state: State, i: int, a: int, b: int, way: int) -> None:
    """Book that item i went from a to b; ``way`` as ``leaving`` says."""
    state.size[a] -= 1
    state.size[b] += 1
    for q in range(task.weights.shape[1]):
        state.totals[a, q] -= task.weights[i, q]
        state.totals[b, q] += task.weights[i, q]
    for q in range(4):
        state.moments[a, q] -= task.moments[i, q]
        state.moments[b, q] += task.moments[i, q]
    if way != 0:
        m = len(task.budget) - 1
        for q in range(m):
            state.moved[q] += way * task.weights[i, q]
        state.moved[m] += way
    rim_again(task, state, i)
    for e in range(task.indptr[i], task.indptr[i + 1]):
        rim_again(task, state, task.indices[e])
    if state.numbers[LOGGED] < len(state.log):
        state.log[state.numbers[LOGGED]] = i
        state.numbers[LOGGED] += 1
    else:
        state.numbers[OVERFLOW] = 1


@bare
def keep_best(state: State) -> None:
    """Note that the labels are the best plan so far."""
    state.values[BEST] = state.values[NOW]
    if state.numbers[OVERFLOW] == 1:
        for i in range(len(state.label)):
            state.best[i] = state.label[i]
    else:
        for t in range(state.numbers[LOGGED]):
            i = state.log[t]
            state.best[i] = state.label[i]
    state.numbers[OVERFLOW] = 0
    state.numbers[LOGGED] = 0


@bare
def _chosen(state: State, hard: int) -> int:
    """Return a random item of the rim: of ``hard`` draws the one whose area costs most."""
    i = state.rim[below(state.random, state.numbers[RIM])]
    for _ in range(hard - 1):
        v = state.rim[below(state.random, state.numbers[RIM])]
        if state.balance[state.label[v]] > state.balance[state.label[i]]:
            i = v
    return i


@bare
def applied(task: Task, state: State, i: int, i2: int, b: int) -> bool:
    """Set the labels of a move or an exchange if no area falls apart; return whether."""
    label = state.label
    a = label[i]
    if not can_leave(task, state, i):
        return False
    label[i] = b
    if i2 >= 0:
        if (task.contiguous[a] and not touches(task, state, i2, a, -1)) or not can_leave(
            task, state, i2
        ):
            label[i] = a
            return False
        label[i2] = a
    return True


@bare
def sweep(
    task: Task,
    costs: Costs,
    state: State,
    moves: int,
    hot: float,
    cooling: float,
    step: int,
    swaps: float,
    hard: int,
) -> None:
    """Try moves and exchanges at the border between areas, as annealing does.

    ``hot`` is multiplied by ``cooling`` every ``step`` moves; ``swaps`` is the share
    of exchanges; ``hard`` above 1 draws items from areas that cost much.
    """
    heat, left = hot, step
    for _ in range(moves):
        left -= 1
        if left == 0:
            heat, left = heat * cooling, step
        if state.numbers[RIM] == 0:
            return
        i = _chosen(state, hard)
        a = state.label[i]
        b = _other_area(task, state, i)
        if b < 0:
            continue
        i2 = -1
        if fraction(state.random) < swaps:
            i2 = _partner(task, state, i, b)
        balance_a = balance_after(task, costs, state, a, i, i2, -1.0)
        balance_b = balance_after(task, costs, state, b, i, i2, 1.0)
        shape_a = shape_after(task, state, a, i, i2, -1.0)
        shape_b = shape_after(task, state, b, i, i2, 1.0)
        delta = balance_a + balance_b - state.balance[a] - state.balance[b]
        delta += costs.shape * (shape_a + shape_b - state.shape[a] - state.shape[b])
        if costs.border > 0.0:
            delta += costs.border * border_change(task, state, i, i2, a, b)
        way = leaving(task, i, a, b)
        way2 = 0
        if i2 >= 0:
            way2 = leaving(task, i2, b, a)
        if costs.change > 0.0:
            delta += costs.change * way * task.loss[i]
            if i2 >= 0:
                delta += costs.change * way2 * task.loss[i2]
        if delta > 0.0:
            drawn = fraction(state.random)
            if delta > FROZEN * heat or drawn >= exp_minus(delta / heat):
                continue
        leaves = way > 0 or way2 > 0
        if leaves and not affordable(task, state, i, way, i2, way2):
            continue
        if not applied(task, state, i, i2, b):
            continue
        put(task, state, i, a, b, way)
        if i2 >= 0:
            put(task, state, i2, b, a, way2)
        state.shape[a] = shape_a
        state.shape[b] = shape_b
        state.balance[a] = balance_a
        state.balance[b] = balance_b
        state.values[NOW] += delta
        state.numbers[TAKEN] += 1
        if state.values[NOW] < state.values[BEST] - 1e-12:
            keep_best(state)
