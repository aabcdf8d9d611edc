"""Where a design from nothing starts: areas cut out of the map by halving it over and over."""

from __future__ import annotations

import numpy as np

from tp_geo.optimize.arithmetic import fraction, seeded
from tp_geo.optimize.compiled import compiled
from tp_geo.optimize.problem import Floats, Ints

TURN = 0.3
"""The tangent of half the angle a seed turns axes by at most: cuts along them make ribbons."""


def halved(xy: Floats, weight: Floats, share: Floats, seed: int) -> Ints:
    """Return areas of the given shares, each a piece of the map that straight cuts leave.

    Every cut is across the longer axis of inertia of what it cuts; a seed
    other than 0 turns the axes by a little.
    """
    turn = 0.0 if seed == 0 else TURN * (2 * fraction(seeded(seed)) - 1)
    cosine, sine = (1 - turn * turn) / (1 + turn * turn), 2 * turn / (1 + turn * turn)
    ends = np.concatenate([[0.0], np.cumsum(share)])
    found: Ints = _halve(np.ascontiguousarray(xy), weight, ends, cosine, sine)
    return found


@compiled
def _halve(xy: Floats, weight: Floats, ends: Floats, cosine: float, sine: float) -> Ints:
    n, k = len(xy), len(ends) - 1
    label = np.zeros(n, np.int32)
    order = np.arange(n).astype(np.int32)
    todo = np.empty((2 * k + 2, 4), np.int64)
    todo[0, 0], todo[0, 1], todo[0, 2], todo[0, 3] = 0, n, 0, k
    top = 1
    while top > 0:
        top -= 1
        first, last, a, b = todo[top, 0], todo[top, 1], todo[top, 2], todo[top, 3]
        if b - a == 1:
            label[order[first:last]] = a
            continue
        middle = (a + b) // 2
        share = (ends[middle] - ends[a]) / max(ends[b] - ends[a], 1e-300)
        cut = _cut(xy, weight, order[first:last], share, cosine, sine)
        cut = first + max(middle - a, min(last - first - (b - middle), cut))
        cut = max(first, min(last, cut))
        todo[top, 0], todo[top, 1], todo[top, 2], todo[top, 3] = first, cut, a, middle
        top += 1
        todo[top, 0], todo[top, 1], todo[top, 2], todo[top, 3] = cut, last, middle, b
        top += 1
    return label


@compiled
def _cut(xy: Floats, weight: Floats, order: Ints, share: float, cosine: float, sine: float) -> int:
    """Sort items along their longer axis and return how many of them hold a share of the weight."""
    s0 = sx = sy = 0.0
    for i in order:
        s0 += weight[i]
        sx += weight[i] * xy[i, 0]
        sy += weight[i] * xy[i, 1]
    mx, my = sx / max(s0, 1e-300), sy / max(s0, 1e-300)
    xx = yy = both = 0.0
    for i in order:
        dx, dy = xy[i, 0] - mx, xy[i, 1] - my
        xx += weight[i] * dx * dx
        yy += weight[i] * dy * dy
        both += weight[i] * dx * dy
    half = 0.5 * (xx - yy)
    length = np.sqrt(half * half + both * both)
    ux, uy = both, length - half
    if half > 0.0:
        ux, uy = length + half, both
    if ux == 0.0 and uy == 0.0:
        ux = 1.0
    ux, uy = ux * cosine - uy * sine, ux * sine + uy * cosine
    along = np.empty(len(order))
    for t in range(len(order)):
        along[t] = xy[order[t], 0] * ux + xy[order[t], 1] * uy
    order[:] = order[np.argsort(along, kind="mergesort")]
    held, cut = 0.0, 0
    while cut < len(order) and held + 0.5 * weight[order[cut]] < share * s0:
        held += weight[order[cut]]
        cut += 1
    return cut
