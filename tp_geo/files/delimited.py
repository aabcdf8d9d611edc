"""CSV and its kin: encoding and delimiter found out, every field kept as text."""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow_csv

from tp_geo.errors import BadData
from tp_geo.files.row_numbers import filled, numbered

DELIMITERS = (",", ";", "\t", "|")
MAX_COLUMNS = 1_000

_BLOCK_BYTES = 8 * 2**20
_SAMPLE_BYTES = 256 * 2**10
_SAMPLE_RECORDS = 60
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OPEN_QUOTE = (
    "has a quote that is opened and never closed, or a field of many megabytes. "
    'Look for a lone " and double it.'
)
_SEP_LINE = re.compile(r"^\ufeff?sep=(.)\r?\n")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file is written. ``skip`` is the number of lines before the header."""

    encoding: str
    delimiter: str
    skip: int = 0


def read_delimited(path: Path, name: str) -> tuple[pa.Table, Dialect, list[int]]:
    """Return all records as text, the header in row 0, how the file is written, and blank rows."""
    dialect = find_dialect(path, name)
    blank = _blank_rows(path, dialect)
    ragged: list[tuple[int, int, int]] = []

    def note(row: arrow_csv.InvalidRow) -> str:
        ragged.append((row.number or 0, row.actual_columns, row.expected_columns))
        return "skip"

    try:
        table = _read(path, dialect, _count_fields(path, dialect, name), note)
    except (pa.ArrowInvalid, UnicodeError) as broken:
        raise BadData(_explain(name, str(broken))) from broken
    if ragged:
        raise BadData(_name_ragged(name, ragged, blank))
    if _swallowed(path, table):
        raise BadData(f"Row {numbered(table.num_rows, blank)[-1]} of {name} {_OPEN_QUOTE}")
    return table, dialect, blank


def find_dialect(path: Path, name: str) -> Dialect:
    """Return encoding and delimiter of a text file; raise ``BadData`` when it is no text."""
    encoding = _find_encoding(path, name)
    sample = _sample(path, encoding)
    if found := _SEP_LINE.match(sample):
        return Dialect(encoding, found[1], skip=1)
    return Dialect(encoding, max(DELIMITERS, key=lambda d: _fit(sample, d)))


def _read(path: Path, dialect: Dialect, fields: int, note: object) -> pa.Table:
    types = {f"f{i}": pa.string() for i in range(fields)}
    return arrow_csv.read_csv(
        path,
        read_options=arrow_csv.ReadOptions(
            use_threads=False,  # row numbers are known only when read in order
            block_size=_BLOCK_BYTES,
            encoding="utf-8" if dialect.encoding == "utf-8-sig" else dialect.encoding,
            autogenerate_column_names=True,
            skip_rows=dialect.skip,
        ),
        parse_options=arrow_csv.ParseOptions(
            delimiter=dialect.delimiter, newlines_in_values=True, invalid_row_handler=note
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=types, strings_can_be_null=False, null_values=[]
        ),
    )


def _count_fields(path: Path, dialect: Dialect, name: str) -> int:
    records = _records(_sample(path, dialect.encoding), dialect.delimiter)[dialect.skip :]
    fields = len(records[0]) if records else 0
    if fields == 0:
        raise BadData(f"{name} holds no rows. Export it again.")
    if fields > MAX_COLUMNS:
        raise BadData(f"{name} has {fields:,} columns; at most {MAX_COLUMNS:,} are read.")
    return fields


def _find_encoding(path: Path, name: str) -> str:
    with path.open("rb") as file:
        head = file.read(4096)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return _checked(path, name, encoding)
    if b"\x00" in head and len(head) >= 2:
        nuls = head[0::2].count(0), head[1::2].count(0)
        if max(nuls) > 0.3 * len(head) / 2 and min(nuls) * 10 < max(nuls):
            return _checked(path, name, "utf-16-be" if nuls[0] > nuls[1] else "utf-16-le")
    try:
        return _checked(path, name, "utf-8")
    except UnicodeDecodeError:
        return _checked(path, name, "cp1252")


def _checked(path: Path, name: str, encoding: str) -> str:
    """Return the encoding once the whole file is text in it, without NUL characters."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    try:
        with path.open("rb") as file:
            while block := file.read(2**20):
                text = decoder.decode(block)
                if (at := text.find("\x00")) >= 0:
                    line = lines + text.count("\n", 0, at)
                    raise BadData(
                        f"Line {line} of {name} has a NUL byte, which no text file has. "
                        "Export it again as CSV in UTF-8."
                    )
                lines += text.count("\n")
            decoder.decode(b"", final=True)
    except UnicodeDecodeError as broken:
        if encoding == "utf-8":
            raise
        raise BadData(
            f"Line {lines} of {name} is not text in {encoding} ({broken.reason}), nor in UTF-8. "
            "Save the file as CSV in UTF-8."
        ) from broken
    return encoding


