from __future__ import annotations

import numpy as np
import pytest
import shapely
from cells import objects, shapes
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from tp_geo.errors import BadData
from tp_geo.geometry.adjacency import rook
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.geometry.fitting import NARROW_SHARE
from tp_geo.geometry.mending import Mending, mended


def mend(
    polygons: list[object] | np.ndarray,
    codes: list[str | None] | None = None,
    names: list[str | None] | None = None,
    crs: str = "EPSG:4326",
) -> tuple[Boundaries, dict[str, tuple[int, str]]]:
    """Return what is mended, and what was done by its first words."""
    found = objects([*polygons])
    told = codes if codes is not None else [f"{k:03d}" for k in range(len(found))]
    made, done = mended(
        found, objects([*told]), objects([*(names or told)]), crs=crs, kind="k", title="K"
    )
    said = {m.what.split(",")[0]: (m.count, m.example) for m in done}
    assert shapely.is_valid(made.polygons).all()
    assert shapely.coverage_is_valid(made.polygons) == ("Still do not fit" not in said)
    return made, said


def test_a_ring_that_runs_along_its_own_sides_becomes_one_valid_shape():
    there_and_back = shapely.Polygon([(0, 19), (11, 11), (0, 1), (0, 0), (11, 11), (0, 1)])
    made, said = mend([shapely.transform(there_and_back, lambda c: c / 16)])
    assert said["Crossed themselves"] == (1, "000")
    assert made.polygons[0].equals(shapely.Polygon([(0, 0), (0, 1.1875), (0.6875, 0.6875)]))


def test_parts_that_touch_in_one_point_of_a_hole_do_not_overlap_and_are_told():
    """The library takes the place where a hole touches its shell for one that does not fit."""
    crossed = shapely.Polygon([(30, 45), (45, 10), (37, 9), (59, 50)])
    both = [crossed, shapely.Point((32, 3)).buffer(18, quad_segs=4)]
    made, said = mend([shapely.transform(p, lambda c: c / 256) for p in both])
    assert said["Still do not fit"] == (1, "000")
    assert shapely.intersection(*made.polygons).area == 0


def pairs(made: Boundaries) -> list[list[int]]:
    return rook(made.polygons).pairs.tolist()


@given(st.lists(st.text("ABCD.", min_size=4, max_size=4), min_size=2, max_size=4).map(" ".join))
def test_a_clean_coverage_is_left_as_it_is(picture: str):
    polygons = shapes(picture)
    if not len(polygons):
        return
    made, done = mend(polygons)
    assert done == {}
    assert [a.equals(b) for a, b in zip(made.polygons, polygons, strict=True)]


@given(st.floats(-9e-6, 9e-6), st.floats(-9e-6, 9e-6), st.integers(0, 3))
def test_neighbors_are_found_though_one_is_drawn_a_metre_off(dx: float, dy: float, moved: int):
    """
    A B
    C D
    """
    polygons = shapes("AB CD")
    polygons[moved] = shapely.transform(polygons[moved], lambda c: c + np.array([dx, dy]))
    made, _ = mend(polygons)
    sides = [[0, 1], [0, 2], [1, 3], [2, 3]]
    assert [p for p in pairs(made) if p in sides] == sides


def test_a_border_with_a_corner_on_one_side_only_is_matched():
    """
    A B
    A C     A's right side has no corner where B and C meet.
    """
    made, done = mend([box(0, 0, 1, 2), box(1, 1, 2, 2), box(1, 0, 2, 1)])
    assert pairs(made) == [[0, 1], [0, 2], [1, 2]]
    assert done == {"Did not fit their neighbors": (1, "000")}


def test_an_overlap_goes_to_the_smaller_and_is_told():
    made, done = mend([box(0, 0, 3, 1), box(2.9, 0, 4, 1)])
    assert made.polygons[1].equals(box(2.9, 0, 4, 1))
    assert done["Area changed by over 1 % in matching"] == (1, "000")
    assert pairs(made) == [[0, 1]]


def test_a_narrow_gap_is_closed_and_a_river_is_not():
    near, _ = mend([box(0, 0, 1, 1), box(1.00005, 0, 2, 1)])
    far, done = mend([box(0, 0, 1, 1), box(1.001, 0, 2, 1)])
    assert pairs(near) == [[0, 1]]
    assert pairs(far) == []
    assert done == {}


