"""Rows are told by the number people find them under, blank rows counted."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from frames import frame
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.errors import BadData
from tp_geo.files.doctor import diagnose
from tp_geo.files.intake import read_table
from tp_geo.files.mapping import Columns
from tp_geo.files.row_numbers import filled, numbered
from tp_geo.files.several import together

ROWS = ([], [], ["Id", "Zip"], ["a", "94110"], [], ["b", "99998"], [])
"""The header is in row 3, what is wrong in row 6."""


def csv(path: Path, end: str = "\n", before: str = "", encoding: str = "utf-8") -> Path:
    path.write_bytes((before + end.join(",".join(row) for row in ROWS)).encode(encoding))
    return path


def workbook(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for r, row in enumerate(ROWS):
            for c, text in enumerate(row):
                sheet.write_string(r, c, text)
    return path


def numbers(*files: Path) -> list[int]:
    found = together([(file.name, read_table(file)) for file in files])
    columns = Columns(id="Id", postal="Zip", source=found.source)
    return diagnose(found.table, columns, frame()).numbers.tolist()


def test_blank_rows_of_a_text_file_count(tmp_path: Path) -> None:
    assert numbers(csv(tmp_path / "a.csv")) == [4, 6]
    assert numbers(csv(tmp_path / "b.csv", "\r\n")) == [4, 6]
    assert numbers(csv(tmp_path / "c.csv", encoding="utf-16")) == [4, 6]
    assert numbers(csv(tmp_path / "d.csv", before="sep=,\n")) == [4, 6]


def test_blank_rows_of_a_workbook_count(tmp_path: Path) -> None:
    assert numbers(workbook(tmp_path / "a.xlsx")) == [4, 6]


def test_each_of_several_files_has_numbers_of_its_own(tmp_path: Path) -> None:
    plain = tmp_path / "plain.csv"
    plain.write_text("Id,Zip\nc,94110\n")
    files = csv(tmp_path / "a.csv"), plain, workbook(tmp_path / "b.xlsx")
    assert numbers(*files) == [4, 6, 2, 4, 6]


def test_a_line_break_in_quotes_begins_no_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('Id,Zip\n"a\n\nb",94110\n\nc,94111\n')
    assert numbers(path) == [2, 4]


def test_a_row_of_too_many_fields_is_told_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n\n\n1,2\n1,2,3\n")
    with pytest.raises(BadData, match=r"Row 5 of a\.csv has 3 fields"):
        read_table(path)


@given(st.lists(st.booleans(), max_size=12))
def test_rows_that_are_not_blank_keep_their_numbers(there: list[bool]) -> None:
    blank: list[int] = []
    rows = list(filled([["x"] if here else [""] for here in there], blank))
    assert numbered(len(rows), blank).tolist() == [i for i, t in enumerate(there, 1) if t]
