"""One DuckDB file, held by this process alone: its lock, its connection, its transactions."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, TypeVar

import duckdb
from filelock import FileLock, Timeout

from tp_geo.errors import BadData, StoreBusy, StoreDamaged, Unavailable
from tp_geo.store.underway import COMMITS

T = TypeVar("T")
Row: TypeAlias = tuple[Any, ...]

OWNER_ONLY: Final = 0o600
CHECKPOINT_AT: Final = "16MB"
_MAGIC, _MAGIC_AT = b"DUCK", 8
_REOPEN_WITHIN_S: Final = 10.0
_DEAD: Final = (duckdb.FatalException, duckdb.ConnectionException)
_SIDES: Final = (".wal", ".wal.checkpoint", ".wal.recovery")


class Mend(Enum):
    """What may be set aside to open a store that is damaged."""

    NOTHING = "nothing"
    LOG = "log"
    FILE = "file"


class Run(Protocol):
    """Run one statement with values for $1, $2, … and return its rows."""

    def __call__(self, sql: str, *values: object) -> list[Row]:
        """Return the rows of a statement."""


class DuckDbFile:
    """A DuckDB file that is locked by us before it is opened and until after it is closed.

    DuckDB 2.0.0 loses commits when a process opens a file that another one
    is just closing; the lock file keeps the two apart. Every call has a
    cursor of its own: a connection shared by threads mixes up their rows.
    ``called`` is what errors name the file by.
    """

    def __init__(
        self,
        path: Path,
        *,
        wait_s: float = 0.0,
        checkpoint_at: str = CHECKPOINT_AT,
        mend: Mend = Mend.NOTHING,
        called: str = "",
    ):
        self.path = path
        self._called = called or f"store {path}"
        self.notes: list[str] = []
        self._settings = {**_SETTINGS, "checkpoint_threshold": checkpoint_at}
        self._idle = threading.Condition()
        self._calls = 0
        self._closed = False
        self._writing = threading.Lock()
        self._lock = _locked(path, wait_s)
        try:
            self.connection = self._opened(mend)
        except BaseException:
            self._lock.release()
            raise

    @property
    def address(self) -> str:
        """Where the file is."""
        return str(self.path)

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Return the rows of a query, from a cursor of its own."""
        before = self.connection
        try:
            with self._cursor() as run:
                return run(sql, *values)
        except _DEAD as error:
            if self._closed:
                raise self.explained(error) from error
            self.reopen(before)
        except duckdb.Error as error:
            raise self.explained(error) from error
        try:
            with self._cursor() as run:
                return run(sql, *values)
        except duckdb.Error as error:
            raise self.explained(error) from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep other writers of this process out meanwhile."""
        with self._writing:
            yield

    def commit(self, work: Callable[[Run], T]) -> T:
        """Return what the work returns, done in one transaction; whole or not at all.

        After ``duckdb.FatalException`` the file has to be opened anew, and
        whether the work is there has to be looked up.
        """
        with COMMITS, self._cursor() as run:
            run("begin transaction")
            try:
                done = work(run)
                run("commit")
            except BaseException:
                with contextlib.suppress(duckdb.Error):
                    run("rollback")
                raise
            self._protect()
            return done

    @contextmanager
    def reading(self) -> Iterator[Run]:
        """Read as of one moment."""
        with self._cursor() as run:
            run("begin transaction")
            try:
                yield run
            finally:
                with contextlib.suppress(duckdb.Error):
                    run("rollback")

    def checkpoint(self) -> None:
        """Move what the write-ahead log holds into the file; keep it there when that can't be."""
        connection = self.connection
        try:
            with self._cursor() as run:
                run("checkpoint")
        except duckdb.FatalException:
            self.reopen(connection)
        except (duckdb.IOException, duckdb.TransactionException):
            return

    def reopen(self, dead: object) -> None:
        """Open the file anew when a connection is dead; another thread may have done it already."""
        with self._idle:
            self._idle.wait_for(
                lambda: not self._calls or self.connection is not dead, timeout=_REOPEN_WITHIN_S
            )
            if self.connection is not dead:
                return
            self.connection.close()
            try:
                self.connection = self._connected()
            except duckdb.Error as error:
                raise self.explained(error) from error

    def close(self) -> None:
        """Write everything into the file, close it, then let others have it."""
        with self._writing, self._idle:
            self._idle.wait_for(lambda: self._calls == 0, timeout=_REOPEN_WITHIN_S)
            self._closed = True
            try:
                self.connection.close()
            finally:
                self._lock.release()

    def explained(self, error: Exception) -> StoreDamaged | Unavailable:
        """Return what a database error means to the reader."""
        what = str(error).splitlines()[0]
        if isinstance(error, duckdb.InternalException) or "orrupt" in what or "checksum" in what:
            return damaged(self.path, what)
        return Unavailable(
            f"The {self._called} can't be written or read just now: {what.rstrip('.')}. "
            "Nothing was saved. Look whether the disk is full, then try again."
        )

    @contextmanager
    def _cursor(self) -> Iterator[Run]:
        with self._idle:
            self._calls += 1
            connection = self.connection
        try:
            with connection.cursor() as cursor:
                yield _runner(cursor)
        finally:
            with self._idle:
                self._calls -= 1
                self._idle.notify_all()

    def _opened(self, mend: Mend) -> duckdb.DuckDBPyConnection:
        if not self.path.exists() or (mend is Mend.NOTHING and _blank(self.path)):
            self._made()
        try:
            return self._connected()
        except duckdb.Error as error:
            if mend is Mend.NOTHING or not (opened := self._without_log(error)):
                if mend is not Mend.FILE:
                    raise damaged(self.path, str(error).splitlines()[0]) from error
                opened = self._anew()
            return opened

    def _made(self) -> None:
        """Make an empty database under another name first: no crash leaves half a file."""
        self._aside("was left without its file", sides(self.path))
        new = self.path.with_name(self.path.name + ".new")
        for rest in (new, *sides(new)):
            rest.unlink(missing_ok=True)
        try:
            duckdb.connect(str(new), config=self._settings).close()
            new.chmod(OWNER_ONLY)
            new.replace(self.path)
        except (duckdb.Error, OSError) as error:
            raise self.explained(error) from error

    def _without_log(self, error: duckdb.Error) -> duckdb.DuckDBPyConnection | None:
        """Open the last checkpoint, the write-ahead log set aside; None when that won't do."""
        moved = [(file, set_aside(file)) for file in sides(self.path)]
        try:
            connection = self._connected()
        except duckdb.Error:
            for file, to in moved:
                to.rename(file)
            return None
        kept = ", ".join(to.name for _, to in moved)
        self.notes.append(
            f"The write-ahead log of {self.path} was damaged ({str(error).splitlines()[0]}); "
            f"it was kept as {kept} and the last checkpoint opened."
        )
        return connection

    def renew(self) -> None:
        """Set the file aside, damaged as it is, and go on with an empty one."""
        with self._writing, self._idle:
            self.connection.close()
            self.connection = self._anew()

    def _anew(self) -> duckdb.DuckDBPyConnection:
        self._aside("was damaged", [self.path, *sides(self.path)])
        self.notes.append("Datasets and boundaries that were in it have to be imported again.")
        self._made()
        return self._connected()

    def _aside(self, why: str, files: list[Path]) -> None:
        for file in files:
            self.notes.append(f"{file} {why}; it was kept as {set_aside(file).name}.")

    def _connected(self) -> duckdb.DuckDBPyConnection:
        try:
            connection = duckdb.connect(str(self.path), config=self._settings)
        except duckdb.IOException as error:
            if "Could not set lock" in str(error):
                raise _busy(self.path, "another program") from error
            raise
        self._protect()
        return connection

    def _protect(self) -> None:
        for file in (self.path, *sides(self.path)):
            with contextlib.suppress(OSError):
                if file.stat().st_mode & 0o077:
                    file.chmod(OWNER_ONLY)


