"""Random spanning trees over the items of two areas, and what each branch of one holds."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tp_geo.optimize.arithmetic import Words, below
from tp_geo.optimize.compiled import bare
from tp_geo.optimize.problem import Floats, Ints
from tp_geo.optimize.state import Costs, State, Task, allowed, squared

OUTSIDE = -2


class Grove(NamedTuple):
    """Room for one tree: items are known in it by their place in ``nodes``.

    ``local`` is that place by item, -1 elsewhere. A branch is a node with all
    below it: ``under`` of them, numbered from ``first``. By branch: ``held``
    in each column, ``moments``, ``lean``, what it costs more in the second
    area than in the first, and ``stuck``, how many must stay in either.
    """

    nodes: Ints
    local: Ints
    parent: Ints
    order: Ints
    follow: Ints
    under: Ints
    first: Ints
    held: Floats
    moments: Floats
    lean: Floats
    stuck: Ints


def grove(task: Task) -> Grove:
    """Return room for trees over any two areas of a task."""
    n, width = task.weights.shape
    return Grove(
        np.zeros(n, np.int32),
        np.full(n, -1, np.int32),
        np.zeros(n, np.int32),
        np.zeros(n, np.int32),
        np.zeros(n, np.int32),
        np.zeros(n, np.int32),
        np.zeros(n, np.int32),
        np.zeros((n, width)),
        np.zeros((n, 4)),
        np.zeros(n),
        np.zeros((n, 2), np.int32),
    )


@bare
def gather(task: Task, label: Ints, room: Grove, start: int, other: int) -> int:
    """List the items of an item's area and another one that hang together with it; how many."""
    a = label[start]
    room.nodes[0] = start
    room.local[start] = 0
    size, head = 1, 0
    while head < size:
        u = room.nodes[head]
        head += 1
        for e in range(task.indptr[u], task.indptr[u + 1]):
            v = task.indices[e]
            if room.local[v] < 0 and (label[v] == a or label[v] == other):
                room.local[v] = size
                room.nodes[size] = v
                size += 1
    return size


@bare
def scatter(room: Grove, size: int) -> None:
    """Forget what was gathered."""
    for t in range(size):
        room.local[room.nodes[t]] = -1


@bare
def grow(task: Task, room: Grove, random: Words, size: int) -> None:
    """Draw a spanning tree, each as likely as the other (Wilson's loop-erased walks).

    ``order`` has every node after its parent.
    """
    for t in range(size):
        room.parent[t] = OUTSIDE
    root = below(random, size)
    room.parent[root] = -1
    room.order[0] = root
    done = 1
    for start in range(size):
        u = start
        while room.parent[u] == OUTSIDE:
            u = _step(task, room, random, u)
        count, u = 0, start
        while room.parent[u] == OUTSIDE:
            room.parent[u] = room.follow[u]
            u = room.follow[u]
            count += 1
        u = start
        for t in range(done + count - 1, done - 1, -1):
            room.order[t] = u
            u = room.parent[u]
        done += count


@bare
def _step(task: Task, room: Grove, random: Words, u: int) -> int:
    item = room.nodes[u]
    begin = task.indptr[item]
    degree = task.indptr[item + 1] - begin
    v = -1
    while v < 0:
        v = room.local[task.indices[begin + below(random, degree)]]
    room.follow[u] = v
    return v


@bare
def number_branches(room: Grove, size: int) -> None:
    """Count what is below each node, and number nodes so that a branch is one range."""
    parent, under, first, free = room.parent, room.under, room.first, room.follow
    for t in range(size):
        under[t] = 1
    for t in range(size - 1, 0, -1):
        u = room.order[t]
        under[parent[u]] += under[u]
    first[room.order[0]] = 0
    free[room.order[0]] = 1
    for t in range(1, size):
        u = room.order[t]
        p = parent[u]
        first[u] = free[p]
        free[u] = first[u] + 1
        free[p] += under[u]


@bare
def weigh(
    task: Task, costs: Costs, state: State, room: Grove, size: int, a: int, b: int
) -> tuple[float, float]:
    """Add up what each branch holds.

    Returns what items cost each for itself (distance to pinned centers,
    change): all of them in a, and as they are.
    """
    all_in_a, as_they_are = 0.0, 0.0
    for t in range(size):
        i = room.nodes[t]
        for q in range(task.weights.shape[1]):
            room.held[t, q] = task.weights[i, q]
        for q in range(4):
            room.moments[t, q] = task.moments[i, q]
        in_a = _alone(task, costs, i, a)
        room.lean[t] = _alone(task, costs, i, b) - in_a
        all_in_a += in_a
        here = state.label[i] == a
        as_they_are += in_a if here else in_a + room.lean[t]
        room.stuck[t, 0] = here and (task.fixed[i] or not allowed(task, i, b))
        room.stuck[t, 1] = not here and (task.fixed[i] or not allowed(task, i, a))
    for t in range(size - 1, 0, -1):
        u = room.order[t]
        p = room.parent[u]
        for q in range(task.weights.shape[1]):
            room.held[p, q] += room.held[u, q]
        for q in range(4):
            room.moments[p, q] += room.moments[u, q]
        room.lean[p] += room.lean[u]
        room.stuck[p, 0] += room.stuck[u, 0]
        room.stuck[p, 1] += room.stuck[u, 1]
    return all_in_a, as_they_are


@bare
def _alone(task: Task, costs: Costs, i: int, j: int) -> float:
    """Return what an item costs in an area whatever else is there."""
    cost = 0.0
    if task.anchored[j]:
        cost += costs.shape * task.moments[i, 0] * squared(task, i, j)
    if task.home[i] != j and task.home[i] < len(task.closed) - 1:
        cost += costs.change * task.loss[i]
    return cost
