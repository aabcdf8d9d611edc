"""A PostgreSQL database: its connections, its transactions, and what its errors mean."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeAlias, TypeVar

import psycopg
from psycopg import conninfo
from psycopg.pq import TransactionStatus
from psycopg.types.string import StrDumper

from tp_geo.errors import BadData, StoreAway, TpGeoError, Unavailable
from tp_geo.store.connect import Row, Run
from tp_geo.store.patience import Patience
from tp_geo.store.underway import COMMITS

T = TypeVar("T")
_Connection: TypeAlias = "psycopg.Connection[Row]"

OLDEST: Final = 13
"""The oldest version of the server that can say whether a transaction was committed."""
CONNECTIONS: Final = 8
"""So many a process has at most, beside the one that listens."""
_UNREADABLE: Final = "unreadable"
_STARTING_S: Final = 15.0
ANSWER_S = 130.0
"""So long an answer is waited for: longer than the server works on any statement."""
_PATIENCE: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "application_name": "tp-geo",
}
_SETTINGS: Final = (
    "set client_encoding = 'UTF8'; set synchronous_commit = 'on'; set lock_timeout = '20s'; "
    "set statement_timeout = '120s'; set idle_in_transaction_session_timeout = '60s'"
)
_TURN: Final = (
    "select pg_advisory_xact_lock(7230517, hashtext(current_schema())), pg_current_xact_id()::text"
)
"""Writers come one after the other, and each knows the name of its transaction."""
_SCHEMA: Final = "select current_schema()"
_OUTCOME: Final = "select pg_xact_status($1::text::xid8)"
_SAYS: Final = (
    ("password authentication failed", "refuses the password. Check the user and the password"),
    ("no password supplied", "wants a password. Put one"),
    ("does not exist", "has no such user or database ({what}). Make it, or correct it"),
    ("no pg_hba.conf entry", "lets nobody in from here ({what}). Ask who looks after it, or mend"),
    ("resolve host", "can't be found: there is no such host. Check the host"),
    ("translate host name", "can't be found: there is no such host. Check the host"),
    ("too many", "has too many connections. Close some, or look at max_connections"),
)


PATIENCE: Final = Patience()


class Database:
    """Connections to one database, each used by one thread at a time.

    A connection that is lost is replaced. Whether a commit came through that
    was under way then is asked of the server, so nothing is done twice.
    """

    def __init__(self, address: str) -> None:
        self._given = _parsed(address)
        self.address = shown(address)
        self._idle: list[_Connection] = []
        self._guard = threading.Lock()
        self._room = threading.BoundedSemaphore(CONNECTIONS)
        self._closed = False
        (row,) = self.rows(_SCHEMA)
        if row[0] is None:
            raise BadData(f"The store {self.address} names a schema that is not there. Make it.")
        self.schema = str(row[0])

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Return the rows of a query."""
        try:
            try:
                with self._connection() as connection:
                    return _run(connection)(sql, *values)
            except psycopg.OperationalError as error:
                if not _lost(error):
                    raise
                self._drop_idle()
            with self._connection() as connection:
                return _run(connection)(sql, *values)
        except psycopg.Error as error:
            raise self.explained(error) from error

    def commit(self, work: Callable[[Run], T]) -> T:
        """Return what the work returns, done in one transaction while no other process writes.

        Lost connections: what the server did not commit is done again, once.
        """
        with COMMITS:
            return self._surely(work)

    def _surely(self, work: Callable[[Run], T]) -> T:
        try:
            return self._tried(work)
        except _NotDone:
            self._drop_idle()
        except psycopg.Error as error:
            raise self.explained(error) from error
        try:
            return self._tried(work)
        except _NotDone as lost:
            raise self.explained(lost.error) from lost.error
        except psycopg.Error as error:
            raise self.explained(error) from error

    @contextmanager
    def reading(self) -> Iterator[Run]:
        """Read all of it as of one moment."""
        with self._connection() as connection:
            run = _run(connection)
            run("begin isolation level repeatable read read only")
            try:
                yield self._explaining(run)
            finally:
                with contextlib.suppress(psycopg.Error):
                    run("rollback")

    def checkpoint(self) -> None:
        """Do nothing: what is committed is on the server's disk."""

    def connected(self) -> _Connection:
        """Return a new connection; waits a while for a server that is just starting."""
        until = time.monotonic() + _STARTING_S
        while True:
            try:
                made = psycopg.connect(**self._given, autocommit=True)
                break
            except psycopg.OperationalError as error:
                starting = "starting up" in str(error) or "shutting down" in str(error)
                if not starting or time.monotonic() > until:
                    raise self._unreachable(error) from None
                time.sleep(0.2)
        version = made.info.server_version
        if version < OLDEST * 10_000:
            made.close()
            raise Unavailable(
                f"The store {self.address} is PostgreSQL {version // 10_000}; "
                f"version {OLDEST} or newer is needed. Update the server."
            )
        made.adapters.register_dumper(str, StrDumper)  # else a list of texts is of no type
        made.execute(_SETTINGS)
        return made

    def explained(self, error: Exception) -> TpGeoError:
        """Return what a database error means to the reader."""
        return StoreAway(
            f"The store {self.address} can't be written or read just now: {self._what(error)}. "
            "Nothing was saved. Try again; if it stays so, ask who looks after the server."
        )

    def close(self) -> None:
        """Close the connections nobody uses; those in use are closed when they are given back."""
        self._closed = True
        self._drop_idle()

    def _tried(self, work: Callable[[Run], T]) -> T:
        mark = ""
        try:
            with self._connection() as connection:
                run = _run(connection)
                try:
                    run("begin")
                    mark = str(run(_TURN)[0][1])
                    done = work(run)
                    run("commit")
                except BaseException:
                    if not connection.closed:
                        with contextlib.suppress(psycopg.Error):
                            run("rollback")
                    raise
        except psycopg.OperationalError as error:
            if not _lost(error):
                raise
            if not mark or not self._committed(mark):
                raise _NotDone(error) from error
        return done

    def _committed(self, mark: str) -> bool:
        """Whether a transaction whose end we did not hear came through; waits for its end."""
        self._drop_idle()
        try:
            with self._connection() as connection:
                run = _run(connection)
                run("begin")
                run(_TURN)
                ((outcome,),) = run(_OUTCOME, mark)
                run("rollback")
        except (psycopg.Error, Unavailable) as error:
            raise StoreAway(
                f"The connection to the store {self.address} was lost while saving, and it does "
                "not answer now: nobody knows whether the last change was saved. When it answers "
                "again, look whether the change is there before you repeat it."
            ) from error
        return bool(outcome == "committed")

    @contextmanager
    def _connection(self) -> Iterator[_Connection]:
        if self._closed:
            raise Unavailable(f"The store {self.address} is closed. Open it again.")
        with self._room:
            with self._guard:
                connection = self._idle.pop() if self._idle else None
            connection = connection or self.connected()
            try:
                yield connection
            finally:
                self._given_back(connection)

    def _given_back(self, connection: _Connection) -> None:
        idle = connection.info.transaction_status is TransactionStatus.IDLE
        with self._guard:
            if idle and not connection.closed and not self._closed:
                self._idle.append(connection)
                return
        connection.close()

    def _drop_idle(self) -> None:
        with self._guard:
            dropped, self._idle = self._idle, []
        for connection in dropped:
            connection.close()

    def _explaining(self, run: Run) -> Run:
        def found(sql: str, *values: object) -> list[Row]:
            try:
                return run(sql, *values)
            except psycopg.Error as error:
                raise self.explained(error) from error

        return found

    def _unreachable(self, error: Exception) -> Unavailable:
        what = self._what(error)
        for sign, says in _SAYS:
            if sign in what:
                return Unavailable(
                    f"The store {self.address} {says.format(what=what)} "
                    "in the address that --store or TP_GEO_STORE gives."
                )
        return StoreAway(
            f"The store {self.address} can't be reached: {what}. "
            "Look whether the server runs and the host and port are right, then try again."
        )

    def _what(self, error: Exception) -> str:
        lines = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
        what = lines[0].rpartition("FATAL:")[2].strip().rstrip(".")
        secret = str(self._given.get("password") or "")
        return what.replace(secret, "…") if secret else what


