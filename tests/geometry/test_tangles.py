from __future__ import annotations

import numpy as np
import pytest
import shapely
from cells import objects
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.geometry.tangles import PROBES, crossings, surfaces, untangled

bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])


def test_a_bow_crosses_itself_once():
    assert crossings(bow) == 1


def test_corners_that_meet_are_no_crossing():
    assert crossings(shapely.box(0, 0, 1, 1)) == 0


@given(st.integers(2, 20))
def test_a_star_of_lines_crosses_as_often_as_it_must(n: int):
    """A star drawn in one line over 2n + 1 corners: every line but its neighbors is crossed."""
    turn = 2 * np.pi * n * np.arange(2 * n + 1) / (2 * n + 1)
    star = shapely.Polygon(np.column_stack([np.cos(turn), np.sin(turn)]))
    assert crossings(star) == (2 * n + 1) * (2 * n - 2) // 2


def test_very_many_crossings_are_estimated_from_some():
    turn = np.linspace(0, 2 * np.pi, 5 * PROBES)
    wound = shapely.Polygon(np.column_stack([np.cos(31 * turn), np.sin(32 * turn)]))
    exact, _ = shapely.STRtree(sides(wound)).query(sides(wound), predicate="crosses")
    assert crossings(wound) == pytest.approx(len(exact) / 2, rel=0.3)


def test_both_loops_of_a_bow_are_kept():
    (found,) = untangled(objects([bow]))
    assert found.is_valid
    assert found.area == pytest.approx(2)


def test_a_valid_shape_is_left_alone():
    square = shapely.box(0, 0, 1, 1)
    assert untangled(objects([square]))[0].equals(square)


def test_what_a_ring_goes_round_twice_is_inside():
    """A pentagram: its middle is no hole."""
    turn = 4 * np.pi * np.arange(5) / 5
    star = shapely.Polygon(np.column_stack([np.cos(turn), np.sin(turn)]))
    (found,) = untangled(objects([star]))
    assert found.contains(shapely.Point(0, 0))
    assert found.is_valid


def test_a_ring_that_crosses_itself_some_hundred_thousand_times_is_mended():
    """By lines, this took many minutes."""
    corners = np.random.default_rng(0).random((800, 2))
    (found,) = untangled(objects([shapely.Polygon(corners)]))
    assert found.is_valid
    assert found.area > 0.5


def test_a_ring_of_no_width_vanishes():
    spike = shapely.Polygon([(0, 0), (1, 0), (1, 1), (1, 2), (1, 1), (0, 1)])
    (found,) = untangled(objects([spike]))
    assert found.equals(shapely.box(0, 0, 1, 1))


def test_only_surfaces_are_left_of_a_collection():
    mixed = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.Point(5, 5)])
    line = shapely.LineString([(0, 0), (1, 1)])
    square, nothing = surfaces(objects([mixed, line]))
    assert square.equals(shapely.box(0, 0, 1, 1))
    assert nothing.is_empty


def sides(shape: shapely.Polygon) -> np.ndarray:
    corners = shapely.get_coordinates(shape)
    return shapely.linestrings(np.stack([corners[:-1], corners[1:]], axis=1))