def _sample(path: Path, encoding: str) -> str:
    with path.open("rb") as file:
        text = codecs.getincrementaldecoder(encoding)().decode(file.read(_SAMPLE_BYTES))
    return text.removeprefix("\ufeff")


def _records(sample: str, delimiter: str) -> list[list[str]]:
    """Return the first records that are not blank."""
    found: list[list[str]] = []
    try:
        for record in csv.reader(StringIO(sample, newline=""), delimiter=delimiter):
            if record:
                found.append(record)
            if len(found) == _SAMPLE_RECORDS:
                break
    except csv.Error:
        return found
    return found


def _fit(sample: str, delimiter: str) -> tuple[float, int]:
    """Return how well a delimiter explains the sample: alike records, many fields."""
    widths = [len(record) for record in _records(sample, delimiter)]
    if not widths or widths[0] < 2:
        return 0.0, 0
    return sum(w == widths[0] for w in widths) / len(widths), widths[0]


def _blank_rows(path: Path, dialect: Dialect) -> list[int]:
    """Return the numbers of blank rows before the last that is not; most files have none."""
    with path.open(encoding=dialect.encoding, newline="") as file:
        lines = islice(file, dialect.skip, None)
        if not any(not line.strip("\r\n") for line in lines):
            return []
    found: list[int] = []
    with path.open(encoding=dialect.encoding, newline="") as file:
        records = csv.reader(islice(file, dialect.skip, None), delimiter=dialect.delimiter)
        try:
            for _ in filled((["x"] if record else [] for record in records), found):
                pass
        except csv.Error:  # a field that is too long, or a quote that is never closed
            return found
    return found


def _swallowed(path: Path, table: pa.Table) -> bool:
    """Tell whether the last row took in all that follows a quote that is never closed."""
    last = [str(column[-1].as_py()) for column in table.columns if table.num_rows]
    if not any("\n" in cell for cell in last):
        return False
    with path.open("rb") as file:
        quotes = sum(block.count(b'"') for block in iter(lambda: file.read(2**20), b""))
    return quotes % 2 == 1


def _explain(name: str, said: str) -> str:
    if "straddling" in said or "block size" in said:
        return f"A row of {name} {_OPEN_QUOTE}"
    return f"{name} cannot be read as CSV ({said[:200]}). Export it again as CSV in UTF-8."


def _name_ragged(name: str, ragged: list[tuple[int, int, int]], blank: list[int]) -> str:
    read, actual, expected = ragged[0]
    row = numbered(read, blank)[-1]
    rest = len(ragged) - 1
    others = f"; {rest:,} more {'row is' if rest == 1 else 'rows are'} like it" if rest else ""
    fields = "1 field" if actual == 1 else f"{actual} fields"
    return (
        f"Row {row} of {name} has {fields} where the header has {expected}{others}. "
        "Put fields that hold the delimiter or a line break in quotes."
    )
