"""What kernels read and remember: a task, its costs, the state of a search, and its sums."""

from __future__ import annotations

from typing import NamedTuple

from tp_geo.optimize.arithmetic import Words
from tp_geo.optimize.compiled import bare
from tp_geo.optimize.problem import Flags, Floats, Ints


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
    d = (total - task.target[j, q]) * per
    over = max(0.0, total - task.high[j, q], task.low[j, q] - total) * per
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
        rim_again(task, state, i)


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
def rim_again(task: Task, state: State, i: int) -> None:
    """Put an item on the rim or take it off, as its neighbors say."""
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
