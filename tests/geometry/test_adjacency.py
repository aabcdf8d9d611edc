from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import shapely
from cells import objects, shapes
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.geometry.adjacency import Adjacency, bridged, components, rook
from tp_geo.geometry.earth import distance_m

pictures = st.lists(st.text("ABCDE.", min_size=5, max_size=5), min_size=2, max_size=5).map(" ".join)
points = st.lists(
    st.tuples(st.integers(-500, 500), st.integers(-500, 500)), min_size=1, max_size=40, unique=True
).map(lambda found: np.array(found, dtype=np.float64) / 10)


def pairs(adjacency: Adjacency) -> list[tuple[int, int]]:
    return [tuple(p) for p in adjacency.pairs.tolist()]


def no_neighbors(n: int) -> Adjacency:
    return rook(objects([shapely.box(3 * k, 0, 3 * k + 1, 1) for k in range(n)]))


def test_cells_that_share_a_side_are_neighbors_and_those_at_a_corner_are_not():
    """
    A B
    C D
    """
    assert pairs(rook(shapes("AB CD"))) == [(0, 1), (0, 2), (1, 3), (2, 3)]


@given(pictures)
def test_neighbors_are_those_whose_borders_overlap_in_a_line(picture: str):
    polygons = shapes(picture)
    expected = [
        (i, j)
        for i, j in combinations(range(len(polygons)), 2)
        if shapely.length(shapely.intersection(polygons[i], polygons[j])) > 1e-9
    ]
    assert pairs(rook(polygons)) == expected


def test_the_length_of_a_border_is_in_metres():
    """B lies around three sides of A, which are a tenth of a degree each."""
    found = rook(shapes("BBB BAB"))
    side = 2 * np.pi * 6_371_008.8 / 3600
    assert found.length_m[0] == pytest.approx(3 * side, rel=1e-3)


def test_neighbors_across_the_180th_meridian_are_found():
    east, west = shapely.box(179, 0, 180, 1), shapely.box(-180, 0, -179, 1)
    assert pairs(rook(objects([east, west]))) == [(0, 1)]


def test_nothing_has_no_neighbors():
    assert len(rook(objects([]))) == 0
    assert len(bridged(rook(objects([])), np.zeros((0, 2)))) == 0


@given(points)
def test_islands_are_linked_to_one_whole_with_as_few_links_as_can_be(xy: np.ndarray):
    found = bridged(no_neighbors(len(xy)), xy)
    assert components(found.pairs, len(xy)).max() == 0
    assert len(found) == len(xy) - 1
    assert found.link.all() and not found.length_m.any()


@given(points)
def test_links_are_as_short_as_a_minimum_spanning_tree(xy: np.ndarray):
    found = bridged(no_neighbors(len(xy)), xy)
    length = distance_m(xy[found.pairs[:, 0]], xy[found.pairs[:, 1]]).sum()
    assert length == pytest.approx(prim(xy), rel=1e-9)


@pytest.mark.parametrize("kind", ["scattered", "on one line", "some twice"])
def test_many_islands_are_linked_like_few(kind: str):
    random = np.random.default_rng(7)
    xy = np.column_stack([random.uniform(-120, -70, 600), random.uniform(25, 49, 600)]).round(3)
    if kind == "on one line":
        xy[:, 0] = -100.0
    if kind == "some twice":
        xy[300:] = xy[:300]
    found = bridged(no_neighbors(600), xy)
    length = distance_m(xy[found.pairs[:, 0]], xy[found.pairs[:, 1]]).sum()
    assert len(found) == 599
    assert length == pytest.approx(prim(xy), rel=1e-6)


def test_borders_stay_and_links_are_marked():
    """A and B touch; C is an island nearer to B."""
    polygons = shapes("AB.C")
    found = bridged(rook(polygons), shapely.get_coordinates(shapely.centroid(polygons)))
    assert pairs(found) == [(0, 1), (1, 2)]
    assert found.link.tolist() == [False, True]
    assert found.length_m[0] > 0 == found.length_m[1]


def test_a_strait_inside_a_state_is_linked_though_there_is_a_way_round():
    """
    M . M      The two halves of M hang together by W already;
    W W W      they are linked all the same.
    """
    polygons = shapes("M.N WXY")
    xy = shapely.get_coordinates(shapely.centroid(polygons))
    state = objects(["MI", "MI", "WI", "WI", "WI"])
    assert not bridged(rook(polygons), xy).link.any()
    found = bridged(rook(polygons), xy, state)
    assert found.pairs[found.link].tolist() == [[0, 1]]


def prim(xy: np.ndarray) -> float:
    """Return the length of the minimum spanning tree, grown from the first point."""
    near = distance_m(np.broadcast_to(xy[0], xy.shape), xy)
    out = np.ones(len(xy), dtype=bool)
    out[0], total = False, 0.0
    while out.any():
        k = int(np.flatnonzero(out)[near[out].argmin()])
        total += near[k]
        out[k] = False
        near = np.minimum(near, distance_m(np.broadcast_to(xy[k], xy.shape), xy))
    return total
