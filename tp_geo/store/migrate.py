"""Brings a store's tables up to date: numbered SQL files, each run once, in order."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Final, Protocol

from tp_geo.errors import BadData
from tp_geo.store.connect import Row, Run

_HAS_TABLES: Final = (
    "select table_name from information_schema.tables where table_schema = current_schema()"
)
_CREATE: Final = (
    "create table if not exists migration "
    "(number integer not null, name text not null, primary key (number))"
)
_DONE: Final = "select coalesce(max(number), 0) from migration"
_IS_DONE: Final = "select 1 from migration where number = $1"
_RECORD: Final = "insert into migration (number, name) values ($1, $2)"


class Engine(Protocol):
    """A database that a store is kept in."""

    @property
    def address(self) -> str:
        """Where it is, as it may be shown."""

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Return the rows of a query."""

    def commit(self, work: Callable[[Run], None]) -> None:
        """Do work in one transaction, while nobody else writes."""

    def checkpoint(self) -> None:
        """Move what was committed to where it is safest."""


def migrate(file: Engine) -> None:
    """Run the migrations a file has not seen; raise ``BadData`` when it is not ours or newer."""
    tables = {name for (name,) in file.rows(_HAS_TABLES)}
    if tables and "migration" not in tables:
        raise BadData(f"{file.address} is a database of something else. Choose another place.")
    if not tables:
        file.commit(_made)
    ((done,),) = file.rows(_DONE)
    known = migrations()
    if done > len(known):
        raise BadData(
            f"The store {file.address} was written by a newer TP Geo (schema {done}, this one "
            f"knows {len(known)}). Update TP Geo."
        )
    for number, (name, sql) in enumerate(known[done:], done + 1):
        file.commit(lambda run, n=number, name=name, sql=sql: _step(run, n, name, sql))  # type: ignore[misc]
        file.checkpoint()


def migrations() -> list[tuple[str, str]]:
    """Return name and text of every migration, in order."""
    folder = files("tp_geo.store") / "migrations"
    found = sorted(f.name for f in folder.iterdir() if f.name.endswith(".sql"))
    return [(Path(name).stem, (folder / name).read_text(encoding="utf-8")) for name in found]


def _made(run: Run) -> None:
    run(_CREATE)


def _step(run: Run, number: int, name: str, sql: str) -> None:
    if run(_IS_DONE, number):  # another process came first
        return
    run(sql)
    run(_RECORD, number, name)
