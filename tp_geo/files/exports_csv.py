"""Tables as CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import math
import re
from pathlib import Path

import pandas as pd

from tp_geo.files.exports_tables import clean

_LIVE = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_ESCAPED = re.compile(r"'(?=[=+\-@\t\r\n＝＋－＠])")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as UTF-8 CSV; a text that would be a formula is kept back by ``'``."""
    columns = [_cells(table[name].tolist()) for name in table.columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)  # its \r\n makes it quote a lone \r, which else ends a row
        writer.writerow([escaped(str(name)) for name in table.columns])
        writer.writerows(zip(*columns, strict=True))


def escaped(text: str) -> str:
    """Return a text as a cell: with an apostrophe before it when it would be computed."""
    text = clean(text)
    return f"'{text}" if _LIVE.match(text) and not _NUMBER.fullmatch(text) else text


def unescaped(text: str) -> str:
    """Return the text of a cell that ``escaped`` wrote."""
    return _ESCAPED.sub("", text, count=1) if text.startswith("'") else text


def _cells(values: list[object]) -> list[str]:
    """Return values as cells; each text is looked at once, however often it is there."""
    said = {v: escaped(v) for v in {v for v in values if isinstance(v, str)}}
    return [said[v] if isinstance(v, str) else _cell(v) for v in values]


def _cell(value: object) -> str:
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return "" if value is None else escaped(str(value))
