"""The first press after the start of a process, and the memory it takes.

The process has what is to be distributed as arrays, as the app gives it: reading
boundaries or public instances is not what is measured here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.optimize._press import AREAS
from benchmarks.optimize.asked import Asked
from benchmarks.optimize.tables import Check, Goal, heading


def run(asked: Asked) -> list[Goal]:
    """Print what the first run costs beyond the second, and return the goals."""
    with tempfile.TemporaryDirectory() as folder:
        arrays = Path(folder) / "arrays.npz"
        _put(arrays)
        command = [sys.executable, "-m", "benchmarks.optimize._press", str(arrays)]
        done = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, text=True, env=os.environ
        )
    told = json.loads(done.stdout.splitlines()[-1])
    heading("First press", "A process of its own; the kernels were compiled before.")
    print("| what | cpu s | MB by then |\n|---|---:|---:|")
    print(f"| imports | {told['imports']:.2f} | {told['before']:.0f} |")
    print(
        f"| first run, {told['items']:,} items, {AREAS:,} areas | {told['first']:.2f} "
        f"| {told['megabytes']:.0f} |"
    )
    print(f"| second run | {told['second']:.2f} | |", flush=True)
    late = told["first"] - told["second"]
    checks = (
        Check("later than the second by", late, 1.0, " s"),
        Check("peak", told["megabytes"], 300, " MB", 0),
    )
    return [Goal(f"first press, {told['items']:,} items, {AREAS:,} areas", checks)]


def _put(arrays: Path) -> None:
    """Write down what is to be distributed."""
    import numpy as np

    from benchmarks.optimize import instances

    found = instances.load("zip33k" if instances.available() else "postal")
    np.savez(
        arrays, edges=found.edges, xy=found.xy, weights=found.weights[:, :1], length=found.length
    )
