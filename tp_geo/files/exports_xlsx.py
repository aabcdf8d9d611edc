"""A workbook: sheets of areas, containers, units and history, ready to filter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

from tp_geo.errors import BadData
from tp_geo.files.exports_tables import clean

MAX_ROWS = 1_048_576
MAX_CELL = 32_767
WIDTHS = (8, 48)
SAMPLE = 200
"""Column widths are taken from so many rows."""


def write_xlsx(sheets: Mapping[str, pd.DataFrame], path: Path) -> None:
    """Write tables as sheets of a workbook: headers frozen, filters on, nothing live.

    Raises ``OSError`` when the file can't be written.
    """
    for title, table in sheets.items():
        if len(table) >= MAX_ROWS:
            raise BadData(
                f"{title} has {len(table):,} rows; a sheet holds {MAX_ROWS - 1:,}. "
                "Export to .csv or .parquet instead."
            )
    try:
        _write_book(sheets, path)
    except FileCreateError as error:
        why = error.args[0] if error.args else error
        raise OSError(getattr(why, "errno", None), getattr(why, "strerror", str(why))) from error


def _write_book(sheets: Mapping[str, pd.DataFrame], path: Path) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(str(path), options) as book:
        formats = {
            name: book.add_format(how)
            for name, how in {
                "head": {"bold": True, "bg_color": "#E8EEF4", "bottom": 1},
                "whole": {"num_format": "#,##0"},
                "number": {"num_format": "#,##0.00"},
                "share": {"num_format": "+0.0%;-0.0%;0.0%"},
            }.items()
        }
        for title, table in sheets.items():
            _write_sheet(book.add_worksheet(title), table, formats)


def _write_sheet(sheet: Any, table: pd.DataFrame, formats: Mapping[str, Any]) -> None:
    kinds = [formats.get(_kind(str(name), table[name])) for name in table.columns]
    for at, name in enumerate(table.columns):
        sheet.set_column(at, at, _width(str(name), table[name]))
        sheet.write_string(0, at, clean(str(name))[:MAX_CELL], formats["head"])
    for row, values in enumerate(table.itertuples(index=False, name=None), start=1):
        for at, value in enumerate(values):
            _write_cell(sheet, row, at, value, kinds[at])
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(table), 1), max(len(table.columns) - 1, 0))


def _write_cell(sheet: Any, row: int, at: int, value: object, how: object) -> None:
    if isinstance(value, (int, float)):
        if math.isfinite(value):
            sheet.write_number(row, at, value, how)
    elif value:
        sheet.write_string(row, at, clean(str(value))[:MAX_CELL])


def _kind(name: str, column: pd.Series[Any]) -> str:
    if name in ("id", "revision", "area id", "takes back"):
        return ""
    if column.dtype.kind == "i":
        return "whole"
    if column.dtype.kind != "f":
        return ""
    if name.endswith(" deviation"):
        return "share"
    there = column.dropna()
    return "whole" if bool((there == there.round()).all()) else "number"


def _width(name: str, column: pd.Series[Any]) -> int:
    longest = max((len(str(v)) for v in column.head(SAMPLE).tolist()), default=0)
    return min(max(len(name) + 3, longest + 1, WIDTHS[0]), WIDTHS[1])
