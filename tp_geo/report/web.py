"""The plan as one web page that needs nothing else: a map to move, search and read figures on."""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from math import isnan
from pathlib import Path

import numpy as np
import shapely

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.hierarchy import levels, path
from tp_geo.files.exports_plane import Plane, plane_of
from tp_geo.files.exports_tables import Contents, clean
from tp_geo.geometry.earth import Floats, Polygons
from tp_geo.report.atlas import Atlas, Figure

WIDE = 4000
"""The map is so many steps wide; corners lie on steps."""
TOLERANCE = 1.5
"""How far, in steps, a border may lie from where it is."""


def write_map(contents: Contents, path: Path, *, depth: int | None = None) -> None:
    """Write a web page with the areas of every level; ``depth`` is the one shown first."""
    named = levels(contents.alignment) or ("",)
    first = min(depth or len(named), len(named))
    planes = [plane_of(contents, d + 1) for d in range(len(named))]
    bounds = _bounds(planes)
    scale = WIDE / max(bounds[2] - bounds[0], 1.0)
    data = {
        "first": first - 1,
        "width": WIDE,
        "height": int(np.ceil((bounds[3] - bounds[1]) * scale)),
        "measures": [contents.dataset.measure(n).label for n in contents.totals.names],
        "levels": [
            {"name": clean(name), "areas": _areas(Atlas(contents, d + 1), plane, bounds, scale)}
            for d, (name, plane) in enumerate(zip(named, planes, strict=True))
        ],
    }
    text = json.dumps(data, ensure_ascii=True, allow_nan=False).replace("<", "\\u003c")
    page = files("tp_geo.report").joinpath("map.html").read_text(encoding="utf-8")
    note = f"revision {contents.revision} · {contents.made[:10]}"
    note += f" · valid {contents.valid}" if contents.valid else ""
    for mark, value in (("%TITLE%", escape(clean(contents.name))), ("%NOTE%", escape(note))):
        page = page.replace(mark, value)
    path.write_text(page.replace("%DATA%", text), encoding="utf-8")


def _bounds(planes: list[Plane]) -> tuple[float, float, float, float]:
    shapes = [shape for plane in planes for shape in plane.shapes if not shape.is_empty]
    if not shapes:
        return 0.0, 0.0, 1.0, 1.0
    west, south, east, north = shapely.total_bounds(np.array(shapes, dtype=object)).tolist()
    return west, south, east, north


def _areas(
    atlas: Atlas, plane: Plane, bounds: tuple[float, float, float, float], scale: float
) -> list[dict[str, object]]:
    alignment = atlas.contents.alignment
    coarse = _coarse(plane.shapes, TOLERANCE / scale)
    found: list[dict[str, object]] = []
    for k, color, shape in zip(plane.ids, plane.colors, coarse, strict=True):
        figures = atlas.figures(k)
        found.append(
            {
                "name": clean(alignment.name(k)),
                "path": "" if k == UNASSIGNED else clean(path(alignment, k)),
                "owner": clean(_owner(atlas.contents, k)),
                "color": color,
                "containers": int(atlas.contents.totals.containers[k]),
                "units": int(atlas.contents.totals.units[k]),
                "figures": [_told(f) for f in figures],
                "d": _outline(shape, bounds, scale),
            }
        )
    return found


def _owner(contents: Contents, area: AreaId) -> str:
    if area == UNASSIGNED:
        return ""
    return next((a.owner for a in contents.alignment.ancestry(area) if a.owner), "")


def _told(figure: Figure) -> list[float | None]:
    """Return planned, target and deviation, None for what is not there."""
    values = figure.planned, figure.target, figure.deviation
    return [None if isnan(v) else float(f"{v:.6g}") for v in values]


def _coarse(shapes: Polygons, tolerance: float) -> Polygons:
    """Return shapes with fewer corners, borders shared where the shapes are a clean coverage."""
    try:
        found = shapely.coverage_simplify(shapes, tolerance)
    except shapely.GEOSException:
        found = shapely.simplify(shapes, tolerance)
    return np.asarray(found, dtype=object)


def _outline(
    shape: shapely.Geometry, bounds: tuple[float, float, float, float], scale: float
) -> str:
    """Return a shape as the path of an SVG, in steps from the upper left corner."""
    west, north = bounds[0], bounds[3]
    parts = []
    for ring in shapely.get_rings(shapely.get_parts(shape)):
        steps = _steps(shapely.get_coordinates(ring), west, north, scale)
        if len(steps) > 2:
            x, y = steps[0].tolist()
            moves = np.diff(steps, axis=0)
            parts.append(f"M{x} {y}l{' '.join(f'{a} {b}' for a, b in moves.tolist())}z")
    return "".join(parts)


def _steps(
    corners: Floats, west: float, north: float, scale: float
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Return corners in whole steps, none twice in a row, the last one not the first again."""
    steps = np.round((corners - (west, north)) * (scale, -scale)).astype(np.int64)
    new = np.ones(len(steps), dtype=np.bool_)
    new[1:] = (np.diff(steps, axis=0) != 0).any(axis=1)
    found = steps[new]
    closed = len(found) > 1 and bool((found[0] == found[-1]).all())
    return found[:-1] if closed else found
