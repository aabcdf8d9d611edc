"""Puts areas together again: the main piece of each stays, the rest goes to what it touches."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tp_geo.optimize.compiled import compiled
from tp_geo.optimize.problem import Flags, Floats, Ints
from tp_geo.optimize.state import Task, allowed

BRIDGES = 4
"""How often per area a way to a held piece of it is looked for."""


class Heap(NamedTuple):
    """A binary heap of (key, item, area), the first ``size[0]``."""

    key: Floats
    item: Ints
    area: Ints
    size: Ints


def mended(task: Task, label: Ints, center: Floats, height: Floats) -> Ints:
    """Return labels with each area in one piece where that can be, and items of nobody's given out.

    Area ``len(task.closed) - 1`` is nobody's. What is cut off or nobody's goes
    to the areas it touches, nearest by power distance first; what touches none
    goes piece by piece to the nearest. Held pieces are joined to the rest of
    their area by the shortest way there is.
    """
    label, kept = label.astype(np.int32), task.fixed.copy()
    _fill_empty(task, label, center)
    for _ in range(BRIDGES * max(1, len(task.closed) - 1)):
        _cut_off(task, label, kept)
        _grow(task, label, center, height)
        _give_out(task, label, center, height)
        if not _bridge(task, label, kept):
            break
    return label


@compiled
def pieces(task: Task, label: Ints) -> tuple[Ints, int]:
    """Return the piece of its area that each item is in, and how many there are."""
    n = len(label)
    piece = np.full(n, -1, np.int32)
    stack = np.empty(n, np.int32)
    count = 0
    for s in range(n):
        if piece[s] >= 0:
            continue
        piece[s] = count
        stack[0] = s
        top = 1
        while top > 0:
            top -= 1
            u = stack[top]
            for e in range(task.indptr[u], task.indptr[u + 1]):
                v = task.indices[e]
                if piece[v] < 0 and label[v] == label[u]:
                    piece[v] = count
                    stack[top] = v
                    top += 1
        count += 1
    return piece, count


@compiled
def main_pieces(task: Task, label: Ints, kept: Flags, piece: Ints, count: int) -> Ints:
    """Return the main piece of each area: of what stays it holds most, else it is heaviest."""
    held, mass = np.zeros(count), np.zeros(count)
    main = np.full(len(task.closed), -1, np.int32)
    for i in range(len(label)):
        mass[piece[i]] += task.moments[i, 0]
        if kept[i]:
            held[piece[i]] += task.moments[i, 0]
    for i in range(len(label)):
        p, best = piece[i], main[label[i]]
        if best < 0 or held[p] > held[best] or (held[p] == held[best] and mass[p] > mass[best]):
            main[label[i]] = p
    return main


@compiled
def _cut_off(task: Task, label: Ints, kept: Flags) -> None:
    """Make nobody's what is apart from the main piece of its area, or out of its reach."""
    nobody = len(task.closed) - 1
    for i in range(len(label)):
        if label[i] < nobody and not task.fixed[i] and not allowed(task, i, label[i]):
            label[i] = nobody
    piece, count = pieces(task, label)
    main = main_pieces(task, label, kept, piece, count)
    for i in range(len(label)):
        j = label[i]
        if task.contiguous[j] and not task.closed[j] and not kept[i] and piece[i] != main[j]:
            label[i] = nobody


@compiled
def _fill_empty(task: Task, label: Ints, center: Floats) -> None:
    """Give areas that hold nothing the nearest item of an area that can spare it."""
    k = len(task.closed) - 1
    size = np.zeros(k + 1, np.int64)
    for i in range(len(label)):
        size[label[i]] += 1
    for j in range(k):
        if size[j] > 0 or task.closed[j]:
            continue
        near, least = -1, np.inf
        for i in range(len(label)):
            if task.fixed[i] or (label[i] < k and size[label[i]] <= 1) or not allowed(task, i, j):
                continue
            dx, dy = task.xy[i, 0] - center[j, 0], task.xy[i, 1] - center[j, 1]
            if dx * dx + dy * dy < least:
                near, least = i, dx * dx + dy * dy
        if near >= 0:
            size[label[near]] -= 1
            label[near] = j
            size[j] = 1


@compiled
def push(heap: Heap, key: float, item: int, area: int) -> None:
    """Put an area that wants an item on the heap."""
    at = heap.size[0]
    heap.size[0] += 1
    while at > 0:
        up = (at - 1) // 2
        if heap.key[up] <= key:
            break
        heap.key[at], heap.item[at], heap.area[at] = heap.key[up], heap.item[up], heap.area[up]
        at = up
    heap.key[at], heap.item[at], heap.area[at] = key, item, area


@compiled
def pop(heap: Heap) -> tuple[int, int]:
    """Take the item and area of the least key off the heap."""
    item, area = heap.item[0], heap.area[0]
    heap.size[0] -= 1
    last = heap.size[0]
    key, at = heap.key[last], 0
    while True:
        down = 2 * at + 1
        if down >= last:
            break
        if down + 1 < last and heap.key[down + 1] < heap.key[down]:
            down += 1
        if heap.key[down] >= key:
            break
        heap.key[at], heap.item[at], heap.area[at] = (
            heap.key[down],
            heap.item[down],
            heap.area[down],
        )
        at = down
    heap.key[at], heap.item[at], heap.area[at] = key, heap.item[last], heap.area[last]
    return item, area


