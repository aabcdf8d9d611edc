"""A bad network between the app and its database: edits are refused or done, never lost, or twice.

Whoever is told that an edit was done finds it; who is told that nothing was saved finds nothing;
who is told that nobody knows finds it once or not at all.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from store.network import Network
from store.postgres_server import Server
from store.samples import entry
from tp_geo.errors import Stale, Unavailable
from tp_geo.store import Store, postgres, postgres_home
from tp_geo.store.postgres_home import PostgresHome
from tp_geo.store.sql_store import SqlStore

LATE_S = 0.01


@pytest.fixture
def network(server: Server) -> Iterator[Network]:
    made = Network(server.port)
    yield made
    made.close()


@pytest.fixture
def direct(server: Server) -> Iterator[Store]:
    """The store as somebody sees it whose network is good."""
    home = PostgresHome(server.fresh())
    yield SqlStore(home)
    home.close()


@pytest.fixture
def far(direct: Store, network: Network) -> Iterator[Store]:
    """The same store by way of the network."""
    home = PostgresHome(network.through(home_of(direct).key))
    yield SqlStore(home)
    network.silent = False
    home.close()


def home_of(store: Store) -> PostgresHome:
    assert isinstance(store, SqlStore)
    home = store._home
    assert isinstance(home, PostgresHome)
    return home


def answered(store: Store, seq: int, payload: str) -> str:
    """Append, and return what was said: "" that it is done."""
    try:
        store.append(entry(seq, payload=payload))
    except (Unavailable, Stale) as error:
        return str(error)
    return ""


def test_on_a_slow_network_all_edits_of_all_writers_are_done_once(
    direct: Store, far: Store, network: Network
) -> None:
    network.delay_s = LATE_S

    def work(who: int) -> list[str]:
        return [
            f"{who}:{seq}"
            for seq in range(1, 6)
            if not far.append(entry(seq, alignment=str(who), payload=f"{who}:{seq}"))
        ]

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(work, range(4)))
    found = [[e.payload for e in direct.entries(str(who))] for who in range(4)]
    assert found == done
    assert all(len(d) == 5 for d in done)


def traffic(store: Store, network: Network, seq: int) -> dict[bool, int]:
    """Return how many bytes an edit takes to the server (True) and back."""
    network.passed = {True: 0, False: 0}
    store.append(entry(seq, payload="as long as the others"))
    return dict(network.passed)


@pytest.mark.parametrize("upward", [True, False], ids=["asking", "answering"])
def test_a_line_cut_after_any_number_of_bytes_leaves_an_edit_done_once(
    direct: Store, far: Store, network: Network, upward: bool
) -> None:
    far.append(entry(1))
    whole = traffic(far, network, 2)[upward]
    seq = 2
    for count in range(1, whole + 1, max(whole // 60, 1)):
        seq += 1
        network.cut_after(count, upward=upward)
        assert answered(far, seq, f"cut after {count}") == ""
        assert direct.entries("a", after=seq - 1)[0].payload == f"cut after {count}"
    network.cut_at = None
    assert [e.seq for e in direct.entries("a")] == list(range(1, seq + 1))


def test_a_line_cut_at_every_answer_gets_an_edit_refused_or_doubted_but_never_doubled(
    direct: Store, far: Store, network: Network
) -> None:
    """Each try gets a little further before it is cut; in between the network holds."""
    over = threading.Event()

    def cutting() -> None:
        k = 0
        while not over.wait(0.002):
            if network.cut_at is None:
                k += 37
                network.cut_after(100 + k % 1500, upward=bool(k % 2))

    cutter = threading.Thread(target=cutting)
    cutter.start()
    said: list[str] = []
    for try_ in range(60):
        seq = direct.head("a") + 1
        told = answered(far, seq, f"try {try_}")
        there = [e.payload for e in direct.entries("a", after=seq - 1)]
        said.append(told)
        if not told:
            assert there == [f"try {try_}"]
        elif "nobody knows" in told:
            assert there in ([], [f"try {try_}"])
        else:
            assert "Nothing was saved" in told or "can't be reached" in told
            assert there == []
    over.set()
    cutter.join()
    network.cut_at = None
    assert "" in said
    assert [e.seq for e in direct.entries("a")] == list(range(1, direct.head("a") + 1))


def test_a_network_that_takes_all_and_answers_nothing_is_told_and_nothing_is_done_twice(
    direct: Store, far: Store, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "ANSWER_S", 0.3)
    far.append(entry(1))
    network.silent = True
    for _ in range(2):
        told = answered(far, 2, "silent")
        assert "can't be reached" in told or "nobody knows" in told
        with pytest.raises(Unavailable, match="can't be"):
            far.entries("a")
    network.silent = False
    monkeypatch.setattr(postgres, "ANSWER_S", 60.0)
    seq = direct.head("a") + 1
    assert answered(far, seq, "after") == ""
    assert [e.payload for e in direct.entries("a", after=seq - 1)] == ["after"]


def test_who_hears_by_a_network_that_falls_silent_asks_anew_and_hears_again(
    direct: Store, far: Store, network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_home, "_SILENT_S", 0.2)
    home, pause = home_of(far), threading.Event()
    far.follow()
    while home.stamp() is None:
        pause.wait(0.01)
    network.silent = True
    while home.stamp() is not None:  # ends: a sign of life holds for a moment only
        pause.wait(0.01)
    direct.append(entry(1))
    network.silent = False
    while home.stamp() is None:
        pause.wait(0.01)
    assert far.head("a") == 1
