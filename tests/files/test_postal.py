from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.files.postal import ZIP, Change, Form, normalize

zips = st.integers(501, 99_950).map(lambda n: f"{n:05d}")


def one(value: str, form: Form = ZIP) -> tuple[str, Change]:
    found = normalize(pd.Series([value], dtype=str), form)
    return str(found.codes[0]), Change(int(found.changes[0]))


@pytest.mark.parametrize(
    ("given", "code", "change"),
    [
        ("02139", "02139", Change.NONE),
        (" 02139\t", "02139", Change.NONE),
        ('="02139"', "02139", Change.NONE),
        ("'02139", "02139", Change.NONE),
        ("2139", "02139", Change.PADDED),
        ("501", "00501", Change.PADDED),
        ("2139.0", "02139", Change.PADDED | Change.DECIMAL),
        ("02139-4307", "02139", Change.PLUS_4),
        ("02139 4307", "02139", Change.PLUS_4),
        ("021394307", "02139", Change.PLUS_4),
        ("2139-4307", "02139", Change.PLUS_4 | Change.PADDED),
        ("21394307", "02139", Change.PLUS_4 | Change.PADDED),
        ("US_94110", "94110", Change.KEY),
        ("us-94110", "94110", Change.KEY),
        ("06075_94110", "94110", Change.KEY),
        ("06075-94110", "94110", Change.KEY),
        ("06075_94110-1234", "94110", Change.KEY | Change.PLUS_4),
    ],
)
def test_a_zip_code_is_found(given: str, code: str, change: Change) -> None:
    assert one(given) == (code, change)


@pytest.mark.parametrize("value", ["", "12", "K1A 0B6", "1234567890", "SW1A 1AA", "N/A", "١٢٣٤٥"])
def test_what_is_no_zip_code_is_left_as_it_is(value: str) -> None:
    assert one(value) == (value, Change.NONE)


def test_codes_of_other_countries_are_cut_to_what_is_planned_with() -> None:
    fsa = Form.of(["K1A", "M5V"])
    assert one("k1a 0b6", fsa) == ("K1A", Change.CUT)
    assert one("CA_K1A0B6", fsa) == ("K1A", Change.CUT | Change.KEY)
    assert one("1067", Form.of(["01067", "80331"])) == ("01067", Change.PADDED)
    assert one("D-01067", Form.of(["01067", "80331"])) == ("01067", Change.KEY)


@pytest.mark.parametrize(
    ("width", "given", "code"), [(1, "7", "7"), (2, "6", "06"), (3, "42", "042")]
)
def test_short_codes_get_their_lost_zero_back(width: int, given: str, code: str) -> None:
    found = normalize(pd.Series([given]), Form(width, digits=True))
    assert found.codes.tolist() == [code]


def test_names_are_never_cut() -> None:
    assert Form.of(["CA", "NY"]) == Form(0, digits=False)
    assert one("california", Form.of(["CA", "NY"])) == ("CALIFORNIA", Change.NONE)


@given(zips, st.integers(0, 9999))
def test_every_way_to_write_a_zip_code_gives_it(code: str, plus: int) -> None:
    short = code.lstrip("0")
    keyed = [f"US_{code}", f"US_CA_{code}", f"06075_{short}"]
    ways = [code, short, f"{code}-{plus:04d}", f"{short}.0", *keyed]
    assert set(normalize(pd.Series(ways)).codes) == {code}


@given(st.lists(st.text(max_size=12)))
def test_normalizing_again_changes_nothing(values: list[str]) -> None:
    once = normalize(pd.Series(values, dtype=str)).codes
    clean = [c for c in once if len(c) != 5 or c.isdecimal()]
    assert list(normalize(pd.Series(clean, dtype=str)).codes) == clean


@given(st.lists(st.sampled_from(["2139", "02139-1234", "", "x"])))
def test_rows_do_not_affect_each_other(values: list[str]) -> None:
    together = normalize(pd.Series(values, dtype=str))
    assert [one(v) for v in values] == [
        (c, Change(int(x))) for c, x in zip(together.codes, together.changes, strict=True)
    ]
