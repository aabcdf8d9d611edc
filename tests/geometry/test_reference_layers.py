"""What a map shows of a user's shapes: where the map has them, named, and never too large."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
import shapely
from hypothesis import given

from tp_geo.geometry.packed import unpack
from tp_geo.geometry.projection import US_PIECES, AlbersUsa, Mercator
from tp_geo.geometry.reference import (
    FINEST,
    MAGIC,
    SAMPLE,
    Detail,
    build_reference,
    detail_of,
    frames_of,
)
from tp_geo.geometry.topology import GRID, Sheet

USA = AlbersUsa()
ITEMS = np.array(
    [
        shapely.box(-125, 25, -66, 49),
        shapely.box(-165, 55, -140, 70),
        shapely.MultiPolygon([shapely.box(-160, 19, -155, 22), shapely.box(-170, 25, -169, 26)]),
    ],
    dtype=object,
)
INSIDE = np.array([[-95.0, 40.0], [-150.0, 62.0], [-157.0, 20.0]])
FRAMES = frames_of(ITEMS, INSIDE, USA)
SHEET = Sheet.over(US_PIECES[0].plane(shapely.get_coordinates(shapely.segmentize(ITEMS[0], 1))))


class Drawn:
    """A packed layer, opened."""

    def __init__(self, *shapes: shapely.Geometry, names: list[str] | None = None, **more: int):
        given = np.array([None, *shapes], dtype=object)[1:]
        called = np.array(names or [""] * len(shapes), dtype=object)
        self.blob = build_reference(given, called, USA, SHEET, FRAMES, **more)
        self.head, arrays = unpack(MAGIC, self.blob)
        self.corners = np.column_stack([np.cumsum(arrays["x"]), np.cumsum(arrays["y"])])
        self.marks = np.column_stack([np.cumsum(arrays["mark.x"]), np.cumsum(arrays["mark.y"])])
        self.room, self.hole, self.length = (
            arrays[name] for name in ("mark.room", "hole", "length")
        )


def at(lon: float, lat: float) -> np.ndarray:
    return SHEET.steps(USA.plane(np.array([[lon, lat]])))[0]


def frame(piece: int, beyond: float = 0.0) -> shapely.Polygon:
    corners = SHEET.exact(np.array(FRAMES[piece]).reshape(2, 2))
    return shapely.box(*corners.min(axis=0), *corners.max(axis=0)).buffer(beyond)


@pytest.mark.parametrize("place", [(-95, 40), (-150, 62), (-157, 20)])
def test_a_point_is_where_the_map_has_it_on_an_inset_too(place: tuple[float, float]) -> None:
    found = Drawn(shapely.Point(place), names=["Depot"])
    assert found.marks.tolist() == [at(*place).tolist()]
    assert (found.head["names"], found.room.tolist()) == (["Depot"], [0])


def test_a_line_from_one_piece_to_another_is_cut_where_they_end() -> None:
    found = Drawn(shapely.LineString([(-122, 47), (-150, 62)]), names=["Highway"])
    assert len(found.length) == 2
    north = np.cumsum(found.length)[0]
    inside = [shapely.contains(frame(1, 0.02 * GRID), shapely.Point(c)) for c in found.corners]
    assert inside == [False] * north + [True] * (len(inside) - north)


def test_what_lies_round_the_map_is_shown_but_not_behind_an_inset() -> None:
    mexico = shapely.box(-118, 14.5, -86, 32)
    found = Drawn(mexico)
    assert (found.corners[:, 1] > at(-97, 25)[1]).any()
    rings = np.split(found.corners, np.cumsum(found.length)[:-1])
    shells = [shapely.Polygon(ring) for ring in rings]
    seen = shapely.union_all([s for s, hole in zip(shells, found.hole, strict=True) if not hole])
    seen -= shapely.union_all([s for s, hole in zip(shells, found.hole, strict=True) if hole])
    for piece in FRAMES:
        assert shapely.intersection(seen, frame(piece)).area == pytest.approx(0)


def test_the_frame_of_a_piece_leaves_out_islands_beyond_its_box() -> None:
    left, _, right, _ = FRAMES[2]
    assert right - left < 700_000


def test_a_long_line_bends_as_the_map_does() -> None:
    found = Drawn(shapely.LineString([(-120, 45), (-70, 45)]))
    middle = at(-95, 45)
    assert np.hypot(*(found.corners - middle).T).min() < 1_000
    assert len(found.corners) > 10


def test_names_stand_inside_the_largest_part_the_roomiest_first() -> None:
    small, large = shapely.box(-100, 40, -99, 41), shapely.box(-95, 35, -85, 45)
    found = Drawn(
        small, shapely.MultiPolygon([shapely.box(-110, 30, -109, 31), large]), small,
        names=["Small", "Large", ""],
    )  # fmt: skip
    assert found.head["names"] == ["Large", "Small"]
    assert found.room[0] > found.room[1] > 0
    west, east = at(-95, 40)[0], at(-85, 40)[0]
    assert west < found.marks[0][0] < east


def test_a_hole_follows_its_polygon() -> None:
    ring = shapely.box(-100, 30, -90, 40) - shapely.box(-97, 33, -93, 37)
    found = Drawn(ring, shapely.box(-85, 30, -80, 35), shapely.LineString([(-100, 45), (-90, 45)]))
    assert found.hole.tolist() == [0, 1, 0]
    assert len(found.length) == 4


def test_what_is_too_small_to_see_becomes_a_mark() -> None:
    yard = shapely.Point(-95, 40).buffer(1e-4)
    found = Drawn(yard, names=["Yard"])
    assert found.marks.tolist() == [at(-95, 40).tolist()]
    assert (found.head["names"], len(found.corners)) == (["Yard"], 0)


def test_points_of_one_place_are_one_mark_and_an_even_sample_comes_first() -> None:
    lon, lat = (
        v.ravel() for v in np.meshgrid(np.linspace(-110, -80, 120), np.linspace(33, 45, 90))
    )
    found = Drawn(*shapely.points(lon, lat), shapely.Point(lon[0], lat[0]))
    assert len(found.marks) == 120 * 90
    first = found.marks[: len(found.marks) // 3]
    assert len(first) <= SAMPLE
    assert np.allclose(first.mean(axis=0), found.marks.mean(axis=0), rtol=0.01)


def test_a_layer_that_is_too_large_is_thinned_until_it_fits() -> None:
    noise = np.random.default_rng(1).normal(0, 0.02, (20_000, 2))
    way = np.column_stack([np.linspace(-120, -70, 20_000), np.full(20_000, 40.0)]) + noise
    whole, thin = Drawn(shapely.LineString(way)), Drawn(shapely.LineString(way), most=2_000)
    assert len(whole.blob) > 2_000 >= len(thin.blob)
    assert 1 < len(thin.corners) < len(whole.corners)
    assert abs(thin.corners[:, 0].max() - whole.corners[:, 0].max()) < 500
    exact, coarse = detail_of(whole.blob), detail_of(thin.blob)
    assert exact == Detail(round(FINEST * SHEET.step, 1), 0, 0, thinned=False)
    assert coarse.thinned
    assert coarse.metres > 2 * exact.metres


def test_points_that_are_too_many_are_fewer_and_counted() -> None:
    lonlat = np.random.default_rng(2).uniform((-110, 33), (-80, 45), (5_000, 2))
    names = [f"Store {i}" for i in range(5_000)]
    found = Drawn(*shapely.points(lonlat), names=names, most=8_000)
    detail = detail_of(found.blob)
    assert len(found.blob) <= 8_000
    assert (detail.metres, detail.points, detail.thinned) == (0, 5_000, True)
    assert detail.shown == len(found.marks) < 5_000
    assert np.allclose(found.marks.mean(axis=0), at(-95, 39), rtol=0.05)


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1))
def test_a_mark_is_where_a_piece_of_the_map_has_one_of_the_points(lonlat: list) -> None:
    degrees = np.array(lonlat)
    known = {tuple(SHEET.steps(USA.main(degrees[i : i + 1]))[0]) for i in range(len(degrees))}
    known |= {
        tuple(at(*place)) for place in lonlat if np.isfinite(USA.plane(np.array([place]))).all()
    }
    found = Drawn(*shapely.points(lonlat))
    assert {tuple(mark) for mark in found.marks.tolist()} <= known
    assert detail_of(found.blob).shown == len(found.marks) <= len(lonlat)


def test_nothing_on_the_map_is_an_empty_layer() -> None:
    found = Drawn(shapely.Point(10, 50), shapely.box(10, 50, 11, 51), names=["Mainz", "Hesse"])
    assert (found.head["names"], len(found.corners), len(found.marks)) == ([], 0, 0)


def test_a_polygon_across_the_cut_of_a_world_map_stays_in_one_place_each() -> None:
    pacific = Mercator(-169.0)
    plane = pacific.plane(np.array([[-168.9, -50.0], [-169.1, 70.0]]))
    sheet = Sheet.over(plane)
    shape = np.array([shapely.box(-172, 60, -165, 65)], dtype=object)
    blob = build_reference(shape, np.array([""], dtype=object), pacific, sheet, {})
    _, arrays = unpack(MAGIC, blob)
    x = np.cumsum(arrays["x"])
    assert len(arrays["length"]) == 2
    assert (np.minimum(x, GRID - x) < GRID / 60).all()


shapes = st.one_of(
    st.builds(shapely.Point, st.floats(-180, 180), st.floats(-90, 90)),
    st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=2, max_size=6).map(
        shapely.LineString
    ),
    st.builds(
        lambda x, y, w, h: shapely.box(x, y, min(x + w, 180), min(y + h, 90)),
        st.floats(-180, 179), st.floats(-90, 89), st.floats(0.001, 60), st.floats(0.001, 60),
    ),
)  # fmt: skip


@given(st.lists(st.one_of(shapes, st.lists(shapes, max_size=3).map(shapely.GeometryCollection))))
def test_whatever_comes_is_drawn_within_reach_and_consistent(given: list) -> None:
    found = Drawn(*given, names=[f"n{i}" for i in range(len(given))])
    assert found.length.sum() == len(found.corners)
    assert len(found.head["names"]) == len(found.marks) == len(found.room)
    assert len(found.hole) <= len(found.length)
    every = np.vstack([found.corners, found.marks, np.zeros((1, 2))])
    assert (np.abs(every - GRID / 2) <= 1.3 * GRID).all()
