"""The innermost loops: what a move costs, whether areas stay in one piece, thousands of moves."""

from __future__ import annotations

from typing import NamedTuple

from tp_geo.optimize.arithmetic import Words, below, exp_minus, fraction
from tp_geo.optimize.compiled import bare
from tp_geo.optimize.problem import Flags, Floats, Ints

DETOUR = 400
"""How many items the test of contiguity looks at before it refuses a move."""


class Task(NamedTuple):
    """What is to be balanced, as kernels read it: n items, k areas and area k, which is nobody's.

    ``xy`` is scaled so that the inertia of the plan a run starts from is about
    n; ``moments`` are mass, mass x, mass y and mass (x2 + y2) of each item.
    Columns of ``weights`` are the measures, then what limits count. An area's
    cost in a column is ``pull`` (d per)2 + ``push`` (e per)2 + ``edge`` e per with d
    the way from its total to ``target`` and e the way into ``low`` to ``high``;
    ``per`` 0: no matter.
    """

    indptr: Ints
    indices: Ints
    parting: Floats
    """By arc: what it costs to part these two neighbors."""
    xy: Floats
    moments: Floats
    weights: Floats
    loss: Floats
    home: Ints
    fixed: Flags
    target: Floats
    per: Floats
    low: Floats
    high: Floats
    contiguous: Flags
    closed: Flags
    """Areas that neither take nor give."""
    anchored: Flags
    center: Floats
    far: Floats
    """(n, k) squared distances to pinned centers where they are not straight lines, else (0, 0)."""
    reach: float
    """The largest squared distance to a pinned center."""
    budget: Floats
    """(m + 1,) how much of each measure, and how many items, may leave home."""
    counts: Floats
    """By column: which part of balance it is; 1 for what limits count."""


class Costs(NamedTuple):
    """How much each part of the cost counts: balance by column, then scalars."""

    pull: Floats
    push: Floats
    edge: Floats
    """Linear beside ``push``: enough of it and no area stays a little outside its band."""
    shape: float
    border: float
    change: float


class State(NamedTuple):
    """All that a search remembers between two slices."""

    label: Ints
    best: Ints
    random: Words
    rim: Ints
    """Items that have a neighbor in another area, the first ``numbers[RIM]``."""
    place: Ints
    """Where each item stands in ``rim``, -1 where it does not."""
    size: Ints
    totals: Floats
    moments: Floats
    balance: Floats
    shape: Floats
    moved: Floats
    shift: Floats
    """How far from each target the search aims, to meet it."""
    values: Floats
    """Cost since the start, its best."""
    numbers: Ints
    log: Ints
    """Items changed since the best plan, the first ``numbers[LOGGED]``."""
    seen: Ints
    queue: Ints
    owner: Ints
    parent: Ints
    alive: Ints


RIM, LOGGED, OVERFLOW, TICK, TAKEN = range(5)
NOW, BEST = range(2)


@bare
def squared(task: Task, i: int, j: int) -> float:
    """Return the squared distance of an item from the pinned center of an area."""
    if task.far.shape[0] > 0:
        return task.far[i, j]
    dx = task.xy[i, 0] - task.center[j, 0]
    dy = task.xy[i, 1] - task.center[j, 1]
    return dx * dx + dy * dy


@bare
def allowed(task: Task, i: int, j: int) -> bool:
    """Return whether an area may take an item, as far as locks and distance go."""
    if task.closed[j]:
        return False
    return not task.anchored[j] or squared(task, i, j) <= task.reach


@bare
def balance_of(task: Task, costs: Costs, j: int, q: int, total: float) -> float:
    """Return what a total costs in one column."""
    per = task.per[j, q]
    if per == 0.0:
        return 0.0
    d = (total - task.target[j, q]) * per
    over = 0.0
    if total > task.high[j, q]:
        over = (total - task.high[j, q]) * per
    elif total < task.low[j, q]:
        over = (task.low[j, q] - total) * per
    return costs.pull[q] * d * d + (costs.push[q] * over + costs.edge[q]) * over


@bare
def inertia(s0: float, sx: float, sy: float, s2: float) -> float:
    """Return the inertia about the center of mass."""
    if s0 <= 0.0:
        return 0.0
    return s2 - (sx * sx + sy * sy) / s0


@bare
def add_up(task: Task, costs: Costs, state: State) -> None:
    """Set totals, moments, costs by area and what has left home from the labels."""
    label, k = state.label, len(task.closed)
    state.totals[:] = 0.0
    state.moments[:] = 0.0
    state.shape[:] = 0.0
    state.moved[:] = 0.0
    state.size[:] = 0
    measures = len(task.budget) - 1
    for i in range(len(label)):
        j = label[i]
        state.size[j] += 1
        for q in range(task.weights.shape[1]):
            state.totals[j, q] += task.weights[i, q]
        for q in range(4):
            state.moments[j, q] += task.moments[i, q]
        if task.anchored[j]:
            state.shape[j] += task.moments[i, 0] * squared(task, i, j)
        if task.home[i] < k - 1 and task.home[i] != j:
            for q in range(measures):
                state.moved[q] += task.weights[i, q]
            state.moved[measures] += 1.0
    for j in range(k):
        cost = 0.0
        for q in range(task.weights.shape[1]):
            cost += balance_of(task, costs, j, q, state.totals[j, q])
        state.balance[j] = cost
        if not task.anchored[j]:
            m = state.moments[j]
            state.shape[j] = inertia(m[0], m[1], m[2], m[3])


