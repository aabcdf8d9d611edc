"""Accounts in Parquet files rolled up by DuckDB, a file or all of them at a time.

What is here runs in a process of its own, on this machine or another: it
takes names of files and gives a small table, and reads nothing else.
"""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tp_geo.domain.rolled_up import CODE, COUNT, COUNTRY
from tp_geo.errors import BadData
from tp_geo.warehouse.statement import (
    EXACT,
    Figure,
    RollUp,
    columns_of,
    found,
    names_of,
    statement,
)

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

TABLE: Final = "accounts"
_FIRST: Final = "SELECT * FROM accounts LIMIT 1000"
MEMORY: Final = "1GB"
"""What a task takes at most; DuckDB ends it with an error beyond."""
_NUMBERS: Final = frozenset(
    [f"{sign}{size}INT" for sign in ("", "U") for size in ("TINY", "SMALL", "BIG", "HUGE")]
    + ["INTEGER", "UINTEGER", "FLOAT", "DOUBLE"]
)
_TEXT: Final = "VARCHAR"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of work: some files, and how many threads it may take."""

    asked: RollUp
    files: tuple[str, ...]
    threads: int = 1


def sample_of(file: str) -> pa.Table:
    """Return the first rows of a Parquet file as texts, "" where there is nothing."""
    import pyarrow as pa

    with _opened([file], 1) as base:
        made = base.execute(_FIRST).to_arrow_table()
    texts = [
        pa.array(["" if v is None else str(v) for v in column.to_pylist()], pa.string())
        for column in made.columns
    ]
    return pa.table(texts, names=made.column_names)


def roll_up(part: Part) -> pa.Table:
    """Return a row for each code of the accounts in some files, in order of code.

    Figures are exact: whole numbers, and decimals to a millionth. However
    accounts are spread over files, `merged` gives the same.
    """
    with _opened(part.files, part.threads) as base:
        asked = _checked(part.asked, base, part.files)
        made = base.execute(statement(asked, "duckdb")).to_arrow_table()
    return _exactly(made, asked)


def exactly(asked: RollUp) -> RollUp:
    """Return a roll-up that adds figures up exactly, whatever their type."""
    return replace(asked, figures=tuple(replace(f, exact=True) for f in asked.figures))


def _checked(asked: RollUp, base: duckdb.DuckDBPyConnection, files: Sequence[str]) -> RollUp:
    """Return what is asked for with columns as these files have them; refuse what can't be."""
    described = base.execute(names_of(TABLE, "duckdb")).description or []
    kinds = {str(d[0]): str(d[1]) for d in described}
    called = Path(files[0]).name
    names = [found(c, list(kinds), called) for c in _columns(asked)]
    keys, figures = (names[:2], names[2:]) if asked.country else (names[:1], names[1:])
    for name in figures:
        kind = kinds[name]
        if kind not in {*_NUMBERS, _TEXT} and not kind.startswith("DECIMAL"):
            raise BadData(
                f"Column {name!r} of {called} is {kind}, which can't be added up. "
                "Leave it out, or write numbers into it."
            )
    return replace(
        asked,
        table=TABLE,
        code=keys[0],
        country=keys[1] if asked.country else "",
        figures=tuple(Figure(name, exact=True) for name in figures),
    )


def _columns(asked: RollUp) -> list[str]:
    named = [asked.code, asked.country, *(f.column for f in asked.figures)]
    return [name for name in named if name]


def merged(asked: RollUp, parts: Sequence[pa.Table]) -> pa.Table:
    """Return the roll-up of all accounts of which parts were rolled up."""
    import duckdb
    import pyarrow as pa

    asked = exactly(asked)
    keys = [CODE, *([COUNTRY] if asked.country else [])]
    here = [
        part.take(pa.array(range(len(part)), pa.int64())) for part in parts
    ]  # aligned, wherever from
    every = pa.concat_tables(here)
    plain = [*keys, *(f"c{k}" for k in range(every.num_columns - len(keys)))]
    sums = [f"sum({c}) as {c}" for c in plain[len(keys) :]]
    with duckdb.connect(":memory:") as base:
        view = base.from_arrow(every.rename_columns(plain))
        made = view.aggregate(", ".join([*keys, *sums]), ", ".join(keys)).to_arrow_table()
    return _exactly(made.rename_columns(columns_of(asked)), asked)


def _exactly(table: pa.Table, asked: RollUp) -> pa.Table:
    """Return the table in order of code, its columns of the one type each has."""
    import pyarrow as pa

    figure = pa.decimal128(38, 6)
    kinds = {CODE: pa.string(), COUNTRY: pa.string(), COUNT: pa.int64()}
    figures = {f.column for f in asked.figures}
    schema = pa.schema(
        [(c, kinds.get(c) or (figure if c in figures else pa.int64())) for c in columns_of(asked)]
    )
    keys = [(CODE, "ascending")] + ([(COUNTRY, "ascending")] if asked.country else [])
    try:
        return table.cast(schema).sort_by(keys).combine_chunks()
    except pa.ArrowInvalid as error:
        raise BadData(
            f"A figure is too large to be added up exactly ({error}): at most 32 digits before "
            f"the point, as {EXACT}. Leave the column out, or give it in thousands."
        ) from error


@contextmanager
def _opened(files: Sequence[str], threads: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open DuckDB in memory with a view of some Parquet files; only their folders can be read."""
    import duckdb

    paths = [str(Path(f).absolute()) for f in files]
    for path in paths:
        if not Path(path).is_file():
            raise BadData(f"There is no file {path} on the machine that is to read it.")
    with duckdb.connect(":memory:") as base:
        try:
            base.execute("set enable_progress_bar = false")  # it goes to standard output
            base.execute("set threads = $n", {"n": threads})
            base.execute("set memory_limit = $n", {"n": MEMORY})
            base.execute("set temp_directory = ''")
            folders = sorted({str(Path(path).parent) for path in paths})
            base.execute("set allowed_directories = $folders", {"folders": folders})
            base.execute("set enable_external_access = false")
            base.execute("set lock_configuration = true")
            escaped = [glob.escape(path) for path in paths]
            base.read_parquet(escaped, union_by_name=True).create_view(TABLE)
            yield base
        except duckdb.Error as error:
            raise _unreadable(paths, error) from error


def _unreadable(files: Sequence[str], error: Exception) -> BadData:
    names = ", ".join(Path(f).name for f in files[:3]) + (" …" if len(files) > 3 else "")
    said = str(error).strip().splitlines()[0][:200]
    return BadData(f"{names} can't be rolled up: {said}. Check the file, or export it again.")
