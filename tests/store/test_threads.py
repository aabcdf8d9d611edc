"""Many threads on one store: nothing is lost, and nobody gets another one's rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from store.samples import entry
from tp_geo.errors import Stale
from tp_geo.store import Store, open_store

THREADS = 8


def test_eight_threads_on_one_alignment_lose_nothing(store: Store) -> None:
    """Each reads the head, appends behind it, and decides again when it is `Stale`."""
    start = Barrier(THREADS)

    def work(who: int) -> tuple[list[str], int]:
        done: list[str] = []
        refused = 0
        start.wait()
        while len(done) < 20:
            text = f"{who}-{len(done)}"
            try:
                store.append(entry(store.head("a") + 1, payload=text))
                done.append(text)
            except Stale:
                refused += 1
        return done, refused

    with ThreadPoolExecutor(THREADS) as pool:
        results = list(pool.map(work, range(THREADS)))
    stored = store.entries("a")
    assert [e.seq for e in stored] == list(range(1, 20 * THREADS + 1))
    assert sorted(e.payload for e in stored) == sorted(t for done, _ in results for t in done)
    assert sum(refused for _, refused in results) > 0


def test_eight_threads_with_an_alignment_each_are_never_refused(store: Store) -> None:
    def work(who: int) -> None:
        for seq in range(1, 16):
            store.append(entry(seq, alignment=str(who)))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    assert {a: seq for a, (seq, _) in store.heads().items()} == dict.fromkeys("01234567", 15)


def test_every_thread_gets_its_own_rows_while_others_read_and_write(store: Store) -> None:
    """A connection shared by threads mixes rows up; so each call has a cursor."""
    for who in range(THREADS):
        for seq in range(1, 6):
            store.append(entry(seq, alignment=str(who), payload=f"{who}:{seq}"))

    def read(who: int) -> int:
        expected = [f"{who}:{seq}" for seq in range(1, 6)]
        wrong = 0
        for round_ in range(50):
            wrong += [e.payload for e in store.entries(str(who))] != expected
            wrong += store.head(str(who)) != 5
            if round_ % 10 == 0:
                store.put_setting(f"of {who}", str(round_))
        return wrong

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(read, range(THREADS))) == [0] * THREADS
    assert {store.setting(f"of {who}") for who in range(THREADS)} == {"40"}


def test_threads_that_open_and_close_share_one_file(store_path: Path) -> None:
    def work(who: int) -> None:
        for seq in range(1, 6):
            mine = open_store(str(store_path))
            mine.append(entry(seq, alignment=str(who)))
            mine.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    last = open_store(str(store_path))
    assert {seq for seq, _ in last.heads().values()} == {5}
    last.close()
