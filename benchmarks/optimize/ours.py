"""Our side: problems made of instances, and runs with the processor time they took."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import numpy as np

from benchmarks.optimize.evaluate import Areas
from benchmarks.optimize.geography import Floats
from benchmarks.optimize.instances import Instance
from tp_geo.optimize import (
    BALANCE,
    BAND,
    MaxIterations,
    Problem,
    fill,
    join,
    rebalance,
    solve,
)
from tp_geo.optimize.granular import fewest_cuts
from tp_geo.optimize.hess import least_dispersion, least_inertia
from tp_geo.optimize.proof import prove

T = TypeVar("T")

REPEATS = 3


def problem(
    instance: Instance,
    areas: int,
    *,
    measures: tuple[int, ...] = (0,),
    weights: Floats | None = None,
    targets: Floats | None = None,
    current: Areas | None = None,
    length: Floats | None = None,
) -> Problem:
    """Return the problem of distributing an instance; without targets, all areas are equal."""
    measured = instance.weights[:, list(measures)] if weights is None else weights
    if targets is None:
        targets = np.repeat(measured.sum(axis=0)[None] / areas, areas, axis=0)
    n = len(instance)
    return Problem(
        edges=instance.edges,
        xy=instance.xy,
        weights=measured,
        targets=targets,
        current=np.full(n, -1, np.int32) if current is None else current,
        held=np.zeros(n, np.bool_),
        length=instance.length if length is None else length,
    )


def timed(run: Callable[[], T], repeats: int = REPEATS) -> tuple[T, float]:
    """Return what a run returns, and the median of its seconds of processor time."""
    took = []
    for _ in range(repeats):
        began = time.process_time()
        found = run()
        took.append(time.process_time() - began)
    return found, statistics.median(took)


def warm() -> None:
    """Have everything compiled before anything is timed."""
    side, brief = 8, MaxIterations(1_000)
    number = np.arange(side * side).reshape(side, side)
    across = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    down = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    n = number.size
    grid = Problem(
        edges=np.concatenate([across, down]).astype(np.int32),
        xy=np.column_stack(np.divmod(np.arange(n), side)).astype(float),
        weights=np.ones((n, 1)),
        targets=np.full((4, 1), n / 4),
        current=np.full(n, -1, np.int32),
        held=np.zeros(n, np.bool_),
    )
    for objective in (BALANCE, BAND):
        plan = solve(grid, objective=objective)
    lopsided = replace(grid, current=np.minimum(plan.area_of, 2))
    for change in (rebalance, fill, lambda p: join(p, 3)):
        change(lopsided)
    for exact in (fewest_cuts, least_dispersion, least_inertia):
        exact(grid, stop=brief)
    prove(grid, plan, stop=brief)
