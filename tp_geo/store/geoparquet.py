"""Boundaries as GeoParquet: written and read without GDAL, and readable by anything else."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from tp_geo.errors import BadData
from tp_geo.geometry.boundaries import LEVELS, About, Boundaries, Shares, build_boundaries
from tp_geo.geometry.earth import Floats

COMPRESSION_LEVEL = 9
"""Higher ones save a tenth and take ten times as long."""

_COLUMNS = ("code", "name", "geometry", "lon", "lat", "area_km2")


def to_geoparquet(boundaries: Boundaries, *, compression_level: int = COMPRESSION_LEVEL) -> bytes:
    """Return boundaries as a GeoParquet file, shares as lists in two columns."""
    columns: dict[str, Any] = {
        "code": pa.array(boundaries.codes, pa.string()),
        "name": pa.array(boundaries.names, pa.string()),
        "geometry": pa.array(shapely.to_wkb(boundaries.polygons, byte_order=1), pa.binary()),
        "lon": np.round(boundaries.xy[:, 0], 6),
        "lat": np.round(boundaries.xy[:, 1], 6),
        "area_km2": np.round(boundaries.area_km2, 6),
    }
    columns |= {level: pa.array(of, pa.string()) for level, of in boundaries.within.items()}
    columns |= _share_columns(boundaries)
    table = pa.table(columns).replace_schema_metadata(_metadata(boundaries))
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd", compression_level=compression_level)
    return out.getvalue()


def from_geoparquet(source: bytes | Path) -> Boundaries:
    """Return the boundaries of a file that ``to_geoparquet`` made."""
    try:
        table = pq.read_table(io.BytesIO(source) if isinstance(source, bytes) else source)
        return _from_table(table, _called(source))
    except (pa.ArrowException, OSError, shapely.GEOSException) as error:
        raise BadData(f"{_called(source)} is not a Parquet file, or is damaged: {error}") from error


def _from_table(table: pa.Table, called: str) -> Boundaries:
    metadata = table.schema.metadata or {}
    missing = [c for c in _COLUMNS if c not in table.column_names]
    if missing or b"tp_geo" not in metadata:
        raise BadData(
            f"{called} lacks {', '.join(missing) or 'its description'}. "
            "Bring it in with: tp-geo boundaries add"
        )
    plain = [c for c in (*_COLUMNS, *LEVELS) if c in table.column_names and c != "geometry"]
    columns = {name: table[name].to_numpy() for name in plain}
    return build_boundaries(
        columns["code"].astype(object),
        columns["name"].astype(object),
        shapely.from_wkb(table["geometry"].to_numpy()),
        xy=np.column_stack([columns["lon"], columns["lat"]]).astype(np.float64),
        areas=cast(Floats, columns["area_km2"].astype(np.float64)),
        within={level: columns[level].astype(object) for level in LEVELS if level in columns},
        shares=_shares(table),
        **cast(About, json.loads(metadata[b"tp_geo"])),
    )


def _share_columns(boundaries: Boundaries) -> dict[str, Any]:
    shares = boundaries.shares
    if shares is None:
        return {}
    order = np.argsort(shares.container, kind="stable")
    ends = np.searchsorted(shares.container[order], np.arange(len(boundaries) + 1))
    offsets = pa.array(ends, pa.int32())
    county, share = pa.array(shares.county[order], pa.string()), pa.array(shares.share[order])
    return {
        "share_county": pa.ListArray.from_arrays(offsets, county),
        "share": pa.ListArray.from_arrays(offsets, share),
    }


def _shares(table: pa.Table) -> Shares | None:
    if "share_county" not in table.column_names:
        return None
    county, share = (table[c].combine_chunks() for c in ("share_county", "share"))
    container = np.repeat(np.arange(len(table), dtype=np.int32), county.value_lengths().to_numpy())
    return Shares(
        container,
        county.flatten().to_numpy(zero_copy_only=False).astype(object),
        share.flatten().to_numpy().astype(np.float64),
    )


def _metadata(boundaries: Boundaries) -> dict[str, str]:
    from pyproj import CRS  # only for writing

    kinds = {g.geom_type for g in boundaries.polygons}
    geometry = {
        "encoding": "WKB",
        "geometry_types": sorted(kinds),
        "crs": CRS.from_epsg(4326).to_json_dict(),
        "bbox": np.round(shapely.total_bounds(boundaries.polygons), 6).tolist(),
    }
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geometry}}
    return {"geo": json.dumps(geo), "tp_geo": json.dumps(boundaries.about)}


def _called(source: bytes | Path) -> str:
    return "The boundary file" if isinstance(source, bytes) else source.name