@compiled
def _power(task: Task, center: Floats, height: Floats, i: int, j: int) -> float:
    dx, dy = task.xy[i, 0] - center[j, 0], task.xy[i, 1] - center[j, 1]
    return dx * dx + dy * dy - height[j]


@compiled
def _offer(task: Task, label: Ints, center: Floats, height: Floats, heap: Heap, i: int) -> None:
    nobody, j = len(task.closed) - 1, label[i]
    if task.closed[j]:
        return
    for e in range(task.indptr[i], task.indptr[i + 1]):
        v = task.indices[e]
        if label[v] == nobody and not task.fixed[v] and allowed(task, v, j):
            push(heap, _power(task, center, height, v, j), v, j)


@compiled
def _grow(task: Task, label: Ints, center: Floats, height: Floats) -> None:
    """Let areas take what is nobody's beside them, the nearest by power distance first."""
    room, nobody = len(task.indices) + 1, len(task.closed) - 1
    heap = Heap(
        np.empty(room), np.empty(room, np.int32), np.empty(room, np.int32), np.zeros(1, np.int32)
    )
    for i in range(len(label)):
        _offer(task, label, center, height, heap, i)
    while heap.size[0] > 0:
        i, j = pop(heap)
        if label[i] == nobody:
            label[i] = j
            _offer(task, label, center, height, heap, i)


@compiled
def _nearest(task: Task, center: Floats, height: Floats, i: int, x: float, y: float) -> int:
    best, least = len(task.closed) - 1, np.inf
    for j in range(len(task.closed) - 1):
        if allowed(task, i, j):
            dx, dy = x - center[j, 0], y - center[j, 1]
            d = dx * dx + dy * dy - height[j]
            if d < least:
                best, least = j, d
    return best


@compiled
def _give_out(task: Task, label: Ints, center: Floats, height: Floats) -> None:
    """Give what no area touches, piece by piece, to the nearest area that may take it."""
    nobody = len(task.closed) - 1
    free = False
    for i in range(len(label)):
        free = free or (label[i] == nobody and not task.fixed[i])
    if not free:
        return
    piece, count = pieces(task, label)
    total, taker = np.zeros((count, 3)), np.full(count, -1, np.int32)
    for i in range(len(label)):
        for q in range(3):
            total[piece[i], q] += task.moments[i, q]
    for i in range(len(label)):
        if label[i] != nobody or task.fixed[i]:
            continue
        p = piece[i]
        x, y = total[p, 1] / total[p, 0], total[p, 2] / total[p, 0]
        if taker[p] < 0:
            taker[p] = _nearest(task, center, height, i, x, y)
        label[i] = taker[p]
        if label[i] == nobody or not allowed(task, i, label[i]):
            label[i] = _nearest(task, center, height, i, task.xy[i, 0], task.xy[i, 1])


@compiled
def _bridge(task: Task, label: Ints, kept: Flags) -> bool:
    """Join one held piece to the main piece of its area by the shortest way; return whether.

    Not by a way that parts what stays of another area: that one would have to be joined in turn.
    """
    piece, count = pieces(task, label)
    main = main_pieces(task, label, kept, piece, count)
    parts = _held_parts(task, label, kept, piece, count)
    size = np.zeros(len(task.closed), np.int32)
    for i in range(len(label)):
        size[label[i]] += 1
    tried = np.zeros(count, np.bool_)
    for i in range(len(label)):
        j, p = label[i], piece[i]
        if not kept[i] or task.closed[j] or not task.contiguous[j] or p == main[j] or tried[p]:
            continue
        tried[p] = True
        joined, keeping = label.copy(), kept.copy()
        if not _walk(task, joined, keeping, size, piece, p, main[j], j):
            continue
        now, many = pieces(task, joined)
        after = _held_parts(task, joined, keeping, now, many)
        if (after <= parts).all():
            label[:], kept[:] = joined, keeping
            return True
    return False


@compiled
def _held_parts(task: Task, label: Ints, kept: Flags, piece: Ints, count: int) -> Ints:
    """Return in how many pieces what stays of each area is; 0 where that does not matter."""
    parts, seen = np.zeros(len(task.closed), np.int32), np.zeros(count, np.bool_)
    for i in range(len(label)):
        if kept[i] and task.contiguous[label[i]] and not seen[piece[i]]:
            seen[piece[i]] = True
            parts[label[i]] += 1
    return parts


@compiled
def _walk(
    task: Task, label: Ints, kept: Flags, size: Ints, piece: Ints, start: int, goal: int, j: int
) -> bool:
    """Give area j the items on the shortest way from one of its pieces to another."""
    n = len(label)
    back, queue, tail = np.full(n, -2, np.int32), np.empty(n, np.int32), 0
    for i in range(n):
        if piece[i] == start:
            back[i] = -1
            queue[tail] = i
            tail += 1
    head = 0
    while head < tail:
        u = queue[head]
        head += 1
        for e in range(task.indptr[u], task.indptr[u + 1]):
            v = task.indices[e]
            if back[v] != -2:
                continue
            if piece[v] == goal:
                while u >= 0:
                    label[u] = j
                    kept[u] = True
                    u = back[u]
                return True
            if kept[v] or (task.closed[label[v]] and label[v] != len(task.closed) - 1):
                continue
            if (label[v] == j or size[label[v]] > 1) and allowed(task, v, j):
                back[v] = u
                queue[tail] = v
                tail += 1
    return False
