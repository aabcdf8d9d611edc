"""Reference layers come in from any format, in degrees, named, and nothing hostile gets through."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import hostile
import numpy as np
import pytest
import shapely

from tp_geo.errors import BadData
from tp_geo.files import reference
from tp_geo.files.formats import Format
from tp_geo.files.reference import read_layer
from tp_geo.files.sandbox import Limits

LIMITS = Limits(memory_bytes=2 * 2**30, cpu_s=15)
POINT = shapely.Point(-100, 40)
LINE = shapely.LineString([(-100, 40), (-99, 41)])
SHAPES = [POINT, LINE, hostile.SQUARE]

FOLDERS = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Folder><name>Roads</name><Placemark><name>I 80</name>
<LineString><coordinates>-100,40,0 -99,41,0</coordinates></LineString></Placemark></Folder>
<Folder><name>Depots</name><Placemark><name>North  yard</name>
<Point><coordinates>-100,40,0</coordinates></Point></Placemark></Folder>
</Document></kml>"""

LAUGHS = (
    "<!-- <kml> --><!DOCTYPE kml [<!ENTITY a0 'ha'>{}]>"
    "<kml><Document><name>&a30;</name></Document></kml>"
)
DOUBLING = "".join(f"<!ENTITY a{i + 1} '&a{i};&a{i};'>" for i in range(30))
OUTSIDE = """<!DOCTYPE kml [<!ENTITY other SYSTEM "secret.geojson">]>
<kml><Document><Placemark><name>&other;</name><Point><coordinates>-100,40</coordinates></Point>
</Placemark></Document></kml>"""

HOSTILE = {
    **{k: v for k, v in hostile.BOUNDARIES.items() if k not in {"points", "code missing"}},
    "only empty": (hostile.boundaries("a.gpkg", [shapely.Point()], ["A"], 4326), "is empty"),
    "image named kml": (hostile.file("a.kml", hostile.PNG), "is a PNG image, not KML"),
    "web page named kml": (hostile.file("a.kml", b"<html>Sign in"), "sign-in page"),
    "another XML": (hostile.file("a.kml", b"<gpx></gpx>"), "is not KML"),
    "cut KML": (hostile.file("a.kml", FOLDERS.encode()[:200]), "damaged|no layer|no shapes"),
    "laughs": (
        hostile.file("a.kml", LAUGHS.format(DOUBLING).encode()),
        "damaged|no layer|no shapes|memory",
    ),
    "archive of KML": (hostile.zipped("a.kmz", {"doc.kml": FOLDERS.encode()}), "ends in none of"),
    "table without places": (
        hostile.file("a.csv", b"Id,Name\n1,a\n2,b\n"),
        "No two columns of a.csv hold latitude and longitude",
    ),
    "table of nowhere": (
        hostile.file("a.csv", b"Name,Latitude,Longitude\na,0,0\nb,,\n"),
        "No row of a.csv has a place|No two columns",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_layer_ends_as_words(case: str, tmp_path: Path) -> None:
    build, words = HOSTILE[case]
    path = build(tmp_path)
    with pytest.raises(BadData, match=words) as caught:
        read_layer(path, limits=LIMITS)
    assert hostile.MARK not in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_an_entity_of_another_file_is_not_read(tmp_path: Path) -> None:
    hostile.secret(tmp_path)
    path = hostile.file("a.kml", OUTSIDE.encode())(tmp_path)
    try:
        assert hostile.MARK not in "".join(read_layer(path, limits=LIMITS).names)
    except BadData as refused:
        assert hostile.MARK not in str(refused)


@pytest.mark.parametrize("crs", [4326, 5070])
@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.parquet"])
def test_points_lines_and_polygons_come_in_as_degrees_with_their_names(
    name: str, crs: int, tmp_path: Path
) -> None:
    frame = gpd.GeoDataFrame({"NAME": ["p", "l", ""]}, geometry=SHAPES, crs=4326).to_crs(crs)
    path = tmp_path / name
    frame.to_parquet(path) if name.endswith("parquet") else frame.to_file(path)
    found = read_layer(path)
    assert found.names.tolist() == ["p", "l", ""]
    assert (found.label, found.left_out) == ("NAME", 0)
    assert shapely.get_type_id(found.shapes).tolist() == [0, 1, 3]
    assert np.allclose(shapely.total_bounds(found.shapes), (-100, 40, -99, 41), atol=0.05)


def test_a_zipped_shapefile_of_lines_is_read(tmp_path: Path) -> None:
    gpd.GeoDataFrame({"ROUTE": ["I 80"]}, geometry=[LINE], crs=4326).to_file(tmp_path / "r.shp")
    members = {p.name: p.read_bytes() for p in tmp_path.glob("r.*")}
    found = read_layer(hostile.zipped("r.zip", members)(tmp_path), label="ROUTE")
    assert found.names.tolist() == ["I 80"]


def test_every_folder_of_kml_is_read(tmp_path: Path) -> None:
    path = hostile.file("a.kml", FOLDERS.encode())(tmp_path)
    found = read_layer(path)
    assert found.names.tolist() == ["I 80", "North yard"]
    assert shapely.equals(found.shapes[0], LINE)


def test_a_table_with_coordinates_is_points_and_rows_without_are_counted(tmp_path: Path) -> None:
    rows = "Store,Latitude,Longitude\nNorth,40,-100\nNowhere,,\nFar,140,-100\nSouth,30.5,-99\n"
    found = read_layer(hostile.file("a.csv", rows.encode())(tmp_path), label="Store")
    assert found.names.tolist() == ["North", "South"]
    assert found.left_out == 2
    assert shapely.get_coordinates(found.shapes).tolist() == [[-100, 40], [-99, 30.5]]


def test_a_layer_can_be_without_names_and_a_wrong_column_is_told(tmp_path: Path) -> None:
    path = hostile.secret(tmp_path)
    assert read_layer(path, label="").names.tolist() == [""]
    with pytest.raises(BadData, match=r"no column 'X'\. It has: code, name"):
        read_layer(path, label="X")


def test_shapes_without_any_attribute_come_in_without_names(tmp_path: Path) -> None:
    path = tmp_path / "bare.geojson"
    gpd.GeoDataFrame(geometry=SHAPES, crs=4326).to_file(path)
    found = read_layer(path)
    assert (found.names.tolist(), found.label) == (["", "", ""], "")


def test_more_corners_than_a_map_can_show_are_left_out_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, "MANY_CORNERS", 500)
    path = tmp_path / "ring.geojson"
    gpd.GeoDataFrame(geometry=[hostile.ring(20_000)], crs=4326).to_file(path)
    monkeypatch.chdir(tmp_path)
    table, facts = reference.read(Path(path.name), path.name, Format.GEOJSON)
    thin = shapely.from_wkb(table["geometry"].to_numpy())
    assert shapely.get_num_coordinates(thin).sum() <= 500
    assert shapely.area(thin)[0] == pytest.approx(np.pi, rel=0.01)
    assert 0 < facts["moved"] < 0.01
    assert read_layer(path).moved_m == 0
