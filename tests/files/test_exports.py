from __future__ import annotations

import csv
import itertools
import json
import resource
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from squares import country, dataset

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.commands import Branch, Change, Command, HoldItems, Move
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.revision import Revision
from tp_geo.domain.rules import decide
from tp_geo.errors import BadData
from tp_geo.files.exports import SUFFIXES, write
from tp_geo.files.exports_csv import escaped, unescaped, write_csv
from tp_geo.files.exports_tables import Contents, areas_table, clean, history_table, items_table
from tp_geo.geometry import palette
from tp_geo.geometry.adjacency import rook

HOSTILE = [
    '=HYPERLINK("http://x.test","click")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "<script>alert(1)</script>",
    "x" * 500,
    "שלום עולם \u202e مرحبا",
    "{=1}",
    "$\\frac{1}{2$",
    'quote " comma , line\nbreak',
    "nul\x00 and \ud800",
    "http://x.test",
    "＝1+1",
]


def planned(
    data: Dataset, commands: Iterable[Command], *, name: str = "Plan", boundaries: bool = True
) -> Contents:
    """What an export is made of after some commands, with their history."""
    alignment, history, ids = Alignment.empty(data.items), [], itertools.count(1)
    for seq, command in enumerate(commands, start=1):
        edits, after = decide(alignment, command, map(AreaId, ids))
        text = command.says(alignment, "squares")
        history.append(Revision(seq, "ann", "2026-11-22T03:00:00Z", command.kind, text, edits))
        alignment = after
    shapes = country() if boundaries else None
    return Contents(
        name, alignment, data, shapes, tuple(history), len(history), "2026-11-22T04:00:00Z"
    )


def plan() -> Contents:
    """West holds 01 02 05, East is divided: North holds 03 04, South 07; 06 and 08 are in none."""
    data = dataset({"u1": "01", "u2": "03", "u3": None}, {"tier": {"u1": "gold"}})
    return planned(
        data,
        [
            Branch(None, ("West", "East"), "Region"),
            Branch(AreaId(2), ("North", "South"), "District"),
            Move(np.array([0, 1, 4]), AreaId(1)),
            Move(np.array([2, 3]), AreaId(3)),
            Move(np.array([6]), AreaId(4)),
            Move(np.array([data.units["u2"]]), AreaId(1)),
            Change(AreaId(1), {"targets": {"people": 40.0}, "owner": "wes", "color": "#112233"}),
            Change(AreaId(2), {"owner": "eve", "attributes": {"tier": "silver", "geom": 7.0}}),
            HoldItems(np.array([0])),
        ],
    )


def hostile() -> Contents:
    names = tuple(h[:255] for h in HOSTILE)
    data = dataset(
        dict.fromkeys(HOSTILE[:8], "01"), {h: {"01": h, "02": h} for h in HOSTILE if h.strip()}
    )
    every = np.arange(8)
    moves = [Move(every[[i]], AreaId(i + 1)) for i in range(8)]
    owner = Change(AreaId(1), {"owner": HOSTILE[0], "attributes": {HOSTILE[1]: HOSTILE[2]}})
    return planned(data, [Branch(None, names, "=Level"), *moves, owner], name=HOSTILE[-3])


# Tables


@pytest.mark.parametrize("suffix", [s for s in SUFFIXES if s != ".tpgeo"])
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


def test_areas_of_one_name_are_told_apart_by_their_path() -> None:
    made = planned(
        dataset(),
        [
            Branch(None, ("West", "East"), "Region"),
            Branch(AreaId(1), ("ann", "ben"), "Rep"),
            Branch(AreaId(2), ("ann",), "Rep"),
            Move(np.array([0]), AreaId(3)),
            Move(np.array([1]), AreaId(4)),
            Move(np.array([2]), AreaId(5)),
        ],
    )
    assert [*items_table(made)["area"][:4]] == ["West/ann", "ben", "East/ann", ""]


def test_the_table_of_areas_says_what_each_is_holds_and_should_hold() -> None:
    rows = areas_table(plan()).set_index("name")
    assert list(rows.index) == ["West", "East", "North", "South"]
    west, north = rows.loc["West"], rows.loc["North"]
    assert (west["people"], west["target people"], west["people deviation"]) == (32, 40, -0.2)
    assert (west["containers"], west["units"], west["owner"]) == (3, 2, "wes")
    assert (north["path"], north["parent id"], north["depth"]) == ("East/North", "2", 2)
    assert np.isnan(north["target people"])
    assert rows.loc["East"]["tier"] == "silver"


def test_the_table_of_items_says_where_each_is_on_every_level() -> None:
    rows = items_table(plan()).set_index("code")
    assert tuple(rows.loc["03"][["kind", "Region", "District", "area owner"]]) == (
        "container", "East", "North", "eve",
    )  # fmt: skip
    assert tuple(rows.loc["01"][["Region", "District", "area owner", "held"]]) == (
        "West", "", "wes", "TRUE",
    )  # fmt: skip
    assert tuple(rows.loc["u2"][["area", "container", "exception"]]) == ("West", "03", "TRUE")
    assert tuple(rows.loc["06"][["area", "area id", "Region"]]) == ("", "", "")
    assert rows.loc["u1"]["tier"] == "gold"


