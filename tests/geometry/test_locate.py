from __future__ import annotations

import numpy as np
import pytest
from cells import objects, shapes
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.geometry.boundaries import Boundaries, build_boundaries
from tp_geo.geometry.locate import NOWHERE, containers_of


@pytest.fixture(scope="module")
def land() -> Boundaries:
    """
    A B .
    A C C
    """
    codes = objects(["a", "b", "c"])
    return build_boundaries(codes, codes, shapes("AB. ACC"), kind="k")


@given(st.floats(0.001, 0.099), st.floats(0.001, 0.099), st.integers(0, 2), st.integers(0, 1))
def test_a_point_in_a_cell_is_in_its_polygon(dx: float, dy: float, column: int, row: int):
    codes = objects(["a", "b", "c"])
    found = build_boundaries(codes, codes, shapes("AB. ACC"), kind="k")
    lon, lat = np.array([10 + column / 10 + dx]), np.array([1 - row / 10 - dy])
    expected = "AB.ACC"[3 * row + column]
    assert containers_of(lon, lat, found)[0] == {"A": 0, "B": 1, "C": 2, ".": NOWHERE}[expected]


def test_a_point_at_sea_is_nowhere(land: Boundaries):
    assert containers_of(np.array([10.25]), np.array([0.95]), land).tolist() == [NOWHERE]


def test_a_point_on_a_border_goes_to_the_first(land: Boundaries):
    assert containers_of(np.array([10.1, 10.1]), np.array([0.95, 0.9]), land).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("lon", "lat"), [(np.nan, 1.0), (10.05, np.nan), (np.inf, 1.0), (370.05, 0.95), (10.05, 91.0)]
)
def test_what_is_no_place_is_nowhere(land: Boundaries, lon: float, lat: float):
    found = containers_of(np.array([10.05, lon]), np.array([0.95, lat]), land)
    assert found.tolist() == [0, NOWHERE]


def test_no_points_are_nowhere(land: Boundaries):
    assert containers_of(np.zeros(0), np.zeros(0), land).tolist() == []
