"""What data/build.py committed: complete, clean coverages that hang together."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely

from tp_geo.files.countries import known_country
from tp_geo.geometry.adjacency import Adjacency, components, rook
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.geometry.contiguity import parts
from tp_geo.geometry.locate import containers_of
from tp_geo.store.embedded import (
    KINDS,
    data_dir,
    load_adjacency,
    load_boundaries,
    load_cities,
)
from tp_geo.workflow.shapes import pack_shapes

COUNTS = {
    "postal": 33_639,
    "county": 3_142,
    "state": 51,
    "province": 13,
    "municipality": 2_465,
    "country": 235,
}
LINKS = {"postal": 37, "county": 13, "state": 2, "province": 1, "municipality": 0, "country": 72}
HOME = {
    "postal": "US", "county": "US", "state": "US", "province": "CA", "municipality": "MX",
    "country": "",
}  # fmt: skip
"""The country of each kind; "" where it is the world."""

LAND_KM2 = {"US": 9_344_300, "CA": 9_832_749, "MX": 1_965_107, "": 134_718_771}

layer = cache(load_boundaries)
neighbors = cache(load_adjacency)
kinds = pytest.mark.parametrize("kind", KINDS)


@kinds
def test_nothing_is_missing(kind: str):
    found = layer(kind)
    assert len(found) == COUNTS[kind]
    assert found.codes.tolist() == sorted(set(found.codes))
    assert found.area_km2.sum() == pytest.approx(LAND_KM2[HOME[kind]], rel=1e-5)


@kinds
def test_every_polygon_is_valid_and_not_empty(kind: str):
    assert shapely.is_valid(layer(kind).polygons).all()
    assert (layer(kind).area_km2 > 0).all()


@kinds
def test_a_layer_has_no_overlap_and_draws_each_border_once(kind: str):
    assert shapely.coverage_is_valid(layer(kind).polygons)


@pytest.mark.parametrize("kind", ["postal", "county", "state"])
def test_a_layer_has_no_gap(kind: str):
    land = shapely.get_parts(shapely.coverage_union_all(layer(kind).polygons))
    assert sum(len(part.interiors) for part in land) == 0


def test_states_have_the_very_corners_of_their_counties():
    corners = {c.tobytes() for c in shapely.get_coordinates(layer("county").polygons)}
    assert {c.tobytes() for c in shapely.get_coordinates(layer("state").polygons)} <= corners


def test_a_county_border_between_postal_areas_is_theirs():
    """Autauga County's corners that are no postal area's lie inside one that crosses its line."""
    county, postal = layer("county"), layer("postal")
    corners = np.unique(shapely.get_coordinates(county.polygons[:50]), axis=0)
    known = {c.tobytes() for c in shapely.get_coordinates(postal.polygons)}
    other = np.array([c for c in corners if c.tobytes() not in known])
    point, at = shapely.STRtree(postal.polygons).query(shapely.points(other), predicate="within")
    assert len(np.unique(point)) == len(other)
    assert postal.shares is not None
    assert (np.bincount(postal.shares.container)[at] > 1).all()


@kinds
def test_labels_lie_inside(kind: str):
    found = layer(kind)
    assert shapely.contains_xy(found.polygons, found.xy).all()


@kinds
def test_a_layer_is_one_connected_whole(kind: str):
    whole = neighbors(kind)
    assert components(whole.pairs, COUNTS[kind]).max() == 0
    assert whole.link.sum() == LINKS[kind]
    assert ((whole.length_m == 0) == whole.link).all()


@kinds
def test_neighbors_are_those_of_the_polygons(kind: str):
    kept, found = neighbors(kind), rook(layer(kind).polygons)
    assert np.array_equal(kept.pairs[~kept.link], found.pairs)
    assert kept.length_m[~kept.link] == pytest.approx(found.length_m, rel=1e-6, abs=0.1)


@kinds
def test_neighbors_belong_to_this_version_of_the_layer(kind: str):
    path = data_dir() / "boundaries" / f"{kind}.adjacency.parquet"
    assert pq.read_schema(path).metadata[b"boundaries"].decode() == layer(kind).key


@pytest.mark.parametrize("kind", ["postal", "county"])
@pytest.mark.parametrize("level", ["state", "division", "region"])
def test_every_state_division_and_region_is_in_one_part(kind: str, level: str):
    area_of = numbered(layer(kind), level)
    assert set(parts(area_of, neighbors(kind)).values()) == {1}


def test_counties_lie_in_their_states():
    counties, states = layer("county"), layer("state")
    at = containers_of(counties.xy[:, 0], counties.xy[:, 1], states)
    assert states.codes[at].tolist() == counties.within["state"].tolist()


def test_parents_agree_from_level_to_level():
    counties, states = layer("county"), layer("state")
    postal = layer("postal")
    at = np.searchsorted(counties.codes.astype(str), postal.within["county"].astype(str))
    assert counties.codes[at].tolist() == postal.within["county"].tolist()
    for level in ("state", "division", "region"):
        assert counties.within[level][at].tolist() == postal.within[level].tolist()
    at = np.searchsorted(states.codes.astype(str), counties.within["state"].astype(str))
    for level in ("division", "region"):
        assert states.within[level][at].tolist() == counties.within[level].tolist()
    assert len(set(states.within["division"])) == 9
    assert len(set(states.within["region"])) == 4


def test_shares_of_a_postal_code_sum_to_one_and_hold_its_main_county():
    postal = layer("postal")
    shares = postal.shares
    assert shares is not None
    assert np.bincount(shares.container, shares.share) == pytest.approx(
        np.ones(len(postal)), abs=1e-4
    )
    assert set(shares.county) == set(layer("county").codes)
    pairs = set(zip(shares.container.tolist(), shares.county, strict=True))
    assert all((i, c) in pairs for i, c in enumerate(postal.within["county"]))


def test_about_a_quarter_of_postal_codes_cross_counties():
    shares = layer("postal").shares
    assert shares is not None
    assert np.mean(np.bincount(shares.container) > 1) == pytest.approx(0.25, abs=0.02)


@kinds
def test_a_layer_says_what_it_is(kind: str):
    found = layer(kind)
    assert found.kind == kind
    assert found.country == HOME[kind]
    assert found.title and found.vintage and found.source and found.licence
    assert found.approximate == (kind == "postal")
    metadata = pq.read_schema(data_dir() / "boundaries" / f"{kind}.parquet").metadata
    assert json.loads(metadata[b"tp_geo"])["kind"] == kind


@pytest.mark.parametrize(
    ("state", "km2"), [("CO", 269_601), ("KS", 213_100), ("WY", 253_335), ("NM", 314_917)]
)
def test_inland_states_have_the_area_the_census_gives(state: str, km2: float):
    """Total area, Census Bureau, State Area Measurements (2010)."""
    found = layer("state")
    at = found.codes.tolist().index(state)
    assert found.area_km2[at] == pytest.approx(km2, rel=2e-3)


def test_countries_go_by_the_letters_and_english_names_of_iso_3166():
    found = layer("country")
    assert [known_country(code) for code in found.codes] == found.codes.tolist()
    assert [known_country(name) for name in found.names] == found.codes.tolist()


@pytest.mark.parametrize(("country", "kind"), [("US", "state"), ("CA", "province")])
def test_a_country_is_about_as_large_as_its_parts(country: str, kind: str):
    """Not the same: the scales differ, and the one leaves out smaller lakes."""
    whole = layer("country")
    at = whole.codes.tolist().index(country)
    assert whole.area_km2[at] == pytest.approx(layer(kind).area_km2.sum(), rel=0.02)


def test_known_cities_lie_in_their_countries():
    places = {"US": (-77.04, 38.91), "MX": (-99.13, 19.43), "CA": (-75.70, 45.42)}
    places |= {"FJ": (178.0, -17.8), "RU": (37.62, 55.75), "KE": (36.82, -1.29)}
    lon, lat = np.array([*places.values()]).T
    assert layer("country").codes[containers_of(lon, lat, layer("country"))].tolist() == [*places]


def test_municipalities_know_their_states():
    found = layer("municipality")
    assert len(set(found.within["state"])) == 32
    at = containers_of(np.array([-103.35]), np.array([20.67]), found)[0]
    assert (found.names[at], found.within["state"][at]) == ("Guadalajara", "Jalisco")


def test_cities_are_the_largest_first_and_lie_in_their_countries():
    found = load_cities()
    assert found["population"].is_monotonic_decreasing
    near = found[found["country"].isin(["US", "CA", "MX"])]
    assert {"New York", "Toronto", "Guadalajara", "Austin"} <= set(near["name"])
    whole = layer("country")
    at = containers_of(near["lon"].to_numpy(float), near["lat"].to_numpy(float), whole)
    right = whole.codes[at] == near["country"].to_numpy(object)
    assert np.mean(right[at >= 0]) > 0.99


def test_known_places_lie_where_they_are_known_to():
    places = {"Austin": (-97.7431, 30.2672), "Adak": (-176.64, 51.87), "Honolulu": (-157.86, 21.31)}
    lon, lat = np.array([*places.values()]).T
    at = containers_of(lon, lat, layer("postal"))
    assert layer("postal").within["state"][at].tolist() == ["TX", "AK", "HI"]
    assert layer("postal").within["county"][at].tolist() == ["48453", "02016", "15003"]


def test_the_map_draws_this_version_of_the_layer():
    packed = (data_dir() / "topology" / "postal.tpg").read_bytes()
    assert packed == pack_shapes(layer("postal"), load_adjacency("postal"))


def test_the_data_is_small_enough_to_be_carried():
    size = sum(p.stat().st_size for p in data_dir().rglob("*.*"))
    assert size < 25_000_000


def numbered(found: Boundaries, level: str) -> np.ndarray:
    return np.unique(found.within[level].astype(str), return_inverse=True)[1].astype(np.int32) + 1


def test_an_adjacency_lists_each_pair_once_in_order():
    found: Adjacency = neighbors("postal")
    assert (found.pairs[:, 0] < found.pairs[:, 1]).all()
    code = found.pairs[:, 0].astype(np.int64) * COUNTS["postal"] + found.pairs[:, 1]
    assert (np.diff(code) > 0).all()
