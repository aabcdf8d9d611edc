"""Tables of text: a header that names every column, cells that are never missing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from tp_geo.errors import BadData

_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)*")
_MIDNIGHT = r"( 00:00:00)?(\.0+)?$"
_YEAR = re.compile(r"(19|20)\d\d")


def under_header(rows: pa.Table, name: str) -> pa.Table:
    """Return a table whose first row has become its column names.

    Columns without a name and without content are dropped. Raises ``BadData``
    when the first row is no header, or names a column twice.
    """
    header = [str(column[0].as_py()).strip() if rows.num_rows else "" for column in rows.columns]
    if not any(header):
        raise BadData(f"{name} has no header. Put the column names in its first row.")
    check_header(header, name)
    body = rows.slice(1)
    if body.num_rows == 0:
        raise BadData(f"{name} has a header and no rows. Export it again with its rows.")
    kept = [i for i, title in enumerate(header) if title or _has_text(body.column(i))]
    titles = [header[i] or f"column {i + 1}" for i in kept]
    check_twice(titles, name)
    return pa.table([body.column(i) for i in kept], names=titles)


def check_header(header: Sequence[str], name: str) -> None:
    """Raise ``BadData`` when column names look like values."""
    filled = [title for title in header if title]
    numbers = [t for t in filled if _NUMBER.fullmatch(t) and not _YEAR.fullmatch(t)]
    fractions = [t for t in numbers if "." in t]
    if fractions or (numbers and 2 * len(numbers) >= len(filled)):
        raise BadData(
            f"The first row of {name} looks like values, not column names: "
            f"{', '.join(repr(t[:30]) for t in filled[:4])}. Put the column names in the first row."
        )


def check_twice(titles: Sequence[str], name: str) -> None:
    """Raise ``BadData`` when two columns have one name."""
    for title, times in Counter(titles).items():
        if times > 1:
            at = " and ".join(str(i + 1) for i, t in enumerate(titles) if t == title)
            raise BadData(
                f"{name} has {times} columns named {title[:80]!r} (columns {at}). Rename one."
            )


def as_texts(table: pa.Table) -> tuple[pa.Table, tuple[str, ...]]:
    """Return columns as text, "" for missing, and the names of those that cannot be text."""
    columns, names, left_out = [], [], []
    for title, column in zip(table.column_names, table.columns, strict=True):
        text = _as_text(column)
        if text is None:
            left_out.append(title)
        else:
            columns.append(text)
            names.append(title)
    return pa.table(columns, names=names), tuple(left_out)


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    kind = column.type
    if isinstance(kind, pa.DictionaryType):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return None
    if pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), None, column)
    if pa.types.is_null(kind):
        column = pa.chunked_array([pa.nulls(len(column), pa.string())])
    try:
        text = pc.fill_null(column.cast(pa.string()), "")
        return pc.replace_substring_regex(text, _MIDNIGHT, "") if _is_time(kind) else text
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return None


def _is_time(kind: pa.DataType) -> bool:
    return bool(pa.types.is_timestamp(kind))


def _has_text(column: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.not_equal(pc.utf8_trim_whitespace(column), "")).as_py())
