"""The figures of a plan, measured from the plan alone."""

from __future__ import annotations

import numpy as np

from tp_geo.optimize.bounds import lower_bounds
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.problem import Flags, Floats, Ints, Problem
from tp_geo.optimize.solution import Figures, Issue

NEAR = 0.005
"""How near a limit a total binds, as a share of the limit."""


def measured(
    problem: Problem,
    area_of: Ints,
    *,
    graph: Graph | None = None,
    cost: float = float("nan"),
    stopped: str = "",
    seconds: float = 0.0,
    iterations: int = 0,
    issues: tuple[Issue, ...] = (),
    trace: tuple[tuple[float, int, float], ...] = (),
    mass: Floats | None = None,
) -> Figures:
    """Return the figures of a plan; pieces are counted apart from how the plan was made.

    Inertia is weighted by ``mass``, by default the first measure.
    """
    graph = Graph.of(problem) if graph is None else graph
    totals = totals_of(problem.weights, area_of, problem.areas)
    target = np.where(problem.targets > 0, problem.targets, np.nan)
    moved = (area_of != problem.current) & (problem.current >= 0)
    cut = area_of[graph.sources] != area_of[graph.indices]
    inertia, weight = _inertia(problem, area_of, mass)
    return Figures(
        totals=totals,
        deviation=(totals - target) / target,
        moved=_share(problem.weights, moved),
        moved_items=int(moved.sum()),
        parts=parts_of(graph, area_of, problem.areas),
        inertia=inertia,
        radius_m=float(np.sqrt(inertia / weight)) if weight > 0 else 0.0,
        cut_edges=int(cut.sum()) // 2,
        border=float(graph.length[cut].sum()) / 2,
        cost=cost,
        lower_bounds=lower_bounds(problem),
        stopped=stopped,
        seconds=seconds,
        iterations=iterations,
        binding=binding(problem, area_of),
        issues=issues,
        trace=trace,
    )


def totals_of(weights: Floats, area_of: Ints, areas: int) -> Floats:
    """Return what each area holds in each column."""
    held = area_of >= 0
    found = np.zeros((areas, weights.shape[1]))
    for q, column in enumerate(weights.T):
        found[:, q] = np.bincount(area_of[held], column[held], areas)
    return found


def parts_of(graph: Graph, area_of: Ints, areas: int) -> Ints:
    """Return in how many pieces each area is."""
    piece = graph.pieces(area_of)[1]
    owner = area_of[np.unique(piece, return_index=True)[1]]
    return np.bincount(owner[owner >= 0], minlength=areas).astype(np.int32)


def binding(problem: Problem, area_of: Ints) -> tuple[str, ...]:
    """Return the names of the limits that some area is at or beyond."""
    found = []
    for limit in problem.limits:
        total = totals_of(limit.weights[:, None], area_of, problem.areas)[:, 0]
        at_most = total >= limit.maximum * (1 - NEAR)
        at_least = total <= limit.minimum * (1 + NEAR)
        if (at_most | at_least).any():
            found.append(limit.name)
    found += _spent(problem, area_of)
    return tuple(found)


def _spent(problem: Problem, area_of: Ints) -> list[str]:
    """Return ``change`` where what may leave its area is used up but for an item of middle size."""
    moved = (area_of != problem.current) & (problem.current >= 0)
    share = np.append(_share(problem.weights, moved), moved.sum() / max(1, problem.items))
    used = share >= problem.max_change * 0.98
    return ["change"] if bool(used[np.isfinite(problem.max_change)].any()) else []


def _share(weights: Floats, which: Flags) -> Floats:
    whole = weights.sum(axis=0)
    found: Floats = weights[which].sum(axis=0) / np.where(whole > 0, whole, 1.0)
    return found


def _inertia(problem: Problem, area_of: Ints, mass: Floats | None) -> tuple[float, float]:
    held = area_of >= 0
    if not held.any():
        return 0.0, 0.0
    w = problem.weights[:, 0] if mass is None and problem.measures else mass
    w = np.ones(problem.items) if w is None or not w[held].any() else w
    w, label, xy = w[held], area_of[held], problem.xy[held]
    load = np.bincount(label, w, problem.areas)
    load = np.where(load > 0, load, 1.0)
    middle = np.column_stack(
        [np.bincount(label, w * xy[:, q], problem.areas) / load for q in (0, 1)]
    )
    return float((w * ((xy - middle[label]) ** 2).sum(axis=1)).sum()), float(w.sum())
