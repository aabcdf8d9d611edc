"""Rows that say what a state or a country is called, where its code is expected."""

from __future__ import annotations

import pandas as pd
import pytest

from tp_geo.files.doctor import diagnose
from tp_geo.files.frame import Frame, frame_of
from tp_geo.files.mapping import Columns
from tp_geo.store.embedded import load_boundaries, load_lookup


def codes(kind: str, *given: str) -> list[str]:
    frame = _frame(kind)
    table = pd.DataFrame({"Place": given}, dtype=str)
    found = diagnose(table, Columns(postal="Place"), frame).container
    return ["" if at < 0 else str(frame.codes[at]) for at in found]


def _frame(kind: str) -> Frame:
    return frame_of(load_boundaries(kind), lookup=load_lookup())


def test_a_country_is_known_by_its_code_and_by_its_names() -> None:
    given = ("DE", "Germany", " germany ", "Deutschland", "DEU", "Côte d'Ivoire", "Narnia", "")
    assert codes("country", *given) == ["DE", "DE", "DE", "DE", "DE", "CI", "", ""]


def test_what_stands_for_nothing_is_no_country() -> None:
    given = ("n/a", "N/A", "none", "unknown", "-", "NA")
    assert codes("country", *given) == ["", "", "", "", "", "NA"]


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [("state", "new york", "NY"), ("state", "District of Columbia", "DC"),
     ("province", "Québec", "QC")],
)  # fmt: skip
def test_a_state_or_province_is_known_by_its_name(kind: str, name: str, code: str) -> None:
    assert codes(kind, name, code) == [code, code]


def test_states_named_by_zip_codes_still_are() -> None:
    assert codes("state", "94110", "10001") == ["CA", "NY"]


def test_what_many_places_are_called_names_none() -> None:
    assert codes("county", "Washington County", "01015", "01017") == ["", "01015", "01017"]
