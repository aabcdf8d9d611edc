"""Reference layers from whatever people have: points, lines and polygons, with names.

`read` runs in the child process, `read_layer` asks it to.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from tp_geo.domain.dataset import Texts
from tp_geo.errors import BadData
from tp_geo.files import intake
from tp_geo.files.formats import BOUNDARIES, TABLES, Format, find_format
from tp_geo.files.headers import called
from tp_geo.files.mapping import guess
from tp_geo.files.points import read_points
from tp_geo.files.polygons import Shapes, Wanted, mend, read_shapes, with_shapes
from tp_geo.files.sandbox import Limits, check_size

SHAPES = {**BOUNDARIES, ".kml": Format.KML}
FORMATS = {**TABLES, **SHAPES}

MANY_CORNERS = 1_000_000
"""Layers with more are simplified as they come in: a map shows no more."""

LONGEST_NAME = 80

_FINEST, _COARSEST = 1e-5, 0.05
_MOVED = "moved"
_METRES = 111_195.0
"""Of a degree of latitude."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadLayer:
    """Shapes in degrees with their names, "" for none, and the column these are from.

    ``left_out`` counts rows that have no place. Of shapes with too many corners
    borders moved by up to ``moved_m`` metres.
    """

    shapes: Shapes
    names: Texts
    label: str
    left_out: int
    moved_m: float = 0.0


def read(path: Path, name: str, how: Format) -> tuple[pa.Table, dict[str, object]]:
    """Return attributes as text and ``geometry`` as WKB in EPSG:4326, and what was found out."""
    texts, shapes, crs = read_shapes(path, name, how, Wanted.SHAPES)
    thin, tolerance = _thinned(shapes)
    mended, _ = mend(thin)
    return with_shapes(texts, mended), {"crs": crs, _MOVED: tolerance}


def read_layer(path: Path, *, label: str | None = None, limits: Limits | None = None) -> ReadLayer:
    """Return the points, lines and polygons of a file in any coordinate system.

    Reads what boundaries are read from, KML, and tables with a latitude and
    a longitude. Names are in the column ``label``; it is guessed when not
    given, "" takes none.
    """
    limits = limits or Limits.from_environment()
    check_size(path, limits)
    how = find_format(path, FORMATS)
    if path.suffix.lower() in SHAPES:
        table, shapes = intake.read_shapes(path, how, "layer", limits)
    else:
        table = intake.read_table(path, limits=limits)
        shapes = _points(table, path.name)
    there = ~(shapely.is_empty(shapes) | shapely.is_missing(shapes))
    if not there.any():
        raise BadData(f"No row of {path.name} has a place. Export it again with its shapes.")
    column = _label(table, label, path.name)
    names = table[column].to_numpy(object) if column else np.full(len(shapes), "", dtype=object)
    short = np.array([" ".join(n.split())[:LONGEST_NAME] for n in names[there]], dtype=object)
    moved = table.attrs.get(intake.FACTS, {}).get(_MOVED, 0.0) * _METRES
    return ReadLayer(shapes[there], short, column, int((~there).sum()), moved)


def _points(table: pd.DataFrame, name: str) -> Shapes:
    columns = guess(table)
    if columns.lat is None or columns.lon is None:
        raise BadData(
            f"No two columns of {name} hold latitude and longitude. Call them so; "
            f"it has: {intake.listed(list(table.columns))}."
        )
    points = read_points(table, columns)
    good = points.there & ~points.beyond
    found = np.full(len(table), None, dtype=object)
    found[good] = shapely.points(points.lon[good], points.lat[good])
    return found


def _label(table: pd.DataFrame, asked: str | None, name: str) -> str:
    """Return the column of names, "" for none."""
    if asked:
        if asked not in table.columns:
            raise BadData(
                f"{name} has no column {asked!r}. It has: {intake.listed(list(table.columns))}."
            )
        return asked
    filled = [c for c in table.columns if table[c].str.strip().ne("").any()]
    alike = [c for c in filled if intake.NAME_NAMES.fullmatch(c)]
    return "" if asked == "" else next(iter([*alike, *called("name", filled)]), "")


def _thinned(shapes: Shapes) -> tuple[Shapes, float]:
    """Return shapes with as many corners as a map can use, and the degrees borders moved."""
    tolerance = 0.0
    while shapely.get_num_coordinates(shapes).sum() > MANY_CORNERS and tolerance < _COARSEST:
        tolerance = 2 * tolerance or _FINEST
        shapes = np.asarray(shapely.simplify(shapes, tolerance), dtype=object)
    return shapes, tolerance
