"""Rows put into whole countries: the country they give is enough."""

from __future__ import annotations

import numpy as np
import pytest
from frames import layer, lookup, rows

from tp_geo.errors import BadData
from tp_geo.files.doctor import Diagnosis, diagnose
from tp_geo.files.frame import Frame, frame_of
from tp_geo.files.mapping import Columns
from tp_geo.files.reasons import Reason
from tp_geo.geometry.combining import Portion, combined

WORLD = layer("country", "", codes=("AT", "CH", "DE", "FR"))
COLUMNS = Columns(postal="Zip", country="Country")


def several() -> Frame:
    """Return US postal codes and the whole of Germany."""
    usa = layer(codes=("02139", "10001", "94110", "94111"))
    at = np.array([2])
    parts = [Portion("US", usa, np.arange(3)), Portion("DE", layer("country", "", WORLD.codes), at)]
    made, _ = combined(parts, name="Both")
    return frame_of(made, lookup=lookup())


def codes(found: Diagnosis) -> list[str]:
    return ["" if at < 0 else str(found.frame.codes[at]) for at in found.container]


@pytest.mark.parametrize("frame", [frame_of(WORLD), several()], ids=["world", "several"])
def test_a_row_of_a_whole_country_needs_no_postal_code_that_is_known(frame: Frame) -> None:
    table = rows(
        {"Zip": "10115", "Country": "Germany"},
        {"Zip": "", "Country": "Deutschland"},
        {"Zip": "DE", "Country": ""},
    )
    found = diagnose(table, COLUMNS, frame)
    german = "DE_DE" if frame.several else "DE"
    assert (codes(found), found.by_reason) == ([german] * 3, {})


def test_the_country_column_alone_places_rows_in_countries() -> None:
    table = rows({"Id": "a", "Country": "France"}, {"Id": "b", "Country": "Narnia"})
    found = diagnose(table, Columns(id="Id", country="Country"), frame_of(WORLD))
    assert codes(found) == ["FR", ""]
    assert found.by_reason == {Reason.OUT_OF_COUNTRY: 1}


def test_of_other_boundaries_a_country_alone_is_no_place() -> None:
    with pytest.raises(BadData, match="No column holds postal codes"):
        diagnose(rows({"Country": "USA"}), Columns(country="Country"), frame_of(layer()))
