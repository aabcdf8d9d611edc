"""A connection that died is replaced, once, whoever notices it first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tp_geo.errors import Unavailable
from tp_geo.store.connect import DuckDbFile


def test_a_dead_connection_is_replaced_by_the_next_call(tmp_path: Path) -> None:
    file = DuckDbFile(tmp_path / "x.duckdb")
    file.commit(lambda run: run("create table t (k integer, primary key (k))"))
    file.connection.close()
    assert file.rows("select count(*) from t") == [(0,)]
    file.close()


def test_many_threads_replace_a_dead_connection_once(tmp_path: Path) -> None:
    file = DuckDbFile(tmp_path / "x.duckdb")
    dead = file.connection
    dead.close()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda k: file.rows("select $1", k), range(40)))
    assert answers == [[(k,)] for k in range(40)]
    alive = file.connection
    file.reopen(dead)
    assert file.connection is alive
    file.close()


def test_a_file_that_was_closed_stays_closed(tmp_path: Path) -> None:
    file = DuckDbFile(tmp_path / "x.duckdb")
    file.close()
    with pytest.raises(Unavailable):
        file.rows("select 1")


def test_work_that_fails_leaves_nothing(tmp_path: Path) -> None:
    file = DuckDbFile(tmp_path / "x.duckdb")
    file.commit(lambda run: run("create table t (k integer, primary key (k))"))

    def work(run: object) -> None:
        assert callable(run)
        run("insert into t values (1)")
        raise ValueError("on second thought")

    with pytest.raises(ValueError, match="second thought"):
        file.commit(work)
    assert file.rows("select count(*) from t") == [(0,)]
    file.close()
