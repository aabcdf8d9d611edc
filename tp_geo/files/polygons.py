"""Boundaries from whatever people have, as degrees. Runs in the child process."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyproj
import shapely
from numpy.typing import NDArray

from tp_geo.errors import BadData
from tp_geo.files.archives import unpack_shapefile
from tp_geo.files.formats import Format
from tp_geo.files.tables import read_parquet
from tp_geo.files.texts import as_texts, check_twice
from tp_geo.files.wkb import check_shapes

MAX_ROWS = 500_000
MAX_CORNERS = 2_000_000
"""Corners of one polygon: the coast of Alaska in full detail has fewer."""

_GRID_DEGREES = 1e-6
_MAX_LON, _MAX_LAT = 180.000001, 90.000001
_GEOMETRY = "geometry"

Shapes: TypeAlias = NDArray[np.object_]
Raw: TypeAlias = tuple[pa.Table, list[bytes | None], "str | None"]


class Wanted(StrEnum):
    """What a file is read for, as messages call it."""

    POLYGONS = "polygons"
    SHAPES = "shapes"


def read(path: Path, name: str, how: Format) -> tuple[pa.Table, dict[str, object]]:
    """Return attributes as text and ``geometry`` as WKB in EPSG:4326, and what was found out.

    Crossing polygons are mended here, where time is limited: for some of a
    few hundred corners it would take hours. Their rows, counted from 1, are
    ``mended``. Points, lines and empty shapes are handed on.
    """
    texts, polygons, crs = read_shapes(path, name, how, Wanted.POLYGONS)
    polygons, crossing = mend(polygons)
    facts: dict[str, object] = {"crs": crs, "mended": [int(row) + 1 for row in crossing]}
    return with_shapes(texts, polygons), facts


def read_shapes(path: Path, name: str, how: Format, wanted: Wanted) -> tuple[pa.Table, Shapes, str]:
    """Return attributes as text, shapes as degrees, and the coordinate system they were in."""
    match how:
        case Format.PARQUET:
            table, shapes, crs = _read_geoparquet(path, name)
        case Format.ZIPPED_SHAPEFILE:
            table, shapes, crs = _read_ogr(
                unpack_shapefile(path, name, path.parent), name, how, wanted
            )
        case Format.GEOJSON:
            table, shapes, crs = _read_ogr(f"GeoJSON:{path.name}", name, how, wanted)
        case _:
            table, shapes, crs = _read_ogr(path, name, how, wanted)
    if not shapes:
        raise BadData(f"{name} holds no {wanted}. Export it again with its rows.")
    if len(shapes) > MAX_ROWS:
        raise BadData(f"{name} has {len(shapes):,} {wanted}; at most {MAX_ROWS:,} are read.")
    check_shapes(shapes)
    degrees, crs_name = _as_degrees(_parse(shapes, name), crs, name)
    texts, _ = as_texts(table)
    check_twice(texts.column_names, name)
    if _GEOMETRY in texts.column_names:
        texts = texts.drop_columns([_GEOMETRY])
    return texts, degrees, crs_name


def with_shapes(texts: pa.Table, shapes: Shapes) -> pa.Table:
    """Return a table with shapes as its column ``geometry``."""
    binary = pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary())
    if not texts.num_columns:
        return pa.table({_GEOMETRY: binary})
    return texts.append_column(_GEOMETRY, binary)


def _read_ogr(source: Path | str, name: str, how: Format, wanted: Wanted) -> Raw:
    """Read by the one driver that this process was started with."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, GeometryError

    try:
        layers = _layers_of(pyogrio.list_layers(source), name, wanted)
        if how is not Format.KML:  # where every folder is a layer
            layers = layers[:1]
        read = [pyogrio.read_arrow(source, layer=layer) for layer in layers]
    except (DataLayerError, DataSourceError, FeatureError, GeometryError) as broken:
        said = str(broken).splitlines()[0][:200].replace(str(source), name)
        raise BadData(f"{name} is damaged or of another kind ({said}).") from broken
    except (pa.ArrowException, UnicodeError, RuntimeError) as broken:
        raise BadData(f"{name} cannot be read ({str(broken)[:200]}). Save it in UTF-8.") from broken
    about = read[0][0]
    table = pa.concat_tables([table for _, table in read], promote_options="permissive")
    column = about["geometry_name"] or "wkb_geometry"
    shapes = table.column(column).to_pylist()
    return table.drop_columns([column]), shapes, about["crs"]


def _layers_of(layers: NDArray[np.object_], name: str, wanted: Wanted) -> list[str]:
    """Return the layers with what is wanted; one without a stated kind may have it."""
    fitting = []
    for title, kind in layers:
        any_kind = wanted is Wanted.SHAPES or kind in {"Unknown", "GeometryCollection"}
        if kind is not None and (any_kind or "Polygon" in kind):
            fitting.append(str(title))
    if fitting:
        return fitting
    found = ", ".join(f"{t} ({k or 'no shapes'})" for t, k in layers[:5]) or "none"
    raise BadData(f"{name} has no layer of {wanted}; its layers: {found}.")


