from __future__ import annotations

import numpy as np
import pytest
import shapely
from cells import board, objects, shapes
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.geometry.adjacency import bridged, rook
from tp_geo.geometry.compactness import cut_edges, cut_length_km, polsby_popper, reock

circle = shapely.Point(10, 0).buffer(0.5, quad_segs=64)


def test_a_circle_is_as_compact_as_can_be():
    assert polsby_popper(objects([circle]))[0] == pytest.approx(1, abs=1e-3)
    assert reock(objects([circle]))[0] == pytest.approx(1, abs=0.01)


def test_a_square_scores_as_in_the_textbook():
    """Pi / 4 by Polsby and Popper, 2 / pi by Reock."""
    square = shapes("A")
    assert polsby_popper(square)[0] == pytest.approx(np.pi / 4, abs=0.005)
    assert reock(square)[0] == pytest.approx(2 / np.pi, abs=0.005)


@given(st.floats(1, 40), st.floats(-60, 60))
def test_a_score_lies_between_zero_and_one_and_falls_with_length(stretch: float, y: float):
    long = shapely.box(10, y, 10 + 0.1 * stretch, y + 0.1)
    longer = shapely.box(10, y, 10 + 0.4 * stretch + 0.4, y + 0.1)
    for score in (polsby_popper, reock):
        first, second = score(objects([long, longer]))
        assert 0 < second < first <= 1


def test_an_empty_area_has_no_score():
    assert np.isnan(polsby_popper(objects([shapely.Polygon()]))).all()
    assert np.isnan(reock(objects([shapely.Polygon()]))).all()


def test_cut_edges_are_pairs_of_neighbors_in_different_areas():
    """
    A A B
    A B B     three sides lie between A and B
    """
    assert cut_edges(*board("AAB ABB")) == 3


def test_a_link_is_not_a_border_that_can_be_cut():
    polygons = shapes("A.B")
    whole = bridged(rook(polygons), shapely.get_coordinates(shapely.centroid(polygons)))
    assert len(whole) == 1
    assert cut_edges(np.array([1, 2], np.int32), whole) == 0


def test_the_border_between_areas_is_measured_in_kilometres():
    """Three sides of a tenth of a degree each."""
    assert cut_length_km(*board("AAB ABB")) == pytest.approx(3 * 11.12, rel=0.01)
