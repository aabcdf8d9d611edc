"""Brings a store's tables up to date: numbered SQL files, each run once, in order."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from tp_geo.errors import BadData
from tp_geo.store.connect import DuckDbFile, Run

_HAS_TABLES: Final = "select table_name from information_schema.tables"
_CREATE: Final = (
    "create table migration (number integer not null, name text not null, primary key (number))"
)
_DONE: Final = "select coalesce(max(number), 0) from migration"
_RECORD: Final = "insert into migration (number, name) values ($1, $2)"


def migrate(file: DuckDbFile) -> None:
    """Run the migrations a file has not seen; raise ``BadData`` when it is not ours or newer."""
    tables = {name for (name,) in file.rows(_HAS_TABLES)}
    if tables and "migration" not in tables:
        raise BadData(f"{file.path} is a database of something else. Choose another file.")
    if not tables:
        file.commit(lambda run: run(_CREATE))
    ((done,),) = file.rows(_DONE)
    known = migrations()
    if done > len(known):
        raise BadData(
            f"The store {file.path} was written by a newer TP Geo (schema {done}, this one "
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


def _step(run: Run, number: int, name: str, sql: str) -> None:
    run(sql)
    run(_RECORD, number, name)
