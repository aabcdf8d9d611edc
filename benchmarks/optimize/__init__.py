"""The optimizer beside its peers, on instances anybody can fetch.

``python -m benchmarks.optimize [--quick] [--only TOPIC ...] [--areas N ...]``. The instances are
read from the folder ``TP_GEO_BENCH_DATA``; without it, the project's own postal areas are
divided. The peers (extra ``bench``) run in the interpreter ``TP_GEO_BENCH_PYTHON``, by default
this one; those it does not have are left out. All seconds are those of the processor, the
median of three runs, beside a run of METIS in the same minute.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys

TOPICS = (
    "design", "rebalance", "several", "nested", "territories", "cuts", "moments", "proofs", "first",
)  # fmt: skip


def main() -> None:
    """Print the tables."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from benchmarks.optimize import ours
    from benchmarks.optimize.asked import Asked
    from benchmarks.optimize.sources import MissingError
    from benchmarks.optimize.tables import Goal, print_goals

    told = _told()
    asked = Asked(told.quick, tuple(told.areas))
    print(f"\n{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}", flush=True)
    ours.warm()
    goals: list[Goal] = []
    for topic in told.only or TOPICS:
        try:
            goals += importlib.import_module(f"benchmarks.optimize.{topic}").run(asked)
        except MissingError as why:
            print(f"{topic}: left out. {why}", file=sys.stderr, flush=True)
    print_goals(goals)


def _told() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.optimize", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=TOPICS, metavar="TOPIC", help=str(TOPICS))
    parser.add_argument(
        "--areas", nargs="+", type=int, default=[], metavar="N", help="only so many areas"
    )
    parser.add_argument("--quick", action="store_true", help="the smallest part of each topic")
    return parser.parse_args()
