"""Problems on lattices: squares in rows, cut into areas of about the same size."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from tp_geo.optimize import Limit, Problem


def lattice(
    columns: int, rows: int, areas: int, weights: np.ndarray | None = None, **more: Any
) -> Problem:
    """Return squares whose areas are bands of columns, with equal targets."""
    n = columns * rows
    at = np.arange(n).reshape(rows, columns)
    beside = np.column_stack([at[:, :-1].ravel(), at[:, 1:].ravel()])
    below = np.column_stack([at[:-1].ravel(), at[1:].ravel()])
    measured = np.ones((n, 1)) if weights is None else weights
    x, y = at % columns, at // columns
    band = (x * areas // columns).ravel().astype(np.int32)
    given: dict[str, Any] = {
        "edges": np.concatenate([beside, below]).astype(np.int32),
        "xy": np.column_stack([x.ravel(), y.ravel()]).astype(float),
        "weights": measured,
        "targets": np.tile(measured.sum(axis=0) / areas, (areas, 1)),
        "current": band,
        "held": np.zeros(n, np.bool_),
    }
    return Problem(**(given | more))


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Return small problems with anything in them that a rebalance has to honor."""
    columns, rows = draw(st.integers(3, 9)), draw(st.integers(2, 6))
    areas = draw(st.integers(1, min(5, columns)))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, m = columns * rows, draw(st.integers(1, 2))
    weights = rng.integers(0, 9, (n, m)) * rng.choice([0.25, 1.0, 3.0])
    problem = lattice(columns, rows, areas, weights.astype(float))
    current = problem.current.copy()
    stray = rng.random(n) < draw(st.sampled_from([0.0, 0.1]))
    current[stray] = rng.integers(-1, areas, int(stray.sum()))
    centers = np.where(rng.random((areas, 1)) < 0.3, rng.random((areas, 2)) * columns, np.nan)
    cap = Limit("number", np.ones(n), np.full(areas, np.nan), np.full(areas, n / areas + 1))
    most = np.where(rng.random(m + 1) < 0.3, rng.random(m + 1) * 0.3, np.nan)
    return replace(
        problem,
        current=current,
        held=rng.random(n) < draw(st.sampled_from([0.0, 0.2])),
        locked=rng.random(areas) < draw(st.sampled_from([0.0, 0.3])),
        contiguous=rng.random(areas) < draw(st.sampled_from([0.5, 1.0])),
        barriers=rng.random(len(problem.edges)) < draw(st.sampled_from([0.0, 0.1])),
        max_change=most,
        centers=centers if draw(st.booleans()) else None,
        max_distance=draw(st.sampled_from([None, 0.8 * columns])),
        limits=(cap,) if draw(st.booleans()) else (),
    )


def pieces(problem: Problem, plan: np.ndarray) -> np.ndarray:
    """Return in how many pieces each area is."""
    a, b = problem.edges[~problem.barriers].T
    same = plan[a] == plan[b]
    n = problem.items
    links = coo_matrix((np.ones(same.sum()), (a[same], b[same])), shape=(n, n))
    label = connected_components(links, directed=False)[1]
    first = np.unique(label, return_index=True)[1]
    owner = plan[first]
    return np.bincount(owner[owner >= 0], minlength=problem.areas)
