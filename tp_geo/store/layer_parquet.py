"""A reference layer as Parquet bytes and back: one row a feature, its name and its shape."""

from __future__ import annotations

import io
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from tp_geo.errors import StoreDamaged

Objects: TypeAlias = NDArray[np.object_]


def to_layer(shapes: Objects, names: Objects) -> bytes:
    """Return shapes in degrees with their names as Parquet."""
    geometry = pa.array(shapely.to_wkb(shapes, byte_order=1), pa.binary())
    table = pa.table({"name": pa.array(names, pa.string()), "geometry": geometry})
    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def from_layer(data: bytes) -> tuple[Objects, Objects]:
    """Return shapes and names that `to_layer` wrote; raise ``StoreDamaged`` when it did not."""
    try:
        table = pq.read_table(pa.BufferReader(data), columns=["name", "geometry"])
        shapes = shapely.from_wkb(table["geometry"].to_numpy())
    except (pa.ArrowException, OSError, shapely.errors.GEOSException) as error:
        raise StoreDamaged(
            f"A stored reference layer can't be read ({error}). Add its file again."
        ) from error
    return shapes, table["name"].to_numpy().astype(object)