def test_the_history_says_how_much_each_revision_changed() -> None:
    found = plan()
    rows = history_table(found.history, 8)
    assert rows["what"][2] == "moved 3 squares from Unassigned to West"
    assert list(rows["containers moved"])[:4] == [0, 0, 3, 2]
    assert list(rows["units moved"])[5] == 1
    assert (list(rows["areas changed"])[:2], list(rows["items held"])[-1]) == ([2, 2], 1)


def test_columns_of_one_name_are_told_apart() -> None:
    data = dataset(attributes={"Area": {"01": "x"}, "people": {"01": "y"}})
    rows = items_table(planned(data, [Branch(None, ("A",), "Area")]))
    assert {"area", "Area 2", "Area 3", "people", "people 2"} <= set(rows.columns)


# CSV


def test_csv_holds_items_areas_units_or_history(tmp_path: Path) -> None:
    found = plan()
    counts = {}
    for what in ("", "items", "areas", "containers", "units", "history"):
        path = write(found, tmp_path / "out.csv", what=what)
        with path.open(encoding="utf-8", newline="") as file:
            counts[what] = len(list(csv.DictReader(file)))
    assert counts == {
        "": 11, "items": 11, "areas": 4, "containers": 8, "units": 3, "history": 9,
    }  # fmt: skip
    with pytest.raises(BadData, match=r"\.csv file can't hold 'moon'. It can hold: items, areas"):
        write(found, tmp_path / "out.csv", what="moon")


def test_codes_keep_their_zeros_and_numbers_their_digits(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"code": ["00501"], "n": [12.0], "x": [0.1], "big": [1e300], "none": [np.nan]}
    )
    write_csv(table, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text().splitlines()[1] == "00501,12,0.1,1e+300,"


@pytest.mark.parametrize("what", ["items", "areas", "units", "history"])
def test_no_cell_of_a_csv_is_a_formula(what: str, tmp_path: Path) -> None:
    path = write(hostile(), tmp_path / "out.csv", what=what)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            assert not [c for c in row if c[:1] in "=+-@\t\r＝" and c and not _is_number(c)]


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "cell"),
    [("=1", "'=1"), ("-5", "-5"), ("+1.5e3", "+1.5e3"), ("-", "'-"), ("a=1", "a=1"), ("", "")],
)
def test_what_would_be_computed_gets_an_apostrophe_numbers_do_not(text: str, cell: str) -> None:
    assert escaped(text) == cell


@given(st.text())
def test_an_escaped_cell_reads_back(text: str) -> None:
    if not text.startswith("'"):
        assert unescaped(escaped(text)) == clean(text)


# Workbooks


def test_a_workbook_has_areas_containers_units_and_history(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(plan(), tmp_path / "out.xlsx"))
    assert book.sheetnames == ["Areas", "Containers", "Units", "History"]
    sheet = book["Areas"]
    head = [c.value for c in sheet[1]]
    west = {name: sheet.cell(2, i + 1) for i, name in enumerate(head)}
    assert (west["people"].value, west["people"].number_format) == (32, "#,##0")
    assert west["people deviation"].number_format == "+0.0%;-0.0%;0.0%"
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert book["Containers"]["B2"].value == "01"


def test_a_workbook_has_no_formula_and_no_link(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(hostile(), tmp_path / "out.xlsx"))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    assert {c.data_type for c in cells} <= {"s", "n"}
    assert not [c for c in cells if c.hyperlink]
    assert HOSTILE[0] in {c.value for c in cells}
    assert HOSTILE[8] in {c.value for c in cells}


def test_a_workbook_of_too_many_rows_points_to_another_format(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tp_geo.files.exports_xlsx.MAX_ROWS", 5)
    with pytest.raises(BadData, match=r"Containers has 8 rows; a sheet holds 4\. .*\.parquet"):
        write(plan(), tmp_path / "out.xlsx")
    assert list(tmp_path.iterdir()) == []


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


@pytest.mark.parametrize("suffix", [s for s in SUFFIXES if s != ".tpgeo"])
def test_hostile_names_are_safe_in_every_format(suffix: str, tmp_path: Path) -> None:
    path = write(hostile(), tmp_path / f"out{suffix}")
    assert path.stat().st_size > 0
    if suffix in (".geojson", ".gpkg"):
        names = set(_layer(path)["name"])
        assert {HOSTILE[0], HOSTILE[6], HOSTILE[8], clean(HOSTILE[12])} <= names


@pytest.mark.parametrize("suffix", [s for s in SUFFIXES if s != ".tpgeo"])
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
