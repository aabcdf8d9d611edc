"""Points of a view by cell: every point once, wherever the view is cut and at every level."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tp_geo.geometry.clustering import (
    BLOCK,
    FINE,
    LEVELS,
    MAGIC,
    Points,
    View,
    build_clusters,
    interleaved,
)
from tp_geo.geometry.packed import unpack
from tp_geo.geometry.topology import GRID

PLACE = st.one_of(
    st.floats(0, GRID - 1, width=32),
    st.sampled_from([0.0, 0.5, GRID / 2, GRID / 2 - 1e-6, GRID - 0.25, np.nan, -1.0, GRID]),
)
PLACES = st.integers(0, 60).flatmap(lambda n: hnp.arrays(np.float64, (n, 2), elements=PLACE))


@st.composite
def views(draw: st.DrawFn) -> View:
    level = draw(st.integers(0, LEVELS - 1))
    across = GRID >> (level + BLOCK)
    left, top = (draw(st.integers(0, across - 1)) for _ in range(2))
    right = draw(st.integers(left, min(left + 15, across - 1)))
    return View(level, left, top, right, draw(st.integers(top, min(top + 15, across - 1))))


def whole(level: int) -> View | None:
    last = (GRID >> (level + BLOCK)) - 1
    view = View(level, 0, 0, last, last)
    return view if view.sound else None


@given(PLACES, views())
def test_the_clusters_of_a_view_have_exactly_the_points_in_it(xy, view):
    found = Points.of(xy).clusters(view)
    side = 1 << (view.level + BLOCK)
    x, y = xy.T
    inside = (
        (x >= view.left * side)
        & (x < (view.right + 1) * side)
        & (y >= view.top * side)
        & (y < (view.bottom + 1) * side)
    )
    assert sorted(found.points) == np.flatnonzero(inside).tolist()
    assert found.count.sum() == inside.sum()
    assert (found.count > 0).all()
    worth = np.arange(len(xy), dtype=np.float64)
    assert found.sums(worth).sum() == worth[inside].sum()


@given(PLACES, views())
def test_points_of_a_cluster_share_a_cell_that_no_other_cluster_has(xy, view):
    found = Points.of(xy).clusters(view)
    cells = [
        {tuple(cell) for cell in (xy[points] // (1 << view.level)).tolist()}
        for points in np.split(found.points, found.start[1:])
        if len(points)
    ]
    assert all(len(cell) == 1 for cell in cells)
    assert len(set.union(set(), *cells)) == len(cells)
    middle = np.column_stack([found.x, found.y]) // (1 << view.level)
    assert {tuple(cell) for cell in middle.tolist()} == set.union(set(), *cells)


@given(PLACES)
def test_all_points_of_the_map_are_there_at_every_level_that_is_shown_whole(xy):
    points = Points.of(xy)
    for view in filter(None, map(whole, range(LEVELS))):
        assert points.clusters(view).count.sum() == len(points)


@given(PLACES, views())
def test_packed_clusters_say_the_same(xy, view):
    found = Points.of(xy).clusters(view)
    names = np.array([f"Account {i}" for i in range(len(xy))], dtype=object)
    totals = found.sums(np.ones(len(xy)))
    head, arrays = unpack(MAGIC, build_clusters(found, totals, None, names, 3))
    assert head["lost"] == 3
    alone = found.points[found.start[found.count == 1]]
    assert head["names"] == names[alone].tolist()
    assert np.array_equal(arrays["count"], found.count)
    assert np.array_equal(arrays["sum"], totals.astype(np.float32))
    assert np.abs(np.cumsum(arrays["x"]) / FINE - found.x).max(initial=0) <= 0.5 / FINE


@pytest.mark.parametrize(
    "view",
    [
        View(LEVELS, 0, 0, 0, 0),
        View(-1, 0, 0, 0, 0),
        View(13, 0, 0, 2, 0),
        View(0, -1, 0, 0, 0),
        View(0, 5, 0, 4, 0),
        View(0, 0, 0, 400, 400),
    ],
)
def test_a_view_that_is_none_is_known_as_such(view):
    assert not view.sound


def test_bits_of_two_numbers_stand_in_turn():
    assert interleaved(np.array([0b11]), np.array([0b00]))[0] == 0b0101
    assert interleaved(np.array([GRID - 1]), np.array([GRID - 1]))[0] == GRID**2 - 1
