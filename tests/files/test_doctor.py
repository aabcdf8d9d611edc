from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from frames import frame, layer, lookup, rows
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.errors import BadData
from tp_geo.files.doctor import Diagnosis, Fate, diagnose, examples
from tp_geo.files.frame import frame_of
from tp_geo.files.mapping import Columns
from tp_geo.files.matching import How
from tp_geo.files.reasons import Reason

ALL = Columns(id="Id", postal="Zip", lat="Lat", lon="Lon", country="Country", measures=("Sum",))
FIELDS = ("Id", "Zip", "Lat", "Lon", "Country", "Sum")


def examine(*given: dict[str, str]) -> Diagnosis:
    numbered = [{"Id": str(i), "Sum": "1", **row} for i, row in enumerate(given)]
    return diagnose(rows(*numbered, fill=FIELDS), ALL, frame())


def one(**row: str) -> tuple[str, Fate, set[str]]:
    """Return the container's code ("" for none), the fate and the reasons of a row alone."""
    found = examine(row)
    at = int(found.container[0])
    code = "" if at < 0 else str(found.frame.codes[at])
    return code, Fate(int(found.fate[0])), set(found.by_reason)


MATCHED, REPAIRED, UNMATCHED = Fate.MATCHED, Fate.REPAIRED, Fate.UNMATCHED
CASES = {
    "an exact code": ({"Zip": "94110"}, "94110", MATCHED, set()),
    "a code of this country": ({"Zip": "94110", "Country": "U.S.A."}, "94110", MATCHED, set()),
    "a point without a code": ({"Lat": "37.5", "Lon": "-121.5"}, "94111", MATCHED, set()),
    "lost zeros": ({"Zip": "2139"}, "02139", REPAIRED, {Reason.LOST_LEADING_ZERO}),
    "a ZIP+4": ({"Zip": "94110-1234"}, "94110", REPAIRED, {Reason.PLUS_4}),
    "a key": ({"Zip": "US_94110"}, "94110", REPAIRED, {Reason.KEY}),
    "Excel's decimals": ({"Zip": "94110.0"}, "94110", REPAIRED, {Reason.DECIMAL}),
    "PO boxes": ({"Zip": "02138"}, "02139", REPAIRED, {Reason.PO_BOX}),
    "the code's own point": ({"Zip": "10099"}, "10001", REPAIRED, {Reason.PLACED_BY_ZIP_POINT}),
    "an unknown code with a point": (
        {"Zip": "12399", "Lat": "37.5", "Lon": "-121.5"},
        "94111",
        REPAIRED,
        {Reason.PLACED_BY_POINT},
    ),
    "a swapped point": ({"Lat": "-121.5", "Lon": "37.5"}, "94111", REPAIRED, {Reason.SWAPPED}),
    "a code with a swapped point": (
        {"Zip": "94111", "Lat": "-121.5", "Lon": "37.5"},
        "94111",
        REPAIRED,
        {Reason.SWAPPED},
    ),
    "a longitude without its minus": (
        {"Lat": "37.5", "Lon": "121.5"},
        "94111",
        REPAIRED,
        {Reason.LOST_SIGN},
    ),
    "a code with a longitude without its minus": (
        {"Zip": "94111", "Lat": "37.5", "Lon": "121.5"},
        "94111",
        REPAIRED,
        {Reason.LOST_SIGN},
    ),
    "a point off the shore": (
        {"Lat": "36.99", "Lon": "-122.5"},
        "94110",
        REPAIRED,
        {Reason.JUST_OUTSIDE},
    ),
    "a point 5 km off the shore": (
        {"Lat": "36.95", "Lon": "-122.5"},
        "",
        UNMATCHED,
        {Reason.OUTSIDE},
    ),
    "nothing": ({}, "", UNMATCHED, {Reason.MISSING_POSTAL}),
    "an unknown code": ({"Zip": "12399"}, "", UNMATCHED, {Reason.UNKNOWN_POSTAL}),
    "a stand-in": ({"Zip": "99999"}, "", UNMATCHED, {Reason.STAND_IN}),
    "a code elsewhere": ({"Zip": "96799"}, "", UNMATCHED, {Reason.NO_AREA}),
    "the army's code": ({"Zip": "09001"}, "", UNMATCHED, {Reason.MILITARY}),
    "another country": (
        {"Zip": "94110", "Country": "Deutschland"},
        "",
        UNMATCHED,
        {Reason.OUT_OF_COUNTRY},
    ),
    "a point at sea": ({"Lat": "30", "Lon": "-140"}, "", UNMATCHED, {Reason.OUTSIDE}),
    "zeros": (
        {"Lat": "0", "Lon": "0.0"},
        "",
        UNMATCHED,
        {Reason.ZERO_COORDINATES, Reason.MISSING_POSTAL},
    ),
    "a code with zeros": (
        {"Zip": "94110", "Lat": "0", "Lon": "0"},
        "94110",
        MATCHED,
        {Reason.ZERO_COORDINATES},
    ),
    "a latitude beyond the pole": (
        {"Lat": "95", "Lon": "-100"},
        "",
        UNMATCHED,
        {Reason.OUT_OF_RANGE, Reason.MISSING_POSTAL},
    ),
    "a latitude beyond the pole, an unknown code": (
        {"Zip": "12399", "Lat": "95", "Lon": "-100"},
        "",
        UNMATCHED,
        {Reason.OUT_OF_RANGE, Reason.UNKNOWN_POSTAL},
    ),
    "metres for degrees": (
        {"Zip": "94110", "Lat": "4150000", "Lon": "-13600000"},
        "94110",
        MATCHED,
        {Reason.OUT_OF_RANGE},
    ),
    "a code with a latitude beyond the pole": (
        {"Zip": "94110", "Lat": "95", "Lon": "-100"},
        "94110",
        MATCHED,
        {Reason.OUT_OF_RANGE},
    ),
    "half a point": (
        {"Zip": "94110", "Lat": "37.5"},
        "94110",
        MATCHED,
        {Reason.BAD_COORDINATES},
    ),
    "words for a point": (
        {"Zip": "94110", "Lat": "north", "Lon": "-122"},
        "94110",
        MATCHED,
        {Reason.BAD_COORDINATES},
    ),
    "a point far from the code": (
        {"Zip": "94110", "Lat": "42.5", "Lon": "-71.5"},
        "94110",
        MATCHED,
        {Reason.DISAGREE},
    ),
    "a point near the code": (
        {"Zip": "94110", "Lat": "37.5", "Lon": "-121.9"},
        "94110",
        MATCHED,
        set(),
    ),
    "no number": ({"Zip": "94110", "Sum": "lots"}, "94110", MATCHED, {Reason.NOT_A_NUMBER}),
    "a negative": ({"Zip": "94110", "Sum": "-5"}, "94110", MATCHED, {Reason.NEGATIVE}),
    "no value": ({"Zip": "94110", "Sum": ""}, "94110", MATCHED, {Reason.MISSING_VALUE}),
    "no id": ({"Zip": "94110", "Id": ""}, "94110", MATCHED, {Reason.MISSING_ID}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_row_alone_gets_its_container_and_its_reasons(case: str) -> None:
    row, code, fate, reasons = CASES[case]
    assert one(**row) == (code, fate, {r.value for r in reasons})


def test_every_reason_is_tried_and_told() -> None:
    tried = {r for *_, reasons in CASES.values() for r in reasons}
    several = {Reason.AMBIGUOUS, Reason.AMBIGUOUS_BY_POINT}
    elsewhere = {Reason.DUPLICATE_ID, Reason.CUT, Reason.STAND_IN_USED}
    assert set(Reason) - tried == {*elsewhere, *several}
    assert all(r.told.problem and r.told.remedy for r in Reason)


@given(st.lists(st.sampled_from(sorted(CASES)), max_size=12))
def test_rows_do_not_affect_each_other(cases: list[str]) -> None:
    found = examine(*({**CASES[c][0], "Id": str(i)} for i, c in enumerate(cases)))
    codes = ["" if at < 0 else found.frame.codes[at] for at in found.container]
    assert codes == [CASES[c][1] for c in cases]
    assert [Fate(int(f)) for f in found.fate] == [CASES[c][2] for c in cases]
    assert found.matched + found.unmatched == len(cases)
    assert found.repaired == sum(CASES[c][2] is REPAIRED for c in cases)


def test_the_order_of_tries_is_code_then_point_then_the_codes_own_point() -> None:
    here = {"Lat": "37.5", "Lon": "-121.5"}
    found = examine({"Zip": "02138", **here}, {"Zip": "10099", **here}, {"Zip": "10099"})
    assert list(found.how) == [How.ATTACHED, How.POINT, How.ZIP_POINT]


def test_a_suggestion_is_what_can_be_filled_in() -> None:
    found = examine({"Zip": "94101"}, {"Zip": "94112"}, {"Lat": "-121.5", "Lon": "37.5"})
    told = {f.reason: f.suggestions for f in found.findings}
    assert list(told[Reason.UNKNOWN_POSTAL]) == ["94110", ""]
    assert list(told[Reason.SWAPPED]) == ["37.5, -121.5"]


def test_ids_are_made_unique_and_stay_the_same_in_any_order() -> None:
    given = rows(
        *(
            {"Id": i, "Zip": z}
            for i, z in [("a", "1"), ("a", "2"), ("a#2", "3"), ("", "4"), ("", "4")]
        )
    )
    columns = Columns(id="Id", postal="Zip")
    ids = list(diagnose(given, columns, frame()).ids)
    assert ids[:3] == ["a", "a#3", "a#2"]
    assert ids[3].startswith("row-")
    assert ids[4] == f"{ids[3]}#2"
    assert len(set(ids)) == 5
    backwards = diagnose(given.iloc[::-1].reset_index(drop=True), columns, frame())
    assert ids[3] in backwards.ids


def test_without_an_id_column_ids_come_from_the_rows() -> None:
    given = rows({"Zip": "94110", "Name": "A"}, {"Zip": "94110", "Name": "B"})
    found = diagnose(given, Columns(postal="Zip"), frame())
    again = diagnose(given[["Name", "Zip"]], Columns(postal="Zip"), frame())
    assert list(found.ids) == list(again.ids)
    assert Reason.MISSING_ID not in found.by_reason


def test_counties_can_be_named_by_their_codes_or_by_zip_codes() -> None:
    counties = frame("county", codes=("09001", "25017", "36061", "06075"))
    by_code = diagnose(rows({"C": "25017"}, {"C": "9001"}), Columns(postal="C"), counties)
    assert counties.codes[by_code.container].tolist() == ["25017", "09001"]
    zips = rows({"C": "02139"}, {"C": "94110-1"}, {"C": "09001"})
    by_zip = diagnose(zips, Columns(postal="C"), counties)
    assert counties.codes[by_zip.container[:2]].tolist() == ["09001", "36061"]
    assert by_zip.container[2] == -1, "the code of a county, but here it is the army's ZIP code"
    assert set(by_zip.by_reason) == {Reason.MILITARY.value}


def test_boundaries_of_another_country_know_no_zip_codes() -> None:
    german = frame_of(layer("plz", "DE", codes=("01067", "10115", "20095", "80331")))
    found = diagnose(
        rows({"P": "1067", "L": "Germany"}, {"P": "D-80331", "L": ""}, {"P": "80331", "L": "AT"}),
        Columns(postal="P", country="L"),
        german,
    )
    assert list(found.container) == [0, 3, -1]


def test_totals_are_those_of_all_rows() -> None:
    found = examine({"Zip": "94110", "Sum": "$1,000"}, {"Zip": "?", "Sum": "(5)"}, {"Sum": "x"})
    assert found.totals() == {"Sum": 995}


def test_an_example_names_row_id_and_value() -> None:
    found = examine({"Zip": "94110"}, {"Zip": "bad", "Id": "X1"})
    (finding,) = (f for f in found.findings if f.reason is Reason.UNKNOWN_POSTAL)
    assert examples(found, finding) == [("row 3", "X1", "bad")]


def test_an_empty_frame_matches_nothing_and_says_so() -> None:
    none = np.zeros(0, dtype=object)
    bare = replace(
        layer(), codes=none, names=none, polygons=none, xy=np.zeros((0, 2)), area_km2=np.zeros(0)
    )
    found = diagnose(rows({"Zip": "94110"}), Columns(postal="Zip"), frame_of(bare))
    assert found.by_reason == {"unknown_postal": 1}


def test_columns_that_are_not_there_are_refused() -> None:
    with pytest.raises(BadData, match="no column 'Nope' to take as postal"):
        diagnose(pd.DataFrame({"Zip": ["1"]}), Columns(postal="Nope"), frame())


def test_a_county_whose_code_is_a_zip_code_gets_no_po_boxes() -> None:
    counties = frame("county", codes=("25017", "36061", "06075", "02139"))
    found = diagnose(rows({"C": "02138"}, {"C": "94110"}), Columns(postal="C"), counties)
    assert counties.codes[found.container].tolist() == ["25017", "06075"]


def test_zip_codes_are_known_as_such_without_a_country() -> None:
    known = frame_of(layer("patch", country=""), lookup=lookup())
    assert [(b.country, b.zips) for b in known.books] == [("US", True)]
    german = layer("plz", country="", codes=("01067", "10115", "20095", "80331"))
    unknown = frame_of(german, lookup=lookup())
    assert [(b.country, b.zips, len(b.lookup.codes)) for b in unknown.books] == [("", False, 0)]
