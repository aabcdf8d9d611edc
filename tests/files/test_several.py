"""Rows of several files are one dataset's, and each says where it is from."""

from __future__ import annotations

import pandas as pd
import pytest
from frames import frame

from tp_geo.errors import BadData
from tp_geo.files.doctor import Diagnosis, diagnose, examples
from tp_geo.files.mapping import Columns
from tp_geo.files.reasons import Reason
from tp_geo.files.repairs import apply_repairs, repair_table
from tp_geo.files.several import SOURCE, Together, together


def table(text: str) -> pd.DataFrame:
    head, *rows = [line.split(",") for line in text.split()]
    return pd.DataFrame(rows, columns=head, dtype=str)


WEST = table("Id,Zip,Sum a,94110,1 b,99999,2")
EAST = table("zip,ID,Owner 10001,c,ann 77777,a,bob")


def both() -> Together:
    return together([("west.csv", WEST), ("east.csv", EAST)])


def examined(found: Together) -> Diagnosis:
    columns = Columns(id="Id", postal="Zip", measures=("Sum",), source=found.source)
    return diagnose(found.table, columns, frame())


def test_columns_are_matched_by_header_in_any_case_and_order() -> None:
    found = both().table
    assert found["Id"].tolist() == ["a", "b", "c", "a"]
    assert found["Zip"].tolist() == ["94110", "99999", "10001", "77777"]
    assert found["Sum"].tolist() == ["1", "2", "", ""]
    assert found["Owner"].tolist() == ["", "", "ann", "bob"]
    assert found[SOURCE].tolist() == ["west.csv", "west.csv", "east.csv", "east.csv"]


def test_headers_that_differ_in_case_alone_stay_apart_within_a_file() -> None:
    found = together([("a.csv", table("Zip,zip 1,2")), ("b.csv", table("ZIP,zip,x 3,4,5"))]).table
    assert found[["Zip", "zip", "x"]].to_numpy().tolist() == [["1", "2", ""], ["3", "4", "5"]]
    found = together([("a.csv", table("Zip 1")), ("b.csv", table("zip,ZIP 2,3"))]).table
    assert found[["Zip", "ZIP"]].to_numpy().tolist() == [["1", ""], ["2", "3"]]


def test_a_header_that_comes_later_is_matched_too() -> None:
    third = table("Id,OWNER d,cid")
    found = together([("west.csv", WEST), ("east.csv", EAST), ("south.csv", third)]).table
    assert found["Owner"].tolist() == ["", "", "ann", "bob", "cid"]


def test_what_files_do_not_share_is_told() -> None:
    assert both().notes == (
        "west.csv has no 'Owner'; left empty",
        "east.csv has no 'Sum'; left empty",
    )


def test_the_file_is_an_attribute_and_is_taken_for_nothing_else() -> None:
    guessed = both().guess()
    assert guessed.source == SOURCE
    assert SOURCE in guessed.attributes
    assert SOURCE not in guessed.chosen.values()


def test_one_file_is_as_it_was() -> None:
    found = together([("west.csv", WEST)])
    assert found.table is WEST
    assert (found.source, found.notes, found.title) == (None, (), "west.csv")
    assert found.guess().source is None


def test_rows_are_told_by_their_file_and_their_row_in_it() -> None:
    found = examined(both())
    twice, *_ = (f for f in found.findings if f.reason is Reason.DUPLICATE_ID)
    assert examples(found, twice) == [("east.csv, row 3", "a#2", "a")]
    repairs = repair_table(found)
    assert repairs[["repair_row", SOURCE]].to_numpy().tolist() == [
        ["3", "west.csv"],
        ["3", "east.csv"],
    ]


def test_repairs_find_their_rows_in_the_one_table() -> None:
    found = examined(both())
    repairs = repair_table(found)
    repairs["Zip"] = "02139"
    mended = apply_repairs(found.table, repairs, found.columns)
    assert mended["Zip"].tolist() == ["94110", "02139", "10001", "02139"]


def test_made_ids_do_not_depend_on_the_name_of_the_file() -> None:
    bare = Columns(postal="Zip", source=SOURCE)
    one = together([("a.csv", WEST), ("b.csv", EAST)]).table
    two = together([("c.csv", WEST), ("d.csv", EAST)]).table
    ids = [list(diagnose(t, bare, frame()).ids) for t in (one, two)]
    assert ids[0] == ids[1]


def test_files_of_one_name_are_told_apart() -> None:
    found = together([("a.csv", WEST), ("a.csv", WEST)])
    assert found.table[SOURCE].unique().tolist() == ["a.csv", "a.csv (2)"]


def test_many_files_are_listed_in_short() -> None:
    assert together([(f"{i}.csv", WEST) for i in range(7)]).title.endswith("4.csv and 2 more")


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (table("plz,ort 1,2"), r"east.csv has no column of west.csv \(Id, Zip, Sum"),
        (WEST.assign(**{SOURCE: "x"}), "east.csv has a column 'source file'.*Rename it"),
    ],
)
def test_files_that_cannot_be_one_table_are_refused(other: pd.DataFrame, why: str) -> None:
    with pytest.raises(BadData, match=why):
        together([("west.csv", WEST), ("east.csv", other)])
