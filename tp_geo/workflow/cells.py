"""Cells of a user's table: which column is meant, and what a text in it says."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from tp_geo.files.exports_csv import unescaped

_TRUE = frozenset({"true", "yes", "y", "1", "x", "t", "locked", "held"})
_FALSE = frozenset({"false", "no", "n", "0", "f", "unlocked", "released"})
_PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_DECORATION = str.maketrans("", "", " _$€£\u00a0\u202f")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in one cell, and what to do about it. ``row`` counts as a spreadsheet does."""

    row: int
    field: str
    value: str
    remedy: str

    def __str__(self) -> str:
        return f"Row {self.row}, {self.field} {self.value[:80]!r}: {self.remedy}"


def find_column(table: pd.DataFrame, names: Sequence[str]) -> str | None:
    """Return the column called by the first of ``names`` there is, case and spacing aside."""
    known = {folded(c): str(c) for c in reversed(table.columns.astype(str))}
    return next((known[folded(n)] for n in names if folded(n) in known), None)


def folded(name: str) -> str:
    """Return a column name without case, spaces, dashes and underscores."""
    return re.sub(r"[\s_\-.:]+", "", plain(name)).casefold()


def texts(table: pd.DataFrame, column: str | None) -> list[str]:
    """Return the cells of a column as trimmed texts, "" without a column or a value."""
    if column is None:
        return [""] * len(table)
    values = table[column].fillna("").tolist()
    said = {v: plain(v) for v in set(values)}
    return [said[v] for v in values]


def plain(value: object) -> str:
    """Return a cell as text, without the apostrophe that keeps spreadsheets from computing it."""
    return unescaped(str(value)).strip()


def number(text: str) -> float | None:
    """Return the number a text says, thousands commas and currency signs aside; else ``None``.

    ``1,5`` says none: it may be 1.5 or a slip.
    """
    bare = _bare(text)
    if "," in bare and not _GROUPED.fullmatch(bare):
        return None
    bare = bare.replace(",", "")
    value = float(bare) if _PLAIN_NUMBER.fullmatch(bare) else math.nan
    return value if math.isfinite(value) else None


def flag(text: str) -> bool | None:
    """Return what a yes-or-no text says; ``None`` when it says neither."""
    bare = text.casefold()
    return True if bare in _TRUE else False if bare in _FALSE else None


def numeric(values: Iterable[str]) -> bool:
    """Whether every text that is there is a number that does not read like a code.

    A leading zero, as in 02139, makes a code.
    """
    there = [v for v in values if v]
    return bool(there) and all(_like_number(v) and not _coded(v) for v in there)


def _bare(text: str) -> str:
    bare = text.translate(_DECORATION)
    return f"-{bare[1:-1]}" if bare.startswith("(") and bare.endswith(")") else bare


def _like_number(text: str) -> bool:
    """Whether a text is a number, whatever its commas mean."""
    return bool(_PLAIN_NUMBER.fullmatch(_bare(text).replace(",", "")))


def _coded(text: str) -> bool:
    return len(text) > 1 and text[0] == "0" and text[1].isdigit()