def sides(path: Path) -> list[Path]:
    """Return the files beside a DuckDB file that belong to it, those that exist."""
    return [p for end in _SIDES if (p := path.with_name(path.name + end)).exists()]


def set_aside(path: Path) -> Path:
    """Rename a file so that it is out of the way, and return its new path. Nothing is lost."""
    k = 1
    while (to := path.with_name(f"{path.name}.aside-{k}")).exists():
        k += 1
    return path.rename(to)


def check_ours(path: Path) -> None:
    """Raise ``BadData`` for a file of another sort, which nobody ought to open or recover."""
    try:
        with path.open("rb") as file:
            start = file.read(_MAGIC_AT + len(_MAGIC))
    except FileNotFoundError:
        return
    except OSError as error:
        raise Unavailable(
            f"The store {path} can't be opened: {error.strerror}. "
            "Choose another place with --store or TP_GEO_STORE."
        ) from error
    if start and start.strip(b"\0") and start[_MAGIC_AT:] != _MAGIC:
        raise BadData(
            f"{path} is no store: it is not a DuckDB file. "
            "Choose another file with --store or TP_GEO_STORE."
        )


def _blank(path: Path) -> bool:
    return path.stat().st_size == 0


def damaged(path: Path, what: str) -> StoreDamaged:
    """Return the error for a file that can't be read, with the way on."""
    return StoreDamaged(
        f"The store {path} can't be read: {what.rstrip('.')}. Put a backup in its place, or run "
        "`tp-geo recover`, which keeps it under another name and rebuilds the alignments "
        "from the journal beside it."
    )


def _runner(cursor: duckdb.DuckDBPyConnection) -> Run:
    def run(sql: str, *values: object) -> list[Row]:
        return cursor.execute(sql, list(values)).fetchall()

    return run


def _locked(path: Path, wait_s: float) -> FileLock:
    file = path.with_name(path.name + ".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(file, mode=OWNER_ONLY, thread_local=False)
        lock.acquire(timeout=wait_s)
    except Timeout as error:
        raise _busy(path, _holder(file)) from error
    except OSError as error:
        raise Unavailable(
            f"The store {path} can't be opened: {error.strerror or error}. "
            "Choose another place with --store or TP_GEO_STORE."
        ) from error
    with contextlib.suppress(OSError):
        file.write_text(f"{os.getpid()}\n")
    return lock


def _holder(lock: Path) -> str:
    for _ in range(3):
        with contextlib.suppress(OSError, ValueError):
            return f"process {int(lock.read_text())}"
        time.sleep(0.01)
    return "another process"


def _busy(path: Path, holder: str) -> StoreBusy:
    return StoreBusy(
        f"The store {path} is in use by {holder}; close that one first, "
        "or choose another file with --store or TP_GEO_STORE."
    )


_SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "storage_compatibility_version": "v1.5.0",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "enable_external_access": False,
    "memory_limit": "1GB",
    "threads": 2,
    "lock_configuration": True,
}
