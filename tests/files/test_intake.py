from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import hostile
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.errors import BadData
from tp_geo.files import sandbox
from tp_geo.files.delimited import find_dialect
from tp_geo.files.formats import Format
from tp_geo.files.intake import FACTS, read_boundaries, read_table
from tp_geo.files.sandbox import Limits
from tp_geo.files.tables import read

LEFT, RIGHT = shapely.box(-100, 40, -99, 41), shapely.box(-99, 40, -98, 41)


def layer(crs: object = 4326) -> gpd.GeoDataFrame:
    columns = {"ZCTA5CE20": ["00501", "00544"], "NAME": ["Holtsville", "Ñame"], "POP": [1, 2]}
    return gpd.GeoDataFrame(columns, geometry=[LEFT, RIGHT], crs=4326).to_crs(crs)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(encoding: str, delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [["Id", "Straße", "Zip"], ["1", '"a, b; c\nd"', "02139"], ["2", "é", ""]]
    path.write_bytes("\r\n".join(delimiter.join(r) for r in rows).encode(encoding))
    table = read_table(path)
    assert list(table.columns) == ["Id", "Straße", "Zip"]
    assert table["Straße"].tolist() == ["a, b; c\nd", "é"]
    assert table["Zip"].tolist() == ["02139", ""]
    assert table.attrs[FACTS]["delimiter"] == delimiter


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(*[st.text(st.characters(codec="utf-8", exclude_characters="\x00"))] * 2),
        min_size=1,
    )
)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list) -> None:
    path = tmp_path_factory.mktemp("round") / "a.csv"
    written = pd.DataFrame([("x", *row) for row in rows], columns=["Id", "One", "Two"])
    path.write_bytes(written.to_csv(index=False, quoting=1, lineterminator="\n").encode())
    table, _ = read(path, "a.csv", Format.DELIMITED, None)
    assert table.to_pandas().to_numpy().tolist() == written.to_numpy().tolist()


def test_excels_separator_line_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=;\r\nId;Name, full\r\n1;a\r\n", encoding="utf-8")
    assert list(read_table(path).columns) == ["Id", "Name, full"]


def test_one_column_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Zip\n02139\n94110\n", encoding="utf-8")
    assert read_table(path)["Zip"].tolist() == ["02139", "94110"]
    assert find_dialect(path, "a.csv").delimiter == ","


def test_formulas_html_and_right_to_left_text_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    names = ['=HYPERLINK("http://x")', "<img onerror=alert(1)>", "שלום", "x" * 500]
    pd.DataFrame({"Id": range(4), "Name": names}).to_csv(path, index=False)
    assert read_table(path)["Name"].tolist() == names


@pytest.mark.parametrize("suffix", ["parquet", "xlsx"])
def test_numbers_and_dates_become_the_text_a_person_reads(suffix: str, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "Zip": [2139.0, 94110.0],
            "Value": [1.5, None],
            "Day": pd.to_datetime(["2026-01-02", None]),
        }
    )
    path = tmp_path / f"a.{suffix}"
    write = frame.to_parquet if suffix == "parquet" else frame.to_excel
    write(path, index=False)
    assert read_table(path).to_dict("list") == {
        "Zip": ["2139", "94110"],
        "Value": ["1.5", ""],
        "Day": ["2026-01-02", ""],
    }


def test_a_named_sheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"A": ["1"]}).to_excel(book, sheet_name="One", index=False)
        pd.DataFrame({"B": ["2"]}).to_excel(book, sheet_name="Two", index=False)
    assert list(read_table(path).columns) == ["A"]
    assert list(read_table(path, sheet="Two").columns) == ["B"]
    with pytest.raises(BadData, match=r"no sheet 'Three'. It has: One, Two"):
        read_table(path, sheet="Three")


def test_a_column_of_shapes_is_left_out_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    layer().to_parquet(path)
    table = read_table(path)
    assert list(table.columns) == ["ZCTA5CE20", "NAME", "POP"]
    assert table.attrs[FACTS]["left_out"] == "geometry"


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg", "a.parquet", "a.shp", "a.zip"])
@pytest.mark.parametrize("crs", [4326, 5070, 3857])
def test_boundaries_of_any_format_and_system_become_degrees(
    name: str, crs: int, tmp_path: Path
) -> None:
    path = tmp_path / name
    if name == "a.parquet":
        layer(crs).to_parquet(path)
    elif name == "a.zip":
        layer(crs).to_file(tmp_path / "deep.shp", encoding="utf-8")
        with zipfile.ZipFile(path, "w") as archive:
            for part in tmp_path.glob("deep.*"):
                archive.write(part, f"folder/{part.name}")
    else:
        layer(crs).to_file(path)
    frame = read_boundaries(path)
    assert frame["code"].tolist() == ["00501", "00544"]
    assert frame["name"].tolist() == ["Holtsville", "Ñame"]
    assert frame["POP"].tolist() == ["1", "2"]
    assert frame.crs == "EPSG:4326"
    assert all(
        frame.geometry.normalize().geom_equals_exact(
            gpd.GeoSeries([LEFT, RIGHT], crs=4326).normalize(), 1e-8
        )
    )


