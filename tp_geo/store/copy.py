"""Backups: everything of a store, as of one moment, in a new file that is a store as well."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from tp_geo.errors import Refused, Unavailable
from tp_geo.store.connect import DuckDbFile, Run
from tp_geo.store.home import Home
from tp_geo.store.migrate import migrate
from tp_geo.store.soundness import PRIMARY_KEYS

_BLOB_KEYS: Final = "select key from blob"
_BLOB: Final = "select key, data from blob where key = $1"
_PUT_BLOB: Final = "insert into blob (key, data) values ($1, $2)"


def copy_to(home: Home, path: Path) -> None:
    """Write a backup; raise ``Refused`` when the file is there already."""
    if path.exists():
        raise Refused(f"{path} exists already. Choose another name for the backup.")
    part = path.with_name(path.name + ".part")
    rest = [part.with_name(part.name + end) for end in ("", ".wal", ".lock")]
    try:
        for file in rest:
            file.unlink(missing_ok=True)
        target = DuckDbFile(part)
        try:
            migrate(target)
            home.file.commit(lambda read: target.commit(lambda write: _copied(read, write)))
        finally:
            target.close()
        part.rename(path)
    except OSError as error:
        raise Unavailable(f"The backup {path} can't be written: {error.strerror}.") from error
    except duckdb.Error as error:
        raise home.file.explained(error) from error
    finally:
        for file in rest:
            file.unlink(missing_ok=True)


def _copied(read: Run, write: Run) -> None:
    for table in (t for t in PRIMARY_KEYS if t != "blob"):
        rows = read(f"select * from {table}")
        if rows:
            columns = [list(column) for column in zip(*rows, strict=True)]
            values = ", ".join(f"unnest(${k + 1})" for k in range(len(columns)))
            write(f"insert into {table} select {values}", *columns)
    for (key,) in read(_BLOB_KEYS):
        write(_PUT_BLOB, *read(_BLOB, key)[0])
