"""The fewest cut edges: published instances, optima and what GerryChain finds."""

from __future__ import annotations

import time
from collections.abc import Mapping

import numpy as np

from benchmarks.optimize import instances, ours
from benchmarks.optimize.asked import Asked
from benchmarks.optimize.evaluate import evaluate, feasible
from benchmarks.optimize.published import CUTS, Cut
from benchmarks.optimize.tables import Check, Goal, heading
from tp_geo.optimize import granular

NARROW = 0.005
QUICK = ("NM", "OK", "UT", "AR", "NE", "ID")


def run(asked: Asked) -> list[Goal]:
    """Print what we find in each state, and return the goals."""
    heading(
        "Fewest cut edges",
        "Population within 0.5 %; *chain*: 10,000 steps of GerryChain as published.",
    )
    print("| state | level | places | areas | cut edges | optimum | chain | cpu s | chain s |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|")
    wanted = [c for c in CUTS if asked.wants(c.areas) and (c.state in QUICK or not asked.quick)]
    found = {case: _cut(case) for case in wanted}
    proved = {c: f for c, f in found.items() if c.optimum is not None}
    checks = [
        Check("optima", _reached(proved), 15 if len(proved) == 17 else len(proved),
              digits=0, least=True),
        Check("slowest", max((s for _, s in found.values()), default=0), 20, " s", 1),
    ]  # fmt: skip
    checks += [
        Check(c.state, f[0], c.goal, digits=0) for c, f in found.items() if c.goal is not None
    ]
    told = f"GerryChain {sum(c.chain == c.optimum for c in proved)} of {len(proved)}"
    return [Goal(f"cut edges, {len(found)} states", tuple(checks), told)]


def _reached(proved: Mapping[Cut, tuple[float, float]]) -> int:
    return sum(cut <= c.optimum for c, (cut, _) in proved.items() if c.optimum is not None)


def _cut(case: Cut) -> tuple[float, float]:
    """Return how many edges our plan cuts, infinite where it is not in the band, and seconds."""
    instance = instances.load(f"{case.level}_{case.state}")
    problem = ours.problem(instance, case.areas, length=np.ones(len(instance.edges)))
    began = time.process_time()
    solution = granular.fewest_cuts(problem, tolerance=NARROW)
    seconds = time.process_time() - began
    kept = feasible(instance, solution.area_of, case.areas, NARROW)
    cut = evaluate(instance, solution.area_of, case.areas).cut if kept else np.inf
    told = (case.optimum or "", case.chain or "")
    print(
        f"| {case.state} | {case.level} | {len(instance):,} | {case.areas} | {cut} | {told[0]} "
        f"| {told[1]} | {seconds:.1f} | {case.seconds or ''} |",
        flush=True,
    )
    return cut, seconds
