"""What child processes do to a store while tests kill them, starve them or queue them up."""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

from store.samples import AT, entry
from tp_geo.errors import StoreBusy, TpGeoError
from tp_geo.store import Snapshot, open_store
from tp_geo.store.home import Home, journal_path
from tp_geo.store.sql_store import SqlStore

THREADS = 4
PRELOADED = (
    "pandas",
    "tp_geo.store",
    "tp_geo.workflow.planner",
    "tp_geo.ui.edits",
    "tp_geo.crm.client",
    "tp_geo.crm.extract",
    "tp_geo.crm.publish",
    "tp_geo.crm.wanted",
)
"""What children import, but for what is in the folder of the tests."""
BATCH = 50


def nursery() -> ForkServerContext:
    """A way to start children fast: forked from a server that has imported the slow things."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([*PRELOADED])
    return context


def killed(
    work: Callable[..., None],
    where: Path | str,
    after_s: float,
    first: int = 0,
    *,
    more: Sequence[object] = (),
) -> list[str]:
    """What a child wrote before it was killed, some time after its first lines."""
    context = nursery()
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=work, args=(str(where), *more, theirs))
    child.start()
    theirs.close()
    told = b""
    while told.count(b"\n") < first:
        told += os.read(ours.fileno(), 4096)
    time.sleep(after_s)
    child.kill()
    child.join()
    while part := os.read(ours.fileno(), 65_536):
        told += part
    ours.close()
    return told.decode().splitlines()


def append_until_killed(path: str, pipe: Connection) -> None:
    """Four threads append, each to its alignment, and tell each revision the store confirmed."""
    store = open_store(path, wait_s=5)

    def work(who: int) -> None:
        seq = store.head(str(who))
        while True:
            seq += 1
            store.append(entry(seq, alignment=str(who), payload=f"{who}:{seq} " + "x" * 300))
            os.write(pipe.fileno(), f"r {who} {seq}\n".encode())
            if seq % 5 == 0:
                store.put_snapshot(Snapshot(str(who), "main", f"at {seq}", seq, "ann", AT))
                os.write(pipe.fileno(), f"s {who} {seq}\n".encode())

    for who in range(THREADS):
        threading.Thread(target=work, args=(who,), daemon=True).start()
    time.sleep(600)


def append_batches_until_killed(path: str, pipe: Connection) -> None:
    """Append ``BATCH`` revisions at a time, and tell each batch the store confirmed."""
    store = open_store(path, wait_s=5)
    while True:
        first = store.head("a") + 1
        store.append_all([entry(k, payload="x" * 300) for k in range(first, first + BATCH)])
        os.write(pipe.fileno(), f"{first + BATCH - 1}\n".encode())


def append_until_full(path: str, limit: int, checkpoint_at: str, pipe: Connection) -> None:
    """Append until files may not grow any more, then go on after there is room again."""
    store = SqlStore(Home(Path(path), checkpoint_at=checkpoint_at))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    noise = random.Random(1)
    confirmed, said = 0, ""
    while not said and confirmed < 5_000:
        try:
            store.append(entry(confirmed + 1, payload=noise.randbytes(4_000).hex()))
            confirmed += 1
        except TpGeoError as error:
            said = f"{type(error).__name__}: {error}"
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    after = 0
    with suppress(TpGeoError):
        for seq in range(store.head("a") + 1, store.head("a") + 4):
            store.append(entry(seq, payload="after"))
            after += 1
    store.close()
    pipe.send((confirmed, said, after))


def back_up_until_there_is_room(
    path: str, to: str, limits: Sequence[int], pipe: Connection
) -> None:
    """Back up under one limit on the size of files after the other; tell what was said to each."""
    store = open_store(path)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for k, limit in enumerate(limits):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        said = ""
        try:
            store.backup(Path(f"{to}-{k}"))
        except TpGeoError as error:
            said = f"{type(error).__name__}: {error}"
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        pipe.send(said)
    store.close()


def append_beyond_the_journal(path: str, limit: int, times: int) -> None:
    """Append what packs well in the file, until the journal may not grow; then once with room."""
    store = SqlStore(Home(Path(path), checkpoint_at="4MB"))
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    for seq in range(1, times):
        store.append(entry(seq, payload="x" * 200_000))
    short = journal_path(Path(path)).stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    store.append(entry(times))
    store.close()
    assert short <= limit < times * 200_000


def open_append_close(path: str, who: int, times: int, pipe: Connection) -> None:
    """Hand the store over again and again; tell each revision confirmed."""
    for seq in range(1, times + 1):
        store = open_store(path, wait_s=60)
        store.append(entry(seq, alignment=str(who)))
        store.close()
        pipe.send((who, seq))
    pipe.close()


def open_at_once(path: str, pipe: Connection) -> None:
    """Make a store and a first revision, until killed."""
    with suppress(StoreBusy):
        open_store(path).append(entry(1))
        os.write(pipe.fileno(), b"done\n")
    time.sleep(600)