def test_degrees_without_a_system_are_taken_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    gpd.GeoDataFrame({"code": ["A"]}, geometry=[LEFT]).to_file(path)
    frame = read_boundaries(path)
    assert frame.attrs[FACTS]["crs"] == "guessed: EPSG:4326"


def test_crossing_polygons_are_mended_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    bow = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)])
    gpd.GeoDataFrame({"code": list("AB")}, geometry=[LEFT, bow], crs=4326).to_file(path)
    frame = read_boundaries(path)
    assert frame.attrs[FACTS]["mended"] == [2]
    assert frame.geometry.is_valid.all()
    assert frame.geometry[1].area == pytest.approx(0.5)
    assert frame.geometry[0].equals(LEFT)


def test_empty_shapes_lines_and_repeated_codes_are_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    shapes = [shapely.Polygon(), None, LEFT, shapely.LineString([(0, 0), (1, 1)])]
    gpd.GeoDataFrame({"code": list("ABCC")}, geometry=shapes, crs=4326).to_file(path)
    frame = read_boundaries(path)
    assert frame["code"].tolist() == ["A", "B", "C", "C"]
    assert frame.geometry.is_empty.tolist() == [True, True, False, False]
    assert frame.geometry.geom_type.tolist()[2:] == ["Polygon", "LineString"]


def test_a_ring_of_a_million_corners_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(hostile.feature_collection(hostile.ring(1_000_000)), encoding="utf-8")
    assert shapely.get_num_coordinates(read_boundaries(path).geometry[0]) == 1_000_001


def test_a_column_can_be_named_as_the_code(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    layer().to_file(path)
    frame = read_boundaries(path, code="POP", name="ZCTA5CE20")
    assert frame["code"].tolist() == ["1", "2"]
    assert frame["name"].tolist() == ["00501", "00544"]
    with pytest.raises(BadData, match=r"no column 'XX'. It has: ZCTA5CE20, NAME, POP"):
        read_boundaries(path, code="XX")


def test_a_file_that_takes_long_ends_as_words(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Id,Zip\n" + "1,2\n" * 60_000_000, encoding="utf-8")
    with pytest.raises(BadData, match="takes more than 1 s to read"):
        read_table(path, limits=Limits(cpu_s=1))


def test_a_file_over_the_limit_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Id,Zip\n1,2\n", encoding="utf-8")
    with pytest.raises(BadData, match="at most 0 MB are read"):
        read_table(path, limits=Limits(file_bytes=5))


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TP_GEO_INTAKE_MEMORY_MB", "512")
    assert Limits.from_environment() == Limits(memory_bytes=512 * 2**20)
    monkeypatch.setenv("TP_GEO_INTAKE_SECONDS", "soon")
    with pytest.raises(BadData, match="TP_GEO_INTAKE_SECONDS is 'soon'"):
        Limits.from_environment()


def test_the_child_knows_no_secrets_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TP_GEO_ORG_TOKEN", "hush")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = tmp_path / "a.csv"
    path.write_text("Id,Zip\n1,2\n", encoding="utf-8")
    assert "TP_GEO_ORG_TOKEN" not in sandbox._environment(tmp_path)
    read_table(path)
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("said", ["OSError: [Errno 28] No space left on device", "[errno 27] x"])
def test_a_full_disk_is_not_taken_for_a_bad_file(tmp_path: Path, said: str) -> None:
    (tmp_path / sandbox.ERRORS).write_text(f"Traceback\n{said}\n")
    told = sandbox._explain(tmp_path, "a.csv", 1, Limits())
    assert "there is no room for a copy" in told
    assert "TMPDIR" in told


def test_a_file_that_cannot_be_copied_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("Id,Zip\n1,2\n")

    def full(_path: Path, _alias: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(sandbox, "_place", full)
    with pytest.raises(BadData, match="No space left on device"):
        read_table(tmp_path / "a.csv")
