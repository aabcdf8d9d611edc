"""Exports: one file from what an alignment is, its form chosen by the suffix."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import pandas as pd

from tp_geo.errors import BadData
from tp_geo.files.exports_csv import write_csv
from tp_geo.files.exports_tables import (
    Contents,
    areas_table,
    history_table,
    items_table,
    plan_table,
)

Writer: TypeAlias = Callable[[Contents, Path, str, int | None], None]

TABLES: Mapping[str, Callable[[Contents], pd.DataFrame]] = MappingProxyType(
    {
        "items": items_table,
        "areas": areas_table,
        "containers": lambda c: items_table(c, c.containers),
        "units": lambda c: items_table(c, c.units),
        "history": lambda c: history_table(c.history, c.dataset.items.containers),
    }
)
"""What a CSV can hold."""

SHAPEFILE = ".zip"
"""A shapefile is several files, so it is written as an archive of them."""

SHAPES = ("areas", "containers")
"""What GeoJSON, GeoParquet and shapefiles can hold."""


def write(contents: Contents, path: Path, *, what: str = "", depth: int | None = None) -> Path:
    """Write an export and return its path; a file that is there is replaced only when done.

    Parameters
    ----------
    what
        The table of a CSV (``TABLES``) or the shapes of GeoJSON, GeoParquet and
        zipped shapefiles (``SHAPES``); without it, items and areas. Workbooks
        and GeoPackages hold everything.
    depth
        The level a picture shows, 1 at the top; without it the lowest.
    """
    writer = _WRITERS.get(path.suffix.lower())
    if writer is None:
        raise BadData(
            f"{path.name or 'The file'} {_ending(path)}; an export ends in one of "
            f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}. Rename it."
        )
    replacing(path, lambda made: writer(contents, made, what, depth))
    return path


def replacing(path: Path, make: Callable[[Path], None]) -> None:
    """Make a file beside its place and move it there when it is complete."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as folder:
            made = Path(folder) / f"made{path.suffix.lower()}"
            make(made)
            made.replace(path)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise BadData(f"{path} can't be written: {why}. Choose another place.") from error


def _ending(path: Path) -> str:
    return f"ends in {path.suffix!r}" if path.suffix else "has no ending"


def _csv(contents: Contents, path: Path, what: str, _depth: int | None) -> None:
    write_csv(TABLES[_chosen(what, tuple(TABLES), ".csv")](contents), path)


def _xlsx(contents: Contents, path: Path, _what: str, _depth: int | None) -> None:
    from tp_geo.files.exports_xlsx import write_xlsx

    sheets = {"Areas": TABLES["areas"](contents), "Containers": TABLES["containers"](contents)}
    if len(contents.dataset.items.container_of):
        sheets["Units"] = TABLES["units"](contents)
    sheets["History"] = TABLES["history"](contents)
    write_xlsx({**sheets, "Plan": plan_table(contents)}, path)


def _geojson(contents: Contents, path: Path, what: str, _depth: int | None) -> None:
    from tp_geo.files import exports_shapes as shapes

    shapes.write_geojson(shapes.shapes_of(contents, _chosen(what, SHAPES, ".geojson")), path)


def _parquet(contents: Contents, path: Path, what: str, _depth: int | None) -> None:
    from tp_geo.files import exports_shapes as shapes

    shapes.write_geoparquet(shapes.shapes_of(contents, _chosen(what, SHAPES, ".parquet")), path)


def _shapefile(contents: Contents, path: Path, what: str, _depth: int | None) -> None:
    from tp_geo.files import exports_shapes as shapes
    from tp_geo.files.exports_shapefile import write_shapefile

    chosen = _chosen(what, SHAPES, SHAPEFILE)
    write_shapefile(shapes.shapes_of(contents, chosen), path, layer=chosen)


def _gpkg(contents: Contents, path: Path, _what: str, _depth: int | None) -> None:
    from tp_geo.files import exports_shapes as shapes

    shapes.write_geopackage(shapes.layers_of(contents), path)


def _picture(contents: Contents, path: Path, _what: str, depth: int | None) -> None:
    from tp_geo.files.exports_picture import write_picture

    write_picture(contents, path, depth=depth)


def _chosen(what: str, choices: tuple[str, ...], suffix: str) -> str:
    if what and what not in choices:
        raise BadData(f"A {suffix} file can't hold {what!r}. It can hold: {', '.join(choices)}.")
    return what or choices[0]


_WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        ".csv": _csv,
        ".xlsx": _xlsx,
        ".geojson": _geojson,
        ".parquet": _parquet,
        ".gpkg": _gpkg,
        SHAPEFILE: _shapefile,
        ".png": _picture,
        ".svg": _picture,
    }
)
WRITTEN = tuple(_WRITERS)
"""What ``write`` writes."""

SUFFIXES = (*WRITTEN, ".pdf", ".html", ".tpgeo")
"""What an export may end in: reports and plan files are written elsewhere."""