def test_a_shape_inside_another_is_cut_out_of_it():
    made, _ = mend([box(0, 0, 3, 3), box(1, 1, 2, 2)])
    assert shapely.area(made.polygons) == pytest.approx([8, 1])
    assert pairs(made) == [[0, 1]]


def test_a_shape_drawn_twice_under_two_codes_is_kept_once():
    made, done = mend([box(0, 0, 1, 1), box(0, 0, 1, 1)])
    assert made.codes.tolist() == ["000"]
    assert done["Wholly under others"] == (1, "001")


def test_a_shape_that_crosses_itself_is_made_valid():
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    made, done = mend([bow])
    assert made.polygons[0].area == pytest.approx(0.5)
    assert done == {"Crossed themselves": (1, "000")}


def test_rows_without_a_surface_are_left_out_and_told():
    made, done = mend([None, box(0, 0, 1, 1), shapely.Polygon(), shapely.Point(1, 1)])
    assert made.codes.tolist() == ["001"]
    assert done == {"No shape": (2, "000"), "Points or lines": (1, "003")}


def test_a_shape_smaller_than_the_grid_is_left_out_and_told():
    made, done = mend([box(0, 0, 1e-8, 1e-8), box(0, 0, 1, 1)])
    assert made.codes.tolist() == ["001"]
    assert done == {"Too small to draw": (1, "000")}


def test_a_tangle_is_refused_before_it_takes_minutes():
    """A line wound 77 times around a ring, in waves."""
    turn = np.linspace(0, 2 * np.pi, 4000)
    far = 1 + 0.3 * np.sin(901 * turn)
    wound = np.column_stack([10 + far * np.cos(77 * turn), 10 + far * np.sin(77 * turn)])
    with pytest.raises(BadData, match=r"row 2 \(code 001\) crosses itself some [\d,]+ times"):
        mend([box(0, 0, 1, 1), shapely.Polygon(wound)])


