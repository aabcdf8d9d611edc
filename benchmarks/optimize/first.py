"""The first press after the start of a process, and the memory it takes."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time

from benchmarks.optimize.asked import Asked
from benchmarks.optimize.tables import Check, Goal, heading

AREAS = 1000


def run(asked: Asked) -> list[Goal]:
    """Print what the first run costs beyond the second, and return the goals."""
    command = [sys.executable, "-m", "benchmarks.optimize.first"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ)
    told = json.loads(done.stdout.splitlines()[-1])
    heading("First press", "A process of its own; the kernels were compiled before.")
    print("| what | cpu s |\n|---|---:|")
    print(f"| imports | {told['imports']:.2f} |")
    print(f"| first run, {told['items']:,} items, {AREAS:,} areas | {told['first']:.2f} |")
    print(f"| second run | {told['second']:.2f} |", flush=True)
    late = told["first"] - told["second"]
    checks = (
        Check("later than the second by", late, 1.0, " s"),
        Check("peak", told["megabytes"], 300, " MB", 0),
    )
    return [Goal(f"first press, {told['items']:,} items, {AREAS:,} areas", checks)]


def main() -> None:
    """Optimize twice and tell what it took."""
    began = time.process_time()
    from benchmarks.optimize import instances, ours
    from tp_geo.optimize import solve

    imports = time.process_time() - began
    instance = instances.load("zip33k" if instances.available() else "postal")
    problem, took = ours.problem(instance, AREAS), []
    for _ in range(2):
        began = time.process_time()
        solve(problem)
        took.append(time.process_time() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = {"imports": imports, "first": took[0], "second": took[1]}
    print(json.dumps({**told, "items": len(instance), "megabytes": peak}))


if __name__ == "__main__":
    main()