class _NotDone(Exception):  # noqa: N818 - what happened
    """The connection was lost, and the server did not commit."""

    def __init__(self, error: psycopg.Error) -> None:
        super().__init__(str(error))
        self.error = error


def shown(address: str) -> str:
    """Return an address as it may be shown: without the password."""
    given = _parsed(address)
    user = f"{given['user']}@" if given.get("user") else ""
    host = str(given.get("host") or "")
    place = "" if host.startswith("/") else host
    port = f":{given['port']}" if given.get("port") and place else ""
    return f"postgresql://{user}{place}{port}/{given.get('dbname') or ''}"


def _parsed(address: str) -> dict[str, Any]:
    try:
        given = conninfo.conninfo_to_dict(address)
    except psycopg.Error:  # its text may hold the password
        given = {"port": _UNREADABLE}
    places = f"{given.get('host')}{given.get('dbname')}"
    numbers = str(given.get("port") or "").replace(",", "")
    if "@" in places or numbers.strip("0123456789"):  # parts of a password got there
        raise BadData(
            "The store address postgresql://… can't be read. It looks like "
            "postgresql://user:password@host:5432/database; write @, / and : in a password as "
            "%40, %2F and %3A."
        )
    return {**_PATIENCE, **given}


def _lost(error: psycopg.OperationalError) -> bool:
    """Whether the connection is gone, rather than the statement refused."""
    state = error.sqlstate or ""
    return not state or state.startswith(("08", "57P"))


def _run(connection: _Connection) -> Run:
    def run(sql: str, *values: object) -> list[Row]:
        with PATIENCE.within(connection, ANSWER_S), psycopg.RawCursor(connection) as cursor:
            cursor.execute(sql.encode(), list(values) or None, binary=bool(values))
            return cursor.fetchall() if cursor.description else []

    return run
