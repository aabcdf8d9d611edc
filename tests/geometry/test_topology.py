from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from tp_geo.errors import BadData
from tp_geo.geometry.arcs import Rings, build_arcs
from tp_geo.geometry.packed import from_varints, pack, unpack, varints
from tp_geo.geometry.projection import AlbersUsa, Mercator
from tp_geo.geometry.topology import Fact, build_facts, build_topology, read_topology

EMBEDDED = Path(__file__).parents[2] / "data" / "topology" / "postal.tpg"


def grid(columns: int, rows: int) -> list[Polygon]:
    return [box(c, r, c + 1, r + 1) for r in range(rows) for c in range(columns)]


def packed(polygons, **options) -> bytes:
    shapes = np.array(polygons, dtype=object)
    codes = np.array([f"{i:03d}" for i in range(len(shapes))], dtype=object)
    points = shapely.get_coordinates(shapely.point_on_surface(shapes))
    points = np.resize(points, (len(shapes), 2)) if len(points) else np.zeros((len(shapes), 2))
    return build_topology(shapes, {}, codes, codes, Mercator(), points=points, **options)


def decoded(blob: bytes) -> tuple[list[list[np.ndarray]], dict]:
    """The rings of every item, and the arrays with differences added up."""
    head, raw = read_topology(blob)
    summed = ("x", "y", "own", "used", "item", "px", "py", "piece", "link")
    a = {k: np.cumsum(v) if k in summed or k.startswith("in.") else v for k, v in raw.items()}
    starts = np.concatenate([[0], np.cumsum(a["length"])])
    xy = np.column_stack([a["x"], a["y"]])
    rings: list[list[np.ndarray]] = [[] for _ in range(head["items"])]
    ends = np.concatenate([[0], np.cumsum(a["arcs"])])
    for (first, last), item in zip(pairwise(ends), a["item"], strict=True):
        corners = []
        for arc in a["used"][first:last].tolist():
            at = arc if arc >= 0 else ~arc
            line = xy[starts[at] : starts[at + 1]]
            corners.append((line if arc >= 0 else line[::-1])[:-1])
        rings[item].append(np.concatenate(corners))
    return rings, {**a, "head": head}


def sides(arrays: dict) -> set[frozenset[int]]:
    own = arrays["own"]
    return {frozenset(p) for p in zip(own.tolist(), (own + arrays["beyond"]).tolist(), strict=True)}


@given(st.lists(st.integers(-(2**40), 2**40)))
def test_varints_come_back(values):
    array = np.array(values, dtype=np.int64)
    assert from_varints(varints(array), len(array)).tolist() == values


def test_a_packed_file_comes_back():
    floats = np.array([1.5, np.nan, -2.0], dtype=np.float32)
    blob = pack(b"TEST", {"é": 1}, {"a": np.array([3, -4]), "b": floats})
    head, arrays = unpack(b"TEST", blob)
    assert head["é"] == 1
    assert arrays["a"].tolist() == [3, -4]
    np.testing.assert_array_equal(arrays["b"], floats)


@pytest.mark.parametrize("blob", [b"", b"no zlib at all"])
def test_bytes_that_are_no_packed_file_are_named(blob):
    with pytest.raises(BadData, match="no TPG4 file"):
        read_topology(blob)


def test_another_packed_file_is_named():
    with pytest.raises(BadData, match="begins with b'TPF1'"):
        read_topology(build_facts([Fact("a", "A")], np.zeros((1, 1))))


@pytest.mark.parametrize("shapes", [[], [Polygon()]])
def test_items_without_a_shape_are_packed_without_arcs(shapes):
    rings, arrays = decoded(packed(shapes))
    assert rings == [[] for _ in shapes]
    assert arrays["piece"].tolist() == [-1] * len(shapes)


def test_shared_borders_are_stored_once_with_both_sides():
    """
    2 3
    0 1     the four corners at the middle meet, so 0-3 and 1-2 share no border
    """
    _, arrays = decoded(packed(grid(2, 2)))
    between = {p for p in sides(arrays) if -1 not in p}
    assert between == {frozenset(p) for p in ((0, 1), (2, 3), (0, 2), (1, 3))}
    assert len(arrays["length"]) == 8


def test_an_island_in_a_hole_shares_its_whole_border():
    outer = Polygon(box(0, 0, 9, 9).exterior, [box(3, 3, 6, 6).exterior])
    rings, arrays = decoded(packed([outer, box(3, 3, 6, 6)]))
    assert sides(arrays) == {frozenset((0, -1)), frozenset((0, 1))}
    assert [len(r) for r in rings] == [2, 1]
    assert {tuple(c) for c in rings[0][1]} == {tuple(c) for c in rings[1][0]}


