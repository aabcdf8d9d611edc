"""Files made to harm: each must end as ``BadData`` in words, and read nothing but itself."""

from __future__ import annotations

import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

Builder = Callable[[Path], Path]

MARK = "the-other-files-content"
"""What lies in the file that some of these try to read."""

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64)
SQUARE = shapely.box(-100, 40, -99, 41)


def secret(room: Path) -> Path:
    """Write the file nobody asked to read; a valid one of the kind that is wanted."""
    path = room / "secret.geojson"
    path.write_text(feature_collection(SQUARE, MARK), encoding="utf-8")
    return path


def feature_collection(shape: shapely.Geometry, code: str = "A") -> str:
    feature = {
        "type": "Feature",
        "properties": {"code": code, "name": code},
        "geometry": shapely.geometry.mapping(shape),
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def file(name: str, content: bytes) -> Builder:
    """Return a builder of a file with this content."""

    def build(room: Path) -> Path:
        path = room / name
        path.write_bytes(content)
        return path

    return build


def zipped(name: str, members: dict[str, bytes]) -> Builder:
    """Return a builder of an archive with these members, deflated."""

    def build(room: Path) -> Path:
        path = room / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member, content)
        return path

    return build


def truncated_parquet(room: Path) -> Path:
    path = room / "cut.parquet"
    pd.DataFrame({"Id": ["1", "2"]}).to_parquet(path)
    path.write_bytes(path.read_bytes()[:-20])
    return path


def parquet_bomb(room: Path) -> Path:
    """A few kB that unpack to 20 GB of text."""
    path = room / "bomb.parquet"
    text = pa.array(["x" * 1_000_000])
    column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(20_000, dtype=np.int32)), text)
    pq.write_table(pa.table({"Id": column}), path, compression="zstd", store_schema=False)
    return path


def far_cell(room: Path) -> Path:
    """A sheet whose two cells span 17 billion."""
    path = room / "far.xlsx"
    pd.DataFrame({"Id": ["1"]}).to_excel(path, index=False)
    with zipfile.ZipFile(path) as archive:
        members = {m: archive.read(m) for m in archive.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", far).replace(
        b'ref="A1:A2"', b'ref="A1:XFD1048576"'
    )
    return zipped("far.xlsx", members)(room)


def nested_wkb(depth: int = 100_000) -> bytes:
    """Collections in collections: a parser that follows them by recursion dies."""
    return struct.pack("<BII", 1, 7, 1) * depth + struct.pack("<BII", 1, 7, 0)


def geoparquet(name: str, shapes: list[bytes], geo: str | None = None) -> Builder:
    """Return a builder of a GeoParquet file with these shapes as they are."""
    about = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}},
    }

    def build(room: Path) -> Path:
        codes = [str(i) for i in range(len(shapes))]
        table = pa.table({"code": codes, "geometry": pa.array(shapes, pa.binary())})
        meta = geo if geo is not None else json.dumps(about)
        pq.write_table(table.replace_schema_metadata({"geo": meta}), room / name)
        return room / name

    return build


def vrt(room: Path) -> Path:
    """A virtual layer that names another file, with the ending of GeoJSON."""
    path = room / "harmless.geojson"
    path.write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{secret(room)}'
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        encoding="utf-8",
    )
    return path


def vrt_in_zip(room: Path) -> Path:
    """The same inside an archive, under the name of a shapefile."""
    text = vrt(room).read_bytes()
    return zipped("v.zip", {"a.shp": text, "a.shx": text, "a.dbf": text})(room)


def pipeline(room: Path) -> Path:
    """JSON that asks the library to run a pipeline over another file."""
    path = room / "pipeline.geojson"
    command = f"gdal vector pipeline ! read {secret(room)} ! write --format stream x"
    path.write_text(json.dumps({"type": "gdal_streamed_alg", "command_line": command}))
    return path


