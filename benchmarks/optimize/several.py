"""Several measures at once, with unequal targets."""

from __future__ import annotations

import numpy as np

from benchmarks.optimize import instances, ours, peers
from benchmarks.optimize.asked import Asked
from benchmarks.optimize.evaluate import Quality, evaluate
from benchmarks.optimize.tables import Check, Goal, heading
from tp_geo.optimize import Objective, solve

MEASURES = (1, 2, 3)
ASKED = Objective(tolerance=0.05)
WORST, MEAN, ROUND, SECONDS = 12.0, 4.0, 0.25, 1.5


def run(asked: Asked) -> list[Goal]:
    """Print the plans and return the goals."""
    instance = instances.load("zip33k")
    heading("Several measures", "Accounts, revenue, workload; targets differ by up to 0.6 to 1.4.")
    print("| areas | by | max by measure % | mean % | split | R km | PP | cpu s |")
    print("|---:|---|---|---:|---:|---:|---:|---:|")
    goals = []
    for areas in asked.sizes((50, 250), (50,)):
        share = np.random.default_rng(5).uniform(0.6, 1.4, areas)
        share /= share.sum()
        weights = instance.weights[:, list(MEASURES)]
        targets = share[:, None] * weights.sum(axis=0)
        asked = ours.problem(instance, areas, measures=MEASURES, targets=targets)

        def judged(
            area_of: ours.Areas, areas: int = areas, targets: ours.Floats = targets
        ) -> Quality:
            return evaluate(
                instance, area_of, areas,
                measures=MEASURES, targets=targets, shape=instance.weights[:, 0],
            )  # fmt: skip

        solution, seconds = ours.timed(lambda p=asked: solve(p, objective=ASKED))
        found, told = judged(solution.area_of), ""
        _row(areas, "**TP Geo**", found, seconds)
        try:
            peer = peers.run("metis_measures", instance, areas, measures=MEASURES, shares=share)
            theirs = judged(peer.area_of)
            _row(areas, peer.name, theirs, peer.seconds)
            told = f"METIS {_worst(theirs)} %, R {theirs.radius:.0f}"
        except peers.AbsentError as why:
            peers.tell_absent(str(why))
        if areas == 50:
            goals.append(_goal(found, seconds, told))
    return goals


def _goal(found: Quality, seconds: float, told: str) -> Goal:
    checks = (
        Check("worst", 100 * max(found.worst), WORST, " %"),
        Check("mean", 100 * found.mean, MEAN, " %"),
        Check("PP", found.round_mean, ROUND, least=True),
        Check("", seconds, SECONDS, " s"),
    )
    return Goal("three measures, zip33k, 50 areas", checks, told)


def _worst(q: Quality) -> str:
    return " / ".join(f"{100 * w:.1f}" for w in q.worst)


def _row(areas: int, by: str, q: Quality, seconds: float) -> None:
    print(
        f"| {areas} | {by} | {_worst(q)} | {100 * q.mean:.2f} | {q.split} "
        f"| {q.radius:.1f} | {q.round_mean:.2f} | {seconds:.2f} |",
        flush=True,
    )
