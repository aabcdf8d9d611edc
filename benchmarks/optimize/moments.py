"""The least moment of inertia: tracts, and the plans published for the model of Hess."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.optimize import instances, ours, sources
from benchmarks.optimize.asked import Asked
from benchmarks.optimize.evaluate import feasible, moment
from benchmarks.optimize.published import HESS, Hess
from benchmarks.optimize.tables import Check, Goal, heading
from tp_geo.optimize import hess

NARROW = 0.005


def run(asked: Asked) -> list[Goal]:
    """Print how we fare in each state, and return the goals."""
    heading(
        "Least moment of inertia",
        "Tracts, population within 0.5 %; *worse*: beside the plan published for the model of "
        "Hess with contiguity, on our coordinates.",
    )
    print("| state | places | areas | worse % | published plan proved | cpu s | Gurobi s |")
    print("|---|---:|---:|---:|---|---:|---:|")
    wanted = [c for c in HESS[: 3 if asked.quick else None] if asked.wants(c.areas)]
    found = {case: _moment(case) for case in wanted}
    checks = [Check(c.state, worse, c.worse, " %") for c, (worse, _) in found.items()]
    checks.append(Check("slowest", max((s for _, s in found.values()), default=0), 2, " s"))
    return [Goal("tracts against the Hess model", tuple(checks), "Gurobi, 1 to 29,000 s")]


def _moment(case: Hess) -> tuple[float, float]:
    """Return how much worse than the published plan ours is, in %, and the seconds."""
    instance = instances.load(f"tract_{case.state}")
    problem = ours.problem(instance, case.areas)
    began = time.process_time()
    solution = hess.least_inertia(problem, tolerance=NARROW)
    seconds = time.process_time() - began
    people = instance.weights[:, 0]
    theirs = sources.hess_plan(case.state, instance.ids)
    value = moment(instance.xy, people, solution.area_of, case.areas)
    worse = 100 * (value / moment(instance.xy, people, theirs, case.areas) - 1)
    if not feasible(instance, solution.area_of, case.areas, NARROW):
        worse = np.inf
    proved = "yes" if case.proved else "no"
    print(
        f"| {case.state} | {len(instance):,} | {case.areas} | {worse:+.3f} | {proved} "
        f"| {seconds:.1f} | {case.seconds:,.0f} |",
        flush=True,
    )
    return worse, seconds
