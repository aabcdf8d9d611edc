"""Regions, districts, territories: each area divided again."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

import numpy as np

from benchmarks.optimize import design, instances, ours
from benchmarks.optimize.asked import Asked
from benchmarks.optimize.evaluate import Areas, evaluate
from benchmarks.optimize.instances import Instance
from benchmarks.optimize.tables import Check, Goal, heading
from tp_geo.optimize import Objective, divide, solve

LEVELS = {10: 0.02, 50: 0.02, 250: 0.03, 1000: 0.05}
"""How near to equal the areas of a level are to be, within their parent."""
SECONDS, WORSE = 5.0, 8.0
SMALL = 200
"""Areas of fewer items than that on average are divided all at once."""

Level = tuple[int, Areas, float]
"""How many areas, which each place is in, and the seconds spent so far."""


def run(asked: Asked) -> list[Goal]:
    """Print each level and return the goals."""
    instance = instances.load("zip33k")
    levels = {k: t for k, t in LEVELS.items() if not asked.quick or k <= 250}
    heading("Nested", "*worse*: the radius beside a design of that many areas without levels.")
    print("| areas | max % | mean % | split | R km | worse % | PP | cpu s so far |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    free = {k: _free_radius(instance, k) for k in levels}
    return [_judged(instance, _divided(instance, levels), free)]


def _free_radius(instance: Instance, areas: int) -> float:
    plan = solve(ours.problem(instance, areas), objective=design.BAND)
    return evaluate(instance, plan.area_of, areas).radius


def _judged(instance: Instance, found: Iterable[Level], free: dict[int, float]) -> Goal:
    worst, split = -np.inf, 0
    for areas, area_of, seconds in found:
        q = evaluate(instance, area_of, areas)
        worse = 100 * (q.radius / free[areas] - 1)
        worst, split, spent = max(worst, worse), split + q.split, seconds
        print(
            f"| {areas:,} | {100 * q.largest:.2f} | {100 * q.mean:.2f} | {q.split} "
            f"| {q.radius:.1f} | {worse:.1f} | {q.round_mean:.2f} | {seconds:.2f} |",
            flush=True,
        )
    checks = (
        Check("", spent, SECONDS, " s"),
        Check("R worse by", worst, WORSE, " %", 1),
        Check("split", split, 0, digits=0),
    )
    return Goal(f"nested, {' / '.join(str(k) for k in free)}", checks)


def _asked(tolerance: float) -> Objective:
    return Objective(tolerance=tolerance, compactness=1.0, borders=0.3)


def _divided(instance: Instance, levels: dict[int, float]) -> Iterator[Level]:
    """Divide the whole, then each area into as many as belong into it, and so on."""
    area_of, areas, spent = np.zeros(len(instance), np.int32), 1, 0.0
    for count, tolerance in levels.items():
        began, each = time.process_time(), count // areas
        if len(instance) < SMALL * areas:
            whole = ours.problem(instance, areas)
            found = divide(whole, area_of, each, objective=_asked(tolerance)).area_of
        else:
            found = _one_by_one(instance, area_of, areas, each, tolerance)
        area_of, areas, spent = found, count, spent + time.process_time() - began
        yield areas, area_of, spent


def _one_by_one(
    instance: Instance, area_of: Areas, areas: int, each: int, tolerance: float
) -> Areas:
    found = np.empty_like(area_of)
    for j in range(areas):
        inside = np.flatnonzero(area_of == j)
        part = instances.part(instance, inside, f"{instance.name} {j}")
        solution = solve(ours.problem(part, each), objective=_asked(tolerance))
        found[inside] = j * each + solution.area_of
    return found
