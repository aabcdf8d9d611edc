from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from frames import frame, rows
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.errors import BadData
from tp_geo.files.doctor import Diagnosis, diagnose
from tp_geo.files.mapping import Columns
from tp_geo.files.repairs import (
    REPAIR_COLUMNS,
    apply_repairs,
    read_repairs,
    repair_table,
    write_repairs,
)

COLUMNS = Columns(id="Id", name="Name", postal="Zip", measures=("Sum",))
GIVEN = rows(
    {"Id": "a", "Zip": "94110", "Name": "fine", "Sum": "1"},
    {"Id": "b", "Zip": "94101", "Name": "=1+1", "Sum": "x"},
    {"Id": "c", "Zip": "2139", "Name": "repaired", "Sum": ""},
    {"Id": "", "Zip": "94110", "Name": "'quoted", "Sum": "-1"},
    {"Id": "a", "Zip": "94110", "Name": "<b>", "Sum": "1"},
)


def examined(table: pd.DataFrame = GIVEN) -> Diagnosis:
    return diagnose(table, COLUMNS, frame())


def test_a_repair_file_has_the_rows_to_mend_with_all_their_columns() -> None:
    table = repair_table(examined())
    assert list(table.columns) == [*REPAIR_COLUMNS, "Id", "Zip", "Name", "Sum"]
    assert table["repair_row"].tolist() == ["3", "5", "6"]
    assert table["Name"].tolist() == ["=1+1", "'quoted", "<b>"]
    first = table.iloc[0]
    assert first["repair_field"] == "Zip; Sum"
    assert first["repair_value"] == "94101; x"
    assert first["repair_suggestion"].startswith("94110; ")
    assert table["repair_id"].iloc[2] == "a#2"


def test_nothing_to_mend_is_an_empty_table() -> None:
    table = repair_table(examined(GIVEN.iloc[[0, 2]]))
    assert len(table) == 0
    assert list(table.columns) == [*REPAIR_COLUMNS, "Id", "Zip", "Name", "Sum"]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_file_sent_back_unchanged_changes_nothing(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"repair{ending}"
    if ending == ".csv":
        assert write_repairs(examined(), path) == 3
    else:
        as_text = {"options": {"strings_to_formulas": False}}
        with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs=as_text) as book:
            repair_table(examined()).to_excel(book, index=False)
    pd.testing.assert_frame_equal(apply_repairs(GIVEN, read_repairs(path), COLUMNS), GIVEN)


def test_what_was_edited_is_put_in_by_id(tmp_path: Path) -> None:
    path = tmp_path / "repair.csv"
    write_repairs(examined(), path)
    edited = read_repairs(path).iloc[::-1]
    edited.loc[edited["repair_id"] == "b", ["Zip", "Sum"]] = ["94111", "7"]
    edited.loc[edited["repair_id"] == "a#2", "Id"] = "e"
    mended = apply_repairs(GIVEN, edited, COLUMNS)
    found = examined(mended)
    assert found.unmatched == 0
    assert list(found.ids[[0, 4]]) == ["a", "e"]
    assert found.totals() == {"Sum": 8}
    assert GIVEN["Zip"].iloc[1] == "94101", "the rows given stay as they are"


def test_a_formula_is_kept_back_in_the_file_and_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "repair.csv"
    write_repairs(examined(), path)
    assert ",'=1+1," in path.read_text(encoding="utf-8")
    assert read_repairs(path)["Name"].iloc[0] == "=1+1"


@given(st.permutations(range(3)), st.integers(0, 3))
def test_order_and_removed_rows_do_not_matter(order: list[int], kept: int) -> None:
    part = repair_table(examined()).iloc[order[:kept]]
    pd.testing.assert_frame_equal(apply_repairs(GIVEN, part, COLUMNS), GIVEN)


def test_a_file_with_the_users_own_ids_will_do() -> None:
    mended = apply_repairs(GIVEN, rows({"Id": "b", "Zip": "94110"}), COLUMNS)
    assert mended["Zip"].tolist() == ["94110", "94110", "2139", "94110", "94110"]


@pytest.mark.parametrize(
    ("repaired", "words"),
    [
        (rows({"Zip": "1"}), "no column 'repair_id'"),
        (rows({"Id": "zz", "Zip": "1"}), "Row 2 of the repair file is for 'zz'"),
        (rows({"Id": "b"}, {"Id": "b"}), "Row 3 of the repair file is for 'b' once more"),
        (rows({"Id": "b", "Zap": "1"}), "column 'Zap' that the data do not have"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(repaired: pd.DataFrame, words: str) -> None:
    with pytest.raises(BadData, match=words):
        apply_repairs(GIVEN, repaired, COLUMNS)
