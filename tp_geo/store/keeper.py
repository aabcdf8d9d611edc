"""What the store asks of an engine: a file of DuckDB, or a database of PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from tp_geo.store.connect import Row, Run
from tp_geo.store.logged import Check, Logged, Record
from tp_geo.store.presence import Attendance


class Keeper(Protocol):
    """An engine with the tables of a store; one for each store in the process, for all threads."""

    notes: list[str]
    attendance: Attendance

    @property
    def key(self) -> str:
        """What it goes by in this process."""

    @property
    def address(self) -> str:
        """Where the store is, as it may be shown."""

    @property
    def beside(self) -> Path:
        """Where files of this machine that belong to the store are put."""

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Return the rows of a query."""

    def commit(self, logged: Logged, record: Record, check: Check | None = None) -> None:
        """Store a record, after the check (which may raise) in one transaction."""

    def commit_all(
        self, logged: Logged, records: Sequence[Record], check: Check | None = None
    ) -> None:
        """Store records of one sort in one transaction, as `commit` does one."""

    def keep(self, work: Callable[[Run, int], object], last: str) -> None:
        """Do what needs a number but is in no journal."""

    def put_once(self, sql: str, key: str, data: bytes) -> None:
        """Run an insert that leaves what is there."""

    def reading(self) -> AbstractContextManager[Run]:
        """Read all of it as of one moment; errors are raised in the name of the store."""

    def news(self) -> int:
        """Return the number of the last commit, of whatever process."""

    def follow(self) -> None:
        """Hear of commits of other processes from now on."""

    def stamp(self) -> int | None:
        """Return a number that grows with each commit known here; ``None``: nobody can say."""

    def wait_for_news(self, after: int, timeout_s: float) -> int:
        """Return the number of the last commit as soon as it is above one, or when time is up."""

    def close(self) -> None:
        """Close it."""