@settings(max_examples=40)
@given(st.integers(1, 5), st.integers(1, 5), st.data())
def test_every_item_keeps_its_area(columns, rows, data):
    """Cells of a grid, merged at random into items of one or more parts."""
    cells = grid(columns, rows)
    owner = data.draw(st.lists(st.integers(0, 3), min_size=len(cells), max_size=len(cells)))
    items = [
        shapely.union_all([c for c, o in zip(cells, owner, strict=True) if o == k])
        for k in sorted(set(owner))
    ]
    flat = [shapely.transform(i, Mercator().plane) for i in items]
    rings, arrays = decoded(packed(items))
    step = arrays["head"]["sheet"][2]
    for shape, own in zip(flat, rings, strict=True):
        built = shapely.union_all([])
        for ring in own:
            built = shapely.symmetric_difference(built, Polygon(ring))
        assert built.area * step**2 == pytest.approx(shape.area, rel=1e-3)


@given(st.permutations(range(4)), st.integers(0, 3))
def test_where_a_ring_begins_makes_no_difference(order, turn):
    square = np.roll(np.array([[0, 0], [4, 0], [4, 4], [0, 4]]), turn, axis=0)
    squares = [square + np.array([4 * k, 0]) for k in order]
    start = np.arange(5) * 4
    rings = Rings(np.concatenate(squares), start, np.array(order), np.zeros(4, dtype=np.int64))
    arcs = build_arcs(rings)
    pairs = {frozenset(p) for p in arcs.sides.tolist()}
    assert pairs >= {frozenset((k, k + 1)) for k in range(3)}
    assert arcs.length.sum() - len(arcs.length) == 13


def test_the_same_input_gives_the_same_bytes():
    assert packed(grid(4, 4)) == packed(grid(4, 4))


def test_a_container_without_a_shape_keeps_its_place():
    rings, arrays = decoded(packed([box(0, 0, 1, 1), Polygon(), box(1, 0, 2, 1)]))
    assert [len(r) for r in rings] == [1, 0, 1]
    assert arrays["head"]["items"] == 3


def test_tiny_parts_go_but_never_the_last_one():
    speck = box(50, 50, 50.0001, 50.0001)
    with_speck = MultiPolygon([box(0, 0, 9, 9), speck])
    rings, _ = decoded(packed([with_speck, box(80, 0, 80.5, 0.5)]))
    assert [len(r) for r in rings] == [1, 1]


def test_parents_are_numbered_by_code_and_named():
    shapes = np.array(grid(3, 1), dtype=object)
    of = np.array(["06", "", "04"], dtype=object)
    codes = np.array(["a", "b", "c"], dtype=object)
    blob = build_topology(
        shapes, {"state": of}, codes, codes, Mercator(), points=np.zeros((3, 2)),
        parents={"state": {"06": "California"}},
    )  # fmt: skip
    _, arrays = decoded(blob)
    assert arrays["head"]["levels"] == [
        {"name": "state", "codes": ["04", "06"], "names": ["", "California"]}
    ]
    assert arrays["in.state"].tolist() == [1, -1, 0]


def test_points_outside_the_projection_are_marked():
    shapes = np.array([box(-100, 40, -99, 41), box(2, 48, 3, 49)], dtype=object)
    codes = np.array(["a", "b"], dtype=object)
    points = np.array([[-99.5, 40.5], [2.5, 48.5]])
    _, arrays = decoded(build_topology(shapes, {}, codes, codes, AlbersUsa(), points=points))
    assert arrays["px"][0] >= 0
    assert (arrays["px"][1], arrays["py"][1]) == (-1, -1)


def test_the_piece_of_a_composite_that_shows_an_item_travels_along():
    shapes = np.array([box(-100, 40, -99, 41), box(-151, 61, -150, 62), box(2, 48, 3, 49)])
    codes = np.array(["kansas", "alaska", "paris"], dtype=object)
    points = np.array([[-99.5, 40.5], [-150.5, 61.5], [2.5, 48.5]])
    _, arrays = decoded(build_topology(shapes, {}, codes, codes, AlbersUsa(), points=points))
    assert arrays["piece"].tolist() == [0, 1, -1]


def test_only_neighbors_without_a_border_as_drawn_travel_as_links():
    """
    0 1 . 2    0 and 1 share a border; 2 is an island linked to 1, and 0 to nothing.
    """
    shapes = [box(0, 0, 1, 1), box(1, 0, 2, 1), box(3, 0, 4, 1)]
    _, arrays = decoded(packed(shapes, neighbors=np.array([[0, 1], [2, 1]], dtype=np.int32)))
    assert arrays["link"].tolist() == [1]
    assert (arrays["link"] + arrays["linked"]).tolist() == [2]


def test_unknown_figures_stay_unknown():
    blob = build_facts([Fact("pop", "Population", "people")], np.array([[1.5], [np.nan]]))
    head, arrays = unpack(b"TPF1", blob)
    assert head["measures"][0]["unit"] == "people"
    np.testing.assert_array_equal(arrays["m.0"], np.array([1.5, np.nan], dtype=np.float32))


def test_the_embedded_shapes_are_whole_and_small():
    blob = EMBEDDED.read_bytes()
    rings, arrays = decoded(blob)
    assert len(blob) < 2_500_000
    assert arrays["head"]["items"] == len(arrays["head"]["codes"]) == 33_639
    assert sum(1 for r in rings if not r) == 0
    assert arrays["head"]["codes"] == sorted(arrays["head"]["codes"])
    assert [level["name"] for level in arrays["head"]["levels"]] == [
        "county", "division", "region", "state",
    ]  # fmt: skip