def _read_geoparquet(path: Path, name: str) -> Raw:
    table = read_parquet(path, name)
    about = _geo_metadata(table, name)
    column = str(about.get("primary_column", _GEOMETRY))
    if column not in table.column_names:
        raise BadData(
            f"{name} is a Parquet file without shapes (no column {column!r}). "
            "Save it as GeoParquet."
        )
    known = about.get("columns", {}).get(column, {})
    if str(known.get("encoding", "WKB")).upper() != "WKB":
        raise BadData(f"{name} stores shapes as {known['encoding']}; save it with WKB encoding.")
    shapes = _binary(table.column(column), name)
    crs = known.get("crs", "OGC:CRS84" if about else None)
    text = json.dumps(crs) if isinstance(crs, dict) else crs
    return table.drop_columns([column]), shapes, text


def _geo_metadata(table: pa.Table, name: str) -> dict[str, Any]:
    raw = (table.schema.metadata or {}).get(b"geo")
    try:
        found = json.loads(raw) if raw else {}
    except (ValueError, RecursionError) as broken:
        raise BadData(f"{name} has damaged GeoParquet metadata. Export it again.") from broken
    columns = found.get("columns", {}) if isinstance(found, dict) else None
    if not isinstance(columns, dict) or not all(isinstance(c, dict) for c in columns.values()):
        raise BadData(f"{name} has damaged GeoParquet metadata. Export it again.")
    return dict(found)


def _binary(column: pa.ChunkedArray, name: str) -> list[bytes | None]:
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        column = pa.chunked_array([c.storage for c in column.chunks], kind.storage_type)
        kind = kind.storage_type
    if not (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
        raise BadData(f"{name} stores shapes as {kind}; save it as GeoParquet with WKB encoding.")
    return list(column.to_pylist())


def _parse(shapes: list[bytes | None], name: str) -> Shapes:
    try:
        found = shapely.from_wkb(np.array(shapes, dtype=object))
    except shapely.errors.GEOSException as broken:
        raise BadData(f"{name} has a damaged shape ({broken}). Export it again.") from broken
    found[shapely.is_missing(found)] = shapely.Polygon()
    found = np.asarray(shapely.force_2d(found), dtype=object)
    corners = shapely.get_num_coordinates(found)
    if corners.max() > MAX_CORNERS:
        raise BadData(
            f"The shape in row {int(corners.argmax()) + 1} of {name} has {corners.max():,} "
            f"corners; at most {MAX_CORNERS:,} are read. Simplify it."
        )
    return found


def _as_degrees(polygons: Shapes, crs: str | None, name: str) -> tuple[Shapes, str]:
    bounds = shapely.total_bounds(polygons)
    if np.isnan(bounds).all():
        raise BadData(f"Every shape in {name} is empty. Export it again with its shapes.")
    if crs is None:
        if not _are_degrees(bounds):
            raise BadData(
                f"{name} does not say its coordinate system, and {_words(bounds)} is no longitude "
                "and latitude. Add the .prj, or export it in WGS 84 (EPSG:4326)."
            )
        return polygons, "guessed: EPSG:4326"
    try:
        known = pyproj.CRS.from_user_input(crs)
        turn = pyproj.Transformer.from_crs(known, "EPSG:4326", always_xy=True)
        turned = shapely.transform(polygons, turn.transform, interleaved=False)
    except pyproj.exceptions.ProjError as broken:
        raise BadData(
            f"The coordinate system of {name} is not understood ({str(broken)[:120]}). "
            "Export it in WGS 84 (EPSG:4326)."
        ) from broken
    if not _are_degrees(shapely.total_bounds(turned)):
        raise BadData(
            f"{name} says its coordinate system is {known.name}, which {_words(bounds)} does not "
            "fit. Export it again in WGS 84 (EPSG:4326)."
        )
    return np.asarray(turned, dtype=object), str(known.name)


def _are_degrees(bounds: NDArray[np.float64]) -> bool:
    limits = np.array([_MAX_LON, _MAX_LAT, _MAX_LON, _MAX_LAT])
    return bool((np.abs(bounds) <= limits).all())


def _words(bounds: NDArray[np.float64]) -> str:
    return f"({bounds[0]:.6g}, {bounds[1]:.6g})"


def mend(shapes: Shapes) -> tuple[Shapes, NDArray[np.intp]]:
    """Return shapes with crossing ones made valid on a grid that later rounding keeps."""
    crossing = np.flatnonzero(~shapely.is_valid(shapes))
    if len(crossing):
        shapes = shapes.copy()
        valid = shapely.make_valid(shapes[crossing], method="structure", keep_collapsed=False)
        shapes[crossing] = shapely.set_precision(valid, _GRID_DEGREES)
    return shapes, crossing
