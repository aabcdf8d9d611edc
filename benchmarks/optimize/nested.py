"""Regions, districts, territories: each area divided again, from the top down."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.optimize import design, instances, ours
from benchmarks.optimize.evaluate import Areas, evaluate
from benchmarks.optimize.instances import Instance
from benchmarks.optimize.tables import Check, Goal, heading
from tp_geo.optimize import Objective, solve

LEVELS = ((10, 0.02), (5, 0.02), (5, 0.03), (4, 0.05))
"""Into how many areas each is divided, and how near to equal within its parent."""
SECONDS, WORSE = 5.0, 8.0


def run(quick: bool) -> list[Goal]:
    """Print each level and return the goals."""
    instance = instances.load("zip33k")
    heading("Nested", "*worse*: the radius beside a design of that many areas without levels.")
    print("| areas | max % | mean % | split | R km | worse % | PP | cpu s so far |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    area_of, areas, spent, worst = np.zeros(len(instance), np.int32), 1, 0.0, -np.inf
    for each, tolerance in LEVELS[:3] if quick else LEVELS:
        began = time.process_time()
        area_of = _divided(instance, area_of, areas, each, tolerance)
        areas, spent = areas * each, spent + time.process_time() - began
        q = evaluate(instance, area_of, areas)
        free = solve(ours.problem(instance, areas), objective=design.BAND)
        worse = 100 * (q.radius / evaluate(instance, free.area_of, areas).radius - 1)
        worst = max(worst, worse)
        print(
            f"| {areas:,} | {100 * q.largest:.2f} | {100 * q.mean:.2f} | {q.split} "
            f"| {q.radius:.1f} | {worse:.1f} | {q.round_mean:.2f} | {spent:.2f} |",
            flush=True,
        )
    checks = (
        Check("", spent, SECONDS, " s"),
        Check("R worse by", worst, WORSE, " %", 1),
        Check("split", q.split, 0),
    )
    return [Goal(f"nested, 10 to {areas:,} areas", checks)]


def _divided(instance: Instance, area_of: Areas, areas: int, each: int, tolerance: float) -> Areas:
    asked = Objective(tolerance=tolerance, compactness=1.0, borders=0.3)
    found = np.empty_like(area_of)
    for j in range(areas):
        inside = np.flatnonzero(area_of == j)
        part = instances.part(instance, inside, f"{instance.name} {j}")
        solution = solve(ours.problem(part, each), objective=asked)
        found[inside] = j * each + solution.area_of
    return found
