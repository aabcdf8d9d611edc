"""Random problems: a few items on a bumpy grid, some of its edges missing, some of it held."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from tp_geo.optimize import Problem


def grid(side: int, k: int, **more: Any) -> Problem:
    """Return a square of items of weight 1 for k equal areas."""
    n = side * side
    given = {
        "edges": grid_edges(side),
        "xy": 1000.0 * np.column_stack([np.arange(n) % side, np.arange(n) // side]),
        "weights": np.ones((n, 1)),
        "targets": np.full((k, 1), n / max(k, 1)),
        "current": np.full(n, -1, np.int32),
        "held": np.zeros(n, np.bool_),
    }
    return Problem(**{**given, **more})


def grid_edges(side: int) -> np.ndarray:
    number = np.arange(side * side).reshape(side, side)
    across = np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()])
    down = np.column_stack([number[:-1].ravel(), number[1:].ravel()])
    return np.concatenate([across, down]).astype(np.int32)


@st.composite
def problems(draw: st.DrawFn, *, connected: bool = False, free: bool = False) -> Problem:
    """Draw a problem; ``connected``: no edge is missing; ``free``: nothing is held or locked."""
    side, k = draw(st.integers(2, 7)), draw(st.integers(1, 6))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = side * side
    edges = grid_edges(side)
    if not connected:
        edges = edges[random.random(len(edges)) < draw(st.sampled_from([1.0, 0.8, 0.4]))]
    weights = random.lognormal(0, draw(st.sampled_from([0.1, 2.0])), (n, draw(st.integers(1, 3))))
    target = random.uniform(0.5, 2, (k, 1))
    targets = target / target.sum() * weights.sum(axis=0)
    targets[random.random(targets.shape) < draw(st.sampled_from([0.0, 0.3]))] = np.nan
    current = random.integers(-1, k, n).astype(np.int32)
    if draw(st.booleans()):
        current[:] = -1
    held = random.random(n) < (0.0 if free else draw(st.sampled_from([0.0, 0.1, 0.5])))
    locked = random.random(k) < (0.0 if free else draw(st.sampled_from([0.0, 0.3])))
    xy = np.column_stack([np.arange(n) % side, np.arange(n) // side]) * 1000.0
    return Problem(
        edges,
        xy + random.normal(0, 100, xy.shape),
        weights,
        targets,
        current,
        held,
        locked=locked,
        length=random.uniform(0, 2, len(edges)),
        barriers=random.random(len(edges)) < (0 if connected else 0.05),
    )
