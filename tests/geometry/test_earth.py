from __future__ import annotations

import numpy as np
import pytest
import shapely
from cells import objects
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.geometry.earth import (
    MEAN_RADIUS_M,
    area_km2,
    distance_m,
    equal_area,
    in_metres,
    middles,
)

WGS_84_SURFACE_KM2 = 510_065_621.724
"""NIMA TR8350.2, table 3.3, as commonly given."""

lon = st.floats(-170, 170)
lat = st.floats(-80, 80)


def test_the_tiles_of_the_globe_have_its_surface():
    tiles = [shapely.box(x, y, x + 1, y + 1) for x in range(3) for y in range(-90, 90)]
    fine = objects([shapely.segmentize(t, 0.05) for t in tiles])
    assert area_km2(fine).sum() * 120 == pytest.approx(WGS_84_SURFACE_KM2, rel=1e-5)


@given(lon, lat, st.floats(0.01, 2))
def test_an_area_is_the_same_at_every_longitude(x: float, y: float, side: float):
    here, there = shapely.box(x, y, x + side, y + side), shapely.box(0, y, side, y + side)
    found = area_km2(objects([here, there]))
    assert found[0] == pytest.approx(found[1], rel=1e-6)


def test_a_shape_in_two_halves_at_the_180th_meridian_is_measured_as_one():
    halves = shapely.union(shapely.box(179, 10, 180, 11), shapely.box(-180, 10, -179, 11))
    whole = shapely.box(9, 10, 11, 11)
    apart, together = area_km2(objects([halves, whole]))
    assert apart == pytest.approx(together, rel=1e-4)
    west, _, east, _ = in_metres(objects([halves]))[0].bounds
    assert east - west < 250_000


def test_a_pole_is_a_quarter_round_from_the_equator():
    found = distance_m(np.array([[33.0, 90.0]]), np.array([[-120.0, 0.0]]))
    assert found[0] == pytest.approx(np.pi / 2 * MEAN_RADIUS_M)


@given(lon, lat)
def test_the_middle_of_a_projection_is_at_its_origin(x: float, y: float):
    point = np.array([[x, y]])
    assert np.allclose(equal_area(point, point), 0, atol=1e-6)


def test_the_middle_of_nothing_is_unknown():
    found = middles(objects([shapely.Polygon(), shapely.box(1, 1, 3, 3)]))
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1]).all()
