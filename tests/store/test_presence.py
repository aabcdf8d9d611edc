"""Who is here is told to everybody, in whatever process, and forgotten soon after they leave."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from store.postgres_server import Server
from tp_geo.store.postgres_home import PostgresHome
from tp_geo.store.presence import AGAIN_S, GONE_S, Attendance
from tp_geo.store.sql_store import SqlStore


class Clock:
    """A clock that a test turns."""

    now = 100.0

    def __call__(self) -> float:
        """Return the time, seconds."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pair(clock: Clock) -> tuple[Attendance, Attendance]:
    """Two processes."""
    return Attendance(clock), Attendance(clock)


def test_a_window_is_at_one_alignment_and_gone_when_it_is_not_seen_for_a_while(
    clock: Clock, pair: tuple[Attendance, Attendance]
) -> None:
    here, _ = pair
    here.show_up("west", "w1", "ana")
    here.show_up("west", "w2", "ben")
    here.show_up("east", "w1", "ana")
    assert (here.people("west"), here.people("east")) == ({"ben"}, {"ana"})
    clock.now += GONE_S / 2
    here.show_up("west", "w2", "ben")
    clock.now += GONE_S / 2
    assert (here.people("west"), here.people("east")) == ({"ben"}, set())


def test_others_are_told_when_somebody_comes_or_goes_and_now_and_then(
    clock: Clock, pair: tuple[Attendance, Attendance]
) -> None:
    here, there = pair
    assert here.message() == "", "nobody is here, and nobody was"
    here.show_up("west", "w1", "ana")
    there.hear(here.message())
    assert there.people("west") == {"ana"}
    assert here.message() == "", "nothing is new"
    clock.now += AGAIN_S
    here.show_up("west", "w1", "ana")
    there.hear(here.message())
    clock.now += GONE_S
    there.hear(here.message())
    assert there.people("west") == set(), "a process tells that the last one has left"
    assert here.message() == ""


def test_a_process_that_died_takes_its_people_along(
    clock: Clock, pair: tuple[Attendance, Attendance]
) -> None:
    here, there = pair
    here.show_up("west", "w1", "ana")
    there.hear(here.message())
    clock.now += AGAIN_S + GONE_S
    assert there.people("west") == set()


def test_of_very_many_people_as_many_are_told_as_one_message_holds(
    pair: tuple[Attendance, Attendance],
) -> None:
    here, there = pair
    for i in range(1_000):
        here.show_up("west", f"w{i}", f"{'x' * 40}{i}@example.com")
    text = here.message()
    assert len(text.encode()) < 8_000
    there.hear(text)
    assert 40 < len(there.people("west")) < 1_000


@pytest.fixture
def stores(server: Server) -> Iterator[tuple[SqlStore, SqlStore]]:
    """Two processes on one database."""
    address = server.fresh()
    homes = PostgresHome(address), PostgresHome(address)
    yield SqlStore(homes[0]), SqlStore(homes[1])
    for home in homes:
        home.close()


def test_processes_on_one_database_know_each_others_people(
    stores: tuple[SqlStore, SqlStore],
) -> None:
    here, there = stores
    for store in stores:
        store.follow()
    here.show_up("west", "w1", "ana")
    pause = threading.Event()
    while there.people("west") != {"ana"}:  # ends: who is here is told again and again
        here.show_up("west", "w1", "ana")
        pause.wait(0.05)
    assert there.people("east") == set()
    assert here.people("west") == {"ana"}
