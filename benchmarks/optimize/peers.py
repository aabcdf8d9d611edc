"""Runs of the peers, each in a process of its own with a time limit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.optimize import partitioners
from benchmarks.optimize.evaluate import Areas
from benchmarks.optimize.geography import Floats
from benchmarks.optimize.instances import Instance

INTERPRETER = "TP_GEO_BENCH_PYTHON"
LIMIT_S = 180
NAMES = {
    "metis": "METIS",
    "metis_recursive": "METIS recursive",
    "metis_measures": "METIS, several measures",
    "kahip": "KaHIP eco",
    "mtkahypar": "Mt-KaHyPar",
    "flow": "OR-tools flow",
    "gerrychain": "GerryChain tree",
    "recom": "GerryChain ReCom",
    "ward": "spopt Ward",
}
assert set(NAMES) == set(partitioners.METHODS)


class AbsentError(Exception):
    """A peer can't be run here, or did not come to an end."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """What a peer found."""

    name: str
    area_of: Areas
    seconds: float
    megabytes: float


def run(
    method: str,
    instance: Instance,
    areas: int,
    *,
    measures: tuple[int, ...] = (0,),
    shares: Floats | None = None,
    seed: int = 1,
    limit_s: float = LIMIT_S,
) -> Run:
    """Return the plan of a peer."""
    name = NAMES[method]
    with tempfile.TemporaryDirectory() as held:
        graph, out = Path(held) / "graph.npz", Path(held) / "areas.npy"
        np.savez(graph, **_arrays(instance, areas, measures, shares))
        command = [_interpreter(), partitioners.__file__, method]
        told = [str(graph), str(areas), str(seed), str(out)]
        try:
            done = subprocess.run(
                command + told, capture_output=True, text=True, timeout=limit_s, check=False
            )
        except subprocess.TimeoutExpired:
            what = f"{name}, {areas} areas of {instance.name}"
            raise AbsentError(f"{what}: not finished in {limit_s:.0f} s") from None
        if done.returncode:
            raise AbsentError(f"{name}: {(done.stderr.strip() or 'died').splitlines()[-1]}")
        spent = json.loads(done.stdout.splitlines()[-1])
        return Run(name, np.load(out), spent["seconds"], spent["megabytes"])


def _arrays(
    instance: Instance, areas: int, measures: tuple[int, ...], shares: Floats | None
) -> dict[str, Floats]:
    """Return the graph as the peers take it: also in CSR form, without pairs of no length."""
    n, edges = len(instance), instance.edges
    length = np.maximum(instance.length, 1.0)
    both = np.concatenate([edges, edges[:, ::-1]])
    order = np.lexsort((both[:, 1], both[:, 0]))
    return {
        "xy": instance.xy / 1000,
        "edges": edges,
        "length": length,
        "indptr": np.concatenate([[0], np.cumsum(np.bincount(both[:, 0], minlength=n))]),
        "indices": both[order, 1],
        "lengths": np.tile(length, 2)[order],
        "weight": instance.weights[:, measures[0]],
        "weights": instance.weights[:, list(measures)],
        "shares": np.full(areas, 1 / areas) if shares is None else shares,
    }


def _interpreter() -> str:
    return os.environ.get(INTERPRETER) or sys.executable


@cache
def tell_absent(why: str) -> None:
    """Say once that a peer is left out of the table, and why."""
    print(f"Left out: {why}", file=sys.stderr, flush=True)