@bare
def find_rim(task: Task, state: State) -> None:
    """List the items that may move and have a neighbor in another area."""
    state.numbers[RIM] = 0
    state.place[:] = -1
    for i in range(len(state.label)):
        _rim_again(task, state, i)


@bare
def cost_of(task: Task, costs: Costs, state: State) -> float:
    """Return the whole cost of the labels, once they are added up."""
    cost = 0.0
    for j in range(len(task.closed) - 1):
        cost += state.balance[j] + costs.shape * state.shape[j]
    label, k = state.label, len(task.closed) - 1
    for i in range(len(label)):
        if task.home[i] < k and task.home[i] != label[i]:
            cost += costs.change * task.loss[i]
        for e in range(task.indptr[i], task.indptr[i + 1]):
            if label[task.indices[e]] != label[i]:
                cost += 0.5 * costs.border * task.parting[e]
    return cost


@bare
def _rim_again(task: Task, state: State, i: int) -> None:
    if task.fixed[i]:
        return
    on = False
    for e in range(task.indptr[i], task.indptr[i + 1]):
        if state.label[task.indices[e]] != state.label[i]:
            on = True
            break
    at = state.place[i]
    if on and at < 0:
        state.place[i] = state.numbers[RIM]
        state.rim[state.numbers[RIM]] = i
        state.numbers[RIM] += 1
    elif not on and at >= 0:
        state.numbers[RIM] -= 1
        last = state.rim[state.numbers[RIM]]
        state.rim[at] = last
        state.place[last] = at
        state.place[i] = -1


@bare
def _root(parent: Ints, t: int) -> int:
    while parent[t] != t:
        t = parent[t]
    return t


@bare
def can_leave(task: Task, state: State, i: int) -> bool:
    """Return whether the piece an item is in stays in one piece without it, and its area not empty.

    Neighbors in the area are joined among themselves, then by searches that
    start at all of them at once; detours of more than ``DETOUR`` items count as none.
    """
    label, seen, owner, parent, queue = (
        state.label,
        state.seen,
        state.owner,
        state.parent,
        state.queue,
    )
    indptr, indices = task.indptr, task.indices
    a = label[i]
    if state.size[a] <= 1:
        return False
    if not task.contiguous[a]:
        return True
    state.numbers[TICK] += 1
    tick = state.numbers[TICK]
    m = 0
    for e in range(indptr[i], indptr[i + 1]):
        v = indices[e]
        if label[v] == a:
            queue[m] = v
            parent[m] = m
            seen[v] = tick
            owner[v] = m
            m += 1
    if m <= 1:
        return True
    seen[i] = tick
    owner[i] = -1
    parts = m
    for t in range(m):
        u = queue[t]
        for e in range(indptr[u], indptr[u + 1]):
            v = indices[e]
            if seen[v] == tick and owner[v] >= 0:
                p, q = _root(parent, t), _root(parent, owner[v])
                if p != q:
                    parent[q] = p
                    parts -= 1
        if parts == 1:
            return True
    return _joined_around(task, state, a, tick, m, parts)


@bare
def _joined_around(task: Task, state: State, a: int, tick: int, m: int, parts: int) -> bool:
    label, seen, owner, parent, queue, alive = (
        state.label,
        state.seen,
        state.owner,
        state.parent,
        state.queue,
        state.alive,
    )
    for t in range(m):
        alive[t] = 0
    for t in range(m):
        alive[_root(parent, t)] += 1
    head, tail = 0, m
    while head < tail:
        if tail > DETOUR:
            return False
        u = queue[head]
        head += 1
        p = _root(parent, owner[u])
        alive[p] -= 1
        for e in range(task.indptr[u], task.indptr[u + 1]):
            v = task.indices[e]
            if label[v] != a:
                continue
            if seen[v] != tick:
                seen[v] = tick
                owner[v] = p
                queue[tail] = v
                tail += 1
                alive[p] += 1
            elif owner[v] >= 0:
                q = _root(parent, owner[v])
                if p != q:
                    parent[q] = p
                    alive[p] += alive[q]
                    parts -= 1
                    if parts == 1:
                        return True
        if alive[p] == 0:
            return False
    return parts == 1


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
def touches(task: Task, state: State, i: int, area: int, but: int) -> bool:
    """Return whether an item has a neighbor in an area other than ``but``."""
    for e in range(task.indptr[i], task.indptr[i + 1]):
        v = task.indices[e]
        if v != but and state.label[v] == area:
            return True
    return False


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
        if other == a:
            x += task.parting[e]
        elif other == b:
            x -= task.parting[e]
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
    _rim_again(task, state, i)
    for e in range(task.indptr[i], task.indptr[i + 1]):
        _rim_again(task, state, task.indices[e])
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
    heat = hot
    for turn in range(moves):
        if turn % step == step - 1:
            heat *= cooling
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
        if delta > 0.0 and fraction(state.random) >= exp_minus(delta / heat):
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
