from __future__ import annotations

import numpy as np
import pytest
import shapely
from cells import objects, shapes
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.geometry.outline import dissolved, outlines, simplified


def test_polygons_of_one_group_become_one_shape():
    """
    A B       A and D are one group, in two pieces; B and C the other.
    C D
    """
    found = outlines(shapes("AB CD"), np.array([7, 3, 3, 7]))
    assert list(found) == [3, 7]
    assert found[7].equals(shapes("A. .A")[0])


@given(st.lists(st.integers(-1, 3), min_size=12, max_size=12))
def test_no_surface_is_lost_or_gained(group: list[int]):
    polygons = shapes("ABCD EFGH IJKL")
    found = outlines(polygons, np.array(group))
    for k in {*group} - {-1}:
        members = polygons[np.array(group) == k]
        assert found[k].area == pytest.approx(shapely.area(members).sum())
        assert found[k].equals(shapely.union_all(members))
    assert -1 not in found


def test_no_polygons_have_no_outlines():
    assert outlines(objects([]), np.zeros(0, np.int32)) == {}


def test_polygons_that_overlap_are_dissolved_all_the_same():
    overlapping = objects([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)])
    found = dissolved(overlapping)
    assert found.is_valid
    assert found.area == pytest.approx(7)


def test_a_polygon_that_crosses_itself_is_dissolved_all_the_same():
    bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    found = dissolved(objects([bow, shapely.box(2, 0, 3, 2)]))
    assert found.is_valid
    assert found.area == pytest.approx(4)


def wavy(n: int) -> np.ndarray:
    """Return squares of one degree with borders of many small waves, shared exactly."""
    step = np.linspace(0, 1, 201)[:-1]
    wave = 0.01 * np.sin(80 * step)

    def side(k: int) -> np.ndarray:
        return np.column_stack([k + wave, step])

    polygons = []
    for k in range(n):
        right, left = side(k + 1), side(k)[::-1]
        polygons.append(
            shapely.Polygon(np.concatenate([[(k, 0)], right, [(k + 1, 1), (k, 1)], left]))
        )
    return objects(polygons)


def test_a_simplified_coverage_has_fewer_corners_and_no_gaps():
    before = objects([shapely.make_valid(p) for p in wavy(4)])
    after = simplified(before, 0.05)
    assert shapely.get_num_coordinates(after).sum() < shapely.get_num_coordinates(before).sum() / 2
    assert shapely.coverage_is_valid(after)
    assert shapely.area(after).sum() == pytest.approx(shapely.area(before).sum(), rel=0.02)


def test_a_small_shape_keeps_its_corners_better_than_a_large_one():
    """A house of 0.02 degrees on a field of one degree, at a tolerance half the house."""
    house = shapely.box(0.5, 0.5, 0.52, 0.52)
    field = shapely.difference(shapely.box(0, 0, 1, 1), house)
    after = simplified(objects([field, house]), 0.01)
    assert after[1].equals(house)
    assert shapely.coverage_is_valid(after)
