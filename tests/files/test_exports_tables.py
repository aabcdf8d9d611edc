"""Tables of a plan, as CSV and as workbooks."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from planned import HOSTILE, hostile, plan, planned
from squares import dataset

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch, Move
from tp_geo.errors import BadData
from tp_geo.files.exports import write
from tp_geo.files.exports_csv import escaped, unescaped, write_csv
from tp_geo.files.exports_tables import areas_table, clean, history_table, items_table


def test_areas_of_one_name_are_told_apart_by_their_path() -> None:
    made = planned(
        dataset(),
        [
            Branch(None, ("West", "East"), "Region"),
            Branch(AreaId(1), ("ann", "ben"), "Rep"),
            Branch(AreaId(2), ("ann",), "Rep"),
            Move(np.array([0]), AreaId(3)),
            Move(np.array([1]), AreaId(4)),
            Move(np.array([2]), AreaId(5)),
        ],
    )
    assert [*items_table(made)["area"][:4]] == ["West/ann", "ben", "East/ann", ""]


def test_the_table_of_areas_says_what_each_is_holds_and_should_hold() -> None:
    rows = areas_table(plan()).set_index("name")
    assert list(rows.index) == ["West", "East", "North", "South"]
    west, north = rows.loc["West"], rows.loc["North"]
    assert (west["people"], west["target people"], west["people deviation"]) == (32, 40, -0.2)
    assert (west["containers"], west["units"], west["owner"]) == (3, 2, "wes")
    assert (north["path"], north["parent id"], north["depth"]) == ("East/North", "2", 2)
    assert np.isnan(north["target people"])
    assert rows.loc["East"]["tier"] == "silver"


def test_the_table_of_items_says_where_each_is_on_every_level() -> None:
    rows = items_table(plan()).set_index("code")
    assert tuple(rows.loc["03"][["kind", "Region", "District", "area owner"]]) == (
        "container", "East", "North", "eve",
    )  # fmt: skip
    assert tuple(rows.loc["01"][["Region", "District", "area owner", "held"]]) == (
        "West", "", "wes", "TRUE",
    )  # fmt: skip
    assert tuple(rows.loc["u2"][["area", "container", "exception"]]) == ("West", "03", "TRUE")
    assert tuple(rows.loc["06"][["area", "area id", "Region"]]) == ("", "", "")
    assert rows.loc["u1"]["tier"] == "gold"


def test_the_history_says_how_much_each_revision_changed() -> None:
    found = plan()
    rows = history_table(found.history, 8)
    assert rows["what"][2] == "moved 3 squares from Unassigned to West"
    assert list(rows["containers moved"])[:4] == [0, 0, 3, 2]
    assert list(rows["units moved"])[5] == 1
    assert (list(rows["areas changed"])[:2], list(rows["items held"])[-1]) == ([2, 2], 1)


def test_columns_of_one_name_are_told_apart() -> None:
    data = dataset(attributes={"Area": {"01": "x"}, "people": {"01": "y"}})
    rows = items_table(planned(data, [Branch(None, ("A",), "Area")]))
    assert {"area", "Area 2", "Area 3", "people", "people 2"} <= set(rows.columns)


# CSV


def test_csv_holds_items_areas_units_or_history(tmp_path: Path) -> None:
    found = plan()
    counts = {}
    for what in ("", "items", "areas", "containers", "units", "history"):
        path = write(found, tmp_path / "out.csv", what=what)
        with path.open(encoding="utf-8", newline="") as file:
            counts[what] = len(list(csv.DictReader(file)))
    assert counts == {
        "": 11, "items": 11, "areas": 4, "containers": 8, "units": 3, "history": 9,
    }  # fmt: skip
    with pytest.raises(BadData, match=r"\.csv file can't hold 'moon'. It can hold: items, areas"):
        write(found, tmp_path / "out.csv", what="moon")


def test_codes_keep_their_zeros_and_numbers_their_digits(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"code": ["00501"], "n": [12.0], "x": [0.1], "big": [1e300], "none": [np.nan]}
    )
    write_csv(table, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text().splitlines()[1] == "00501,12,0.1,1e+300,"


@pytest.mark.parametrize("what", ["items", "areas", "units", "history"])
def test_no_cell_of_a_csv_is_a_formula(what: str, tmp_path: Path) -> None:
    path = write(hostile(), tmp_path / "out.csv", what=what)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            assert not [c for c in row if c[:1] in "=+-@\t\r＝" and c and not _is_number(c)]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "cell"),
    [("=1", "'=1"), ("-5", "-5"), ("+1.5e3", "+1.5e3"), ("-", "'-"), ("a=1", "a=1"), ("", "")],
)
def test_what_would_be_computed_gets_an_apostrophe_numbers_do_not(text: str, cell: str) -> None:
    assert escaped(text) == cell


@given(st.text())
def test_an_escaped_cell_reads_back(text: str) -> None:
    if not text.startswith("'"):
        assert unescaped(escaped(text)) == clean(text)


# Workbooks


def test_a_workbook_has_areas_containers_units_and_history(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(plan(), tmp_path / "out.xlsx"))
    assert book.sheetnames == ["Areas", "Containers", "Units", "History", "Plan"]
    sheet = book["Areas"]
    head = [c.value for c in sheet[1]]
    west = {name: sheet.cell(2, i + 1) for i, name in enumerate(head)}
    assert (west["people"].value, west["people"].number_format) == (32, "#,##0")
    assert west["people deviation"].number_format == "+0.0%;-0.0%;0.0%"
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert book["Containers"]["B2"].value == "01"


def test_a_workbook_says_which_plan_it_is_and_from_which_day_on(tmp_path: Path) -> None:
    dated = replace(plan(), valid="from 2027-01-01 until 2027-12-31")
    for contents, valid in ((dated, dated.valid), (plan(), "not said")):
        book = openpyxl.load_workbook(write(contents, tmp_path / "out.xlsx"))
        said = dict(book["Plan"].iter_rows(min_row=2, values_only=True))
        assert said["valid"] == valid
        assert (said["alignment"], said["revision"]) == (contents.name, str(contents.revision))


def test_a_workbook_has_no_formula_and_no_link(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(hostile(), tmp_path / "out.xlsx"))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in cells} <= {"s", "n"}
    assert not [c for c in cells if c.hyperlink]
    assert HOSTILE[0] in {c.value for c in cells}
    assert HOSTILE[8] in {c.value for c in cells}


def test_a_workbook_of_too_many_rows_points_to_another_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tp_geo.files.exports_xlsx.MAX_ROWS", 5)
    with pytest.raises(BadData, match=r"Containers has 8 rows; a sheet holds 4\. .*\.parquet"):
        write(plan(), tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []
