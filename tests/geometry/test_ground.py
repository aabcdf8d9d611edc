"""The land round a map's items: what is there, and what is left out."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from tp_geo.geometry.ground import Cities, Land, build_ground, cities_on
from tp_geo.geometry.projection import AlbersUsa, Mercator, projection_for

HOME = shapely.box(10, 40, 20, 50)
LAND = Land(
    np.array([HOME, shapely.box(20, 40, 30, 50), shapely.box(-80, 0, -70, 10)], dtype=object),
    np.array(["Home", "East", "Far"], dtype=object),
)
TOLERANCE = 1_000.0


def drawn(*shapes: shapely.Geometry, projection: Mercator | None = None) -> np.ndarray:
    plane = (projection or Mercator()).plane
    return np.array([shapely.transform(s, plane) for s in shapes], dtype=object)


def whole(items: np.ndarray, land: Land = LAND):
    return build_ground(land, Mercator(), items, np.zeros(len(items), np.int64), TOLERANCE)


def test_neighbors_are_there_and_what_is_drawn_is_not():
    items = drawn(HOME)
    found = whole(items)
    assert found.names == ("East",)
    assert shapely.area(shapely.intersection(found.parts, items[0])).sum() == pytest.approx(0)
    place = Mercator().plane(np.array([[25.0, 45.0]]))
    assert shapely.contains_xy(found.parts, *place[0]).any()


def test_what_the_items_leave_out_of_their_own_country_is_land():
    found = whole(drawn(shapely.box(10, 40, 15, 50)))
    assert found.names == ("Home",)


def test_where_scales_differ_there_is_no_rim():
    """The land is a little larger than the items, as where another source drew the coast."""
    larger = Land(np.array([HOME.buffer(0.02)], dtype=object), np.array(["Home"], dtype=object))
    assert len(whole(drawn(HOME), larger).parts) == 0


def test_a_narrow_gap_to_the_neighbor_is_closed():
    apart = Land(
        np.array([shapely.box(20.03, 40, 30, 50)], dtype=object), np.array(["East"], dtype=object)
    )
    items = drawn(HOME)
    assert shapely.distance(whole(items, apart).parts[0], items[0]) == pytest.approx(0, abs=1)


def test_there_is_no_land_behind_an_inset():
    usa, hawaii = shapely.box(-120, 30, -80, 49), shapely.box(-158, 20, -156, 22)
    projection = AlbersUsa()
    flat = np.array([shapely.transform(s, projection.plane) for s in (usa, hawaii)], dtype=object)
    mexico = Land(
        np.array([shapely.box(-117, 15, -90, 30)], dtype=object), np.array(["Mexico"], object)
    )
    found = build_ground(mexico, projection, flat, np.array([0, 2]), TOLERANCE)
    assert len(found.parts)
    assert not shapely.intersects(shapely.buffer(found.parts, -1), flat[1]).any()


def test_cities_at_sea_and_of_no_piece_are_left_out():
    items = drawn(HOME)
    cities = Cities(
        np.array(["Here", "There", "At sea"], dtype=object),
        np.array([[15.0, 45.0], [25.0, 45.0], [0.0, 0.0]]),
    )
    names, plane = cities_on(cities, Mercator(), items, whole(items), TOLERANCE)
    assert names.tolist() == ["Here", "There"]
    assert plane == pytest.approx(Mercator().plane(cities.lonlat[:2]))


def test_a_map_of_the_world_is_cut_at_the_bering_strait():
    points = np.column_stack([np.arange(-179.0, 180.0, 12.0), np.zeros(30)])
    assert projection_for("", points) == Mercator(-169.0)


def test_what_a_projection_draws_well_never_crosses_the_antimeridian():
    for projection in (AlbersUsa(), Mercator(-169.0), Mercator()):
        for west, south, east, north in projection.reach():
            assert -180 <= west < east <= 180
            assert south < north
