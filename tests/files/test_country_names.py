from __future__ import annotations

import pytest

from tp_geo.files.countries import country_code, country_name, country_names, known_country


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("US", "US USA usa U.S.A. 840 United_States United_States_of_America Estados_Unidos "
               "États-Unis Vereinigte_Staaten Stati_Uniti"),
        ("CA", "CA CAN Canada CANADÁ Kanada"),
        ("MX", "MX MEX Mexico México Mexique Mexiko Estados_Unidos_Mexicanos"),
        ("GB", "GB GBR UK United_Kingdom Great_Britain Großbritannien"),
        ("SE", "SE SWE Sweden Sverige Schweden"),
        ("JP", "JP JPN Japan 日本"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_codes_and_in_many_languages(code: str, names: str) -> None:
    assert {country_code(n.replace("_", " ")) for n in names.split()} == {code}


def test_what_is_no_country_is_told_apart() -> None:
    assert country_code("Narnia") == "NARNIA"
    assert [known_country(n) for n in ("Narnia", "", "EU", "XX", "canada")] == [""] * 4 + ["CA"]


def test_countries_have_english_names() -> None:
    assert country_names(["MX", "US"]) == {"MX": "Mexico", "US": "United States"}
    assert country_name("XX") == "XX"
