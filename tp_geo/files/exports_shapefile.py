"""Shapes as a zipped shapefile, with what its limits made of names and texts written beside it."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import BinaryIO

import geopandas as gpd

from tp_geo.errors import BadData

NOTES = "notes.txt"
"""The member of the archive that says what was shortened."""

MAX_FIELD_NAME = 10
MAX_FIELDS = 255
MAX_TEXT_BYTES = 254
MAX_PART_BYTES = 2**31 - 1

_ELSEWHERE = "Export a GeoPackage (.gpkg) instead, or GeoJSON."


def write_shapefile(frame: gpd.GeoDataFrame, path: Path, *, layer: str) -> None:
    """Write shapes as a zip of one shapefile in UTF-8; its ``NOTES`` tell what was shortened.

    Raises ``BadData`` for what the format can't hold: more than ``MAX_FIELDS``
    columns, or a part of more than 2 GB.
    """
    columns = [str(c) for c in frame.columns if c != frame.geometry.name]
    if len(columns) > MAX_FIELDS:
        raise BadData(
            f"A shapefile holds at most {MAX_FIELDS} columns; there are {len(columns)}. "
            f"{_ELSEWHERE}"
        )
    names = field_names(columns)
    made, notes = frame.copy(), [f"{names[c]} is {c!r}" for c in columns if names[c] != c]
    for column in columns:
        if made[column].dtype.kind in "if":
            continue
        texts = made[column].tolist()
        short = [_cut(text) for text in texts]
        made[column] = short
        if lost := sum(a != b for a, b in zip(texts, short, strict=True)):
            notes.append(f"{names[column]}: {lost:,} of its texts cut to {MAX_TEXT_BYTES} bytes")
    folder = path.parent / f"{path.stem}-parts"
    folder.mkdir()
    shapes = folder / f"{layer}.shp"
    made.rename(columns=names).to_file(
        shapes, driver="ESRI Shapefile", engine="pyogrio", encoding="UTF-8",
        geometry_type="MultiPolygon",
    )  # fmt: skip
    _pack(path, sorted(folder.iterdir()), notes)


def notes_of(archive: Path | BinaryIO) -> tuple[str, ...]:
    """Return what a shapefile's limits made of names and texts, a line each."""
    with zipfile.ZipFile(archive) as packed:
        if NOTES not in packed.namelist():
            return ()
        return tuple(packed.read(NOTES).decode("utf-8").splitlines())


def field_names(columns: Iterable[str]) -> Mapping[str, str]:
    """Return for each column a name of ten plain characters, no two alike in capitals."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for column in columns:
        plain = _plain(column)
        name, number = plain[:MAX_FIELD_NAME], 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain[: MAX_FIELD_NAME - len(str(number))]}{number}"
        taken.add(name.casefold())
        found[column] = name
    return found


def _plain(column: str) -> str:
    """Return a name in letters, digits and underscores that begins with a letter."""
    folded = unicodedata.normalize("NFKD", column).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9]+", "_", folded).strip("_") or "column"
    return name if name[0].isalpha() else f"c_{name}"


def _cut(text: str) -> str:
    """Return a text as far as it fits, without a part of a character."""
    return text.encode("utf-8")[:MAX_TEXT_BYTES].decode("utf-8", "ignore")


def _pack(path: Path, parts: Iterable[Path], notes: Iterable[str]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            if (size := part.stat().st_size) > MAX_PART_BYTES:
                raise BadData(
                    f"A shapefile's parts hold at most 2 GB; {part.name} would have "
                    f"{size / 1e9:,.1f} GB. {_ELSEWHERE}"
                )
            archive.write(part, part.name)
        if lines := list(notes):
            archive.writestr(NOTES, "\n".join(lines) + "\n")
