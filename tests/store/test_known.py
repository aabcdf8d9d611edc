"""What a process knows of a store: asked once, and again as soon as anybody has committed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import states

from store.postgres_server import Server
from store.samples import entry, info
from tp_geo.domain.commands import Branch
from tp_geo.errors import Refused
from tp_geo.store import Store, postgres
from tp_geo.store.connect import Row, Run
from tp_geo.store.known import MOST, Known
from tp_geo.store.postgres_home import PostgresHome
from tp_geo.store.sql_store import SqlStore
from tp_geo.workflow.planner import Planner


class Source:
    """Counts what it is asked; its answer is the number of the last commit."""

    def __init__(self) -> None:
        self.stamp: int | None = 0
        self.asked: list[tuple[object, ...]] = []

    def ask(self, *question: object) -> list[Row]:
        self.asked.append(question)
        return [(self.stamp, *question)]


def test_a_query_is_asked_once_between_commits_and_anew_after_each() -> None:
    source = Source()
    known = Known(lambda: source.stamp, source.ask)
    for stamp in range(3):
        source.stamp = stamp
        assert [known.rows("q", 1) for _ in range(3)] == [[(stamp, "q", 1)]] * 3
        assert known.rows("q", 2) == [(stamp, "q", 2)]
    assert len(source.asked) == 6


def test_when_nobody_can_say_whether_there_was_a_commit_every_query_is_asked() -> None:
    source = Source()
    known = Known(lambda: source.stamp, source.ask)
    known.rows("q")
    source.stamp = None
    known.rows("q")
    known.rows("q")
    source.stamp = 0
    known.rows("q")
    assert len(source.asked) == 3


def test_an_answer_given_while_somebody_committed_is_not_kept() -> None:
    source = Source()

    def ask(*question: object) -> list[Row]:
        found = source.ask(*question)
        if len(source.asked) == 1:
            source.stamp = 1  # committed, and known here, before the answer is back
            known.rows("other")
        return found

    known = Known(lambda: source.stamp, ask)
    assert known.rows("q") == [(0, "q")]
    assert known.rows("q") == [(1, "q")]


def test_no_more_answers_are_kept_than_are_of_use() -> None:
    source = Source()
    known = Known(lambda: source.stamp, source.ask)
    for _ in range(2):
        for k in range(MOST + 5):
            known.rows("q", k)
    assert len(source.asked) == MOST + 10


def test_a_name_is_taken_once_whoever_writes(store: Store) -> None:
    store.enlist(info("1", "West"))
    store.enlist(replace(info("1", "West"), note="again"))
    with pytest.raises(Refused, match=r"called 'West' already. Choose another name"):
        store.enlist(info("2", "West"))
    store.enlist(replace(info("1", "West"), archived=True))
    store.enlist(info("2", "West"))
    assert [i.id for i in store.alignments()] == ["2", "1"]


_RUN: Callable[[Any], Run] = postgres._run


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What this process says to a server; what it listens by is not in it."""
    said: list[str] = []

    def runner(connection: Any) -> Run:
        run = _RUN(connection)

        def told(sql: str, *values: object) -> list[Row]:
            said.append(sql)
            return run(sql, *values)

        return told

    monkeypatch.setattr(postgres, "_run", runner)
    return said


@pytest.fixture
def homes(server: Server) -> Iterator[tuple[PostgresHome, PostgresHome]]:
    """Two processes' sides of one store."""
    address = server.fresh()
    pair = PostgresHome(address), PostgresHome(address)
    yield pair
    for home in pair:
        home.close()


def look(planner: Planner) -> tuple[int, int]:
    """What an open page does to see whether others did something, again and again."""
    return len(planner.plans()), planner.open("West").seq


def until_sure(home: PostgresHome) -> None:
    """Wait until the one who listens does."""
    pause = threading.Event()
    while home.stamp() is None:
        pause.wait(0.01)


def test_a_page_that_looks_for_news_asks_the_server_nothing_until_there_are_some(
    homes: tuple[PostgresHome, PostgresHome], statements: list[str]
) -> None:
    here, there = map(SqlStore, homes)
    states.keep(here)
    plan = Planner(here).create("West", "accounts", by="ann")
    other = Planner(there)
    there.follow()
    until_sure(homes[1])
    look(other)
    for round_ in range(3):
        statements.clear()
        seen = [look(other) for _ in range(200)]
        assert seen == [(1, round_)] * 200
        # the server may have been asked once more where a moment had passed without a sign of it
        assert len(statements) < 20
        heard = homes[1].stamp()
        plan.ask(Branch(None, (f"Area {round_}",)), by="ann")
        while homes[1].stamp() in (heard, None):
            threading.Event().wait(0.01)


def test_who_does_not_follow_reads_what_is_there(
    homes: tuple[PostgresHome, PostgresHome],
) -> None:
    here, there = map(SqlStore, homes)
    for seq in range(1, 4):
        here.append(entry(seq))
        assert there.head("a") == seq


def test_what_a_process_wrote_itself_it_reads_at_once(
    homes: tuple[PostgresHome, PostgresHome],
) -> None:
    store = SqlStore(homes[0])
    store.follow()
    until_sure(homes[0])
    for seq in range(1, 30):
        store.append(entry(seq))
        store.put_setting("last", str(seq))
        assert (store.head("a"), store.setting("last")) == (seq, str(seq))
        assert [e.seq for e in store.entries("a", after=seq - 1)] == [seq]


def test_after_a_cut_nothing_that_is_old_is_taken_for_new(
    server: Server, homes: tuple[PostgresHome, PostgresHome]
) -> None:
    here, there = map(SqlStore, homes)
    there.follow()
    for seq in range(1, 6):
        until_sure(homes[1])
        there.head("a")
        server.cut()
        here.append(entry(seq))
        while there.head("a") < seq:  # ends: what is not heard of holds for a moment only
            threading.Event().wait(0.01)
