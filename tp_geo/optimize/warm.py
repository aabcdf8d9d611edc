"""Compiles every kernel once: after ``python -m tp_geo.optimize.warm`` the first run is quick."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tp_geo.optimize.alternatives import alternatives
from tp_geo.optimize.granular import fewest_cuts, least_inertia
from tp_geo.optimize.objective import BALANCE, KEEP, Objective
from tp_geo.optimize.problem import Limit, Problem
from tp_geo.optimize.proof import prove
from tp_geo.optimize.solve import solve
from tp_geo.optimize.stop import MaxIterations

SIDE = 6


def warm() -> None:
    """Run a small problem through every part of a run."""
    for problem in problems():
        for objective in (BALANCE, KEEP, Objective(tolerance=0.05)):
            solve(problem, objective=objective, stop=MaxIterations(2000))
    top = (np.arange(SIDE * SIDE) >= SIDE * SIDE * 2 // 3).astype(np.int32)
    alternatives(replace(problems()[0], current=top))
    few = MaxIterations(200)
    fewest_cuts(problems()[0], stop=few)
    prove(problems()[0], least_inertia(problems()[0], tolerance=0.2, stop=few), stop=few)


def problems() -> tuple[Problem, ...]:
    """Return small problems that need, between them, every kernel."""
    column, row = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    number = row * SIDE + column
    edges = np.concatenate(
        [
            np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]),
            np.column_stack([number[:-1].ravel(), number[1:].ravel()]),
        ]
    )
    n, k = SIDE * SIDE, 3
    xy = 1000.0 * np.column_stack([column.ravel(), row.ravel()]).astype(np.float64)
    held = np.zeros(n, np.bool_)
    held[[0, n - 1]] = True
    current = np.full(n, -1, np.int32)
    current[[0, n - 1]] = 0
    weights = np.ones((n, 1))
    share = np.full((k, 1), n / k)
    whole = Problem(edges, xy, weights, share, np.full(n, -1, np.int32), np.zeros(n, np.bool_))
    part = Problem(
        edges,
        xy,
        weights,
        share,
        current,
        held,
        centers=np.array([[0.0, 0.0], [np.nan, np.nan], [np.nan, np.nan]]),
        limits=(Limit("count", np.ones(n), np.full(k, 1.0), np.full(k, float(n))),),
        max_change=np.array([0.5, 0.5]),
        max_distance=1e6,
        distance=lambda centers, items: np.hypot(
            items[:, None, 0] - centers[None, :, 0], items[:, None, 1] - centers[None, :, 1]
        ),
    )
    few = np.zeros((n, 1))
    few[::2] = 1.0
    return whole, part, replace(whole, weights=few, targets=share / 2)


if __name__ == "__main__":
    warm()
