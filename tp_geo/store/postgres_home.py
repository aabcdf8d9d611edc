"""A store in a PostgreSQL database: what every handle in the process shares."""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import psycopg
from platformdirs import user_data_path
from psycopg import sql

from tp_geo.errors import Refused, Stale, Unavailable
from tp_geo.store.connect import Row, Run
from tp_geo.store.copy import write_all
from tp_geo.store.keeper import Keeper
from tp_geo.store.logged import Check, Logged, Record, checked
from tp_geo.store.migrate import migrate
from tp_geo.store.postgres import PATIENCE, Database
from tp_geo.store.presence import Attendance
from tp_geo.store.soundness import PRIMARY_KEYS

_SEQUENCE: Final = "create sequence if not exists store_number"
_NUMBERS: Final = "select nextval('store_number') from generate_series(1, $1::integer)"
_LAST: Final = "select case when is_called then last_value else 0 end from store_number"
_HIGHEST: Final = "select coalesce(max(n), 0) from {}"
_GO_ON: Final = "select setval('store_number', $1)"
_UNNUMBERED: Final = ("store_identity", "blob")
_NUMBERED: Final = tuple(table for table in PRIMARY_KEYS if table not in _UNNUMBERED)
_TELL: Final = "select pg_notify($1, $2)"
_TELL_HERE: Final = "select pg_notify(%s, %s) as here"
"""In place of a sign of life, so nothing more is asked; by its name it is known in a log."""
_AGAIN_S: Final = 0.5
_LOOK_S: Final = 0.5
_HOLDS_S: Final = 1.5
"""So long after the server last answered the listener, nothing can have been missed."""
_SILENT_S: Final = 5.0
"""A listener whose server does not answer for so long connects anew."""
_ALIVE: Final = "select 1"
_UNDER_WAY: Final = "select pg_advisory_xact_lock_shared(7230517, hashtext(current_schema()))"


