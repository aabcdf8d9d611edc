"""Rows put into containers of several countries: what country and postal code name."""

from __future__ import annotations

import pytest
from frames import CODES, FSA, MUNICIPALITIES, america, lookup, rows
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.files.doctor import Diagnosis, diagnose
from tp_geo.files.frame import frame_of
from tp_geo.files.mapping import Columns
from tp_geo.files.matching import How
from tp_geo.files.reasons import Reason
from tp_geo.files.repairs import repair_table

FRAME = frame_of(america(), lookup=lookup())
COLUMNS = Columns(postal="Zip", lat="Lat", lon="Lon", country="Country")
FIELDS = ("Zip", "Lat", "Lon", "Country")


def examine(*given: dict[str, str], columns: Columns = COLUMNS) -> Diagnosis:
    return diagnose(rows(*given, fill=FIELDS), columns, FRAME)


def codes(found: Diagnosis) -> list[str]:
    return ["" if at < 0 else str(FRAME.codes[at]) for at in found.container]


CASES = {
    "a ZIP code of the USA": (("94110", "USA"), "US_94110", set()),
    "a name in another language": (("94110", "Estados Unidos"), "US_94110", set()),
    "a ZIP code that lost its zero": (("2139", "US"), "US_02139", {Reason.LOST_LEADING_ZERO}),
    "a ZIP+4": (("94110-1234", "United States"), "US_94110", {Reason.PLUS_4}),
    "PO boxes": (("02138", "us"), "US_02139", {Reason.PO_BOX}),
    "a Canadian postal code": (("M5V 2T6", "Canada"), "CA_M5V", {Reason.CUT}),
    "one in small letters": (("k1a0b6", "Kanada"), "CA_K1A", {Reason.CUT}),
    "an FSA": (("V5K", "CAN"), "CA_V5K", set()),
    "a municipality": (("09002", "México"), "MX_09002", set()),
    "one that lost its zero": (("2004", "MEX"), "MX_02004", {Reason.LOST_LEADING_ZERO}),
    "a code two countries have, with one": (("10001", "Mexico"), "MX_10001", set()),
    "and with the other": (("10001", "US"), "US_10001", set()),
    "a key": (("CA_V6B", ""), "CA_V6B", set()),
    "a key of three letters": (("mex_10001", ""), "MX_10001", set()),
    "a key with the postal code": (("CA_V6B 1A1", ""), "CA_V6B", {Reason.CUT}),
    "a key and another country": (("CA_V6B", "USA"), "CA_V6B", set()),
    "a key that says what the country does": (("US_94110", "USA"), "US_94110", set()),
    "a code one country has": (("94111", ""), "US_94111", set()),
    "an FSA alone": (("M5V 2T6", ""), "CA_M5V", {Reason.CUT}),
    "a code two countries have": (("10001", ""), "", {Reason.AMBIGUOUS}),
    "the army's, and a municipality's": (("09001", ""), "", {Reason.AMBIGUOUS}),
    "the army's": (("09001", "US"), "", {Reason.MILITARY}),
    "a code of another country than stated": (("M5V", "US"), "", {Reason.UNKNOWN_POSTAL}),
    "another country": (("10115", "Germany"), "", {Reason.OUT_OF_COUNTRY}),
    "a key of another country": (("DE_10001", ""), "", {Reason.OUT_OF_COUNTRY}),
    "no country anybody knows": (("94110", "Narnia"), "", {Reason.OUT_OF_COUNTRY}),
    "a country that is not known": (("94111", "n/a"), "US_94111", set()),
    "or not told": (("94111", "Unknown"), "US_94111", set()),
    "Namibia": (("94111", "NA"), "", {Reason.OUT_OF_COUNTRY}),
    "an unknown code": (("Z9Z", ""), "", {Reason.UNKNOWN_POSTAL}),
    "nothing": (("", "Canada"), "", {Reason.MISSING_POSTAL}),
}


@pytest.mark.parametrize("case", CASES)
def test_a_row_gets_the_container_its_country_and_code_name(case: str) -> None:
    (postal, country), code, reasons = CASES[case]
    found = examine({"Zip": postal, "Country": country})
    assert codes(found) == [code]
    assert set(found.by_reason) == {r.value for r in reasons}


@given(st.lists(st.sampled_from(sorted(CASES)), max_size=12))
def test_rows_of_several_countries_do_not_affect_each_other(cases: list[str]) -> None:
    given = ({"Zip": CASES[c][0][0], "Country": CASES[c][0][1]} for c in cases)
    assert codes(examine(*given)) == [CASES[c][1] for c in cases]


KEYS = [f"{c}_{code}" for c, known in zip(("US", "CA", "MX"), (CODES, FSA, MUNICIPALITIES),
        strict=True) for code in known]  # fmt: skip


@given(st.sampled_from(KEYS), st.booleans(), st.sampled_from(["", "US", "CA", "MX"]))
def test_country_and_code_go_before_the_key_and_that_before_the_code_alone(
    key: str, with_key: bool, stated: str
) -> None:
    own = key.partition("_")[2]
    (code,) = codes(examine({"Zip": key if with_key else own, "Country": stated}))
    having = {k for k in [*KEYS, "US_09001"] if k.endswith(f"_{own}")}
    if f"{stated}_{own}" in having:
        assert code == ("" if own == "09001" and stated == "US" else f"{stated}_{own}")
    elif with_key:
        assert code == key
    elif stated:
        assert code == ""
    else:
        assert code == (key if len(having) == 1 else "")


def test_the_point_comes_last_and_helps_a_doubtful_code() -> None:
    here = {"Lat": "46.5", "Lon": "-73.5"}  # in no container, 7 degrees north of 10001
    montreal = {"Lat": "47.5", "Lon": "-73.5"}
    found = examine(
        {"Zip": "94110", "Country": "US", **montreal},
        {"Zip": "CA_V6B", **montreal},
        {"Zip": "94111", **montreal},
        {"Zip": "10001", **montreal},
        {"Zip": "", "Country": "Canada", **montreal},
        {"Zip": "10001", **here},
    )
    assert codes(found) == ["US_94110", "CA_V6B", "US_94111", "CA_M5V", "CA_M5V", ""]
    assert [int(h) for h in found.how] == [How.CODE] * 3 + [How.POINT] * 2 + [How.NOT]
    assert found.by_reason[Reason.AMBIGUOUS_BY_POINT] == 1
    assert found.by_reason[Reason.AMBIGUOUS] == 1


def test_the_repair_file_has_the_country_and_the_keys_a_code_could_have() -> None:
    found = examine(
        {"Zip": "10001"}, {"Zip": "94101", "Country": "USA"}, {"Zip": "V5X", "Country": "Canada"}
    )
    table = repair_table(found)
    assert list(table["Country"]) == ["", "USA", "Canada"]
    assert list(table["repair_suggestion"])[:2] == ["MX_10001 or US_10001", "US_94110"]
    mended = examine(*({"Zip": z} for z in ("US_10001", "MX_10001", "US_94110")))
    assert codes(mended) == ["US_10001", "MX_10001", "US_94110"]


def test_without_a_column_of_countries_keys_and_codes_are_enough() -> None:
    found = examine({"Zip": "CA_M5V"}, {"Zip": "94110"}, columns=Columns(postal="Zip"))
    assert codes(found) == ["CA_M5V", "US_94110"]


def test_territories_of_the_usa_have_its_zip_codes() -> None:
    found = examine({"Zip": "94110", "Country": "Puerto Rico"})
    assert codes(found) == ["US_94110"]
