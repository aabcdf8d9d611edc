"""How far from the best plan there is ours can be at most, as it is told in the background."""

from __future__ import annotations

import time

from benchmarks.optimize import instances, ours
from benchmarks.optimize.asked import Asked
from benchmarks.optimize.evaluate import evaluate
from benchmarks.optimize.tables import Check, Goal, heading
from tp_geo.optimize import BAND, MaxRuntime, solve
from tp_geo.optimize.proof import prove

CASES = (
    ("tract_UT", 4),
    ("tract_IN", 9),
    ("tract_WV", 3),
    ("counties", 10),
    ("zip3k", 10),
    ("zip3k", 50),
)
GAP, SECONDS = 2.0, 60.0


def run(asked: Asked) -> list[Goal]:
    """Print the gaps and return the goal."""
    heading("Proofs", "*gap*: how much of its moment of inertia a plan as balanced could lose.")
    print("| instance | places | areas | max % | R km | gap % | steps | cpu s |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    checks, longest = [], 0.0
    sizes = asked.sizes([areas for _, areas in CASES], [4])
    for name, areas in CASES:
        if areas in sizes:
            gap, seconds = _gap(name, areas)
            checks.append(Check(f"{name} {areas}", gap, GAP, " %"))
            longest = max(longest, seconds)
    checks.append(Check("longest", longest, SECONDS, " s", 0))
    return [Goal("a gap for every plan of up to 3,300 places", tuple(checks), "none of them")]


def _gap(name: str, areas: int) -> tuple[float, float]:
    """Return the gap of a plan in %, and the seconds until it was known."""
    instance = instances.load(name)
    problem = ours.problem(instance, areas)
    plan = solve(problem, objective=BAND)
    began = time.process_time()
    found = prove(problem, plan, stop=MaxRuntime(SECONDS))
    seconds = time.process_time() - began
    q = evaluate(instance, plan.area_of, areas)
    print(
        f"| {name} | {len(instance):,} | {areas} | {100 * q.largest:.2f} | {q.radius:.1f} "
        f"| {100 * found.share:.2f} | {found.steps} | {seconds:.1f} |",
        flush=True,
    )
    return 100 * found.share, seconds
