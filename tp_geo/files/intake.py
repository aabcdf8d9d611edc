"""Files from outside become tables and boundaries; none is parsed in this process.

What comes back from the child process is checked again here: text columns,
shapes that are not nested. See ``sandbox`` for the limits.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from tp_geo.errors import BadData
from tp_geo.files.archives import find_parts
from tp_geo.files.formats import BOUNDARIES, TABLES, Format, find_format
from tp_geo.files.row_numbers import BLANK, numbered
from tp_geo.files.sandbox import REPORT, RESULT, Limits, check_size, parse
from tp_geo.files.wkb import check_shapes

if TYPE_CHECKING:
    import geopandas as gpd

FACTS = "intake"
"""Key of a frame's ``attrs``: encoding, delimiter, sheet or coordinate system found."""

_DRIVERS = {
    Format.GEOJSON: "GeoJSON",
    Format.GEOPACKAGE: "GPKG",
    Format.SHAPEFILE: "ESRI Shapefile",
    Format.ZIPPED_SHAPEFILE: "ESRI Shapefile",
    Format.KML: "KML",
}
_CODE_NAMES = re.compile(
    r"(geoid|zcta5?ce)(\d\d)?|zcta\d?|zip(_?code)?|post(al)?_?code|plz|fips|code|cfsauid|id|key|cve.*",
    re.IGNORECASE,
)
NAME_NAMES = re.compile(r"name(lsad)?(\d\d)?|nom|nombre|title|label|namelsad", re.IGNORECASE)


def read_table(
    path: Path, *, sheet: str | None = None, limits: Limits | None = None
) -> pd.DataFrame:
    """Return a CSV, TSV, Parquet or XLSX file; every column is text, "" where missing.

    What was found out about the file is in ``attrs[FACTS]``. Of a workbook,
    the first sheet is read unless one is named.
    """
    limits = limits or Limits.from_environment()
    check_size(path, limits)
    how = find_format(path, TABLES)
    if sheet and how is not Format.XLSX:
        raise BadData(f"{path.name} is no workbook, so it has no sheet {sheet!r}. Leave that out.")
    job = {"task": "table", "sheet": sheet or ""}
    table, facts = _read_in_child({f"input{_ending(how)}": path}, job, path.name, how, limits)
    frame: pd.DataFrame = table.to_pandas()
    frame.attrs[FACTS] = facts
    return frame


def read_boundaries(
    path: Path,
    *,
    code: str | None = None,
    name: str | None = None,
    limits: Limits | None = None,
) -> gpd.GeoDataFrame:
    """Return polygons in EPSG:4326 with ``code``, ``name``, ``geometry``; other columns as text.

    Reads GeoParquet, GeoJSON, GeoPackage, a zipped shapefile, or a ``.shp``
    beside its parts, in any coordinate system. Columns for code and name are
    guessed unless named. Crossing polygons come back valid; ``attrs[FACTS]``
    has their rows as ``mended``. Empty shapes, points, lines and codes that
    repeat are passed on, to be dealt with where all boundaries are known.
    """
    limits = limits or Limits.from_environment()
    check_size(path, limits)
    how = find_format(path, BOUNDARIES)
    table, shapes = read_shapes(path, how, "boundaries", limits)
    import geopandas as gpd

    frame = gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")
    frame.attrs[FACTS] = table.attrs[FACTS]
    return _with_codes(frame, path.name, code, name)


def read_shapes(
    path: Path, how: Format, task: str, limits: Limits
) -> tuple[pd.DataFrame, NDArray[np.object_]]:
    """Return attributes as text and the shapes that the child process made of a file."""
    inputs = {f"input{_ending(how)}": path}
    if how is Format.SHAPEFILE:
        inputs = {f"input{suffix}": part for suffix, part in find_parts(path).items()}
    table, facts = _read_in_child(inputs, {"task": task}, path.name, how, limits)
    binary = table.column("geometry").to_pylist()
    check_shapes(binary)
    texts: pd.DataFrame = table.drop_columns(["geometry"]).to_pandas()
    texts.attrs[FACTS] = facts
    return texts, shapely.from_wkb(np.array(binary, dtype=object))


def row_numbers(table: pd.DataFrame) -> NDArray[np.int64]:
    """Return the number of each row in the file a table was read from, where row 1 is the first."""
    blank = table.attrs.get(FACTS, {}).get(BLANK, [])
    return numbered(len(table) + 1, [*blank])[1:]


def _read_in_child(
    inputs: dict[str, Path], job: dict[str, str], name: str, how: Format, limits: Limits
) -> tuple[pa.Table, dict[str, Any]]:
    asked = job | {"format": how, "input": f"input{_ending(how)}"}
    with parse(inputs, {**asked, "skip": _other_drivers(how)}, name, limits) as room:
        facts = json.loads((room / REPORT).read_text(encoding="utf-8"))
        with pa.OSFile(str(room / RESULT), "rb") as file:
            table = pa.ipc.open_file(file).read_all()
    table.validate(full=True)
    return table, facts


def _other_drivers(how: Format) -> list[str]:
    """Return the geographic drivers a format does not need: all of them, or all but one."""
    if how not in _DRIVERS:
        return []
    import pyogrio

    return sorted(set(pyogrio.list_drivers()) - {_DRIVERS[how]})


def _ending(how: Format) -> str:
    return ".csv" if how is Format.DELIMITED else f".{how}"


def _with_codes(
    frame: gpd.GeoDataFrame, source: str, code: str | None, name: str | None
) -> gpd.GeoDataFrame:
    columns = [c for c in frame.columns if c != "geometry"]
    for asked in (code, name):
        if asked is not None and asked not in columns:
            raise BadData(f"{source} has no column {asked!r}. It has: {listed(columns)}.")
    of_code = code or _guess_code(frame, columns, source)
    of_name = name or next((c for c in columns if NAME_NAMES.fullmatch(c)), of_code)
    codes, names = frame[of_code].str.strip(), frame[of_name].str.strip()
    _check_codes(codes, of_code, source)
    import geopandas as gpd

    others = [c for c in columns if c not in {of_code, of_name, "code", "name"}]
    result = gpd.GeoDataFrame(
        {"code": codes, "name": names, **{c: frame[c] for c in others}},
        geometry=frame.geometry,
        crs=frame.crs,
    )
    result.attrs[FACTS] = {**frame.attrs[FACTS], "code": of_code, "name": of_name}
    return result


def _guess_code(frame: gpd.GeoDataFrame, columns: Sequence[str], source: str) -> str:
    unique = [c for c in columns if frame[c].str.strip().ne("").all() and frame[c].is_unique]
    named = [c for c in columns if _CODE_NAMES.fullmatch(c)]
    best = [c for c in named if c in unique] or named or unique
    if not best:
        raise BadData(
            f"No column of {source} tells its polygons apart. Name the one that holds the code; "
            f"it has: {listed(columns)}."
        )
    return best[0]


def _check_codes(codes: pd.Series[str], column: str, source: str) -> None:
    if (blank := codes.eq("")).any():
        raise BadData(
            f"Row {int(blank.to_numpy().argmax()) + 1} of {source} has no code in {column!r}. "
            "Fill it in, or name another column."
        )


def listed(columns: Sequence[str]) -> str:
    """Return columns in a message, the first of many."""
    return ", ".join(columns[:30]) or "none"
