"""What a file is: its format by name, held against its first bytes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from tp_geo.errors import BadData

_HEAD_BYTES = 512


class Format(StrEnum):
    """The formats that can be read."""

    DELIMITED = "delimited"
    PARQUET = "parquet"
    XLSX = "xlsx"
    GEOJSON = "geojson"
    GEOPACKAGE = "gpkg"
    SHAPEFILE = "shp"
    ZIPPED_SHAPEFILE = "zip"
    KML = "kml"


TABLES = {
    ".csv": Format.DELIMITED,
    ".tsv": Format.DELIMITED,
    ".tab": Format.DELIMITED,
    ".txt": Format.DELIMITED,
    ".parquet": Format.PARQUET,
    ".xlsx": Format.XLSX,
    ".xlsm": Format.XLSX,
}
BOUNDARIES = {
    ".parquet": Format.PARQUET,
    ".geoparquet": Format.PARQUET,
    ".geojson": Format.GEOJSON,
    ".json": Format.GEOJSON,
    ".gpkg": Format.GEOPACKAGE,
    ".zip": Format.ZIPPED_SHAPEFILE,
    ".shp": Format.SHAPEFILE,
}

_SIGNATURES = {
    b"PAR1": "a Parquet file",
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"SQLite format 3\x00": "a GeoPackage or SQLite database",
    b"\x00\x00\x27\x0a": "a shapefile",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old or password-protected Office file",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
}
_SIGNED = {
    Format.PARQUET: b"PAR1",
    Format.XLSX: b"PK\x03\x04",
    Format.ZIPPED_SHAPEFILE: b"PK\x03\x04",
    Format.GEOPACKAGE: b"SQLite format 3\x00",
    Format.SHAPEFILE: b"\x00\x00\x27\x0a",
}
_NAMES = {
    Format.PARQUET: "a Parquet file",
    Format.XLSX: "an Excel workbook",
    Format.ZIPPED_SHAPEFILE: "a zip archive",
    Format.GEOPACKAGE: "a GeoPackage",
    Format.SHAPEFILE: "a shapefile",
    Format.GEOJSON: "GeoJSON",
    Format.KML: "KML",
    Format.DELIMITED: "CSV",
}


def find_format(path: Path, formats: dict[str, Format]) -> Format:
    """Return the format a file's name promises, once its first bytes agree.

    Raises ``BadData`` for an unknown ending, and for content of another kind.
    """
    found = formats.get(path.suffix.lower())
    if found is None:
        known = ", ".join(formats)
        raise BadData(f"{path.name} ends in none of {known}. Save it as one of these.")
    with path.open("rb") as file:
        _check_head(path.name, found, file.read(_HEAD_BYTES))
    return found


def _check_head(name: str, promised: Format, head: bytes) -> None:
    kind = next((words for sign, words in _SIGNATURES.items() if head.startswith(sign)), None)
    signature = _SIGNED.get(promised)
    if signature is None:
        _check_text(name, promised, head, kind)
    elif not head.startswith(signature):
        raise BadData(
            f"{name} is {kind or 'something else'}, not {_NAMES[promised]}. "
            "Check that the right file was chosen, and export it again."
        )


def _check_text(name: str, promised: Format, head: bytes, kind: str | None) -> None:
    """Refuse what is no text of the promised kind; text in any encoding may begin as it likes."""
    if kind is not None:
        raise BadData(
            f"{name} is {kind}, not {_NAMES[promised]}. Give it its right ending, "
            "or export it again."
        )
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise BadData(
            f"{name} is a web page, often the sign-in page of the system it should come from. "
            "Sign in and export it again."
        )
    if promised is Format.GEOJSON and not start.startswith(b"{"):
        raise BadData(
            f"{name} is not GeoJSON: it begins with {start[:20].decode('latin-1')!r} instead of "
            "'{'. Export it again as GeoJSON in UTF-8."
        )
    if promised is Format.KML and b"<kml" not in head.lower():
        raise BadData(f"{name} is not KML: it does not begin as such. Export it again as KML.")