def geopackage_of_another(room: Path) -> Path:
    """A GeoPackage with a virtual table over another file."""
    import sqlite3

    path = room / "virtual.gpkg"
    gpd.GeoDataFrame({"code": ["A"]}, geometry=[SQUARE], crs=4326).to_file(path)
    base = sqlite3.connect(path)
    base.execute("PRAGMA writable_schema = ON")
    base.execute("DELETE FROM sqlite_master WHERE type = 'trigger'")
    sql = f"CREATE VIRTUAL TABLE virtual USING VirtualOGR('{secret(room)}')"
    base.execute("UPDATE sqlite_master SET sql = ?, rootpage = 0 WHERE name = 'virtual'", (sql,))
    base.commit()
    base.close()
    return path


def shapefile(room: Path, **options: object) -> Path:
    path = room / "layer.shp"
    gpd.GeoDataFrame({"code": ["A"]}, geometry=[SQUARE], crs=4326).to_file(path, **options)
    return path


def shapefile_without(*suffixes: str) -> Builder:
    """Return a builder of a zipped shapefile that lacks some parts."""

    def build(room: Path) -> Path:
        parts = sorted(shapefile(room).parent.glob("layer.*"))
        members = {p.name: p.read_bytes() for p in parts if p.suffix not in suffixes}
        return zipped("layer.zip", members)(room)

    return build


def bare_shapefile_without_index(room: Path) -> Path:
    path = shapefile(room)
    path.with_suffix(".shx").unlink()
    return path


def boundaries(name: str, shapes: list[shapely.Geometry], codes: list[str], crs: object) -> Builder:
    """Return a builder of boundaries that can be read but not be used."""

    def build(room: Path) -> Path:
        frame = gpd.GeoDataFrame({"code": codes}, geometry=shapes, crs=crs)
        frame.to_file(room / name)
        return room / name

    return build


def ring(corners: int) -> shapely.Polygon:
    """A round polygon of that many corners."""
    at = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return shapely.Polygon(np.column_stack([-100 + np.cos(at), 40 + np.sin(at)]))


def endless_ring(room: Path) -> Path:
    return geoparquet("a.parquet", [shapely.to_wkb(ring(2_000_001))])(room)


def scribble(room: Path) -> Path:
    """A few thousand corners at random: as many crossings as their square."""
    corners = np.random.default_rng(0).random((20_000, 2))
    return geoparquet("a.parquet", [shapely.to_wkb(shapely.Polygon(corners))])(room)


def huge_field(room: Path) -> Path:
    return file("a.csv", b'Id,Zip\n1,"' + b"x" * 20_000_000 + b'"\n')(room)


_PROJECTED = shapely.box(500_000, 4_000_000, 600_000, 4_100_000)
_POLYGON = shapely.to_wkb(SQUARE)

