"""A code is suggested only where the row's own state and city allow it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from frames import layer, lookup, rows

from tp_geo.files.addresses import read_addresses
from tp_geo.files.doctor import diagnose
from tp_geo.files.frame import frame_of
from tp_geo.files.mapping import Columns
from tp_geo.files.reasons import Reason

STATES = {"MA": "Massachusetts", "NY": "New York", "CA": "California"}
WITHIN = {"state": np.array(["MA", "NY", "CA", "CA"], dtype=object)}
SHAPES = replace(layer(), within=WITHIN)
FRAME = frame_of(SHAPES, lookup=lookup(), states=STATES)


def suggested(zip_code: str, **address: str) -> str:
    """Return what is suggested for a code; 94110 and 94111 are in California, 10001 in New York."""
    table = rows({"Zip": zip_code, **address})
    found = diagnose(table, Columns(postal="Zip"), FRAME)
    (finding,) = (f for f in found.findings if f.reason is Reason.UNKNOWN_POSTAL)
    assert finding.suggestions is not None
    return str(finding.suggestions[0])


@pytest.mark.parametrize(
    ("state", "found"),
    [("CA", "94110"), ("california", "94110"), ("Calif.", "94110"), ("US-CA", "94110"),
     ("", "94110"), (" - ", "94110"), ("NY", ""), ("New York", ""), ("C", ""), ("Ontario", "")],
)  # fmt: skip
def test_a_code_in_another_state_than_the_row_says_is_not_suggested(state: str, found: str) -> None:
    assert suggested("9411O", State=state) == found


@pytest.mark.parametrize(
    ("city", "found"),
    [("San Francisco", "94110"), ("SAN FRANCISCO", "94110"), ("Mission District", "94110"),
     ("", "94110"), ("Daly City", ""), ("New York", "94110")],
)  # fmt: skip
def test_nor_one_in_another_city_known_in_that_state(city: str, found: str) -> None:
    assert suggested("9411O", State="CA", City=city) == found


def test_the_state_decides_between_two_codes() -> None:
    shapes = replace(layer(codes=("02139", "19410", "94110", "94111")), within=WITHIN)
    frame = frame_of(shapes, lookup=lookup(), states=STATES)
    table = rows({"Zip": "91410", "State": ""}, {"Zip": "91410", "State": "CA"})
    (finding,) = diagnose(table, Columns(postal="Zip"), frame).findings
    assert finding.suggestions is not None
    assert list(finding.suggestions) == ["", "94110"]


def test_without_columns_of_an_address_or_known_states_a_slip_alone_counts() -> None:
    assert suggested("9411O") == "94110"
    bare = frame_of(layer(), lookup=lookup())
    table = rows({"Zip": "9411O", "State": "NY"})
    (finding,) = diagnose(table, Columns(postal="Zip"), bare).findings
    assert finding.suggestions is not None
    assert list(finding.suggestions) == ["94110"]


def test_the_address_is_the_one_the_postal_code_belongs_to() -> None:
    table = rows(
        {"State": "a", "BillingState": "b", "ShippingState": "c", "ShippingCity": "d", "Zip": "e"}
    )
    told = [
        read_addresses(table, Columns(postal=column)).state[0]
        for column in ("ShippingPostalCode", "Billing Zip/Postal Code", "Zip", None)
    ]
    assert told == ["c", "b", "a", "a"]
    assert list(read_addresses(table, Columns(postal="Zip", territory="State")).state) == ["b"]
