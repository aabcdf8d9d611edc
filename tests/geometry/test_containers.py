from __future__ import annotations

import numpy as np
import pytest
import shapely
from cells import objects, shapes

from tp_geo.geometry.boundaries import Boundaries, build_boundaries, content_key, label_points


def build(codes: list[str], polygons: np.ndarray) -> Boundaries:
    county = objects([f"county of {c}" for c in codes])
    named = objects([c.upper() for c in codes])
    return build_boundaries(objects([*codes]), named, polygons, within={"county": county}, kind="k")


def test_everything_is_put_in_the_order_of_the_codes():
    polygons = shapes("ABC")
    found = build(["30", "10", "020"], polygons)
    assert found.codes.tolist() == ["020", "10", "30"]
    assert found.within["county"].tolist() == ["county of 020", "county of 10", "county of 30"]
    assert [p.equals(q) for p, q in zip(found.polygons, polygons[[2, 1, 0]], strict=True)]
    assert shapely.contains_xy(found.polygons, found.xy).all()


def test_the_key_does_not_depend_on_the_order_given():
    polygons = shapes("ABC")
    assert build(["1", "2", "3"], polygons).key == build(["3", "2", "1"], polygons[::-1]).key


@pytest.mark.parametrize("what", ["code", "corner"])
def test_the_key_changes_with_a_code_or_a_corner(what: str):
    codes, polygons = objects(["1", "2"]), shapes("AB")
    before = content_key("postal", codes, polygons)
    if what == "code":
        codes[1] = "02"
    else:
        polygons[1] = shapely.transform(polygons[1], lambda c: c + 1e-6)
    assert content_key("postal", codes, polygons) != before


def test_arrays_cannot_be_changed():
    found = build(["1", "2"], shapes("AB"))
    for array in (found.codes, found.polygons, found.xy, found.area_km2, found.within["county"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[1]


def test_the_array_given_can_still_be_changed():
    codes = objects(["1", "2"])
    build_boundaries(codes, codes, shapes("AB"), kind="k")
    codes[0] = "9"
    assert codes[0] == "9"


def test_a_label_lies_in_the_largest_part():
    """An area of a small island and a large one: the label is on the large one."""
    polygons = shapes("A.AAA ..AAA")
    assert label_points(polygons)[0, 0] > 10.2


def test_a_kind_without_a_title_is_called_by_its_kind():
    assert build(["1"], shapes("A")).title == "k"
