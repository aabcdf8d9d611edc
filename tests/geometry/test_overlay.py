from __future__ import annotations

import numpy as np
import pytest
from cells import objects, shapes
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.geometry.overlay import by_parent, largest, shares_of

counties = shapes("AAAABBBB AAAABBBB")
codes = objects(["a", "b"])


def test_a_polygon_in_one_county_is_all_its():
    found = shares_of(shapes("PPPP...."), counties, codes)
    assert (found.container.tolist(), found.county.tolist(), found.share.tolist()) == (
        [0],
        ["a"],
        [1],
    )


def test_a_polygon_across_counties_is_shared_by_area():
    """One cell in a, three in b."""
    found = shares_of(shapes("...PPPP."), counties, codes)
    assert found.county.tolist() == ["a", "b"]
    assert found.share == pytest.approx([0.25, 0.75])
    assert largest(found, 1).tolist() == ["b"]


@given(st.text("PQ.", min_size=8, max_size=8).filter(lambda row: set("PQ") <= set(row)))
def test_shares_sum_to_one(row: str):
    found = shares_of(shapes(row), counties, codes)
    assert np.bincount(found.container, found.share, 2) == pytest.approx([1, 1])


def test_a_polygon_that_only_touches_a_county_has_no_share_in_it():
    found = shares_of(shapes("...P...."), counties, codes)
    assert found.county.tolist() == ["a"]


def test_a_polygon_outside_all_counties_has_no_entry():
    found = shares_of(shapes("P", west=50), counties, codes)
    assert len(found.share) == 0
    assert largest(found, 1).tolist() == [""]


def test_less_than_enough_is_not_the_largest():
    """Half in a, half in b."""
    found = shares_of(shapes("...PP..."), counties, codes)
    assert largest(found, 1, least=0.6).tolist() == [""]
    assert largest(found, 1, least=0.4).tolist() != [""]


def test_shares_by_county_add_up_to_shares_by_state():
    """Three counties of two states, a quarter and a half and a quarter."""
    three = shapes("AABBBBCC")
    found = shares_of(shapes(".PPPPPP."), three, objects(["a", "b", "c"]))
    states = by_parent(found, objects(["east", "west", "west"]))
    assert states.county.tolist() == ["east", "west"]
    assert states.share == pytest.approx([1 / 6, 5 / 6])
