"""What the store costs: appending, opening a long log, whole-nation revisions, datasets."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import numpy as np

from tp_geo.domain.alignment import Alignment, Area, AreaId, Items, frozen
from tp_geo.domain.dataset import Dataset, Measure
from tp_geo.domain.edits import Assign, Edit, PutArea, replay
from tp_geo.store import DatasetInfo, Entry, Store, open_store
from tp_geo.store.codec import dumps, loads

CONTAINERS, UNITS, AREAS = 33_791, 250_000, 400
REVISIONS, MOVED = 5_000, 10


def main() -> None:
    """Print the table."""
    rng = np.random.default_rng(1)
    dataset = nation(rng)
    print(f"\nstore: DuckDB file, {CONTAINERS:,} containers, {UNITS:,} units; milliseconds")
    print(f"\n| {'step':<52} | {'cpu':>9} | {'wall':>9} | {'95 %':>9} |")
    print(f"|{'-' * 54}|{'-' * 10}:|{'-' * 10}:|{'-' * 10}:|")
    with tempfile.TemporaryDirectory() as folder:
        path, backup = Path(folder) / "store.duckdb", Path(folder) / "backup.duckdb"
        store = open_store(str(path))
        append_log(store, dataset, rng)
        shown(f"{REVISIONS:,} revisions: read", lambda: store.entries("a"), 5)
        shown("the same, read, decoded, replayed", lambda: fold(store, dataset), 5)
        whole_nation(store, dataset)
        keep_dataset(store, dataset)
        shown("back the store up", lambda: store.backup(backup), 1)
        shown("open and close it", lambda: open_store(str(backup)).close(), 5)
        store.close()
        print(f"\nsize of the file: {path.stat().st_size / 1e6:.1f} MB")


def nation(rng: np.random.Generator) -> Dataset:
    """Containers and accounts as many as the nation has, with six measures."""
    total = CONTAINERS + UNITS
    codes = [f"{k:05d}" for k in range(CONTAINERS)] + [f"001{k:015d}" for k in range(UNITS)]
    states = np.array(["CA", "NY", "TX", ""], dtype=object)
    return Dataset(
        name="nation",
        key="0123456789abcdef",
        boundaries="postal",
        items=Items(CONTAINERS, frozen(rng.integers(0, CONTAINERS, UNITS).astype(np.int32))),
        codes=np.array(codes, dtype=object),
        names=np.array([f"Name {code}" for code in codes], dtype=object),
        measures=tuple(Measure(f"m{k}", f"Measure {k}") for k in range(6)),
        values=rng.random((total, 6)),
        attributes={"state": states[rng.integers(0, 4, total)]},
    )


def append_log(store: Store, dataset: Dataset, rng: np.random.Generator) -> None:
    """Append a log of small moves, and show what one append takes."""
    areas = tuple(PutArea(Area(AreaId(k), f"Area {k}")) for k in range(1, AREAS + 1))
    texts = [dumps(areas, dataset)]
    for _ in range(REVISIONS - 1):
        items = np.sort(rng.choice(CONTAINERS, MOVED, replace=False))
        texts.append(dumps((Assign(items, AreaId(int(rng.integers(1, AREAS + 1)))),), dataset))
    left = iter(enumerate(texts, 1))
    for times, what in (
        (500, "append a revision"),
        (4_000, "4,000 more"),
        (500, "the last of 5,000"),
    ):
        shown(what, lambda: store.append(entry(*next(left))), times)


def fold(store: Store, dataset: Dataset) -> Alignment:
    """The alignment that a log leads to."""
    edits: list[Edit] = []
    for stored in store.entries("a"):
        edits += loads(stored.payload, dataset)[0]
    return replay(Alignment.empty(dataset.items), edits)


def whole_nation(store: Store, dataset: Dataset) -> None:
    """One revision that assigns every container."""
    parts = np.array_split(np.arange(CONTAINERS), AREAS)
    edits = tuple(Assign(part, AreaId(k)) for k, part in enumerate(parts, 1))
    text = dumps(edits, dataset)
    what = f"a revision of {CONTAINERS:,} containers ({len(text) / 1e3:.0f} kB)"
    shown(f"{what}: encode", lambda: dumps(edits, dataset), 5)
    seqs = count(1)
    shown("the same: append", lambda: store.append(entry(next(seqs), text, "b")), 5)
    shown("the same: decode", lambda: loads(text, dataset), 5)


def keep_dataset(store: Store, dataset: Dataset) -> None:
    """Keep and load a dataset of 250,000 units."""
    info = DatasetInfo("nation", dataset.key, "postal", "", "", "", {})
    what = f"a dataset of {UNITS:,} units"
    shown(f"{what}: keep", lambda: store.put_dataset(info, dataset), 1)
    shown("the same: load", lambda: store.dataset(dataset.key), 5)


def entry(seq: int, payload: str, alignment: str = "a") -> Entry:
    """A revision as the planner writes it."""
    at = "2026-11-22T03:00:00+00:00"
    return Entry(alignment, "main", seq, "ann", at, "move", "moved 10", "", "c:1", 0, payload)


def shown(what: str, work: Callable[[], object], times: int) -> None:
    """Print a row: medians of processor and wall-clock time, and the 95th percentile of the latter.

    Neighbors on the machine leave the first alone, but it knows nothing of the disk.
    """
    cpu, wall = [], []
    for _ in range(times):
        start = time.process_time(), time.perf_counter()
        work()
        cpu.append(time.process_time() - start[0])
        wall.append(time.perf_counter() - start[1])
    late = sorted(wall)[int(0.95 * (times - 1))]
    figures = (statistics.median(cpu), statistics.median(wall), late)
    print(f"| {what:<52} | " + " | ".join(f"{f * 1e3:9.1f}" for f in figures) + " |")


if __name__ == "__main__":
    main()
