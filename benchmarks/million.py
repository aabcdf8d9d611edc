"""A plan of a million units on postal codes: opened, edited, rolled up, refreshed.

Generated accounts, drawn by the real population of postal codes, in a store
on disk; the plan has 200 territories in 20 regions, 10,000 units are assigned
by themselves. Each step is what a page or a command does, through the store.

    python -m benchmarks million [--units 1000000]
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from tp_geo.domain.alignment import Items, frozen
from tp_geo.domain.commands import Branch, HoldItems, Move
from tp_geo.domain.dataset import Dataset, Measure
from tp_geo.files.build import content_key
from tp_geo.store import DatasetInfo, Store, embedded, open_store
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.refreshing import apply_refresh, preview_refresh
from tp_geo.workflow.refreshing_tables import tables
from tp_geo.workflow.search import index_of
from tp_geo.workflow.summary import summarize

SEED, REGIONS, TERRITORIES, ALONE = 13, 20, 10, 10_000
T = TypeVar("T")


def accounts(units: int, seed: int = SEED) -> Dataset:
    """Return accounts by postal code with two figures, an owner and an industry each."""
    chance = np.random.default_rng(SEED)
    layer = embedded.load_boundaries("postal")
    people = embedded.load_measures("postal").set_index("code")["population"]
    weight = np.nan_to_num(people.reindex(list(layer.codes)).to_numpy(np.float64)) + 1
    inside = chance.choice(len(layer), size=units, p=weight / weight.sum()).astype(np.int32)
    figures = np.column_stack(
        [np.ones(units), np.round(chance.lognormal(10, 1, units)), chance.integers(0, 9, units)]
    )
    ids = np.array([f"001{k:012d}" for k in range(units)], dtype=object)
    if seed != SEED:  # a tenth elsewhere, a tenth other figures, a hundredth new
        other = np.random.default_rng(seed)
        some = other.random(units) < 0.1
        inside[some] = other.permutation(inside[some])
        figures[other.random(units) < 0.1, 1] += 1
        ids[: units // 100] = [f"new{k}" for k in range(units // 100)]
    n = len(layer)
    sums = np.column_stack([np.bincount(inside, figures[:, k], n) for k in range(3)])
    none = np.full(n, "", dtype=object)
    words = np.array([f"Planner {k}" for k in range(400)], dtype=object)
    made = Dataset(
        name="million", key="", boundaries="postal", items=Items(n, frozen(inside)),
        codes=np.concatenate([layer.codes, ids]), names=np.concatenate([layer.names, ids]),
        measures=(Measure("accounts", "Accounts"), Measure("revenue", "Revenue"),
                  Measure("visits", "Visits")),
        values=frozen(np.concatenate([sums, figures])),
        attributes={"owner": np.concatenate([none, words[chance.integers(0, 400, units)]])},
    )  # fmt: skip
    return replace(made, key=content_key(made))


def put(store: Store, data: Dataset) -> None:
    info = DatasetInfo(data.name, data.key, "postal", "", "2026-01-01T00:00:00Z", "made", {})
    store.put_dataset(info, data)


def started(planner: Planner) -> Plan:
    """Return a plan whose areas are dealt out by the order of postal codes."""
    plan = planner.create("Million", "million", by="ana", areas=REGIONS)
    for region in [*plan.alignment.children(None)]:
        names = tuple(f"T{region}-{k}" for k in range(TERRITORIES))
        plan.ask(Branch(region, names, "Territory"), by="ana")
    n, leaves = plan.dataset.items.containers, sorted(plan.alignment.leaves)
    for part, leaf in zip(np.array_split(np.arange(n), len(leaves)), leaves, strict=True):
        plan.ask(Move(part, leaf), by="ana")
    alone = n + np.random.default_rng(1).choice(plan.dataset.items.count - n, ALONE, replace=False)
    plan.ask(Move(np.sort(alone), leaves[0]), by="ana")
    return plan


def timed(what: str, do: Callable[[], T], times: int = 1) -> T:
    """Do something so often; print the median of seconds."""
    took = []
    for _ in range(times):
        start = time.perf_counter()
        made = do()
        took.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {what} | {statistics.median(took):.3f} | {peak:,.0f} |", flush=True)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1_000_000)
    asked = parser.parse_args()
    print(f"{asked.units:,} units; load {os.getloadavg()[0]:.1f}\n")
    print("| step | seconds | MB, highest so far |")
    print("|---|---:|---:|")
    with tempfile.TemporaryDirectory() as room:
        address = str(Path(room) / "store.duckdb")
        store = open_store(address)
        data = accounts(asked.units)
        timed("keep the dataset", lambda: put(store, data))
        timed("start the plan: 20 regions, 200 territories", lambda: started(Planner(store)))
        put(store, accounts(asked.units, 2))
        planner = Planner(store)
        opened = timed("open the plan in another process", lambda: planner.open("Million"))
        leaves, n = sorted(opened.alignment.leaves), opened.dataset.items.containers
        timed("totals of all areas, at first", opened.totals)
        turn = iter(range(10_000))

        def move() -> object:
            k = next(turn)
            items = np.arange(100) + 100 * (k % 300)
            return opened.ask(Move(items, leaves[(k + 7) % len(leaves)]), by="ana")

        timed("move 100 postal codes, kept", move, 20)
        timed("the same with totals of all areas", lambda: (move(), opened.totals()), 20)
        some = n + np.arange(1_000) * 7
        timed(
            "move 1,000 units by themselves",
            lambda: opened.ask(Move(some, leaves[next(turn) % 200]), by="ana"), 10,
        )  # fmt: skip
        timed("hold 1,000 units", lambda: opened.ask(HoldItems(some), by="ana"))
        timed("undo", lambda: opened.undo(by="ana"))
        timed("tp-geo show", lambda: summarize(opened))
        timed("what is searched on the map, at first", lambda: index_of(planner, opened.dataset))
        found = timed("what newer data would change", lambda: preview_refresh(planner, opened))
        timed("its report", lambda: tables(found))
        timed("put the plan on them", lambda: apply_refresh(planner, opened, found, by="b"))
        store.close()


if __name__ == "__main__":
    main()
