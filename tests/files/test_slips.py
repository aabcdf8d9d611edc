"""What is suggested for a code must be what was meant; a stand-in was not meant at all."""

from __future__ import annotations

import pandas as pd
import pytest
from frames import layer, lookup, rows

from tp_geo.files.columns import texts_of
from tp_geo.files.doctor import Diagnosis, diagnose
from tp_geo.files.frame import frame_of
from tp_geo.files.mapping import Columns
from tp_geo.files.matching import How
from tp_geo.files.reasons import Reason
from tp_geo.files.slips import codes_meant, stand_ins


def examine(*given: dict[str, str]) -> Diagnosis:
    """Rows in a country that has 12345 for one large receiver in 10001, and 44444 as a town."""
    known = pd.concat(
        [
            lookup(),
            pd.DataFrame(
                [
                    ("12345", -73.9, 42.8, "unique", "10001", "Schenectady"),
                    ("44444", -122.5, 37.5, "standard", "44444", "Newton Falls"),
                ],
                columns=["code", "lon", "lat", "kind", "container", "city"],
            ),
        ]
    )
    shapes = layer(codes=("02139", "10001", "44444", "94111"))
    columns = Columns(postal="Zip", lat="Lat", lon="Lon")
    return diagnose(
        rows(*given, fill=("Zip", "Lat", "Lon")), columns, frame_of(shapes, lookup=known)
    )


@pytest.mark.parametrize(
    "text",
    ["00000", "0", "99999", "999", "11111", "1111", "99999-9999", "12345-6789", "123456789", "1234",
     "n/a", "NA", "none", "Unknown", "TBD", "XXXXX", "-", "?"],
)  # fmt: skip
def test_a_stand_in_is_told_as_one_and_nothing_is_suggested(text: str) -> None:
    found = examine({"Zip": text})
    stand_in = {Reason.STAND_IN.value, Reason.STAND_IN_USED.value}
    assert set(found.by_reason) & stand_in
    assert Reason.UNKNOWN_POSTAL.value not in found.by_reason
    assert all(f.suggestions is None for f in found.findings if f.reason in stand_in)


@pytest.mark.parametrize(
    "text", ["10010", "09999", "12354", "99998", "941", "94111", "X1X", "", "00501"]
)
def test_a_code_like_any_other_is_no_stand_in(text: str) -> None:
    assert not stand_ins(texts_of([text]), texts_of([text])).any()


def test_no_codes_are_no_stand_ins() -> None:
    none = texts_of([])
    assert len(stand_ins(none, none)) == 0


def test_a_town_whose_code_looks_like_a_stand_in_keeps_its_rows_without_a_word() -> None:
    found = examine({"Zip": "44444"})
    assert (found.matched, found.by_reason) == (1, {})


def test_a_true_code_that_is_mostly_made_up_is_followed_and_to_be_looked_at() -> None:
    found = examine({"Zip": "12345"})
    assert found.matched == 1
    assert Reason.STAND_IN_USED.value in found.by_reason


def test_coordinates_go_before_a_stand_in() -> None:
    found = examine({"Zip": "12345", "Lat": "37.5", "Lon": "-121.5"})
    assert found.how[0] == How.POINT
    assert found.frame.codes[found.container[0]] == "94111"


@pytest.mark.parametrize(
    ("code", "known", "found"),
    [
        ("9411O", ["94110", "94111"], ["94110"]),
        ("I0001", ["10001"], ["10001"]),
        ("49110", ["94110", "94111"], ["94110"]),
        ("91410", ["94110", "19410"], ["19410", "94110"]),
        ("99929", ["99928", "99930"], []),
        ("94112", ["94110", "94111"], []),
        ("", ["94110"], []),
    ],
)
def test_what_was_meant_is_what_a_slip_makes_the_code_of(
    code: str, known: list[str], found: list[str]
) -> None:
    assert codes_meant(code, frozenset(known)) == found
