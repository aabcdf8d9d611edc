"""Turns a problem into the arrays that kernels read."""

from __future__ import annotations

import numpy as np

from tp_geo.optimize.aims import Aims, movable
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.objective import Objective
from tp_geo.optimize.problem import Flags, Floats, Problem
from tp_geo.optimize.state import Task

INSIDE = 0.98
"""Which part of a tolerance a search aims to be within, so that it is kept in the end."""
WITHIN = 0.01
"""Where no tolerance is asked for, deviations above this share count more than those below, ..."""
COARSEST = 0.03
"""... or above that of an item of mean weight, up to this."""


def task_of(
    problem: Problem, objective: Objective, graph: Graph, aims: Aims, *, place: bool = True
) -> Task:
    """Return a problem as kernels read it, with lengths in the unit ``scale_of`` says.

    Without ``place`` items have no place that matters: no shape counts, and
    every area may be in pieces.
    """
    k, xy = problem.areas, (problem.xy - origin(problem)) / scale_of(problem, aims)
    closed = np.append(problem.locked, True)
    mass = aims.mass * problem.items
    anchored, center = _pinned(problem, aims)
    value = float(problem.value.sum())
    target, per, low, high = _columns(problem, objective, aims)
    far, unit = _far(problem, anchored, xy, center, mass)
    reach = _reach(problem, aims, unit)
    return Task(
        graph.indptr,
        graph.indices,
        _parting(problem, graph) * placed(problem),
        xy,
        np.column_stack([mass, mass[:, None] * xy, mass * (xy**2).sum(axis=1)]),
        np.column_stack([problem.weights, *[limit.weights for limit in problem.limits]]),
        problem.value * (problem.items / value if value > 0 else 0.0),
        np.where(problem.current < 0, k, problem.current).astype(np.int32),
        ~(movable(problem) & reachable(problem, anchored, xy, center, far, reach)),
        target,
        per,
        low,
        high,
        np.append(problem.contiguous & place, False),
        closed,
        anchored,
        center,
        far,
        reach,
        _budget(problem),
        np.append(_parts(problem.importance), np.ones(len(problem.limits))),
    )


def placed(problem: Problem) -> bool:
    """Return whether items have places at all: not all are in one."""
    return bool(np.ptp(problem.xy, axis=0).any()) if problem.items else False


def reachable(
    problem: Problem, anchored: Flags, xy: Floats, center: Floats, far: Floats, reach: float
) -> Flags:
    """Return which items some open area is near enough to take."""
    open_ = ~problem.locked
    found = np.zeros(problem.items, np.bool_)
    if reach == float("inf") or (open_ & ~anchored[:-1]).any():
        found[:] = open_.any()
        return found
    for j in np.flatnonzero(open_).tolist():
        away = far[:, j] if len(far) else ((xy - center[j]) ** 2).sum(axis=1)
        found |= away <= reach
    return found


def origin(problem: Problem) -> Floats:
    """Return the point that kernels measure from: the middle of all items."""
    found: Floats = problem.xy.mean(axis=0) if problem.items else np.zeros(2)
    return found


def scale_of(problem: Problem, aims: Aims) -> float:
    """Return the metres of a kernel's unit of length: about the radius of an area."""
    away = ((problem.xy - origin(problem)) ** 2).sum(axis=1)
    spread = float((aims.mass * away).sum()) / max(1, problem.areas)
    return float(np.sqrt(spread)) if spread > 0 else 1.0


def _pinned(problem: Problem, aims: Aims) -> tuple[Flags, Floats]:
    center = np.zeros((problem.areas + 1, 2))
    anchored = np.zeros(problem.areas + 1, np.bool_)
    if problem.centers is not None:
        anchored[:-1] = np.isfinite(problem.centers).all(axis=1)
        placed = (problem.centers - origin(problem)) / scale_of(problem, aims)
        center[:-1] = np.where(anchored[:-1, None], placed, 0.0)
    return anchored, center


def _far(
    problem: Problem, anchored: Flags, task_xy: Floats, center: Floats, mass: Floats
) -> tuple[Floats, float]:
    """Return squared distances to pinned centers where the problem measures them its own way.

    They are scaled so that they are as long, taken together, as straight
    lines; with them the square of that scale. (0, 0) where lines are straight.
    """
    own = np.flatnonzero(anchored)
    if problem.distance is None or problem.centers is None or not len(own):
        return np.zeros((0, 0)), 0.0
    found = np.zeros((problem.items, problem.areas))
    found[:, own] = np.nan_to_num(problem.distance(problem.centers[own], problem.xy), posinf=1e12)
    straight = sum(
        float((mass * ((task_xy - center[j]) ** 2).sum(axis=1)).sum()) for j in own.tolist()
    )
    whole = float((mass[:, None] * found**2).sum())
    unit = straight / whole if whole > 0 else 1.0
    return found**2 * unit, unit


def _reach(problem: Problem, aims: Aims, unit: float) -> float:
    if problem.max_distance is None:
        return float("inf")
    return float(problem.max_distance**2 * (unit or 1 / scale_of(problem, aims) ** 2))


def _columns(
    problem: Problem, objective: Objective, aims: Aims
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return target, 1 / target (0: no matter), and the band, by area and column."""
    k, m = problem.targets.shape
    width = m + len(problem.limits)
    target, per = np.zeros((k + 1, width)), np.zeros((k + 1, width))
    low, high = np.full((k + 1, width), -np.inf), np.full((k + 1, width), np.inf)
    known = np.isfinite(aims.target)
    target[:k, :m] = np.where(known, aims.target, 0.0)
    middle = target[:k, :m].sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    scale = np.where(target[:k, :m] > 0, target[:k, :m], middle)
    per[:k, :m] = np.where(known & (scale > 0), 1 / np.where(scale > 0, scale, 1), 0.0)
    grain = min(COARSEST, max(WITHIN, k / max(1, problem.items)))
    band = INSIDE * objective.tolerance or grain
    low[:k, :m] = target[:k, :m] * (1 - band)
    high[:k, :m] = target[:k, :m] * (1 + band)
    for q, limit in enumerate(problem.limits, m):
        low[:k, q] = np.where(np.isfinite(limit.minimum), limit.minimum, -np.inf)
        high[:k, q] = np.where(np.isfinite(limit.maximum), limit.maximum, np.inf)
        even = float(limit.weights.sum()) / max(1, k)
        per[:k, q] = 1 / even if even > 0 else 0.0
    per[:k][problem.locked] = 0.0
    return target, per, low, high


def _parting(problem: Problem, graph: Graph) -> Floats:
    """Return what parting each pair of neighbors costs: 1 for a border of average length."""
    middle = float(graph.length.mean()) if len(graph.length) else 0.0
    cost = graph.length / middle if middle > 0 else np.ones(len(graph.length))
    for border in problem.borders:
        a, b = border.group[graph.sources], border.group[graph.indices]
        cost = cost + border.weight * ((a == b) & (a >= 0))
    return cost


def _parts(importance: Floats) -> Floats:
    whole = float(importance.sum())
    return importance / whole if whole > 0 else np.zeros(len(importance))


def _budget(problem: Problem) -> Floats:
    whole = np.append(problem.weights.sum(axis=0), problem.items)
    asked = np.where(np.isfinite(problem.max_change), problem.max_change, np.inf)
    found: Floats = np.where(whole > 0, asked * np.where(whole > 0, whole, 1), np.inf)
    return found * (1 + 1e-12)