def test_circles_around_shops_are_refused():
    """Forty circles over a few streets."""
    shops = [shapely.Point(k % 8, k // 8).buffer(3) for k in range(40)]
    with pytest.raises(
        BadData, match=r"lie \d+ deep on one another, for example those of 0\d\d and"
    ):
        mend(shops)


def test_a_file_of_specks_is_refused():
    with pytest.raises(BadData, match="all too small to draw"):
        mend([box(0, 0, 1e-8, 1e-8)])


def test_the_surfaces_of_a_mixed_collection_are_kept():
    mixed = shapely.GeometryCollection([box(0, 0, 1, 1), shapely.Point(3, 3)])
    made, _ = mend([mixed])
    assert made.polygons[0].equals(box(0, 0, 1, 1))


def test_heights_are_dropped():
    made, _ = mend([shapely.Polygon([(0, 0, 5), (1, 0, 5), (1, 1, 5)])])
    assert not shapely.has_z(made.polygons).any()


def test_rows_of_one_code_and_name_are_one_container():
    made, done = mend([box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 0, 3, 1)], ["b", "a", "b"])
    assert made.codes.tolist() == ["a", "b"]
    assert made.polygons[1].area == pytest.approx(2)
    assert done == {"Repeated code": (1, "b")}


def test_a_code_with_two_names_is_refused_with_its_rows():
    expected = r"Code 'a' is 'x' in row 1 and 'y' in row 3\. Choose a column with --code"
    with pytest.raises(BadData, match=expected):
        mend([box(k, 0, k + 1, 1) for k in range(3)], ["a", "b", "a"], ["x", "x", "y"])


@pytest.mark.parametrize("blank", [None, "", "  ", float("nan")])
def test_a_row_without_a_code_is_refused_by_its_number(blank: str | None):
    with pytest.raises(BadData, match=r"1 of 2 shapes have no code; the first is row 2"):
        mend([box(0, 0, 1, 1), box(1, 0, 2, 1)], ["a", blank])


def test_a_row_without_a_name_is_called_by_its_code():
    made, _ = mend([box(0, 0, 1, 1), box(1, 0, 2, 1)], ["a", "b"], ["Anna", None])
    assert made.names.tolist() == ["Anna", "b"]


def test_a_file_without_polygons_is_refused():
    with pytest.raises(BadData, match="no polygons in the file"):
        mend([shapely.Point(0, 0), None])


def test_coordinates_that_are_no_degrees_are_refused_with_the_row():
    utm = box(500_000, 4_000_000, 510_000, 4_010_000)
    with pytest.raises(
        BadData, match=r"Row 2 \(code 001\) has a corner at .*, 4e\+06, .* coordinate"
    ):
        mend([box(0, 0, 1, 1), utm])


def test_a_corner_without_a_number_is_refused_with_the_row():
    with np.errstate(invalid="ignore"):
        broken = shapely.Polygon([(0, 0), (np.nan, 0), (1, 1)])
    with pytest.raises(
        BadData, match=r"Row 1 \(code 000\) has a corner at nan, 0, which is no number"
    ):
        mend([broken])


def test_another_coordinate_system_is_turned_into_degrees():
    """Zone 33 has its middle at 15 degrees east, which is 500,000 m."""
    made, _ = mend(
        [box(490_000, 4_000_000, 500_000, 4_010_000), box(500_000, 4_000_000, 510_000, 4_010_000)],
        crs="EPSG:32633",
    )
    assert pairs(made) == [[0, 1]]
    assert shapely.total_bounds(made.polygons[0])[2] == pytest.approx(15)
    assert made.area_km2 == pytest.approx([100, 100], rel=2e-3)


def test_a_shape_beyond_the_180th_meridian_is_cut_and_folded_in():
    made, done = mend([box(170, 0, 190, 10), box(160, 0, 170, 10)])
    assert done == {"Cut at the 180th meridian": (1, "000")}
    assert shapely.bounds(made.polygons[0]).tolist() == [-180, 0, 180, 10]
    assert made.polygons[0].area == pytest.approx(200)
    assert pairs(made) == [[0, 1]]


def test_a_shape_drawn_right_across_the_map_is_meant_to_cross_the_180th_meridian():
    across = shapely.Polygon([(170, 0), (-170, 0), (-170, 10), (170, 10)])
    made, _ = mend([across])
    assert made.polygons[0].area == pytest.approx(200)


def test_a_ring_round_the_pole_is_left_alone():
    ice = shapely.Polygon([(-180, -90), (180, -90), (180, -70), (0, -65), (-180, -70)])
    made, done = mend([ice])
    assert made.polygons[0].equals(ice)
    assert done == {}


corner = st.tuples(st.integers(0, 60), st.integers(0, 60))
rough = st.one_of(
    st.builds(
        lambda a, w, h: box(a[0], a[1], a[0] + w, a[1] + h), corner, *[st.integers(1, 30)] * 2
    ),
    st.builds(lambda a, r: shapely.Point(a).buffer(r, quad_segs=4), corner, st.integers(1, 20)),
    st.lists(corner, min_size=3, max_size=7).map(shapely.Polygon),
)


@settings(max_examples=50)
@given(st.lists(rough, min_size=1, max_size=10), st.floats(1e-4, 0.1))
def test_whatever_is_drawn_becomes_a_clean_coverage_of_the_same_land(
    drawn: list[shapely.Polygon], scale: float
):
    polygons = [shapely.transform(p, lambda c: c * scale) for p in drawn]
    # on a grid: without one, the library now and then leaves a whole shape out of a union
    land = shapely.union_all(
        shapely.make_valid(objects(polygons), method="structure"), grid_size=1e-10
    )
    if land.area < (10 * scale) ** 2:
        return
    try:
        made, said = mend(polygons)
    except BadData as refused:
        assert "deep on one another" in str(refused)
        return
    assert set(made.codes) <= {f"{k:03d}" for k in range(len(drawn))}
    missed = shapely.symmetric_difference(land, shapely.union_all(made.polygons)).area
    # corners move by at most that share of a shape's width, and what they change by it is told
    assert missed < NARROW_SHARE * land.area
    assert missed < 0.01 * land.area or "Area changed by over 1 % in matching" in said


def test_a_corner_drawn_onto_a_narrow_neighbor_is_told_where_it_adds_land():
    tip = [box(0, 14, 5, 17), shapely.Polygon([(0, 0), (0, 14), (28, 13)])]
    made, said = mend([shapely.transform(p, lambda c: c * 1e-4) for p in tip])
    assert made.polygons[1].area == pytest.approx(198.5e-8)
    assert said["Area changed by over 1 % in matching"] == (1, "001")


def test_a_mending_reads_as_a_sentence():
    assert (
        str(Mending("No shape, left out", 2, "007")) == "No shape, left out: 2; the first is 007."
    )
