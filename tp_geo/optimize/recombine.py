"""Two areas at a time merged and cut anew: the best balanced cut of a random spanning tree."""

from __future__ import annotations

from tp_geo.optimize.arithmetic import below, exp_minus, fraction
from tp_geo.optimize.compiled import bare
from tp_geo.optimize.moves import leaving, put, sweep
from tp_geo.optimize.problem import Floats, Ints
from tp_geo.optimize.state import NOW, TAKEN, Costs, State, Task, balance_of, inertia, squared
from tp_geo.optimize.trees import Grove, gather, grow, number_branches, scatter, weigh

TRIES = 200
"""How many items are drawn to find one at an open border."""
STEEP = 12.0
"""A cut this many temperatures worse than what is there is not looked at."""


@bare
def cut_anew(task: Task, costs: Costs, state: State, room: Grove, heat: float) -> bool:
    """Merge two neighboring areas, draw a tree and take its best cut as annealing would.

    Returns whether the labels changed. Costs, totals and moments are kept as
    ``sweep`` keeps them.
    """
    i, b = _border(task, state)
    if b < 0:
        return False
    a = state.label[i]
    size = gather(task, state.label, room, i, b)
    taken = False
    if size == state.size[a] + state.size[b]:
        taken = _cut(task, costs, state, room, size, a, b, heat)
    scatter(room, size)
    return taken


@bare
def _border(task: Task, state: State) -> tuple[int, int]:
    """Return a random item and the open area of a neighbor of it; -1 where none is found."""
    for _ in range(TRIES):
        i = below(state.random, len(state.label))
        degree = task.indptr[i + 1] - task.indptr[i]
        if degree == 0 or task.closed[state.label[i]]:
            continue
        b = state.label[task.indices[task.indptr[i] + below(state.random, degree)]]
        if b != state.label[i] and not task.closed[b]:
            return i, b
    return -1, -1


@bare
def _cut(
    task: Task, costs: Costs, state: State, room: Grove, size: int, a: int, b: int, heat: float
) -> bool:
    grow(task, room, state.random, size)
    number_branches(room, size)
    all_in_a, as_they_are = weigh(task, costs, state, room, size, a, b)
    now = as_they_are + state.balance[a] + state.balance[b]
    now += _shape(task, costs, a, state.moments[a]) + _shape(task, costs, b, state.moments[b])
    now += costs.border * _between(task, state, room, size, a, b)
    branch, way, cost = _best_cut(task, costs, room, size, a, b, all_in_a, now + STEEP * heat)
    if branch < 0:
        return False
    delta = cost - now
    if delta > 0.0 and fraction(state.random) >= exp_minus(delta / heat):
        return False
    if not _affordable(task, state, room, size, branch, way, a, b):
        return False
    _apply(task, costs, state, room, size, branch, way, a, b)
    state.values[NOW] += delta
    state.numbers[TAKEN] += 1
    return True


@bare
def _shape(task: Task, costs: Costs, j: int, moments: Floats) -> float:
    """Return what the shape of an area without a pinned center costs."""
    if task.anchored[j]:
        return 0.0
    return costs.shape * inertia(moments[0], moments[1], moments[2], moments[3])


@bare
def _between(task: Task, state: State, room: Grove, size: int, a: int, b: int) -> float:
    """Return the border between two areas."""
    border = 0.0
    for t in range(size):
        i = room.nodes[t]
        if state.label[i] == a:
            for e in range(task.indptr[i], task.indptr[i + 1]):
                if state.label[task.indices[e]] == b:
                    border += task.parting[e]
    return border


@bare
def _around(task: Task, room: Grove, size: int, branch: int) -> float:
    """Return the border between a branch and the rest."""
    begin, end = room.first[branch], room.first[branch] + room.under[branch]
    border = 0.0
    for t in range(size):
        if room.first[t] < begin or room.first[t] >= end:
            continue
        i = room.nodes[t]
        for e in range(task.indptr[i], task.indptr[i + 1]):
            u = room.local[task.indices[e]]
            if u >= 0 and (room.first[u] < begin or room.first[u] >= end):
                border += task.parting[e]
    return border


@bare
def _best_cut(
    task: Task,
    costs: Costs,
    room: Grove,
    size: int,
    a: int,
    b: int,
    all_in_a: float,
    limit: float,
) -> tuple[int, int, float]:
    """Return the branch that costs least when it goes to b (way 0) or to a (way 1), and that cost.

    A branch of -1: none costs less than ``limit``.
    """
    root, chosen, chosen_way = room.order[0], -1, 0
    for t in range(1, size):
        u = room.order[t]
        for way in range(2):
            other = 1 - way
            if room.stuck[u, way] > 0 or room.stuck[u, other] < room.stuck[root, other]:
                continue
            cost = _balances(task, costs, room, u, way, a, b)
            if cost >= limit:
                continue
            cost += all_in_a + (room.lean[u] if way == 0 else room.lean[root] - room.lean[u])
            cost += _shapes(task, costs, room, u, way, a, b)
            if cost >= limit:
                continue
            if costs.border > 0.0:
                cost += costs.border * _around(task, room, size, u)
            if cost < limit:
                limit, chosen, chosen_way = cost, u, way
    return chosen, chosen_way, limit


