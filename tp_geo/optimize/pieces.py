"""Whether an area stays in one piece when an item leaves it."""

from __future__ import annotations

from tp_geo.optimize.compiled import bare
from tp_geo.optimize.problem import Ints
from tp_geo.optimize.state import TICK, State, Task

DETOUR = 400
"""How many items the test of contiguity looks at before it refuses a move."""


@bare
def touches(task: Task, state: State, i: int, area: int, but: int) -> bool:
    """Return whether an item has a neighbor in an area other than ``but``."""
    for e in range(task.indptr[i], task.indptr[i + 1]):
        v = task.indices[e]
        if v != but and state.label[v] == area:
            return True
    return False


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
def _root(parent: Ints, t: int) -> int:
    while parent[t] != t:
        t = parent[t]
    return t


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
