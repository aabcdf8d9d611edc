"""A shapefile says what its limits made of names and texts, and opens elsewhere."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from planned import HOSTILE, hostile, plan, planned
from squares import dataset

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch, Move
from tp_geo.errors import BadData
from tp_geo.files import exports_shapefile
from tp_geo.files.exports import write
from tp_geo.files.exports_shapefile import field_names, notes_of, write_shapefile
from tp_geo.files.intake import read_boundaries


def squares(**columns: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=[shapely.box(0, 0, 1, 1)] * 2, crs=4326)


def test_areas_of_every_level_come_back_with_their_figures(tmp_path: Path) -> None:
    path = write(plan(), tmp_path / "out.zip")
    found = gpd.read_file(path).set_index("name")
    assert set(found.index) == {"West", "East", "North", "South"}
    assert found.loc["West"].geometry.area == pytest.approx(3)
    assert found.crs.to_epsg() == 4326
    names = zipfile.ZipFile(path).namelist()
    assert {f"areas{s}" for s in (".shp", ".shx", ".dbf", ".prj", ".cpg")} <= set(names)
    assert zipfile.ZipFile(path).read("areas.cpg").strip() == b"UTF-8"


def test_containers_can_be_taken_in_again_as_boundaries(tmp_path: Path) -> None:
    path = write(plan(), tmp_path / "out.zip", what="containers")
    again = read_boundaries(path, code="code")
    assert list(again["code"])[:2] == ["01", "02"]
    assert shapely.area(again.geometry.to_numpy()).sum() == pytest.approx(8)


def test_names_of_any_script_come_through(tmp_path: Path) -> None:
    found = set(gpd.read_file(write(hostile(), tmp_path / "out.zip"))["name"])
    assert {HOSTILE[0], HOSTILE[6], HOSTILE[8]} <= found


def test_an_area_without_containers_has_no_shape(tmp_path: Path) -> None:
    found = planned(dataset(), [Branch(None, ("Full", "Bare")), Move(np.arange(8), AreaId(1))])
    frame = gpd.read_file(write(found, tmp_path / "out.zip")).set_index("name")
    assert frame.geometry["Bare"] is None
    assert not frame.geometry["Full"].is_empty


@given(st.lists(st.text(max_size=20), unique=True, max_size=40))
def test_field_names_fit_and_differ(columns: list[str]) -> None:
    names = list(field_names(columns).values())
    assert len({n.casefold() for n in names}) == len(columns)
    for name in names:
        assert 1 <= len(name) <= 10
        assert name.isascii() and name.replace("_", "a").isalnum() and name[0].isalpha()


def test_shortened_names_are_told(tmp_path: Path) -> None:
    path = tmp_path / "out.zip"
    frame = squares(**{"target people": [1.0, 2.0], "target population": [3.0, 4.0]})
    write_shapefile(frame, path, layer="areas")
    assert notes_of(path) == (
        "target_peo is 'target people'",
        "target_pop is 'target population'",
    )
    assert list(gpd.read_file(path)["target_pop"]) == [3.0, 4.0]


def test_long_texts_are_cut_between_characters_and_told(tmp_path: Path) -> None:
    path = tmp_path / "out.zip"
    write_shapefile(squares(note=["é" * 200, "short"]), path, layer="areas")
    assert list(gpd.read_file(path)["note"]) == ["é" * 127, "short"]
    assert notes_of(path) == ("note: 1 of its texts cut to 254 bytes",)


def test_nothing_is_told_where_nothing_was_shortened(tmp_path: Path) -> None:
    path = tmp_path / "out.zip"
    write_shapefile(squares(name=["a", "b"]), path, layer="areas")
    assert notes_of(path) == ()


def test_large_whole_numbers_and_unknown_ones_come_through(tmp_path: Path) -> None:
    path = tmp_path / "out.zip"
    write_shapefile(squares(revenue=[2_135_954_636.25, np.nan]), path, layer="areas")
    found = gpd.read_file(path)["revenue"]
    assert found[0] == 2_135_954_636.25
    assert np.isnan(found[1])


def test_what_the_format_cannot_hold_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = squares(**{f"m{i}": [1.0, 2.0] for i in range(256)})
    with pytest.raises(BadData, match=r"at most 255 columns; there are 256.*\.gpkg"):
        write_shapefile(wide, tmp_path / "wide.zip", layer="areas")
    monkeypatch.setattr(exports_shapefile, "MAX_PART_BYTES", 100)
    with pytest.raises(BadData, match=r"at most 2 GB.*\.gpkg"):
        write(plan(), tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()
