"""Sides of a line: straight, bent, drawn out beyond its ends."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from tp_geo.errors import Refused
from tp_geo.geometry.sides import left_of

whole = st.integers(-9, 9)
places = st.lists(st.tuples(whole, whole), min_size=1, max_size=12)


def lefts(points: list[tuple[float, float]], *line: tuple[float, float]) -> list[bool]:
    found: list[bool] = left_of(np.array(points, float), np.array(line, float)).tolist()
    return found


def test_a_line_northwards_has_the_west_on_its_left() -> None:
    assert lefts([(-1, 5), (1, 5), (0, 3)], (0, 0), (0, 1)) == [True, False, True]


def test_a_bent_line_turns_with_its_corners() -> None:
    """The line comes from the south and turns east at (0, 0): the south-east is on its right."""
    line = ((0, -5), (0, 0), (5, 0))
    assert lefts([(-1, -3), (1, -3), (3, 1), (-3, 3), (0.1, -0.1)], *line) == [
        True,
        False,
        True,
        True,
        False,
    ]


@given(places, st.tuples(whole, whole), st.tuples(whole, whole))
def test_turned_round_a_line_has_the_other_sides(
    points: list[tuple[int, int]], a: tuple[int, int], b: tuple[int, int]
) -> None:
    assume(a != b)
    cross = [(b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) for x, y in points]
    there, back = lefts(points, a, b), lefts(points, b, a)
    assert there == [c >= 0 for c in cross]
    assert all(t != u for t, u, c in zip(there, back, cross, strict=True) if c)


@given(places, st.lists(whole, min_size=3, max_size=5))
def test_sides_are_those_of_the_land_below_a_line(
    points: list[tuple[int, int]], heights: list[int]
) -> None:
    """A line from west to east: what lies above it is on its left."""
    line = [(20 * i - 20 * len(heights) // 2, y) for i, y in enumerate(heights)]
    first, last = line[0], line[-1]
    assume(line[1][1] == first[1] and line[-2][1] == last[1])  # its ends run level
    below = shapely.Polygon([(-999, -999), (-999, first[1]), *line, (999, last[1]), (999, -999)])
    edge = shapely.LineString([(-999, first[1]), *line, (999, last[1])])
    for point, left in zip(points, lefts(points, *line), strict=True):
        if edge.distance(shapely.Point(point)) > 1e-9:
            assert left == (not below.contains(shapely.Point(point)))


def test_what_lies_nowhere_is_on_the_left() -> None:
    assert lefts([(float("nan"), 0.0)], (0, 0), (0, 1)) == [True]


def test_a_line_of_one_place_is_refused() -> None:
    with pytest.raises(Refused, match="two places that differ"):
        lefts([(0, 0)], (1, 1), (1, 1))


@given(places, st.integers(1, 4), st.integers(2, 8))
def test_a_line_that_winds_has_everything_on_one_side_or_the_other(
    points: list[tuple[int, int]], bends: int, reach: int
) -> None:
    """Back and forth on its way to the north, so that it is no height over any axis."""
    line = [(0, -30)]
    for i in range(bends):
        y = 3 * i - 6
        line += [(0, y), (reach, y + 2), (-reach, y + 1), (0, y + 3)]
    line.append((0, 30))
    west = shapely.Polygon([*line, (-99, 30), (-99, -30)])
    edge = shapely.LineString(line)
    assert west.is_valid
    for point, left in zip(points, lefts(points, *line), strict=True):
        if edge.distance(shapely.Point(point)) > 1e-9:
            assert left == west.contains(shapely.Point(point))
