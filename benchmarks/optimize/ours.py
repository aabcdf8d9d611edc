"""Our side: problems made of instances, and runs with the processor time they took."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from benchmarks.optimize.evaluate import Areas
from benchmarks.optimize.geography import Floats
from benchmarks.optimize.instances import Instance
from tp_geo.optimize import BALANCE, BAND, Problem, solve

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
    side = 16
    number = np.arange(side * side).reshape(side, side)
    across = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    down = np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1)
    edges = np.concatenate([across, down]).astype(np.int32)
    n = number.size
    unknown, ones = np.zeros(n), np.ones((n, 1))
    xy = np.column_stack(np.divmod(np.arange(n), side)).astype(float)
    grid = Instance(
        "grid", xy, edges, np.ones(len(edges)), unknown, unknown, ones, (), np.arange(n)
    )
    for objective in (BALANCE, BAND):
        solve(problem(grid, 4), objective=objective)