@bare
def _balances(
    task: Task, costs: Costs, room: Grove, branch: int, way: int, a: int, b: int
) -> float:
    root, cost = room.order[0], 0.0
    inside, outside = (b, a) if way == 0 else (a, b)
    for q in range(task.weights.shape[1]):
        held = room.held[branch, q]
        cost += balance_of(task, costs, inside, q, held)
        cost += balance_of(task, costs, outside, q, room.held[root, q] - held)
    return cost


@bare
def _shapes(task: Task, costs: Costs, room: Grove, branch: int, way: int, a: int, b: int) -> float:
    root, cost = room.order[0], 0.0
    inside, outside = (b, a) if way == 0 else (a, b)
    m, all_ = room.moments[branch], room.moments[root]
    if not task.anchored[inside]:
        cost += inertia(m[0], m[1], m[2], m[3])
    if not task.anchored[outside]:
        cost += inertia(all_[0] - m[0], all_[1] - m[1], all_[2] - m[2], all_[3] - m[3])
    return costs.shape * cost


@bare
def _goes_to(room: Grove, t: int, branch: int, way: int, a: int, b: int) -> int:
    begin = room.first[branch]
    inside = begin <= room.first[t] < begin + room.under[branch]
    return b if inside == (way == 0) else a


@bare
def _affordable(
    task: Task, state: State, room: Grove, size: int, branch: int, way: int, a: int, b: int
) -> bool:
    """Return whether what may leave home allows a cut."""
    m = len(task.budget) - 1
    for q in range(m + 1):
        more = 0.0
        for t in range(size):
            i = room.nodes[t]
            was, to = state.label[i], _goes_to(room, t, branch, way, a, b)
            if was != to:
                more += leaving(task, i, was, to) * (1.0 if q == m else task.weights[i, q])
        if more > 0.0 and state.moved[q] + more > task.budget[q]:
            return False
    return True


@bare
def _apply(
    task: Task,
    costs: Costs,
    state: State,
    room: Grove,
    size: int,
    branch: int,
    way: int,
    a: int,
    b: int,
) -> None:
    for t in range(size):
        i = room.nodes[t]
        was, to = state.label[i], _goes_to(room, t, branch, way, a, b)
        if was != to:
            state.label[i] = to
            put(task, state, i, was, to, leaving(task, i, was, to))
    _price(task, costs, state, room, size, a)
    _price(task, costs, state, room, size, b)


@bare
def _price(task: Task, costs: Costs, state: State, room: Grove, size: int, j: int) -> None:
    """Set what an area costs from its totals and moments."""
    state.balance[j] = 0.0
    for q in range(task.weights.shape[1]):
        state.balance[j] += balance_of(task, costs, j, q, state.totals[j, q])
    if not task.anchored[j]:
        m = state.moments[j]
        state.shape[j] = inertia(m[0], m[1], m[2], m[3])
        return
    state.shape[j] = 0.0
    for t in range(size):
        i = room.nodes[t]
        if state.label[i] == j:
            state.shape[j] += task.moments[i, 0] * squared(task, i, j)


@bare
def mixed(
    task: Task,
    costs: Costs,
    state: State,
    room: Grove,
    best: Ints,
    record: Floats,
    cuts: int,
    moves: int,
    heat: float,
    cooling: float,
    swaps: float,
    strict: float,
) -> None:
    """Cut two areas anew ``cuts`` times, each after a few single moves and exchanges.

    ``best`` is the best plan with what is outside bands counted ``strict``
    times its linear cost once more; ``record`` is its cost, and the cost the
    labels have, ``values[NOW]`` being 0 there.
    """
    for _ in range(cuts):
        sweep(task, costs, state, moves, heat, 1.0, moves + 1, swaps, 1)
        cut_anew(task, costs, state, room, heat)
        cost = record[1] + state.values[NOW]
        if cost < record[0]:
            cost += strict * outside(task, costs, state)
            if cost < record[0] - 1e-9:
                record[0] = cost
                for i in range(len(best)):
                    best[i] = state.label[i]
        heat *= cooling


@bare
def outside(task: Task, costs: Costs, state: State) -> float:
    """Return the linear cost of what is outside bands."""
    cost = 0.0
    for j in range(len(task.closed) - 1):
        for q in range(task.weights.shape[1]):
            total, over = state.totals[j, q], 0.0
            if total > task.high[j, q]:
                over = total - task.high[j, q]
            elif total < task.low[j, q]:
                over = task.low[j, q] - total
            cost += costs.edge[q] * over * task.per[j, q]
    return cost
