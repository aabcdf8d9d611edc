"""Few places for each area: published instances, their plans, optima and proofs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.optimize import instances, ours, sources
from benchmarks.optimize.asked import Asked
from benchmarks.optimize.evaluate import dispersion, evaluate, moment
from benchmarks.optimize.published import CUTS, HESS, TERRITORY_OPTIMA, Cut, Hess
from benchmarks.optimize.tables import Check, Goal, heading
from tp_geo.optimize import granular

NARROW = 0.005
EDGE = 1e-9
"""What rounding may do to a deviation."""


def run(asked: Asked) -> list[Goal]:
    """Print the published instances and return the goals."""
    return [*_territories(asked.quick), *_cuts(asked.quick), *_moments(asked.quick)]


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


def _territories(quick: bool) -> list[Goal]:
    heading(
        "Commercial territories",
        "Three measures within 5 %; *worse*: dispersion beside the published plan (ALNS).",
    )
    print("| places | instances | feasible | no worse | worse %, mean (best, worst) "
          "| above optimum % | cpu s, mean (most) |")  # fmt: skip
    print("|---:|---:|---:|---:|---:|---:|---:|")
    names = sources.territory_names()
    names = [n for n in names if int(n.rpartition("-")[2]) % 2] if quick else names
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
    solution = granular.least_dispersion(problem, tolerance=tolerance)
    seconds = time.process_time() - began
    q = evaluate(instance, solution.area_of, areas, measures=(0, 1, 2))
    feasible = q.sound and q.largest <= tolerance + EDGE
    value = dispersion(instance.xy, solution.area_of, areas)
    optimum = TERRITORY_OPTIMA.get(name)
    return Territory(len(instance), value, published, optimum, feasible, seconds)


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


def _cuts(quick: bool) -> list[Goal]:
    heading(
        "Fewest cut edges",
        "Population within 0.5 %; *chain*: 10,000 steps of GerryChain as published.",
    )
    print("| state | level | places | areas | cut edges | optimum | chain | cpu s | chain s |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|")
    cases = [c for c in CUTS if c.state in ("NM", "OK", "UT", "AR", "NE", "ID")] if quick else CUTS
    found = {case: _cut(case) for case in cases}
    proved = {c: f for c, f in found.items() if c.optimum is not None}
    checks = [
        Check("optima", _reached(proved), 15 if len(proved) == 17 else len(proved),
              digits=0, least=True),
        Check("slowest", max(s for _, s in found.values()), 20, " s", 1),
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
    q = evaluate(instance, solution.area_of, case.areas)
    cut = q.cut if q.sound and q.largest <= NARROW + EDGE else np.inf
    told = (case.optimum or "", case.chain or "")
    print(
        f"| {case.state} | {case.level} | {len(instance):,} | {case.areas} | {cut} | {told[0]} "
        f"| {told[1]} | {seconds:.1f} | {case.seconds or ''} |",
        flush=True,
    )
    return cut, seconds


def _moments(quick: bool) -> list[Goal]:
    heading(
        "Least moment of inertia",
        "Tracts, population within 0.5 %; *worse*: beside the plan published for the model of "
        "Hess with contiguity, on our coordinates.",
    )
    print("| state | places | areas | worse % | published plan proved | cpu s | Gurobi s |")
    print("|---|---:|---:|---:|---|---:|---:|")
    cases = HESS[:3] if quick else HESS
    found = {case: _moment(case) for case in cases}
    checks = [Check(c.state, worse, c.worse, " %") for c, (worse, _) in found.items()]
    checks.append(Check("slowest", max(s for _, s in found.values()), 2, " s"))
    return [Goal("tracts against the Hess model", tuple(checks), "Gurobi, 1 to 29,000 s")]


def _moment(case: Hess) -> tuple[float, float]:
    """Return how much worse than the published plan ours is, in %, and the seconds."""
    instance = instances.load(f"tract_{case.state}")
    problem = ours.problem(instance, case.areas)
    began = time.process_time()
    solution = granular.least_inertia(problem, tolerance=NARROW)
    seconds = time.process_time() - began
    q = evaluate(instance, solution.area_of, case.areas)
    people = instance.weights[:, 0]
    theirs = sources.hess_plan(case.state, instance.ids)
    value = moment(instance.xy, people, solution.area_of, case.areas)
    worse = 100 * (value / moment(instance.xy, people, theirs, case.areas) - 1)
    worse = worse if q.sound and q.largest <= NARROW + EDGE else np.inf
    proved = "yes" if case.proved else "no"
    print(
        f"| {case.state} | {len(instance):,} | {case.areas} | {worse:+.3f} | {proved} "
        f"| {seconds:.1f} | {case.seconds:,.0f} |",
        flush=True,
    )
    return worse, seconds
