"""A store's file and its journal, kept in step: what every handle in the process shares."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import MISSING, asdict, fields
from pathlib import Path
from typing import Final

import duckdb

from tp_geo.errors import Unavailable
from tp_geo.store.connect import (
    CHECKPOINT_AT,
    DuckDbFile,
    Mend,
    Row,
    Run,
    check_ours,
    set_aside,
)
from tp_geo.store.journal import STORE, Journal, Line
from tp_geo.store.logged import LOGGED, Check, Logged, Record, checked
from tp_geo.store.migrate import migrate
from tp_geo.store.presence import Attendance
from tp_geo.store.records import Entry, Snapshot
from tp_geo.store.soundness import readable

log = logging.getLogger(__name__)

_IDENTITY: Final = "select id from store_identity"
_PUT_IDENTITY: Final = "insert into store_identity (id) values ($1)"
_LAST_UNLOGGED: Final = (
    "select coalesce(max(n), 0) from dataset_version",
    "select coalesce(max(n), 0) from boundary_version",
    "select coalesce(max(n), 0) from layer_version",
)
HEAD: Final = "select coalesce(max(seq), 0) from revision where alignment = $1 and draft = $2"
TAKEN: Final = "select 1 from snapshot where alignment = $1 and name = $2"


class Home:
    """The file, its journal, and the number of the last commit.

    Opening mends what a crash or a damaged write-ahead log left, from the
    journal, and says so in ``notes``; ``rebuild`` does so for a damaged file.
    """

    def __init__(
        self,
        path: Path,
        *,
        wait_s: float = 0.0,
        checkpoint_at: str = CHECKPOINT_AT,
        rebuild: bool = False,
    ):
        self.path = path
        journaled = journal_path(path).exists()
        if not journaled:  # so the file may never have been ours
            check_ours(path)
        mend = Mend.FILE if rebuild else Mend.LOG if journaled else Mend.NOTHING
        self.file = DuckDbFile(path, wait_s=wait_s, checkpoint_at=checkpoint_at, mend=mend)
        self._pending: list[Line] = []
        self._n = 0
        self.attendance = Attendance()
        self._news = threading.Condition()
        self._closed = False
        try:
            if rebuild and not readable(self.file):
                self.file.renew()
            migrate(self.file)
            self.notes = [*self.file.notes]
            self._journal = self._opened_journal(adopt=rebuild)
            self._in_step()
        except duckdb.Error as error:
            self.file.close()
            raise self.file.explained(error) from error
        except OSError as error:
            self.file.close()
            raise Unavailable(
                f"The journal {journal_path(path)} can't be opened: {error.strerror}. "
                "Look whether it may be written and the disk has room, or choose another store "
                "with --store or TP_GEO_STORE."
            ) from error
        except BaseException:
            self.file.close()
            raise
        for note in self.notes:
            log.warning(note)

    @property
    def key(self) -> str:
        """What the home goes by in this process."""
        return str(self.path)

    @property
    def address(self) -> str:
        """Where the file is."""
        return str(self.path)

    @property
    def beside(self) -> Path:
        """Where files that belong to the store are put: beside its own."""
        return self.path

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Return the rows of a query."""
        return self.file.rows(sql, *values)

    @contextmanager
    def reading(self) -> Iterator[Run]:
        """Read all of it as of one moment."""
        with self.file.reading() as read:

            def found(sql: str, *values: object) -> list[Row]:
                try:
                    return read(sql, *values)
                except duckdb.Error as error:
                    raise self.file.explained(error) from error

            yield found

    def news(self) -> int:
        """Return the number of the last commit."""
        return self._n

    def stamp(self) -> int:
        """Return the number of the last commit: only this process makes any."""
        return self._n

    def follow(self) -> None:
        """Do nothing: there is nobody else to hear of."""

    def wait_for_news(self, after: int, timeout_s: float) -> int:
        """Return the number of the last commit as soon as it is above one, or when time is up."""
        with self._news:
            self._news.wait_for(lambda: self._n > after or self._closed, timeout_s)
            return self._n

    def commit(self, logged: Logged, record: Record, check: Check | None = None) -> None:
        """Store and journal a record, after the check (which may raise) in one transaction."""
        self.commit_all(logged, (record,), check)

    def commit_all(
        self, logged: Logged, records: Sequence[Record], check: Check | None = None
    ) -> None:
        """Store and journal records of one sort in one transaction, as `commit` does one."""
        columns = [list(c) for c in zip(*map(checked, records), strict=True)]

        def work(run: Run, n: int) -> None:
            if check:
                check(run)
            run(logged.insert, *columns, [*range(n, n + len(records))])

        with self.file.writing():
            n = self._numbered(work, logged.last, len(records))
            lines = (Line(n + k, logged.kind, asdict(r)) for k, r in enumerate(records))
            self._journaled([*lines])

    def keep(self, work: Callable[[Run, int], object], last: str) -> None:
        """Do what isn't journaled and move it into the file at once, where no log can lose it.

        ``last`` is the query of the highest number in the table that ``work`` numbers.
        """
        with self.file.writing():
            self._numbered(work, last)
            self.file.checkpoint()

    def put_once(self, sql: str, key: str, data: bytes) -> None:
        """Run an insert that leaves what is there, so that it can be repeated when in doubt."""

        def again() -> bool:
            self.file.commit(lambda run: run(sql, key, data))
            return True

        with self.file.writing():
            self._transact(lambda run: run(sql, key, data), again)

    def close(self) -> None:
        """Close the journal and the file."""
        with self._news:
            self._closed = True
            self._news.notify_all()
        self._journal.close()
        self.file.close()

    def _numbered(self, work: Callable[[Run, int], object], last: str, count: int = 1) -> int:
        """Do work that uses so many numbers, and return the first of them."""
        n, end = self._n + 1, self._n + count
        self._transact(lambda run: work(run, n), lambda: self.file.rows(last) == [(end,)])
        with self._news:
            self._n = end
            self._news.notify_all()
        return n

    def _transact(self, work: Callable[[Run], object], done: Callable[[], bool]) -> None:
        """Commit; when the database gave up at it, open it anew and look whether it is done."""
        before = self.file.connection
        try:
            self.file.commit(work)
        except duckdb.FatalException as error:
            self.file.reopen(before)
            if not done():
                raise self.file.explained(error) from error
        except duckdb.Error as error:
            raise self.file.explained(error) from error

    def _journaled(self, lines: list[Line]) -> None:
        self._pending += lines
        try:
            self._journal.append(self._pending)
        except OSError as error:
            log.warning("The journal of %s can't be written now: %s", self.path, error)
        else:
            self._pending = []

    def _opened_journal(self, *, adopt: bool) -> Journal:
        journal = Journal(journal_path(self.path))
        ours = [id_ for (id_,) in self.file.rows(_IDENTITY)]
        if not ours:
            if adopt and journal.empty:
                self.notes.append("There is no journal beside it, so the store is empty now.")
            ours = [(adopt and journal.store()) or uuid.uuid4().hex]
            self.file.commit(lambda run: run(_PUT_IDENTITY, ours[0]))
            self.file.checkpoint()  # else a damaged log would take it, and the journal seem foreign
        if not journal.empty and journal.store() != ours[0]:
            journal.close()
            aside = set_aside(journal.path)
            self.notes.append(
                f"The journal beside {self.path} is that of another store; "
                f"it was kept as {aside.name} and a new one begun."
            )
            journal = Journal(journal.path)
        if journal.empty:
            journal.append([Line(0, STORE, {"id": ours[0]})])
        return journal

    def _in_step(self) -> None:
        stored = max(self._lasts(k.last for k in LOGGED.values()))
        if self._journal.last > stored:
            self.notes.append(self._put_back(stored))
        self._n = max(stored, self._journal.last, *self._lasts(_LAST_UNLOGGED))
        if missing := self._since(self._journal.last):
            self._journal.append(missing)

    def _lasts(self, queries: Iterable[str]) -> list[int]:
        return [int(self.file.rows(query)[0][0]) for query in queries]

    def _since(self, n: int) -> list[Line]:
        found = (
            Line(row[-1], k.kind, asdict(k.type(*row[:-1])))
            for k in LOGGED.values()
            for row in self.file.rows(k.since, n)
        )
        return sorted(found, key=lambda line: line.n)

    def _put_back(self, stored: int) -> str:
        lines = list(self._journal.lines(after=stored))
        done: int = self.file.commit(lambda run: sum(_put(run, line) for line in lines))
        left = len(lines) - done
        return f"{done} changes were put back from the journal {self._journal.path.name}" + (
            f"; {left} others there did not fit and were left." if left else "."
        )


def journal_path(store: Path) -> Path:
    """Return where the journal of a store is."""
    return store.with_name(store.name + ".journal.jsonl")


def _fits(row: Mapping[str, object], record: type[Record]) -> bool:
    """Whether a journaled row is such a record; what was added since may be missing."""
    known = {f.name: f.default is not MISSING for f in fields(record)}
    return row.keys() <= known.keys() and all(known[k] for k in known.keys() - row.keys())


def _put(run: Run, line: Line) -> bool:
    """Store a journaled record again where it fits, and say whether it did."""
    logged = LOGGED.get(line.kind)
    if logged is None or not _fits(line.row, logged.type):
        return False
    record = logged.type(**line.row)
    if isinstance(record, Entry):
        ((head,),) = run(HEAD, record.alignment, record.draft)
        if record.seq != head + 1:
            return False
    if isinstance(record, Snapshot) and run(TAKEN, record.alignment, record.name):
        return False
    run(logged.insert, *([value] for value in checked(record)), [line.n])
    return True
