"""The org's records in one SQLite file: it survives a restart, and a failed step leaves nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

from tp_geo.crm.org.ids import PREFIXES, id_of
from tp_geo.crm.schema import Field, SObject
from tp_geo.errors import BadData, Unavailable

Record: TypeAlias = dict[str, Any]

_NUMBERS: Final = {"boolean": "integer", "int": "integer", "double": "real", "currency": "real"}
_EXACT: Final = ("id", "reference", "datetime", "date")
_OURS: Final = """
create table if not exists serial (object text primary key, last integer not null);
create table if not exists due (at text not null, object text, id text not null, state text);
create table if not exists custom_field (object text, name text, told text,
    primary key (object, name));
create table if not exists job (id text primary key, kind text not null, told text not null,
    data text not null default '');
create table if not exists outcome (job text not null, row integer not null,
    failed integer not null, record text, created integer, error text, primary key (job, row));
create table if not exists token (token text primary key, ends text not null);
create table if not exists fact (name text primary key, value text not null);
"""


class State:
    """All records. One connection; who calls holds the org's lock."""

    def __init__(self, path: str | None) -> None:
        self._connection = _opened(path)
        self._depth = 0
        try:
            self._connection.execute("pragma journal_mode = wal")
            self._connection.execute("pragma synchronous = normal")
            self._connection.executescript(_OURS)
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise BadData(
                f"{path} is no file of a simulated org, or in use by another one: {error}. "
                "Choose another file with --store."
            ) from error

    def prepare(self, sobject: SObject) -> None:
        """Make the table of an object, or add the columns it does not have so far."""
        name = sobject.name
        self.run(f'create table if not exists "{name}" (Id text primary key) without rowid')
        known = {row[1] for row in self.rows(f'pragma table_info("{name}")')}
        for field in sobject.fields.values():
            if field.name not in known:
                self.run(f'alter table "{name}" add column {_column(field)}')
        keyed = [f.name for f in sobject.fields.values() if f.refers_to or f.external_id]
        for columns in [*([key] for key in keyed), *map(list, sobject.unique)]:
            self._index(name, columns)

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        return self._connection.execute(statement, values).fetchall()

    def run(self, statement: str, *values: object) -> int:
        """Run a statement and return how many rows it changed."""
        return self._connection.execute(statement, values).rowcount

    def run_many(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        """Run a statement once for each row of values."""
        self._connection.executemany(statement, rows)

    @contextmanager
    def step(self) -> Iterator[None]:
        """Keep all of what is done inside, or nothing when it fails."""
        name = f"step{self._depth}"
        self.run(f"savepoint {name}")
        self._depth += 1
        try:
            yield
        except BaseException:
            self.run(f"rollback to {name}")
            raise
        finally:
            self._depth -= 1
            self.run(f"release {name}")

    def new_id(self, sobject: SObject) -> str:
        """Return the next id of an object; no two records ever have the same."""
        return id_of(sobject.prefix or PREFIXES[sobject.name], self.next_number(sobject.name))

    def next_number(self, of: str) -> int:
        """Return the next running number of something."""
        ((number,),) = self.rows(
            "insert into serial values (?, 1) on conflict (object) do update set last = last + 1 "
            "returning last",
            of,
        )
        return int(number)

    def get(self, name: str, record_id: str) -> Record | None:
        """Return a record by its id."""
        return next(iter(self.find(name, "Id = ?", record_id)), None)

    def find(self, name: str, condition: str = "1", *values: object) -> list[Record]:
        """Return the records that meet a condition of SQL, by id."""
        cursor = self._connection.execute(
            f'select * from "{name}" where {condition} order by Id', values
        )
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def count(self, name: str, condition: str = "1", *values: object) -> int:
        """Return how many records meet a condition of SQL."""
        return int(self.rows(f'select count(*) from "{name}" where {condition}', *values)[0][0])

    def insert(self, name: str, record: Mapping[str, Any]) -> None:
        """Add a record."""
        columns = ", ".join(f'"{c}"' for c in record)
        marks = ", ".join("?" * len(record))
        self.run(f'insert into "{name}" ({columns}) values ({marks})', *record.values())

    def change(self, name: str, record_id: str, values: Mapping[str, Any]) -> None:
        """Change fields of a record."""
        if values:
            columns = ", ".join(f'"{c}" = ?' for c in values)
            self.run(f'update "{name}" set {columns} where Id = ?', *values.values(), record_id)

    def remove(self, name: str, record_id: str) -> None:
        """Delete a record."""
        self.run(f'delete from "{name}" where Id = ?', record_id)

    def fact(self, name: str) -> str | None:
        """Return something that is remembered of the org itself."""
        return next(
            (value for (value,) in self.rows("select value from fact where name = ?", name)), None
        )

    def remember(self, name: str, value: str) -> None:
        """Remember something of the org itself."""
        self.run("insert or replace into fact values (?, ?)", name, value)

    def close(self) -> None:
        """Write everything into the file and close it."""
        self._connection.close()

    def _index(self, name: str, columns: list[str]) -> None:
        listed = ", ".join(f'"{c}"' for c in columns)
        self.run(f'create index if not exists "{name}.{".".join(columns)}" on "{name}" ({listed})')


def _opened(path: str | None) -> sqlite3.Connection:
    try:
        return sqlite3.connect(
            path or ":memory:", isolation_level=None, check_same_thread=False, cached_statements=512
        )
    except sqlite3.OperationalError as error:
        raise Unavailable(
            f"The org's file {path} can't be opened: {error}. Choose another file with --store."
        ) from error


def _column(field: Field) -> str:
    if field.type in _EXACT:
        return f'"{field.name}" text'
    kind = _NUMBERS.get(field.type, "text collate nocase")
    return f'"{field.name}" {kind}'
