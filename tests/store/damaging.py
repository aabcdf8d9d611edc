"""Stores to be damaged, ways to damage them, and what is looked at afterwards.

The tests damage some by chance, ``python -m benchmarks.damage`` cuts them at every byte.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

from store.samples import AT, boundary_info, dataset_info, entry, info, layer_info
from store.test_dataset_parquet import EXAMPLE
from tp_geo.store import Snapshot, Store, open_store

REVISIONS = 30
WAL, JOURNAL = "store.duckdb.wal", "store.duckdb.journal.jsonl"
Damage = Callable[[bytearray, random.Random], bytes]


def fill(store: Store) -> None:
    """Data in the file, revisions, a snapshot and a setting in the write-ahead log."""
    store.put_dataset(dataset_info(EXAMPLE, "accounts"), EXAMPLE)
    store.put_boundaries(boundary_info("postal", "p"), b"geo")
    store.put_layer(layer_info("Roads", "r"), b"shapes")
    store.put_alignment(info())
    for seq in range(1, REVISIONS + 1):
        store.append(entry(seq, payload=f"payload {seq}"))
    store.put_snapshot(Snapshot("a", "main", "Q1", 3, "ann", AT))
    store.put_setting("k", "v")


def crash(folder: Path) -> Path:
    """Make a store as a kill leaves it: its last commits only in the write-ahead log."""
    live, left = folder / "live", folder / "crashed"
    live.mkdir(parents=True)
    store = open_store(str(live / "store.duckdb"))
    fill(store)
    shutil.copytree(live, left)
    store.close()
    return left


def close(folder: Path) -> Path:
    """Make a store that was closed: no write-ahead log."""
    store = open_store(str(folder / "store.duckdb"))
    fill(store)
    store.close()
    return folder


def flipped(data: bytearray, chance: random.Random) -> bytes:
    """One bit another way."""
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def cut(data: bytearray, chance: random.Random) -> bytes:
    """The end is missing."""
    return bytes(data[: chance.randrange(len(data))])


def zeroed(data: bytearray, chance: random.Random) -> bytes:
    """The end is zeros, as some file systems leave it after a power loss."""
    keep = chance.randrange(len(data))
    return bytes(data[:keep]) + bytes(len(data) - keep)


def damaged(folder: Path, to: Path, file: str, damage: Damage, chance: random.Random) -> Path:
    """A copy of a store with one damaged file."""
    shutil.copytree(folder, to)
    (to / file).write_bytes(damage(bytearray((to / file).read_bytes()), chance))
    return to / "store.duckdb"


def check_whole(store: Store) -> None:
    """All that was confirmed is there."""
    assert [e.payload for e in store.entries("a")] == [
        f"payload {seq}" for seq in range(1, REVISIONS + 1)
    ]
    assert store.alignments() == (info(),)
    assert [s.name for s in store.snapshots("a")] == ["Q1"]
    assert store.setting("k") == "v"


def check_prefix(store: Store) -> None:
    """Nothing but what was confirmed, from the start, without gaps."""
    found = store.entries("a")
    assert [e.payload for e in found] == [f"payload {seq}" for seq in range(1, len(found) + 1)]
