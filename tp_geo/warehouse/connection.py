"""The user's own connection to a warehouse: read only, one question at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol, Self, TypeAlias
from urllib.parse import urlsplit

import psycopg
from psycopg import conninfo

from tp_geo import cancelling
from tp_geo.errors import BadData, Unavailable
from tp_geo.warehouse.statement import (
    MOST_CODES,
    RollUp,
    columns_of,
    names_of,
    statement,
)

Row: TypeAlias = tuple[Any, ...]

ENGINES: Final = {"postgresql": "postgresql", "postgres": "postgresql", "redshift": "redshift"}
"""By the beginning of an address, the engine; all of these speak PostgreSQL's protocol."""
_PATIENCE: Final[dict[str, Any]] = {
    "connect_timeout": 15,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "application_name": "tp-geo roll-up",
}
_AT_A_TIME: Final = 50_000
_NO_COPY: Final = "Run the statement in the warehouse itself (--statement), and import its answer."


class Cursor(Protocol):
    """What the roll-up needs of a cursor of the DB-API (PEP 249)."""

    @property
    def description(self) -> Sequence[Sequence[Any]] | None:
        """The columns of the answer; the name of each comes first."""

    def execute(self, sql: Any, /) -> object:
        """Run a statement."""

    def fetchmany(self, size: int, /) -> Sequence[Row]:
        """Return the next rows of the answer."""


@dataclass(frozen=True, slots=True)
class Warehouse:
    """Where accounts are: an engine, and the address as it may be shown."""

    engine: str
    shown: str
    _given: dict[str, Any]

    @classmethod
    def at(cls, address: str) -> Self:
        """Return the warehouse at an address; refuse one that can't be spoken to from here."""
        scheme = address.partition("://")[0].lower()
        if scheme not in ENGINES:
            raise BadData(
                f"Warehouses at {scheme or 'such addresses'}:// can't be spoken to from here; "
                f"there are: {', '.join(f'{s}://' for s in ENGINES)}. {_NO_COPY}"
            )
        given = _parsed(address, scheme)
        place = f"{given.get('host') or 'this machine'}"
        place = "this machine" if place.startswith("/") else place
        port = f":{given['port']}" if given.get("port") else ""
        shown = f"{ENGINES[scheme]}://{place}{port}/{given.get('dbname') or ''}"
        return cls(ENGINES[scheme], shown, given)

    @contextmanager
    def opened(self) -> Iterator[Cursor]:
        """Give a cursor of a connection that can read and nothing else."""
        try:
            made = psycopg.connect(**_PATIENCE, **self._given)
        except psycopg.Error as error:
            raise Unavailable(
                f"{self.shown} can't be reached: {self._what(error)}. Check the address, the "
                "user and the password; PGPASSWORD or ~/.pgpass keep it out of commands."
            ) from None
        with made:
            made.read_only = True
            try:
                with cancelling.ending(made.cancel_safe), made.cursor("tp_geo_roll_up") as cursor:
                    yield cursor
            except psycopg.Error as error:
                cancelling.check()
                raise BadData(
                    f"{self.shown} did not answer: {self._what(error)}. Check the names of the "
                    "table and its columns, and that figures are numbers and may be read."
                ) from None

    def _what(self, error: Exception) -> str:
        lines = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
        what = lines[0].rpartition("FATAL:")[2].strip().rstrip(".")
        secret = str(self._given.get("password") or "")
        return what.replace(secret, "…") if secret else what


def columns_in(warehouse: Warehouse, table: str) -> tuple[str, ...]:
    """Return the names of the columns of a table."""
    with warehouse.opened() as cursor:
        cursor.execute(names_of(table, warehouse.engine))
        return tuple(str(d[0]) for d in cursor.description or ())


def rows_of(warehouse: Warehouse, asked: RollUp) -> list[Row]:
    """Return the roll-up that a warehouse makes: a row for each code, figures as they come."""
    with warehouse.opened() as cursor:
        return answer(cursor, asked, warehouse.engine)


def answer(cursor: Cursor, asked: RollUp, engine: str) -> list[Row]:
    """Return the roll-up that anybody's connection gives, by a cursor of the DB-API.

    Raises ``BadData`` when there are more codes than any country has.
    """
    cursor.execute(statement(asked, engine))
    rows = list[Row]()
    while more := cursor.fetchmany(_AT_A_TIME):
        cancelling.check()
        rows += more
    return _checked(rows, asked)


def _checked(rows: list[Row], asked: RollUp) -> list[Row]:
    """Return the rows of a roll-up; refuse what is none."""
    if len(rows) > MOST_CODES:
        raise BadData(
            f"Column {asked.code!r} of {asked.table} has more than {MOST_CODES:,} values, so it is "
            "no postal code. Name the column of postal codes, or make a view that has one."
        )
    width = len(columns_of(asked))
    if wrong := next((row for row in rows if len(row) != width), None):
        raise BadData(f"The answer has a row of {len(wrong)} columns instead of {width}.")
    return rows


def _parsed(address: str, scheme: str) -> dict[str, Any]:
    try:
        given = conninfo.conninfo_to_dict("postgresql" + address[len(scheme) :])
        urlsplit(address)
    except (psycopg.Error, ValueError):  # the text of either may hold the password
        given = {"port": "unreadable"}
    places = f"{given.get('host')}{given.get('dbname')}"
    if "@" in places or str(given.get("port") or "").replace(",", "").strip("0123456789"):
        raise BadData(
            f"The address {scheme}://… can't be read. It looks like "
            f"{scheme}://user@host:5432/database; write @, / and : in a password as %40, %2F, %3A."
        )
    return given
