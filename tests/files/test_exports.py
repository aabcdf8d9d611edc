"""Shapes and pictures of a plan, and what every export has in common."""

from __future__ import annotations

import json
import resource
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from planned import HOSTILE, hostile, plan, planned
from squares import country, dataset

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch, Move
from tp_geo.errors import BadData
from tp_geo.files.exports import WRITTEN, write
from tp_geo.files.exports_tables import clean
from tp_geo.geometry import palette
from tp_geo.geometry.adjacency import rook

# Shapes


def test_areas_are_dissolved_on_every_level(tmp_path: Path) -> None:
    frame = gpd.read_file(write(plan(), tmp_path / "out.geojson")).set_index("name")
    assert frame.crs.to_epsg() == 4326
    assert dict(frame.geometry.map(shapely.area).round(6)) == {
        "West": 3,
        "East": 3,
        "North": 2,
        "South": 1,
    }
    assert frame.loc["East"].geometry.equals(
        shapely.union(frame.loc["North"].geometry, frame.loc["South"].geometry)
    )
    assert (frame.loc["East"]["owner"], frame.loc["East"]["geom_"]) == ("eve", "7.0")


def test_geojson_is_as_its_standard_wants(tmp_path: Path) -> None:
    said = json.loads(write(plan(), tmp_path / "out.geojson").read_text(encoding="utf-8"))
    ring = said["features"][0]["geometry"]["coordinates"][0][0]
    assert shapely.LinearRing(ring).is_ccw
    assert "crs" not in said


def test_geoparquet_holds_areas_or_containers(tmp_path: Path) -> None:
    areas = gpd.read_parquet(write(plan(), tmp_path / "areas.parquet"))
    assert (len(areas), areas.crs.to_epsg(), areas["people"].dtype) == (4, 4326, "float64")
    found = gpd.read_parquet(write(plan(), tmp_path / "c.parquet", what="containers"))
    assert list(found["code"])[:2] == ["01", "02"]
    assert found.geometry.map(shapely.area).sum() == pytest.approx(8)


def test_a_geopackage_has_a_layer_for_each_level_and_the_containers(tmp_path: Path) -> None:
    path = write(plan(), tmp_path / "out.gpkg")
    assert {n for n, _ in pyogrio.list_layers(path)} == {"1 Region", "2 District", "containers"}
    lower = gpd.read_file(path, layer="2 District").set_index("name")
    assert set(lower.index) == {"West", "North", "South"}
    assert lower.loc["West"].geometry.area == pytest.approx(3)


def test_an_area_without_containers_has_no_shape(tmp_path: Path) -> None:
    found = planned(dataset(), [Branch(None, ("Full", "Bare")), Move(np.arange(8), AreaId(1))])
    for suffix in (".geojson", ".gpkg", ".parquet"):
        path = write(found, tmp_path / f"out{suffix}")
        frame = gpd.read_parquet(path) if suffix == ".parquet" else _layer(path)
        shapes = dict(zip(frame["name"], frame.geometry, strict=True))
        assert shapes["Bare"] is None
        assert not shapes["Full"].is_empty


def test_a_plan_on_a_part_of_the_boundaries_is_drawn_in_its_own_order(tmp_path: Path) -> None:
    part = country()
    data = dataset(boundaries=country(4, 1))
    found = planned(data, [Branch(None, ("A",)), Move(np.array([3]), AreaId(1))])
    frame = gpd.read_file(write(found, tmp_path / "out.geojson"))
    assert frame.geometry[0].equals(part.polygons[3])


def test_containers_without_a_shape_are_named(tmp_path: Path) -> None:
    found = planned(dataset(boundaries=country(4, 3)), [Branch(None, ("A",))])
    with pytest.raises(BadData, match="4 containers have no shape; the first is '09'"):
        write(found, tmp_path / "out.geojson")
    bare = planned(dataset(), [Branch(None, ("A",))], boundaries=False)
    with pytest.raises(BadData, match="Plan has no boundaries"):
        write(bare, tmp_path / "out.png")


# Pictures


@pytest.mark.parametrize("depth", [None, 1, 2])
def test_a_picture_shows_areas_in_their_colors(depth: int | None, tmp_path: Path) -> None:
    path = write(plan(), tmp_path / "out.png", depth=depth)
    assert path.read_bytes().startswith(b"\x89PNG")
    pixels = _pixels(path)
    assert (pixels == [0x11, 0x22, 0x33]).all(axis=-1).sum() > 1000


def test_a_picture_has_the_colors_of_the_map(tmp_path: Path) -> None:
    contents = plan()
    adjacency = rook(country().polygons)
    path = write(replace(contents, adjacency=adjacency), tmp_path / "out.png")
    drawn = {tuple(color) for color in _pixels(path).reshape(-1, 3).tolist()}
    for color in palette.colors(contents.alignment, adjacency).values():
        assert tuple(bytes.fromhex(color[1:])) in drawn


def test_a_picture_of_nothing_is_a_picture(tmp_path: Path) -> None:
    path = write(planned(dataset(), []), tmp_path / "out.png")
    assert path.stat().st_size > 1000


def _layer(path: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(path, layer=pyogrio.list_layers(path)[0][0])


def _pixels(path: Path) -> np.ndarray:  # type: ignore[type-arg]
    from matplotlib.image import imread

    return (imread(path)[..., :3] * 255).round().astype(int)


# All of them


@pytest.mark.parametrize("suffix", WRITTEN)
def test_on_a_full_disk_an_export_says_so_and_leaves_what_was_there(
    tmp_path: Path, suffix: str
) -> None:
    """A limit on the size of files stands in for a full disk."""
    path = tmp_path / f"plan{suffix}"
    path.write_text("before")
    write(plan(), tmp_path / f"warm{suffix}")  # what is imported late writes no file then
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))
    try:
        with pytest.raises(BadData, match="can't be written: "):
            write(plan(), path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_text() == "before"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("suffix", WRITTEN)
def test_hostile_names_are_safe_in_every_format(suffix: str, tmp_path: Path) -> None:
    path = write(hostile(), tmp_path / f"out{suffix}")
    assert path.stat().st_size > 0
    if suffix in (".geojson", ".gpkg"):
        names = set(_layer(path)["name"])
        assert {HOSTILE[0], HOSTILE[6], HOSTILE[8], clean(HOSTILE[12])} <= names


@pytest.mark.parametrize("suffix", WRITTEN)
def test_an_empty_plan_can_be_exported(suffix: str, tmp_path: Path) -> None:
    assert write(planned(dataset(), []), tmp_path / f"out{suffix}").exists()


def test_an_unknown_suffix_is_refused_with_the_ones_there_are(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"out.docx ends in '\.docx'; .* \.csv, \.xlsx, .* \.tpgeo"):
        write(plan(), tmp_path / "out.docx")


def test_a_file_that_was_there_stays_when_an_export_fails(tmp_path: Path) -> None:
    there = tmp_path / "out.geojson"
    there.write_text("before")
    with pytest.raises(BadData):
        write(planned(dataset(), [Branch(None, ("A",))], boundaries=False), there)
    assert there.read_text() == "before"
    assert list(tmp_path.iterdir()) == [there]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadData, match=r"can't be written: .*Choose another place"):
        write(plan(), tmp_path / "file" / "out.csv")
