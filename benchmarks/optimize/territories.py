"""Commercial territories of few places: published instances, plans and proved optima."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.optimize import instances, ours, sources
from benchmarks.optimize.asked import Asked
from benchmarks.optimize.evaluate import dispersion, feasible
from benchmarks.optimize.published import TERRITORY_OPTIMA
from benchmarks.optimize.tables import Check, Goal, heading
from tp_geo.optimize import hess


@dataclass(frozen=True, slots=True)
class Territory:
    """What we make of a commercial-territory instance, beside the published plan."""

    places: int
    found: float
    published: float
    optimum: float | None
    feasible: bool
    seconds: float

    @property
    def worse(self) -> float:
        """How much worse than the published plan, in %."""
        return 100 * (self.found / self.published - 1)

    @property
    def no_worse(self) -> bool:
        """Whether the plan is at least as good as the published one, but for rounding."""
        return self.feasible and self.found <= self.published + 1e-6 * self.published


def run(asked: Asked) -> list[Goal]:
    """Print how we fare on each size of instance, and return the goals."""
    heading(
        "Commercial territories",
        "Three measures within 5 %; *worse*: dispersion beside the published plan (ALNS).",
    )
    print("| places | instances | feasible | no worse | worse %, mean (best, worst) "
          "| above optimum % | cpu s, mean (most) |")  # fmt: skip
    print("|---:|---:|---:|---:|---:|---:|---:|")
    names = sources.territory_names()
    names = [n for n in names if int(n.rpartition("-")[2]) % 2] if asked.quick else names
    found = [_territory(name) for name in names]
    by_size: dict[int, list[Territory]] = {}
    for f in found:
        by_size.setdefault(f.places, []).append(f)
    for size, group in by_size.items():
        _territory_row(size, group)
    seconds = [f.seconds for f in found]
    above = _above(f for f in found if f.places <= 100)
    checks = [
        Check("feasible", sum(f.feasible for f in found), len(found), digits=0, least=True),
        Check("no worse", sum(f.no_worse for f in found), len(found), digits=0, least=True),
        Check("above optimum", above, 0.1, " %", 3),
        Check("mean", statistics.mean(seconds), 1.0, " s"),
    ]
    return [Goal(f"{len(found)} commercial territories", tuple(checks), "ALNS plans, HiGHS optima")]


def _territory(name: str) -> Territory:
    instance, areas, tolerance = instances.territories(name)
    published, _ = sources.territory_plan(name, len(instance))
    problem = ours.problem(instance, areas, measures=(0, 1, 2))
    began = time.process_time()
    solution = hess.least_dispersion(problem, tolerance=tolerance)
    seconds = time.process_time() - began
    kept = feasible(instance, solution.area_of, areas, tolerance, (0, 1, 2))
    value = dispersion(instance.xy, solution.area_of, areas)
    optimum = TERRITORY_OPTIMA.get(name)
    return Territory(len(instance), value, published, optimum, kept, seconds)


def _above(found: Iterable[Territory]) -> float:
    """Return how far above the proved optimum, in %, on average."""
    return statistics.mean(100 * (f.found / f.optimum - 1) for f in found if f.optimum)


def _territory_row(size: int, group: list[Territory]) -> None:
    worse, seconds = [f.worse for f in group], [f.seconds for f in group]
    known = [f for f in group if f.optimum]
    above = f"{_above(known):.3f} ({len(known)} known)" if known else ""
    print(
        f"| {size} | {len(group)} | {sum(f.feasible for f in group)} "
        f"| {sum(f.no_worse for f in group)} | {statistics.mean(worse):+.2f} "
        f"({min(worse):+.2f}, {max(worse):+.2f}) | {above} "
        f"| {statistics.mean(seconds):.2f} ({max(seconds):.2f}) |",
        flush=True,
    )
