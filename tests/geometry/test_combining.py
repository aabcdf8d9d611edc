"""Boundaries of several countries as one set."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.geometry.adjacency import rook
from tp_geo.geometry.boundaries import Boundaries, Part, Shares, build_boundaries
from tp_geo.geometry.combining import (
    Portion,
    adjacency_of,
    combined,
    own_codes,
    positions_by_country,
)


def layer(country: str, codes: str, *, west: float, south: float = 40.0, **more) -> Boundaries:
    """Squares of one degree a code, from the west to the east."""
    names = np.array(codes.split(), dtype=object)
    squares = [shapely.box(west + i, south, west + i + 1, south + 1) for i in range(len(names))]
    about = {"kind": f"{country} areas", "country": country, **more}
    called = np.array([f"{country} {n}" for n in names], dtype=object)
    return build_boundaries(names, called, np.array(squares, dtype=object), **about)


def whole(*layers: Boundaries) -> list[Portion]:
    return [Portion(one.country, one, np.arange(len(one))) for one in layers]


def test_codes_are_keyed_by_country_and_names_stay():
    us, ca = layer("US", "94110 02139", west=-100), layer("CA", "M5V", west=-90)
    made, mendings = combined(whole(us, ca), name="America")
    assert made.codes.tolist() == ["CA_M5V", "US_02139", "US_94110"]
    assert made.names.tolist() == ["CA M5V", "US 02139", "US 94110"]
    assert (made.kind, made.title, made.country) == ("America", "America", "CA, US")
    assert made.parts == (Part("CA", "CA areas", ca.key), Part("US", "US areas", us.key))
    assert mendings == ()


def test_what_parts_know_is_kept_and_the_country_lies_on_top():
    within = {"county": np.array(["06075", "06001"], dtype=object)}
    us, ca = layer("US", "94110 94601", west=-100, within=within), layer("CA", "M5V", west=-90)
    made, _ = combined(whole(ca, us), name="America")
    assert list(made.within) == ["county", "country"]
    assert made.within["county"].tolist() == ["", "06075", "06001"]
    assert made.within["country"].tolist() == ["CA", "US", "US"]


def test_shares_follow_their_containers():
    shares = Shares(np.array([0, 1, 1], np.int32), np.array(["1", "1", "2"], object),
                    np.array([1.0, 0.4, 0.6]))  # fmt: skip
    us, ca = layer("US", "A B", west=-100, shares=shares), layer("CA", "M5V", west=-90)
    found = combined(whole(us, ca), name="America")[0].shares
    assert found is not None
    assert found.container.tolist() == [1, 2, 2]
    assert found.county.tolist() == ["1", "1", "2"]


def test_what_is_said_of_the_parts_is_said_of_the_whole():
    us = layer("US", "A", west=-100, source="Census", vintage="2020", approximate=True)
    ca = layer("CA", "B", west=-90, source="Statistics", vintage="2020", licence="Open")
    made, _ = combined(whole(us, ca), name="America")
    assert made.source == "CA: Statistics; US: Census"
    assert (made.vintage, made.licence, made.approximate) == ("2020", "CA: Open", True)


def test_rows_of_a_set_can_be_taken_alone():
    world = layer("", "CAN MEX USA", west=-100)
    made, _ = combined(
        [Portion("MX", world, np.array([1])), *whole(layer("US", "A", west=-50))], name="Two"
    )
    assert made.codes.tolist() == ["MX_MEX", "US_A"]


def test_countries_that_touch_are_neighbors():
    """
    CA: B      B lies on A
    US: A
    """
    us, ca = layer("US", "A", west=-100), layer("CA", "B", west=-100, south=41)
    made, mendings = combined(whole(us, ca), name="America")
    assert rook(made.polygons).pairs.tolist() == [[0, 1]]
    assert mendings == ()


def test_an_overlap_along_the_frontier_goes_to_one_side_and_is_told():
    us, ca = layer("US", "A B", west=-100), layer("CA", "C", west=-100, south=40.9)
    made, mendings = combined(whole(us, ca), name="America")
    assert shapely.coverage_is_valid(made.polygons)
    assert str(mendings[0]) == (
        "Overlap where CA meets US, given to one side: 2; the first is CA_C."
    )
    before = shapely.union_all([*us.polygons, *ca.polygons])
    assert shapely.area(made.polygons).sum() == pytest.approx(before.area)
    assert len(rook(made.polygons)) == 3


def test_a_country_across_the_antimeridian_stays_on_one_globe():
    russia = layer("RU", "CHU", west=179.5)
    made, mendings = combined(whole(russia, layer("US", "A", west=-100)), name="Two")
    assert shapely.total_bounds(made.polygons)[2] <= 180
    assert [m.what for m in mendings] == ["Cut at the 180th meridian"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=2, max_size=3), st.floats(39.5, 41.5))
def test_every_code_of_the_parts_is_there_once_or_told_and_no_ground_twice(wests, south):
    parts = [
        layer(country, "A B C", west=-100 + west, south=south if i else 40.0)
        for i, (country, west) in enumerate(zip(("CA", "MX", "US"), wests, strict=False))
    ]
    made, mendings = combined(whole(*parts), name="All")
    left_out = sum(m.count for m in mendings if m.what.endswith("left out"))
    every = [f"{p.country}_{c}" for p in parts for c in p.codes]
    assert len(set(made.codes)) == len(made)
    assert set(made.codes) <= set(every)
    assert len(made) + left_out == len(every)
    for one, other in itertools.combinations(made.polygons, 2):
        assert shapely.intersection(one, other).area < 1e-9
    by_country = positions_by_country(made)
    assert sorted(np.concatenate([*by_country.values()]).tolist()) == list(range(len(made)))
    for country, at in by_country.items():
        assert set(own_codes(country, made.codes[at])) <= {"A", "B", "C"}


def test_islands_belong_to_their_country_before_they_touch_another():
    """
    CA: B  .  .  .  C      C lies nearer to D than to B
    US: A  .  .  .  .  D
    """
    ca = layer("CA", "B", west=-100, south=41)
    both = build_boundaries(
        np.array(["B", "C"], object), np.array(["B", "C"], object),
        np.array([*ca.polygons, shapely.box(-96, 41, -95, 42)], object), kind="fsa", country="CA",
    )  # fmt: skip
    us = build_boundaries(
        np.array(["A", "D"], object), np.array(["A", "D"], object),
        np.array([shapely.box(-100, 40, -99, 41), shapely.box(-94.9, 40, -94, 41)], object),
        kind="zip", country="US",
    )  # fmt: skip
    made, _ = combined(whole(both, us), name="America")
    found = adjacency_of(made)
    linked = {tuple(made.codes[pair]) for pair in found.pairs[found.link]}
    assert linked == {("CA_B", "CA_C"), ("US_A", "US_D")}
