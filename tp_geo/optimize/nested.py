"""Divides every area of a plan at once: regions into districts, districts into territories."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tp_geo.optimize.objective import BAND, Objective
from tp_geo.optimize.problem import Floats, Ints, Problem
from tp_geo.optimize.run import Told
from tp_geo.optimize.seeds import halved
from tp_geo.optimize.solution import Solution
from tp_geo.optimize.solve import solve
from tp_geo.optimize.stop import Stop

CUTS = 12
"""How many cuts of each area are tried for a start."""


def divide(
    problem: Problem,
    area_of: Ints,
    each: int,
    *,
    objective: Objective = BAND,
    stop: Stop | None = None,
    seed: int = 0,
    told: Told | None = None,
) -> Solution:
    """Return a plan with ``each`` areas in every area of a plan, made in one search.

    Area j becomes areas j * each to (j + 1) * each - 1, which aim at equal
    shares of what it has. Where items are now, who is held and other targets
    and limits of the problem do not matter. ValueError where ``area_of`` has
    items in no area, or fewer than ``each`` of them in one.
    """
    areas = int(area_of.max(initial=-1)) + 1
    count = np.bincount(area_of[area_of >= 0], minlength=areas)
    if not areas or (area_of < 0).any() or (count < each).any():
        raise ValueError(f"Expected all items in areas of at least {each} items each.")
    current = np.empty(problem.items, np.int32)
    for j in range(areas):
        inside = np.flatnonzero(area_of == j)
        weight = problem.value[inside]
        weight = weight if weight.sum() > 0 else np.ones(len(inside))
        current[inside] = j * each + _cut(problem.xy[inside], weight / weight.sum(), each, seed)
    return solve(
        _apart(problem, area_of, areas, each, current),
        objective=replace(objective, continuity=0.0),
        stop=stop,
        seed=seed,
        start="present",
        told=told,
    )


def _cut(xy: Floats, weight: Floats, each: int, seed: int) -> Ints:
    """Return the roundest of some cuts into equal parts."""
    best, least = np.zeros(len(xy), np.int32), np.inf
    for turn in range(CUTS):
        part = halved(xy, weight, np.full(each, 1 / each), CUTS * seed + turn)
        load = np.maximum(np.bincount(part, weight, each), 1e-300)
        middle = np.column_stack([np.bincount(part, weight * x, each) / load for x in xy.T])
        inertia = float((weight * ((xy - middle[part]) ** 2).sum(axis=1)).sum())
        if inertia < least:
            best, least = part, inertia
    return best


def _apart(problem: Problem, area_of: Ints, areas: int, each: int, current: Ints) -> Problem:
    """Return a problem in which nothing leads from one area of a plan to another."""
    whole = np.column_stack([np.bincount(area_of, column, areas) for column in problem.weights.T])
    inside = area_of[problem.edges[:, 0]] == area_of[problem.edges[:, 1]]
    return Problem(
        edges=problem.edges[inside],
        xy=problem.xy,
        weights=problem.weights,
        targets=np.repeat(whole / each, each, axis=0),
        current=current,
        held=np.zeros(problem.items, np.bool_),
        length=problem.length[inside],
        importance=problem.importance,
        value=problem.value,
        barriers=problem.barriers[inside],
        borders=problem.borders,
    )