class PostgresHome:
    """The database, and the number of the last commit that anybody told of."""

    def __init__(self, address: str) -> None:
        self.key = address
        self.file = Database(address)
        self.address = self.file.address
        self.notes: list[str] = []
        self.attendance = Attendance()
        self._news = threading.Condition()
        self._heard = 0
        self._stamp = 0
        self._sure_until = 0.0
        self._listener: threading.Thread | None = None
        self._open = True
        try:
            migrate(self.file)
            self.file.commit(lambda run: run(_SEQUENCE))
        except BaseException:
            self.file.close()
            raise
        self._channel = f"tp_geo_{self.file.schema}"[:63]
        self._here = f"tp_geo_here_{self.file.schema}"[:63]

    @property
    def beside(self) -> Path:
        """Where files of this machine that belong to the store are put."""
        name = hashlib.sha256(f"{self.address} {self.file.schema}".encode()).hexdigest()[:12]
        return user_data_path("tp-geo", appauthor=False) / f"postgresql-{name}"

    def commit(self, logged: Logged, record: Record, check: Check | None = None) -> None:
        """Store a record, after the check (which may raise) in one transaction."""
        self.commit_all(logged, (record,), check)

    def commit_all(
        self, logged: Logged, records: Sequence[Record], check: Check | None = None
    ) -> None:
        """Store records of one sort in one transaction, as `commit` does one."""
        columns = [list(c) for c in zip(*map(checked, records), strict=True)]

        def work(run: Run, n: int) -> None:
            if check:
                check(run)
            try:
                run(logged.insert, *columns, [*range(n, n + len(records))])
            except psycopg.errors.UniqueViolation as error:
                raise Stale(
                    f"Another program wrote this {logged.kind} first. Reload it and decide again."
                ) from error

        self._numbered(work, len(records))

    def keep(self, work: Callable[[Run, int], object], last: str) -> None:
        """Do what needs a number in one transaction."""
        self._numbered(work)

    def put_once(self, sql: str, key: str, data: bytes) -> None:
        """Run an insert that leaves what is there."""
        self.file.commit(lambda run: run(sql, key, data))

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Return the rows of a query."""
        return self.file.rows(sql, *values)

    def reading(self) -> AbstractContextManager[Run]:
        """Read all of it as of one moment."""
        return self.file.reading()

    def fill(self, source: Keeper) -> None:
        """Take in all that another store holds; raise ``Refused`` unless this one is empty."""

        def work(write: Run) -> int:
            for table in PRIMARY_KEYS:
                if write(f"select 1 from {table} limit 1"):
                    raise Refused(
                        f"The store {self.address} holds plans already. Give an empty database."
                    )
            with source.reading() as read:
                write_all(read, write)
            last = max(int(write(_HIGHEST.format(t))[0][0]) for t in _NUMBERED)
            if last:
                write(_GO_ON, last)
            write(_TELL, self._channel, str(last))
            return last

        self._hear(self.file.commit(work))

    def news(self) -> int:
        """Return the number of the last commit."""
        return int(self.rows(_LAST)[0][0])

    def follow(self) -> None:
        """Hear of commits of other processes from now on."""
        self._listen()

    def stamp(self) -> int | None:
        """Return how many commits were heard of; ``None`` when some may have been missed."""
        return self._stamp if time.monotonic() < self._sure_until else None

    def wait_for_news(self, after: int, timeout_s: float) -> int:
        """Return the number of the last commit as soon as it is above one, or when time is up."""
        self._listen()
        with self._news:
            self._news.wait_for(lambda: self._heard > after or not self._open, timeout_s)
            return max(self._heard, after)

    def close(self) -> None:
        """Close the connections."""
        with self._news:
            self._open = False
            self._news.notify_all()
        if self._listener:
            self._listener.join()
        self.file.close()

    def _numbered(self, work: Callable[[Run, int], object], count: int = 1) -> None:
        """Do work that uses so many numbers, and tell those who listen."""

        def done(run: Run) -> int:
            numbers = [int(n) for (n,) in run(_NUMBERS, count)]
            work(run, numbers[0])
            run(_TELL, self._channel, str(numbers[-1]))
            return numbers[-1]

        self._hear(self.file.commit(done))

    def _hear(self, n: int) -> None:
        with self._news:
            self._heard = max(self._heard, n)
            self._stamp += 1
            self._news.notify_all()

    def _listen(self) -> None:
        with self._news:
            if self._listener is None and self._open:
                self._listener = threading.Thread(
                    target=self._listening, name="store-news", daemon=True
                )
                self._listener.start()

    def _listening(self) -> None:
        """Hear of commits until closed; after a lost connection, look what was missed."""
        while self._open:
            with contextlib.suppress(psycopg.Error, Unavailable):
                self._hear_on(self.file.connected())
            self._sure_until = 0.0
            if self._open:
                time.sleep(_AGAIN_S)

    def _hear_on(self, connection: psycopg.Connection[Row]) -> None:
        with contextlib.closing(connection):
            for channel in (self._channel, self._here):
                connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
            with connection.transaction():
                connection.execute(_UNDER_WAY)  # else the number may be of a commit to come
                self._hear(int(connection.execute(_LAST).fetchall()[0][0]))
            while self._open:
                asked = time.monotonic()
                with PATIENCE.within(connection, _SILENT_S):
                    if said := self.attendance.message():
                        connection.execute(_TELL_HERE, (self._here, said))
                    else:
                        connection.execute(_ALIVE)
                for told in connection.notifies(timeout=0.0):
                    self._heed(told)
                self._sure_until = asked + _HOLDS_S
                for told in connection.notifies(timeout=_LOOK_S):
                    self._heed(told)

    def _heed(self, told: psycopg.Notify) -> None:
        if told.channel == self._here:
            self.attendance.hear(told.payload)
        else:
            self._hear(int(told.payload))
