"""Killed at any moment, out of disk, handed over: every confirmed revision is there."""

from __future__ import annotations

import random
import shutil
from multiprocessing.connection import wait
from pathlib import Path

import pytest

from store.children import (
    BATCH,
    THREADS,
    append_batches_until_killed,
    append_beyond_the_journal,
    append_until_full,
    append_until_killed,
    back_up_until_there_is_room,
    killed,
    nursery,
    open_append_close,
    open_at_once,
)
from store.samples import entry
from tp_geo.store import open_store
from tp_geo.store.home import journal_path
from tp_geo.store.journal import read

KILLS = 100
KILLS_WHILE_MADE = 20
KILLS_IN_BATCHES = 20


def test_100_kills_during_commits_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    chance = random.Random(2026)
    heads = dict.fromkeys(range(THREADS), 0)
    snapshots = 0
    for kill in range(KILLS):
        told = [line.split() for line in killed(append_until_killed, path, chance.random() / 20, 1)]
        looked_at = path
        if kill % 2:  # the next child then meets the raw write-ahead log
            looked_at = tmp_path / "copy" / path.name
            shutil.rmtree(looked_at.parent, ignore_errors=True)
            shutil.copytree(tmp_path, looked_at.parent, ignore=lambda *_: ["copy"])
        store = open_store(str(looked_at))
        for kind, who, seq in told:
            if kind == "r":
                heads[int(who)] = max(heads[int(who)], int(seq))
            snapshots += kind == "s"
        for who, head in heads.items():
            found = store.entries(str(who))
            assert [e.seq for e in found] == list(range(1, len(found) + 1))
            assert len(found) >= head
            assert all(e.payload.startswith(f"{who}:{e.seq} ") for e in found)
        assert sum(len(store.snapshots(str(who))) for who in range(THREADS)) >= snapshots
        stored = sum(len(store.entries(str(who))) for who in range(THREADS))
        journaled = [line.kind for line in read(journal_path(looked_at))]
        assert journaled.count("revision") == stored
        assert store.notes == ()
        store.close()
    assert sum(heads.values()) > KILLS


def test_kills_while_many_revisions_are_appended_at_once_leave_all_or_none(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    chance = random.Random(11)
    for _ in range(KILLS_IN_BATCHES):
        told = killed(append_batches_until_killed, path, chance.random() / 20, 1)
        store = open_store(str(path))
        head = store.head("a")
        assert head >= int(told[-1])
        assert head % BATCH == 0
        assert [e.seq for e in store.entries("a")] == list(range(1, head + 1))
        journaled = [line.row["seq"] for line in read(journal_path(path), after=0)]
        assert journaled == list(range(1, head + 1))
        assert store.notes == ()
        store.close()


def test_kills_while_the_store_is_made_leave_one_that_opens(tmp_path: Path) -> None:
    chance = random.Random(7)
    for kill in range(KILLS_WHILE_MADE):
        path = tmp_path / str(kill) / "store.duckdb"
        told = killed(open_at_once, path, chance.random() / 4)
        store = open_store(str(path))
        assert store.head("a") in ({1} if told else {0, 1})
        store.close()


@pytest.mark.parametrize(
    ("limit", "checkpoint_at"),
    [
        pytest.param(1_500_000, "16MB", id="while writing the log"),
        pytest.param(2_000_000, "300KB", id="while moving the log into the file"),
    ],
)
def test_a_full_disk_refuses_and_loses_nothing(
    tmp_path: Path, limit: int, checkpoint_at: str
) -> None:
    """A limit on the size of files stands in for a full disk."""
    path = tmp_path / "store.duckdb"
    context = nursery()
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(
        target=append_until_full, args=(str(path), limit, checkpoint_at, theirs)
    )
    child.start()
    theirs.close()
    confirmed, said, after = ours.recv()
    child.join()
    assert said.startswith("Unavailable: The store ")
    assert "Nothing was saved" in said
    assert after == 3
    store = open_store(str(path))
    found = store.entries("a")
    assert [e.payload for e in found[-3:]] == ["after"] * 3
    assert len(found) == confirmed + 3
    assert [line.row["seq"] for line in read(journal_path(path), after=0)] == [e.seq for e in found]
    store.close()


def test_a_backup_that_finds_the_disk_full_says_so_of_the_backup_and_leaves_nothing(
    tmp_path: Path,
) -> None:
    """A limit on the size of files stands in for a full disk, at every stage of the backup."""
    store = open_store(str(tmp_path / "store.duckdb"))
    noise = random.Random(2)
    store.append_all([entry(k, payload=noise.randbytes(4_000).hex()) for k in range(1, 401)])
    store.close()
    context = nursery()
    ours, theirs = context.Pipe(duplex=False)
    limits = [*range(0, 6_000_000, 250_000)]
    child = context.Process(
        target=back_up_until_there_is_room,
        args=(str(tmp_path / "store.duckdb"), str(tmp_path / "backup"), limits, theirs),
    )
    child.start()
    theirs.close()
    said = [ours.recv() for _ in limits]
    child.join()
    made = [k for k, error in enumerate(said) if not error]
    assert 0 < len(made) < len(limits)
    for k, error in enumerate(said):
        if error:
            assert error.startswith(f"Unavailable: The backup {tmp_path / f'backup-{k}'} can't be")
            assert "Look whether the disk is full" in error
    for k in made:
        copy = open_store(str(tmp_path / f"backup-{k}"))
        assert copy.head("a") == 400
        copy.close()
    left = {f.name.removesuffix(".lock") for f in tmp_path.iterdir() if "backup" in f.name}
    assert left - {f"backup-{k}.journal.jsonl" for k in made} == {f"backup-{k}" for k in made}


def test_a_journal_that_cannot_be_written_is_caught_up_later(tmp_path: Path) -> None:
    path = tmp_path / "store.duckdb"
    child = nursery().Process(target=append_beyond_the_journal, args=(str(path), 7_000_000, 40))
    child.start()
    child.join()
    assert child.exitcode == 0
    seqs = [line.row["seq"] for line in read(journal_path(path), after=0)]
    assert seqs == list(range(1, 41))


def test_processes_hand_the_store_over_without_loss(tmp_path: Path) -> None:
    """DuckDB 2.0.0 loses commits of the one that closes; our lock file keeps them apart."""
    path = tmp_path / "store.duckdb"
    context = nursery()
    pipes, children = [], []
    for who in range(3):
        ours, theirs = context.Pipe(duplex=False)
        children.append(
            context.Process(target=open_append_close, args=(str(path), who, 12, theirs))
        )
        children[-1].start()
        theirs.close()
        pipes.append(ours)
    confirmed = set()
    while pipes:
        for pipe in wait(pipes):
            try:
                confirmed.add(pipe.recv())
            except EOFError:
                pipes.remove(pipe)
    for child in children:
        child.join()
    store = open_store(str(path))
    found = {(int(a), e.seq) for a in store.heads() for e in store.entries(a)}
    assert found == confirmed == {(who, seq) for who in range(3) for seq in range(1, 13)}
    store.close()
