"""A process that optimizes what it is given as arrays, and loads nothing else."""

from __future__ import annotations

import json
import sys
import time

from benchmarks._memory import peak_mb

AREAS = 1000


def main() -> None:
    """Optimize twice and tell what it took."""
    began = time.process_time()
    import numpy as np

    from tp_geo.optimize import Problem, solve

    imports, before = time.process_time() - began, peak_mb()
    with np.load(sys.argv[1], allow_pickle=False) as kept:
        arrays = {name: kept[name] for name in kept.files}
    items = len(arrays["xy"])
    problem = Problem(
        **arrays,
        targets=np.repeat(arrays["weights"].sum(axis=0)[None] / AREAS, AREAS, axis=0),
        current=np.full(items, -1, np.int32),
        held=np.zeros(items, np.bool_),
    )
    took = []
    for _ in range(2):
        began = time.process_time()
        solve(problem)
        took.append(time.process_time() - began)
    told = {"imports": imports, "first": took[0], "second": took[1], "before": before}
    print(json.dumps({**told, "items": items, "megabytes": peak_mb()}))


if __name__ == "__main__":
    main()
