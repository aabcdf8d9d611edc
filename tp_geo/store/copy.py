"""Backups and moves: everything of a store, as of one moment, in a new one of either engine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import duckdb

from tp_geo.errors import Refused, Unavailable
from tp_geo.store.connect import DuckDbFile, Run, sides
from tp_geo.store.keeper import Keeper
from tp_geo.store.migrate import migrate
from tp_geo.store.soundness import PRIMARY_KEYS

_BLOB_KEYS: Final = "select key from blob"
_BLOB: Final = "select key, data from blob where key = $1"
_PUT_BLOB: Final = "insert into blob (key, data) values ($1, $2)"


def back_up(home: Keeper, path: Path) -> None:
    """Write a store to a new DuckDB file; raise ``Refused`` when it is there already."""
    if path.exists():
        raise Refused(f"{path} exists already. Choose another name for the backup.")
    part = path.with_name(path.name + ".part")
    try:
        _clear(part)
        target = DuckDbFile(part, called=f"backup {path}")
        try:
            with _explaining(target):
                migrate(target)
            with home.reading() as read, _explaining(target):
                target.commit(lambda write: write_all(read, write))
        finally:
            target.close()
        if sides(part):  # what is in them was not moved into the file
            raise Unavailable(
                f"The backup {path} can't be written to the end. "
                "Nothing was saved. Look whether the disk is full, then try again."
            )
        part.rename(path)
    except OSError as error:
        raise Unavailable(f"The backup {path} can't be written: {error.strerror}.") from error
    finally:
        _clear(part)


def write_all(read: Run, write: Run) -> None:
    """Write all that a store holds into one that is empty."""
    for table in (t for t in PRIMARY_KEYS if t != "blob"):
        rows = read(f"select * from {table}")
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            values = ", ".join(f"unnest(${k + 1})" for k in range(len(columns)))
            write(f"insert into {table} select {values}", *columns)
    for (key,) in read(_BLOB_KEYS):
        write(_PUT_BLOB, *read(_BLOB, key)[0])


@contextmanager
def _explaining(file: DuckDbFile) -> Iterator[None]:
    """Raise what goes wrong with a file in its name."""
    try:
        yield
    except duckdb.Error as error:
        raise file.explained(error) from error


def _clear(part: Path) -> None:
    """Remove a backup that is not finished, and all beside it."""
    rest = (part.with_name(part.name + end) for end in ("", ".new", ".lock"))
    for file in (*rest, *sides(part)):
        file.unlink(missing_ok=True)
