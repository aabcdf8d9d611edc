"""From the plan there is, after measures shifted, somebody left or somebody came."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.optimize import changes, instances, ours, peers
from benchmarks.optimize.asked import Asked
from benchmarks.optimize.changes import Change
from benchmarks.optimize.evaluate import Areas, Quality, evaluate, matched
from benchmarks.optimize.instances import Instance
from benchmarks.optimize.tables import Check, Goal, heading
from tp_geo.optimize import (
    BALANCE,
    Problem,
    Solution,
    alternatives,
    fill,
    join,
    rebalance,
    solve,
)

BAND = 0.05
SHIFT, LARGE, SEEDS = 0.08, 0.2, (1, 2, 3)
RUNS = 20


@dataclass(frozen=True, slots=True)
class Case:
    """A change of a plan, what we make of it, and the goal."""

    change: Change
    run: Callable[[Problem], Solution]
    most: float
    """How much may move, as a multiple of the border flow."""
    seconds: float
    loss: float | None = None
    """How much of the mean Polsby-Popper may be lost, in %."""
    counts: bool = True


def run(asked: Asked) -> list[Goal]:
    """Print what moves, and return the goals."""
    instance = instances.load("zip33k")
    heading(
        "Rebalance",
        "*flow*: what must cross borders at least. Seconds are the 95th percentile of 20 runs.",
    )
    print("| areas | change | off at start % | out | flow % | by | in band % | max % | moved % "
          "| x flow | PP before, after | R before, after | cpu s |")  # fmt: skip
    print("|---:|---|---:|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|")
    goals: list[Goal] = []
    large: Change | None = None
    for areas in asked.sizes((50, 250), (50,)):
        plan = solve(ours.problem(instance, areas), objective=BALANCE).area_of
        for case in _cases(instance, plan, areas):
            goal = _case(instance, case)
            goals += [goal] if case.counts else []
        large = changes.shifted(instance, plan, 3, LARGE) if areas == 50 else large
    return [*goals, _front(instance, large)] if large else goals


def _cases(instance: Instance, plan: Areas, areas: int) -> list[Case]:
    most, seconds, loss = (1.35, 0.25, 8.0) if areas == 50 else (1.4, 0.8, None)
    shifts = [
        Case(changes.shifted(instance, plan, s, SHIFT), rebalance, most, seconds, loss, s == 3)
        for s in SEEDS
    ]
    if areas != 50:
        return shifts
    gone, came = changes.left(instance, plan), changes.joined(instance, plan)
    return [
        *shifts,
        Case(gone, fill, 1.25, 0.2),
        Case(came, lambda p: join(p, came.areas - 1), 1.0, 0.2),
    ]


def _case(instance: Instance, case: Case) -> Goal:
    change, flow = case.change, case.change.flow(instance, BAND)
    problem = _problem(instance, change)
    took = []
    for _ in range(RUNS):
        began = time.process_time()
        solution = case.run(problem)
        took.append(time.process_time() - began)
    seconds = float(np.percentile(took, 95))
    start = _judged(instance, change, change.started)
    found = _judged(instance, change, solution.area_of)
    _row(change, flow, "**TP Geo**", start, found, seconds)
    told = _peer(instance, change, flow, start)
    checks = [
        Check("in band", 100 * found.inside, 100, " %", 1, least=True),
        Check("moved", found.moved / flow, case.most, " x flow"),
    ]
    if case.loss is not None:
        loss = 100 * (1 - found.round_mean / start.round_mean)
        checks.append(Check("PP loss", loss, case.loss, " %", 1))
    checks.append(Check("", seconds, case.seconds, " s"))
    return Goal(f"{change.name}, {change.areas} areas", tuple(checks), told)


def _problem(instance: Instance, change: Change) -> Problem:
    return ours.problem(
        instance, change.areas, weights=change.weights[:, None], current=change.before
    )


def _judged(instance: Instance, change: Change, area_of: Areas) -> Quality:
    return evaluate(
        instance, area_of, change.areas, weights=change.weights[:, None], before=change.before
    )


def _peer(instance: Instance, change: Change, flow: float, start: Quality) -> str:
    """Divide anew with METIS, and give each area the number of the one it shares most with."""
    try:
        after = replace(instance, weights=change.weights[:, None])
        done = peers.run("metis", after, change.areas)
    except peers.AbsentError as why:
        peers.tell_absent(str(why))
        return ""
    area_of = matched(done.area_of, change.started, change.weights, change.areas)
    found = _judged(instance, change, area_of)
    _row(change, flow, "METIS anew, matched", start, found, done.seconds)
    return f"METIS anew: moved {100 * found.moved:.0f} %"


def _row(
    change: Change, flow: float, by: str, start: Quality, found: Quality, seconds: float
) -> None:
    off = change.off()
    print(
        f"| {change.areas} | {change.name} | {100 * off.max():.1f} | {(off > BAND).sum()} "
        f"| {100 * flow:.2f} | {by} | {100 * found.inside:.1f} | {100 * found.largest:.2f} "
        f"| {100 * found.moved:.2f} | {found.moved / flow:.2f} "
        f"| {start.round_mean:.3f}, {found.round_mean:.3f} "
        f"| {start.radius:.1f}, {found.radius:.1f} | {seconds:.2f} |",
        flush=True,
    )


def _front(instance: Instance, change: Change) -> Goal:
    """Return the goal of a large shift: several plans, none of which a redesign outdoes."""
    problem = _problem(instance, change)
    plans, seconds = ours.timed(lambda: alternatives(problem))
    redesigned = solve(problem, objective=BALANCE, start="scratch").area_of
    anew = matched(redesigned, change.started, change.weights, change.areas)
    found = [_judged(instance, change, p.area_of) for p in plans]
    redesign = _judged(instance, change, anew)
    heading("A front after a large shift", f"{change.name}, {change.areas} areas.")
    print("| plan | max % | in band % | moved % | R km | PP |\n|---|---:|---:|---:|---:|---:|")
    names = [f"**{p.label}**" for p in plans]
    for name, q in zip([*names, "redesign, matched"], [*found, redesign], strict=True):
        print(
            f"| {name} | {100 * q.largest:.2f} | {100 * q.inside:.0f} | {100 * q.moved:.1f} "
            f"| {q.radius:.1f} | {q.round_mean:.3f} |",
            flush=True,
        )
    checks = (
        Check("plans", _different(found), 3, digits=0, least=True),
        Check("outdone", sum(_outdone(q, redesign) for q in found), 0, digits=0),
        Check("", seconds, 1.5, " s"),
    )
    return Goal(f"{change.name}: a front of plans", checks)


def _different(found: Sequence[Quality]) -> int:
    return len({(round(q.moved, 4), round(q.radius, 1)) for q in found})


def _outdone(q: Quality, other: Quality) -> bool:
    """Whether another plan is no worse in all, and better in what moves or in shape."""
    better = other.moved < q.moved or other.radius < q.radius
    return (
        better and other.inside >= q.inside and other.moved <= q.moved and other.radius <= q.radius
    )
