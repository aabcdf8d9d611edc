"""On which side of a line points lie."""

from __future__ import annotations

import numpy as np

from tp_geo.domain.alignment import Flags
from tp_geo.errors import Refused
from tp_geo.geometry.earth import Floats


def left_of(points: Floats, line: Floats) -> Flags:
    """Return whether each point lies to the left of a line, or on it; both in a plane, (n, 2).

    The line goes straight on beyond its ends. The side is the one a point has
    of the nearest stretch; where a corner is nearest, of the stretch the point
    is farther from when that is drawn out. Points that are NaN lie to the left.
    """
    starts, steps = line[:-1], np.diff(line, axis=0)
    moving = np.flatnonzero(np.hypot(*steps.T) > 0)
    if not len(moving):
        raise Refused("A line needs two places that differ.")
    starts, steps = starts[moving], steps[moving]
    length = np.hypot(*steps.T)
    best = np.full(len(points), np.inf)
    off = np.zeros(len(points))
    for i in range(len(starts)):
        away = points - starts[i]
        along = away @ steps[i] / length[i]
        across = (steps[i, 0] * away[:, 1] - steps[i, 1] * away[:, 0]) / length[i]
        beyond = np.zeros(len(points))
        if i > 0:
            beyond = np.maximum(beyond, -along)
        if i < len(starts) - 1:
            beyond = np.maximum(beyond, along - length[i])
        near = np.hypot(beyond, across)
        tie = np.isclose(near, best, rtol=1e-9, atol=0.0) & (np.abs(across) > np.abs(off))
        closer = tie | ((near < best) & ~np.isclose(near, best, rtol=1e-9, atol=0.0))
        best, off = np.where(closer, near, best), np.where(closer, across, off)
    return np.asarray(off >= 0.0)
