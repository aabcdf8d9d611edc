"""Tables from Parquet and Excel, as text. Runs in the child process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import python_calamine as calamine

from tp_geo.errors import BadData
from tp_geo.files.archives import check_archive
from tp_geo.files.delimited import MAX_COLUMNS, read_delimited
from tp_geo.files.formats import Format
from tp_geo.files.row_numbers import BLANK, filled
from tp_geo.files.texts import as_texts, check_twice, under_header

_ROWS_AT_ONCE = 20_000
_EXACT = 2**53


def read(
    path: Path, name: str, how: Format, sheet: str | None
) -> tuple[pa.Table, dict[str, object]]:
    """Return a table of text columns and what was found out about the file."""
    match how:
        case Format.PARQUET:
            table, left_out = as_texts(read_parquet(path, name))
            check_twice(table.column_names, name)
            _check_filled(table, name)
            return table, {"left_out": ", ".join(left_out)} if left_out else {}
        case Format.XLSX:
            rows, title, blank = read_sheet(path, name, sheet)
            return under_header(rows, name), {"sheet": title, BLANK: blank}
        case _:
            rows, dialect, blank = read_delimited(path, name)
            known = {"encoding": dialect.encoding, "delimiter": dialect.delimiter}
            return under_header(rows, name), {**known, BLANK: blank}


def read_parquet(path: Path, name: str) -> pa.Table:
    """Return the table of a Parquet file as it is."""
    try:
        with pq.ParquetFile(path) as file:
            if (columns := file.metadata.num_columns) > MAX_COLUMNS:
                raise BadData(f"{name} has {columns:,} columns; at most {MAX_COLUMNS:,} are read.")
            return file.read(use_threads=False)
    except pa.ArrowMemoryError:
        raise
    except (pa.ArrowException, OSError) as broken:
        raise BadData(f"{name} is a damaged Parquet file ({_short(broken)}).") from broken


def read_sheet(path: Path, name: str, sheet: str | None) -> tuple[pa.Table, str, list[int]]:
    """Return the rows of a sheet that are not blank, its name, and which rows are."""
    check_archive(path, name)
    try:
        book = calamine.load_workbook(path)
        title = _choose(book.sheet_names, sheet, name)
        found = book.get_sheet_by_name(title)
    except (calamine.CalamineError, ValueError, OSError) as broken:
        raise BadData(f"{name} is a damaged Excel workbook ({_short(broken)}).") from broken
    if found.width == 0 or found.height == 0:
        raise BadData(f"Sheet {title!r} of {name} is empty. Name the sheet that holds the rows.")
    if found.width > MAX_COLUMNS:
        raise BadData(f"{name} has {found.width:,} columns; at most {MAX_COLUMNS:,} are read.")
    rows = ([to_text(cell) for cell in row] for row in found.iter_rows())
    blank: list[int] = []
    return _collect(filled(rows, blank), found.width), title, blank


def to_text(cell: object) -> str:
    """Return a cell as a person reads it: whole numbers without a point, dates in ISO form."""
    match cell:
        case str():
            return cell
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < _EXACT:
            return str(int(cell))
        case dt.datetime() if cell.time() == dt.time():
            return cell.date().isoformat()
        case dt.datetime() | dt.date() | dt.time():
            return cell.isoformat()
        case None:
            return ""
        case _:
            return str(cell)


def _collect(rows: Iterable[list[str]], width: int) -> pa.Table:
    names = [f"f{i}" for i in range(width)]
    chunks = [
        pa.table([pa.array(c, pa.string()) for c in part], names=names)
        for part in _columns(iter(rows), width)
    ]
    return pa.concat_tables(chunks)


def _columns(rows: Iterator[list[str]], width: int) -> Iterator[list[list[str]]]:
    """Yield the rows turned into columns, some thousands at once; at least one part."""
    first = True
    while (part := list(islice(rows, _ROWS_AT_ONCE))) or first:
        first = False
        yield [list(c) for c in zip(*part, strict=True)] if part else [[] for _ in range(width)]


def _choose(sheets: list[str], wanted: str | None, name: str) -> str:
    if not sheets:
        raise BadData(f"{name} has no sheet with rows. Add one.")
    if wanted is None:
        return sheets[0]
    if wanted not in sheets:
        raise BadData(f"{name} has no sheet {wanted!r}. It has: {', '.join(sheets[:20])}.")
    return wanted


def _check_filled(table: pa.Table, name: str) -> None:
    if table.num_columns == 0 or table.num_rows == 0:
        raise BadData(f"{name} has no rows that can be read as text. Export it again.")


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
