"""Shapes of an alignment: areas dissolved on every level, and the containers they are made of."""

from __future__ import annotations

import errno
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError

from tp_geo.domain.alignment import UNASSIGNED
from tp_geo.domain.hierarchy import Focus, depths, in_view, levels, shown_at
from tp_geo.errors import BadData
from tp_geo.files.exports_tables import Contents, areas_table, clean, items_table
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.geometry.earth import Polygons
from tp_geo.geometry.outline import outlines

RESERVED = frozenset({"fid", "ogc_fid", "geom", "geometry"})
"""Column names that geographic formats keep for themselves."""


def shapes_of(contents: Contents, what: str) -> gpd.GeoDataFrame:
    """Return the shapes of "areas", of every level, or of "containers"."""
    return all_area_shapes(contents) if what == "areas" else container_shapes(contents)


def area_shapes(contents: Contents, depth: int) -> gpd.GeoDataFrame:
    """Return the areas shown on a level, dissolved; undivided ones above it stand in.

    An area that holds no container has no shape.
    """
    there = in_view(contents.alignment, Focus(level=depth))
    return _frame(areas_table(contents, there), _outlined(contents, depth), there)


def all_area_shapes(contents: Contents) -> gpd.GeoDataFrame:
    """Return the areas of every level in one table, each on its own level."""
    tree = depths(contents.alignment)
    found: dict[int, shapely.Geometry] = {}
    for depth in sorted({d for d, _ in tree}):
        own = {k for d, k in tree if d == depth}
        found |= {k: v for k, v in _outlined(contents, depth).items() if k in own}
    return _frame(areas_table(contents), found, [k for _, k in tree])


def container_shapes(contents: Contents) -> gpd.GeoDataFrame:
    """Return the containers with their shapes, areas and figures."""
    found = dict(enumerate(polygons_of(contents)))
    return _frame(items_table(contents, contents.containers), found, list(found))


def polygons_of(contents: Contents) -> Polygons:
    """Return the shape of each container of the dataset, in its order."""
    if contents.boundaries is None:
        raise BadData(f"{contents.name} has no boundaries, so there is no shape to export.")
    return _placed(contents.boundaries, contents.dataset.codes[contents.containers])


def write_geojson(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write shapes as GeoJSON after RFC 7946: degrees, six decimals, right-handed rings."""
    made = io.BytesIO()  # the driver would leave half a file on a full disk and not say so
    options = {"RFC7946": "YES", "COORDINATE_PRECISION": 6}
    frame.to_file(made, layer="shapes", driver="GeoJSON", engine="pyogrio", **options)
    path.write_bytes(made.getvalue())


def write_geoparquet(frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write shapes as GeoParquet."""
    frame.to_parquet(path, index=False)


def write_geopackage(layers: Mapping[str, gpd.GeoDataFrame], path: Path) -> None:
    """Write shapes as a GeoPackage of several layers; raise ``OSError`` when that can't be."""
    for name, frame in layers.items():
        safe = frame.rename(columns={c: f"{c}_" for c in frame.columns if c.lower() == "fid"})
        try:
            safe.to_file(path, layer=name, driver="GPKG", engine="pyogrio", mode="w")
        except (DataSourceError, DataLayerError) as error:
            raise OSError(errno.EIO, f"the disk may be full ({error})") from error


def layers_of(contents: Contents) -> dict[str, gpd.GeoDataFrame]:
    """Return a layer for each level, called by its number and name, and the containers."""
    named = enumerate(levels(contents.alignment), start=1)
    layers = {f"{d} {clean(level)[:40]}": area_shapes(contents, d) for d, level in named}
    return {**layers, "containers": container_shapes(contents)}


def _outlined(contents: Contents, depth: int) -> Mapping[int, shapely.Geometry]:
    """Return the dissolved shape of each area shown on a level that holds containers."""
    shown = shown_at(contents.alignment, depth)
    group = shown[contents.alignment.area_of[contents.containers]]
    return outlines(polygons_of(contents), np.where(group > UNASSIGNED, group, -1))


def _frame(
    table: pd.DataFrame, found: Mapping[int, shapely.Geometry], ids: Sequence[int]
) -> gpd.GeoDataFrame:
    names = {c: f"{c}_" for c in table.columns if c.casefold() in RESERVED}
    plain = table.rename(columns=names)
    for column in plain.columns:
        if plain[column].dtype.kind not in "if":
            plain[column] = [clean(str(v)) for v in plain[column].tolist()]
    shapes = [_multi(found.get(k)) for k in ids]
    return gpd.GeoDataFrame(plain, geometry=gpd.GeoSeries(shapes, crs=4326), crs=4326)


def _multi(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """Return a shape as a multipolygon, the one type of a layer; an empty one as none."""
    if shape is None or shape.is_empty:
        return None
    return shapely.multipolygons(shapely.get_parts(shape))


def _placed(boundaries: Boundaries, codes: NDArray[np.object_]) -> Polygons:
    if len(codes) == len(boundaries) and bool((codes == boundaries.codes).all()):
        return boundaries.polygons
    place = {c: i for i, c in enumerate(boundaries.codes)}
    missing = [c for c in codes if c not in place]
    if missing:
        raise BadData(
            f"{len(missing):,} containers have no shape; the first is {missing[0]!r}. "
            "Open the plan on the boundaries it was made with."
        )
    return boundaries.polygons[[place[c] for c in codes]]
