"""The kernels of the balanced power diagram: softened areas, and the step that balances them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tp_geo.optimize.arithmetic import exp_minus, log_of
from tp_geo.optimize.compiled import bare, compiled
from tp_geo.optimize.problem import Flags, Floats, Ints

ROOM = 48
"""How many neighbors of a cell are looked at."""
NEAR = 10
"""How many of the nearest centers are neighbors whether cells touch or not: an empty cell of them
is found again."""
FAINT = 6.0
"""Cells whose share of an item would be below exp(-FAINT) have none of it."""


class Points(NamedTuple):
    """Items as the diagram sees them: where, how heavy, and those that stay where they are."""

    indptr: Ints
    indices: Ints
    xy: Floats
    weight: Floats
    held: Flags
    home: Ints
    bonus: Floats
    """How much nearer, in squared distance, home is than it looks."""


class Cells(NamedTuple):
    """The cells around each, the first ``degree`` of each row, and the Newton matrix on them."""

    neighbor: Ints
    degree: Ints
    coupling: Floats
    diagonal: Floats
    away: Floats
    """Of the item at hand: its power distance from the cells around it, ..."""
    part: Floats
    """... what part of it is whose, and where that cell stands around the nearest."""
    who: Ints
    slot: Ints


def cells_of(k: int) -> Cells:
    """Return room for the neighbors of k cells."""
    return Cells(
        np.empty((k, ROOM), np.int32),
        np.zeros(k, np.int32),
        np.zeros((k, ROOM)),
        np.zeros(k),
        np.empty(ROOM),
        np.empty(ROOM + 1),
        np.empty(ROOM + 1, np.int32),
        np.empty(ROOM + 1, np.int32),
    )


@bare
def _add(cells: Cells, a: int, b: int) -> None:
    for t in range(cells.degree[a]):
        if cells.neighbor[a, t] == b:
            return
    if cells.degree[a] < ROOM and cells.degree[b] < ROOM:
        cells.neighbor[a, cells.degree[a]] = b
        cells.neighbor[b, cells.degree[b]] = a
        cells.degree[a] += 1
        cells.degree[b] += 1


@compiled
def find_neighbors(points: Points, label: Ints, near: Ints, cells: Cells) -> None:
    """Set which cells touch or have their centers ``near`` each other."""
    cells.degree[:] = 0
    for j in range(len(near)):
        for t in range(near.shape[1]):
            if near[j, t] >= 0:
                _add(cells, j, near[j, t])
    for i in range(len(label)):
        a = label[i]
        for e in range(points.indptr[i], points.indptr[i + 1]):
            b = label[points.indices[e]]
            if a < b:
                _add(cells, a, b)


@compiled
def nearest(center: Floats) -> Ints:
    """Return the centers nearest to each, -1 where there are fewer."""
    k = len(center)
    found = np.full((k, NEAR), -1, np.int32)
    way = np.full((k, NEAR), np.inf)
    for a in range(k):
        for b in range(k):
            dx, dy = center[a, 0] - center[b, 0], center[a, 1] - center[b, 1]
            d = dx * dx + dy * dy
            if a == b or d >= way[a, NEAR - 1]:
                continue
            t = NEAR - 1
            while t > 0 and way[a, t - 1] > d:
                way[a, t], found[a, t] = way[a, t - 1], found[a, t - 1]
                t -= 1
            way[a, t], found[a, t] = d, b
    return found


@compiled
def spacing(center: Floats) -> Floats:
    """Return the squared distance of each center from the nearest other."""
    k = len(center)
    found = np.full(k, np.inf)
    for a in range(k):
        for b in range(a):
            dx, dy = center[a, 0] - center[b, 0], center[a, 1] - center[b, 1]
            d = dx * dx + dy * dy
            found[a] = min(found[a], d)
            found[b] = min(found[b], d)
    return found


@bare
def _power(points: Points, center: Floats, height: Floats, i: int, j: int) -> float:
    dx, dy = points.xy[i, 0] - center[j, 0], points.xy[i, 1] - center[j, 1]
    found = dx * dx + dy * dy - height[j]
    if points.home[i] == j:
        found -= points.bonus[i]
    return found


@bare
def spread(
    points: Points,
    share: Floats,
    center: Floats,
    height: Floats,
    blur: Floats,
    label: Ints,
    cells: Cells,
    load: Floats,
    matrix: bool,
) -> float:
    """Return the dual value of softened areas; set their loads, labels and the Newton matrix.

    Each item sees its cell and those around it and walks to the nearest by
    power distance; ``blur`` is by item how far, in squared distance,
    cells fade into another there: it must not change while heights do.
    """
    value = 0.0
    for j in range(len(center)):
        value += share[j] * height[j]
    load[:] = 0.0
    if matrix:
        cells.coupling[:] = 0.0
        cells.diagonal[:] = 0.0
    away, part, who, slot = cells.away, cells.part, cells.who, cells.slot
    for i in range(len(label)):
        w = points.weight[i]
        a = int(label[i])
        nearest = _power(points, center, height, i, a)
        if points.held[i]:
            load[a] += w
            value += w * nearest
            continue
        while True:
            best, least = a, nearest
            for t in range(cells.degree[a]):
                away[t] = _power(points, center, height, i, cells.neighbor[a, t])
                if away[t] < least:
                    least, best = away[t], int(cells.neighbor[a, t])
            if best == a:
                break
            a, nearest = best, least
        label[i] = a
        fade = blur[i]
        faint = nearest + FAINT * fade
        m, total = 1, 1.0
        who[0], slot[0] = a, -1
        for t in range(cells.degree[a]):
            if away[t] < faint:
                p = exp_minus((away[t] - nearest) / fade)
                part[m], who[m], slot[m] = p, cells.neighbor[a, t], t
                total += p
                m += 1
        if m == 1:
            load[a] += w
            value += w * nearest
            continue
        part[0] = 1.0
        value += w * (nearest - fade * log_of(total))
        for t in range(m):
            part[t] /= total
            load[who[t]] += w * part[t]
        if matrix:
            _couple(cells, m, w / fade)
    return value


@bare
def _couple(cells: Cells, m: int, factor: float) -> None:
    part, who, slot = cells.part, cells.who, cells.slot
    for t in range(1, m):
        a = who[t]
        for u in range(t):
            b = who[u]
            x = factor * part[t] * part[u]
            at = slot[t] if u == 0 else _slot(cells, b, a)
            back = _slot(cells, a, b)
            if at < 0 or back < 0:
                continue
            cells.coupling[b, at] += x
            cells.coupling[a, back] += x
            cells.diagonal[a] += x
            cells.diagonal[b] += x


@bare
def _slot(cells: Cells, a: int, b: int) -> int:
    for t in range(cells.degree[a]):
        if cells.neighbor[a, t] == b:
            return t
    return -1


@compiled
def solved(cells: Cells, damping: Floats, right: Floats) -> Floats:
    """Return the step of a damped Newton system, by conjugate gradients."""
    k = len(right)
    x = np.zeros(k)
    r = right.copy()
    scale = cells.diagonal + damping
    z = r / scale
    p = z.copy()
    rz = 0.0
    for j in range(k):
        rz += r[j] * z[j]
    goal = 1e-8 * rz
    image = np.empty(k)
    for _ in range(300):
        if rz <= goal:
            break
        bend = 0.0
        for j in range(k):
            s = scale[j] * p[j]
            for t in range(cells.degree[j]):
                s -= cells.coupling[j, t] * p[cells.neighbor[j, t]]
            image[j] = s
            bend += p[j] * s
        step = rz / bend
        after = 0.0
        for j in range(k):
            x[j] += step * p[j]
            r[j] -= step * image[j]
            z[j] = r[j] / scale[j]
            after += r[j] * z[j]
        ratio = after / rz
        rz = after
        for j in range(k):
            p[j] = z[j] + ratio * p[j]
    return x
