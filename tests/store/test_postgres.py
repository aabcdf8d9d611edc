"""The store of a team: several processes, lost connections, a server that dies, bad addresses."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any

import psycopg
import pytest
import states

from store import postgres_server
from store.children import nursery
from store.postgres_server import Server
from store.samples import entry, info
from tp_geo.domain.commands import Branch
from tp_geo.errors import BadData, Refused, Stale, TpGeoError, Unavailable
from tp_geo.store import open_store, postgres, recover
from tp_geo.store.connect import Run
from tp_geo.store.postgres import Database
from tp_geo.store.postgres_home import PostgresHome
from tp_geo.store.sql_store import SqlStore
from tp_geo.workflow.planner import Planner

SECRET = "s3cret/word"  # noqa: S105 - of a server of the tests


@pytest.fixture
def own() -> Iterator[Server]:
    """A server that may be killed."""
    made = Server()
    yield made
    made.remove()


def appended(address: str, who: int, times: int, pipe: Connection) -> None:
    """Append behind the head, again where somebody else was first; tell what was confirmed."""
    store = open_store(address)
    done = 0
    while done < times:
        try:
            store.append(entry(store.head("a") + 1, payload=f"{who}-{done}"))
            done += 1
        except Stale:
            continue
    store.close()
    pipe.send(done)


def test_processes_that_write_at_once_lose_nothing(server: Server) -> None:
    address, context = server.fresh(), nursery()
    ours, theirs = context.Pipe(duplex=False)
    children = [
        context.Process(target=appended, args=(address, who, 25, theirs)) for who in range(3)
    ]
    for child in children:
        child.start()
    assert [ours.recv() for _ in children] == [25] * 3
    for child in children:
        child.join()
    store = open_store(address)
    stored = store.entries("a")
    store.close()
    assert [e.seq for e in stored] == list(range(1, 76))
    assert sorted(e.payload for e in stored) == sorted(
        f"{w}-{k}" for w in range(3) for k in range(25)
    )


def test_processes_that_open_an_empty_database_at_once_all_find_a_store(server: Server) -> None:
    address = server.fresh()
    with ThreadPoolExecutor(6) as pool:
        homes = list(pool.map(lambda _: PostgresHome(address), range(6)))
    for k, home in enumerate(homes):
        SqlStore(home).append(entry(k + 1))
        home.close()


def test_another_process_hears_of_a_commit(server: Server) -> None:
    address = server.fresh()
    here, there = PostgresHome(address), PostgresHome(address)
    known = there.wait_for_news(0, 0.0)
    heard: list[int] = []
    waiting = threading.Thread(target=lambda: heard.append(there.wait_for_news(known, 60.0)))
    waiting.start()
    SqlStore(here).append(entry(1))
    waiting.join()
    assert heard == [here.news()]
    assert SqlStore(there).head("a") == 1
    assert there.wait_for_news(heard[0], 0.01) == heard[0]
    here.close()
    there.close()


def test_news_that_came_while_the_connection_was_lost_are_heard(server: Server) -> None:
    address = server.fresh()
    here, there = PostgresHome(address), PostgresHome(address)
    known = there.wait_for_news(0, 0.0)
    server.cut()
    SqlStore(here).append(entry(1))
    assert there.wait_for_news(known, 60.0) > known
    here.close()
    there.close()


class Cutting:
    """Cuts the connection of a writer at a moment of its transaction."""

    def __init__(self, server: Server, moment: str) -> None:
        self.server, self.moment, self.times = server, moment, 1

    def runner(self, connection: Any) -> Run:
        run = _RUN(connection)

        def cut(sql: str, *values: object) -> Any:
            meant = self.times and sql.startswith(self.moment)
            if meant and connection.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS:
                self.times -= 1
                if self.moment == "commit":
                    run(sql)  # it comes through, but we do not hear of it
                self.server.sql(f"select pg_terminate_backend({connection.info.backend_pid})")
                return run("select 1")
            return run(sql, *values)

        return cut


_RUN: Callable[[Any], Run] = postgres._run


@pytest.mark.parametrize("moment", ["select coalesce(max(seq)", "insert into revision", "commit"])
def test_a_connection_cut_at_any_moment_of_an_edit_leaves_it_done_once(
    server: Server, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    store = open_store(server.fresh())
    store.append(entry(1))
    monkeypatch.setattr(postgres, "_run", Cutting(server, moment).runner)
    store.append(entry(2, payload="second"))
    store.append(entry(3))
    assert [e.seq for e in store.entries("a")] == [1, 2, 3]
    store.close()


def test_connections_cut_between_edits_are_made_anew(server: Server) -> None:
    store = open_store(server.fresh())
    for seq in range(1, 6):
        server.cut()
        store.append(entry(seq))
        server.cut()
        assert store.head("a") == seq
    store.close()


def test_edits_while_connections_are_cut_are_neither_lost_nor_doubled(server: Server) -> None:
    store = open_store(server.fresh())
    over = threading.Event()

    def cutting() -> None:
        while not over.is_set():
            server.cut()
            time.sleep(0.03)

    def work(who: int) -> int:
        confirmed = 0
        for seq in range(1, 21):
            try:
                store.append(entry(seq, alignment=str(who), payload=f"{who}:{seq}"))
            except Unavailable:
                if store_head(who) < seq:
                    store_until_done(who, seq)
            confirmed = seq
        return confirmed

    def store_head(who: int) -> int:
        while True:
            try:
                return store.head(str(who))
            except Unavailable:
                continue

    def store_until_done(who: int, seq: int) -> None:
        while store_head(who) < seq:
            try:
                store.append(entry(seq, alignment=str(who), payload=f"{who}:{seq}"))
            except (Unavailable, Stale):
                continue

    cutter = threading.Thread(target=cutting)
    cutter.start()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [20] * 4
    over.set()
    cutter.join()
    for who in range(4):
        told = [e.payload for e in store.entries(str(who))]
        assert told == [f"{who}:{seq}" for seq in range(1, 21)]
    store.close()


def test_a_server_killed_during_commits_has_all_that_was_confirmed_and_nothing_twice(
    own: Server,
) -> None:
    """Ten crashes at random moments; what was in doubt is there once or not at all."""
    store = open_store(own.fresh())
    chance = random.Random(7)
    confirmed, doubts, over = [0], 0, threading.Event()

    def work() -> int:
        refused = 0
        while not over.is_set():
            seq = confirmed[0] + 1
            try:
                store.append(entry(seq, payload=f"try {seq}"))
                confirmed[0] = seq
            except Unavailable as error:
                assert (
                    "Nothing was saved" in str(error)
                    or "can't be reached" in str(error)
                    or ("look whether" in str(error))
                )
                refused += 1
            except Stale:  # what was in doubt is there
                assert store.entries("a")[-1].payload == f"try {seq}"
                confirmed[0] = seq
        return refused

    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(work)
        for _ in range(10):
            time.sleep(chance.random() / 10)
            own.stop("immediate")
            own.start()
        over.set()
        doubts = told.result()
    found = store.entries("a")
    assert [e.payload for e in found] == [f"try {seq}" for seq in range(1, len(found) + 1)]
    assert confirmed[0] <= len(found) <= confirmed[0] + 1
    assert doubts > 0
    store.append(entry(len(found) + 1))
    store.close()


def test_while_the_server_is_away_edits_are_refused_in_words_and_go_on_after(own: Server) -> None:
    store = open_store(own.fresh())
    store.append(entry(1))
    own.stop()
    for act in (lambda: store.append(entry(2)), lambda: store.head("a")):
        with pytest.raises(Unavailable, match=r"can't be reached.*Look whether the server runs"):
            act()
    own.start()
    store.append(entry(2))
    assert store.head("a") == 2
    store.close()


def test_what_is_wrong_with_an_address_is_said_without_the_password(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.sql("drop role if exists guarded")
    server.sql(f"create role guarded login password '{SECRET}'")
    schema, port = "public", server.port
    word, wrong = SECRET.replace("/", "%2F"), "other%2Fword"
    cases = {
        f"postgresql://guarded:{wrong}@127.0.0.1:{port}/postgres": "refuses the password",
        f"postgresql://guarded@127.0.0.1:{port}/postgres": "wants a password",
        f"postgresql://nobody:{word}@127.0.0.1:{port}/postgres": "lets nobody in from here",
        server.address(schema, database="nowhere"): 'database "nowhere" does not exist',
        f"postgresql://a:{word}@no-such-host.invalid/x": "there is no such host",
        f"postgresql://a:{word}@127.0.0.1:1/x": "can't be reached: .*refused",
        f"postgresql://a:{SECRET}@127.0.0.1/x": "can't be read. It looks like postgresql://",
        f"postgresql://a:{SECRET}@[/x": "can't be read. It looks like postgresql://",
        f"postgresql://a:b@{wrong}@127.0.0.1/x": "can't be read. It looks like postgresql://",
        f"postgresql://owner@127.0.0.1:{port}/postgres?options=-csearch_path%3Dgone": "a schema",
    }
    with caplog.at_level(logging.DEBUG):
        for address, says in cases.items():
            with pytest.raises(TpGeoError, match=says) as refused:
                open_store(address)
            texts = [str(refused.value), str(refused.value.__cause__), caplog.text]
            assert not any(s in t for t in texts for s in (SECRET, word, "other/word", wrong))


def test_the_password_is_not_in_the_address_shown(server: Server) -> None:
    server.sql("drop role if exists guarded")
    server.sql(f"create role guarded login superuser password '{SECRET}'")
    schema = server.fresh().rpartition("%3D")[2]
    word = SECRET.replace("/", "%2F")
    given = f"postgresql://guarded:{word}@127.0.0.1:{server.port}/postgres"
    store = open_store(f"{given}?options=-csearch_path%3D{schema}")
    assert store.address == f"postgresql://guarded@127.0.0.1:{server.port}/postgres"
    with pytest.raises(BadData) as refused:
        store.dataset("nowhere")
    assert SECRET not in f"{refused.value} {store.beside} {store.notes}"
    store.close()


def test_a_server_too_old_is_told(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "OLDEST", 99)
    with pytest.raises(Unavailable, match=r"version 99 or newer is needed. Update the server"):
        open_store(server.fresh())


def test_a_database_of_something_else_is_left_as_it_is(server: Server) -> None:
    address = server.fresh()
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("create table orders (id integer)")
        with pytest.raises(BadData, match="is a database of something else"):
            open_store(address)
        found = other.execute(
            "select count(*) from pg_class where relnamespace = current_schema()::regnamespace"
        ).fetchall()
    assert found == [(1,)]


def test_a_database_of_a_newer_version_is_left_alone(server: Server) -> None:
    address = server.fresh()
    open_store(address).close()
    with psycopg.connect(address, autocommit=True) as other:
        other.execute("insert into migration values (99, 'later')")
    with pytest.raises(BadData, match=r"newer TP Geo .schema 99"):
        open_store(address)


def test_there_are_no_indexes_but_those_of_primary_keys(server: Server) -> None:
    address = server.fresh()
    open_store(address).close()
    with psycopg.connect(address) as other:
        found = other.execute(
            "select c.relname, coalesce(i.indisprimary, false) from pg_class c "
            "left join pg_index i on i.indrelid = c.oid "
            "where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace"
        ).fetchall()
    assert len(found) > 9
    assert all(primary for _, primary in found)


def test_what_a_journal_is_for_is_told_of_a_database(server: Server) -> None:
    with pytest.raises(Refused, match="tp-geo store restore"):
        recover(server.fresh())


def test_handles_of_one_process_share_the_connections(server: Server) -> None:
    address = server.fresh()
    one, other = open_store(address), open_store(address)
    one.put_alignment(info())
    one.close()
    one.close()
    assert other.alignments() == (info(),)
    other.close()
    with pytest.raises(TpGeoError, match="closed"):
        other.head("a")


def test_more_threads_than_connections_all_get_their_turn(server: Server) -> None:
    database = Database(server.fresh())
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda k: database.rows("select $1::integer", k), range(60)))
    assert answers == [[(k,)] for k in range(60)]
    database.close()


def test_where_no_server_is_installed_the_tests_say_what_to_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(AssertionError, match=r"run \.ci/postgresql"):
        postgres_server.program("initdb-that-is-not-there")


def test_a_planner_of_another_process_shows_what_was_done_here(server: Server) -> None:
    """As pages do every two seconds: open the plan again, and its new revisions are in it."""
    address = server.fresh()
    here, there = SqlStore(PostgresHome(address)), SqlStore(PostgresHome(address))
    states.keep(here)
    plan = Planner(here).create("West", "accounts", by="ann")
    other = Planner(there)
    assert other.open("West").seq == plan.seq
    made = plan.ask(Branch(None, ("North", "South")), by="ann")
    assert made is not None
    assert other.open("West").seq == plan.seq
    assert other.open("West").alignment == plan.alignment
    here.close()
    there.close()