TABLES: dict[str, tuple[Builder, str]] = {
    "empty": (file("a.csv", b""), "is empty"),
    "blank lines": (file("a.csv", b"\n\n\n"), "no rows"),
    "header alone": (file("a.csv", b"Id,Zip\n"), "a header and no rows"),
    "no header": (file("a.csv", b"Acme,94110,37.7,-122.4\n"), "looks like values"),
    "image named csv": (file("a.csv", PNG), "is a PNG image"),
    "image named parquet": (file("a.parquet", PNG), "is a PNG image, not a Parquet file"),
    "image named xlsx": (file("a.xlsx", PNG), "is a PNG image, not an Excel workbook"),
    "image in a csv's middle": (file("a.csv", b"Id,Zip\n1,2\n" + PNG), "NUL byte|not text"),
    "old Excel": (file("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(99)), "password-protected"),
    "web page": (file("a.csv", b"<!DOCTYPE html><html>Sign in"), "sign-in page"),
    "NUL bytes": (file("a.csv", b"Id,Zip\n1,2\n3,\x00\n"), "Line 3 .* NUL byte"),
    "no encoding": (file("a.csv", b"Id,Zip\n1,\x81\xfe\n"), "is not text in cp1252"),
    "ragged": (file("a.csv", b"Id,Zip\n1,2\n3\n4,5,6\n"), "Row 3 .* 1 field.* 1 more row"),
    "open quote": (file("a.csv", b'Id,Zip\n1,"2\n3,4\n5,6\n'), "Row 2 .* never closed"),
    "huge field": (huge_field, "many megabytes"),
    "many columns": (file("a.csv", b"a," * 50_000 + b"a\n1\n"), "50,001 columns"),
    "column twice": (file("a.csv", b"Id,Zip,Zip\n1,2,3\n"), "2 columns named 'Zip'"),
    "unknown ending": (file("a.exe", b"MZ"), "ends in none of"),
    "cut Parquet": (truncated_parquet, "damaged Parquet"),
    "Parquet bomb": (parquet_bomb, "memory"),
    "archive named xlsx": (zipped("a.xlsx", {"a.txt": b"1"}), "damaged Excel"),
    "zip bomb named xlsx": (zipped("a.xlsx", {"a.xml": bytes(60_000_000)}), "zip bomb"),
    "far cell": (far_cell, "memory|columns"),
    "member outside": (zipped("a.xlsx", {"../../up": b"1"}), "points outside"),
}

BOUNDARIES: dict[str, tuple[Builder, str]] = {
    "empty": (file("a.geojson", b""), "is empty"),
    "virtual layer": (vrt, "is not GeoJSON"),
    "virtual layer in a zip": (vrt_in_zip, "damaged or of another kind"),
    "pipeline": (pipeline, "damaged or of another kind"),
    "virtual table": (geopackage_of_another, "damaged or of another kind|no layer"),
    "nested WKB": (
        geoparquet("a.parquet", [nested_wkb()]),
        "row 1 is a collection in a collection",
    ),
    "nested in a multipolygon": (
        geoparquet("a.parquet", [struct.pack("<BII", 1, 6, 1) + nested_wkb()]),
        "row 1 has parts of another kind",
    ),
    "four billion rings": (
        geoparquet("a.parquet", [_POLYGON, struct.pack("<BII", 1, 3, 2**32 - 1)]),
        "row 2 is damaged",
    ),
    "wrong metadata": (geoparquet("a.parquet", [_POLYGON], "[1"), "damaged GeoParquet metadata"),
    "deep metadata": (geoparquet("a.parquet", [_POLYGON], "[" * 99_999), "damaged GeoParquet"),
    "nested GeoJSON": (
        file("a.geojson", b'{"type":"GeometryCollection","geometries":[' * 50_000),
        "damaged or of another kind|crashed|memory",
    ),
    "cut GeoJSON": (
        file("a.geojson", feature_collection(SQUARE).encode()[:-30]),
        "damaged or of another kind",
    ),
    "not GeoJSON": (file("a.geojson", b'{"a": 1}'), "damaged or of another kind|no layer"),
    "endless ring": (
        endless_ring,
        "row 1 of a.parquet has 2,000,002 corners",
    ),
    "scribble": (scribble, "takes more than|memory"),
    "curves": (
        geoparquet("a.parquet", [struct.pack("<BII", 1, 10, 0)]),
        "row 1 is of a kind that cannot be read",
    ),
    "points": (
        boundaries("a.gpkg", [shapely.Point(-100, 40)], ["A"], 4326),
        "no layer of polygons",
    ),
    "code missing": (boundaries("a.gpkg", [SQUARE, SQUARE], ["A", ""], 4326), "Row 2 .* no code"),
    "metres without a system": (
        boundaries("a.shp", [_PROJECTED], ["A"], None),
        "coordinate system",
    ),
    "metres called degrees": (boundaries("a.gpkg", [_PROJECTED], ["A"], 4326), "does not fit"),
    "only empty": (boundaries("a.gpkg", [shapely.Polygon()], ["A"], 4326), "is empty"),
    "no parts": (shapefile_without(".shx", ".dbf"), "lacks .shx and .dbf"),
    "bare without index": (bare_shapefile_without_index, "lacks .shx"),
    "no shapefile": (zipped("a.zip", {"a.txt": b"1"}), "exactly one .shp"),
    "member outside": (zipped("a.zip", {"../a.shp": b"1"}), "points outside"),
    "zip bomb": (
        zipped("a.zip", {"a.shp": bytes(60_000_000), "a.shx": b"", "a.dbf": b""}),
        "zip bomb",
    ),
    "many members": (zipped("a.zip", {str(i): b"" for i in range(5_001)}), "5,001 files"),
    "damaged zip": (file("a.zip", b"PK\x03\x04" + bytes(99)), "damaged archive"),
}
