"""What the Review page costs: 33,639 postal codes, 1,000 areas, 250,000 units.

Processor time of the figures and of the map's message; bytes that a session
gets, the shapes of the map aside, which travel once to a browser.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa

from tp_geo.domain.alignment import AreaId, Items, frozen
from tp_geo.domain.commands import Move
from tp_geo.domain.dataset import Dataset
from tp_geo.store import DatasetInfo, Store, open_store
from tp_geo.ui.review_areas import table
from tp_geo.ui.review_colors import ATTAINMENT, OWNER, WORKLOAD, painted
from tp_geo.ui.wire import Picture, full_state
from tp_geo.workflow import default
from tp_geo.workflow.coverage import coverage
from tp_geo.workflow.coverage_change import bases
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

UNITS, AREAS, REPEATS, SEED = 250_000, 1_000, 3, 7
T = TypeVar("T")


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(str(Path(folder) / "plans.duckdb"))
        planner = Planner(store)
        plan = make_plan(planner, store)
        print("| step | cpu ms | kB |\n|---|---:|---:|")
        (base,) = bases(planner, plan)
        look = partial(coverage, planner, plan, base=base)
        first, told = _timed(look)
        print(f"| figures and gaps, the first time | {first:.0f} | |")
        print(f"| the same, after that | {min(_timed(look)[0] for _ in range(REPEATS)):.0f} | |")
        for way in (ATTAINMENT, WORKLOAD, OWNER):
            colors = painted(told, way)[0]
            picture = partial(Picture.of, plan.alignment, plan.dataset, colors)
            cost, sent = _timed(lambda made=picture: json.dumps(full_state(made())))
            print(f"| map by {way.lower()} | {cost:.0f} | {len(sent) / 1e3:.0f} |")
        cost, rows = _timed(lambda: pa.Table.from_pandas(table(told, told.rows)))
        print(f"| table of {AREAS:,} areas | {cost:.0f} | {rows.nbytes / 1e3:.0f} |")
        store.close()


def make_plan(planner: Planner, store: Store) -> Plan:
    """Return a plan of as many areas, each a run of neighboring codes, one of them moved."""
    dataset = _dataset(planner.dataset(default.NAME))
    info = DatasetInfo(dataset.name, dataset.key, "postal", "", "2026-01-01T00:00:00Z", "", {})
    store.put_dataset(info, dataset)
    plan = planner.create("P", dataset.name, by="bench", areas=AREAS)
    n = dataset.items.containers
    of = np.arange(n) * AREAS // n
    for k, area in enumerate(sorted(plan.alignment.areas)):
        plan.ask(Move(np.flatnonzero(of == k), area), by="bench")
    plan.snapshot("Before", by="bench")
    plan.ask(Move(np.flatnonzero(of == 0), AreaId(2)), by="bench")
    return plan


def _dataset(base: Dataset) -> Dataset:
    """Return the built-in figures with so many units spread over the postal codes."""
    n = base.items.containers
    home = np.random.default_rng(SEED).integers(0, n, UNITS).astype(np.int32)
    ids = np.array([f"u{i}" for i in range(UNITS)], dtype=object)
    nothing = np.zeros((UNITS, len(base.measures)))
    return replace(
        base,
        name="units",
        key="0" * 16,
        items=Items(n, frozen(home)),
        codes=np.concatenate([base.codes[:n], ids]),
        names=np.concatenate([base.names[:n], ids]),
        values=np.concatenate([base.values[:n], nothing]),
        attributes={},
    )


def _timed(step: Callable[[], T]) -> tuple[float, T]:
    began = time.process_time()
    found = step()
    return (time.process_time() - began) * 1000, found


if __name__ == "__main__":
    main()
