"""The areas of a level on the plane, in the colors of the map, for pictures and books."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.hierarchy import levels, shown_at
from tp_geo.files.exports_shapes import polygons_of
from tp_geo.files.exports_tables import Contents
from tp_geo.geometry import palette
from tp_geo.geometry.adjacency import rook
from tp_geo.geometry.earth import Polygons
from tp_geo.geometry.flatten import on_plane
from tp_geo.geometry.outline import outlines
from tp_geo.geometry.projection import Projection, projection_for

UNASSIGNED_COLOR = "#DDDDDD"


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Areas that hold containers, ``UNASSIGNED`` among them: shapes in metres, and their colors."""

    level: str
    ids: tuple[AreaId, ...]
    shapes: Polygons
    colors: tuple[str, ...]
    projection: Projection


def plane_of(contents: Contents, depth: int | None = None) -> Plane:
    """Return the areas shown on a level, without one: on the lowest."""
    named = levels(contents.alignment)
    depth = min(depth or len(named), len(named)) or 1
    shown = shown_at(contents.alignment, depth)
    group = shown[contents.alignment.area_of[contents.containers]].astype(np.int64)
    polygons = polygons_of(contents)
    found = outlines(polygons, group)
    boundaries = contents.boundaries
    points = boundaries.xy if boundaries is not None else np.zeros((0, 2))
    projection = projection_for(boundaries.country if boundaries else "", points)
    ids = tuple(AreaId(k) for k in sorted(found))
    shapes = on_plane(np.array([found[k] for k in ids], dtype=object), projection)
    colors = _colors(contents, polygons)
    return Plane(
        named[depth - 1] if named else "",
        ids,
        shapes,
        tuple(UNASSIGNED_COLOR if k == UNASSIGNED else colors[k] for k in ids),
        projection,
    )


def _colors(contents: Contents, polygons: Polygons) -> Mapping[AreaId, str]:
    """Return the color of each area, as on the map."""
    beside = rook(polygons) if contents.adjacency is None else contents.adjacency
    return palette.colors(contents.alignment, beside)
