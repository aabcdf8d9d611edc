from __future__ import annotations

import struct

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.errors import BadData
from tp_geo.files.wkb import check_shapes

SQUARE, POINT = shapely.box(0, 0, 1, 1), shapely.Point(1, 2)
LINE = shapely.LineString([(0, 0), (1, 1)])
SHAPES = [
    SQUARE,
    POINT,
    LINE,
    shapely.MultiPolygon([SQUARE, shapely.box(2, 2, 3, 3)]),
    shapely.MultiPoint([POINT, POINT]),
    shapely.GeometryCollection([SQUARE, LINE, shapely.GeometryCollection([POINT])]),
    shapely.Polygon(),
    SQUARE.difference(shapely.box(0.2, 0.2, 0.4, 0.4)),
    shapely.force_3d(SQUARE, 5),
]
whole = st.sampled_from(SHAPES)


@given(whole, st.booleans(), st.sampled_from(["iso", "extended"]), st.sampled_from([None, 4326]))
def test_what_a_library_writes_passes(
    shape: shapely.Geometry, big: bool, flavor: str, srid: int | None
) -> None:
    shape = shape if srid is None else shapely.set_srid(shape, srid)
    binary = shapely.to_wkb(
        shape, byte_order=int(not big), flavor=flavor, include_srid=flavor == "extended"
    )
    check_shapes([None, binary])


@given(whole, st.data())
def test_what_is_cut_off_is_named(shape: shapely.Geometry, data: st.DataObject) -> None:
    binary = shapely.to_wkb(shape)
    cut = binary[: data.draw(st.integers(0, len(binary) - 1))]
    with pytest.raises(BadData, match="shape in row 2 is damaged"):
        check_shapes([None, cut])


@given(st.binary(max_size=80))
def test_any_bytes_pass_or_are_refused_in_words(binary: bytes) -> None:
    try:
        check_shapes([binary])
    except BadData as bad:
        assert "row 1" in str(bad)


def test_depth_is_bounded() -> None:
    nested = SQUARE
    for _ in range(3):
        nested = shapely.GeometryCollection([nested])
    check_shapes([shapely.to_wkb(nested)])
    with pytest.raises(BadData, match="nested too deep"):
        check_shapes([shapely.to_wkb(shapely.GeometryCollection([nested]))])


def test_parts_are_of_the_kind_of_the_whole() -> None:
    inside = shapely.to_wkb(POINT)
    with pytest.raises(BadData, match="parts of another kind"):
        check_shapes([struct.pack("<BII", 1, 6, 1) + inside])
