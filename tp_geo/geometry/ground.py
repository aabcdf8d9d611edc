"""The land round a map's items: flat, simplified, without what is drawn anyway."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from tp_geo.geometry.boundaries import Texts
from tp_geo.geometry.earth import Floats, Polygons
from tp_geo.geometry.projection import Projection

MARGIN = 0.75
"""The ground reaches this share of the map's longer side beyond it, on every side."""

NEAR = 0.08
"""A neighbor is named where it comes this near, as a share of the longer side."""

INSET_MARGIN = 0.012
"""Round what stands elsewhere on the sheet there is no land, as a share of the longer side."""

COARSE = 4.0
"""Neighbors are simplified this many times more than the items."""

SMALLEST = 4.0
"""Parts below this many squares of their simplification are left out."""

RIM = 1.3
"""What is narrower than twice this many simplifications is where scales differ, and no land."""

LEAST_NAMED = 0.004
"""A neighbor's part near the map must have this share of the square of its longer side."""


@dataclass(frozen=True, slots=True, eq=False)
class Land:
    """Countries in degrees, with their names; those drawn more exactly come apart."""

    polygons: Polygons
    names: Texts


@dataclass(frozen=True, slots=True, eq=False)
class Cities:
    """Names and degrees of cities, the largest first."""

    names: Texts
    lonlat: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """What there is round whatever a map shows."""

    land: Land
    cities: Cities


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Neighbors on the plane, a polygon each part, and where those that are near are named."""

    parts: Polygons
    names: tuple[str, ...]
    at: Floats


NO_GROUND = Ground(np.zeros(0, dtype=object), (), np.zeros((0, 2)))


def build_ground(
    land: Land, projection: Projection, items: Polygons, piece: NDArray[np.int64], tolerance: float
) -> Ground:
    """Return the land round items.

    Parameters
    ----------
    items
        What the map draws, on the plane, as a coverage.
    piece
        Which piece of a composite shows each.
    tolerance
        How far, in metres of the plane, the items' own borders were simplified.
    """
    low, high = _corners(items)
    side = float((high - low).max())
    window = shapely.box(*(low - MARGIN * side), *(high + MARGIN * side))
    coarse = COARSE * tolerance
    flat = _flattened(land.polygons, projection, coarse)
    near = _grown(shapely.intersection(flat, window), coarse)
    drawn = shapely.make_valid(items[piece == 0])
    covered = shapely.union_all([*drawn, *_insets(items, piece, INSET_MARGIN * side)])
    rest = shapely.difference(near, covered)
    rest = _grown(_grown(rest, -RIM * coarse), RIM * coarse)
    rest = shapely.simplify(shapely.difference(rest, covered), tolerance)
    parts, of = shapely.get_parts(rest, return_index=True)
    whole = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (
        shapely.area(parts) >= SMALLEST * coarse**2
    )
    close = shapely.box(*(low - NEAR * side), *(high + NEAR * side))
    seen = shapely.intersection(parts[whole], close)
    names, at = _named(seen, land.names[of[whole]], LEAST_NAMED * side**2)
    return Ground(np.asarray(parts[whole], dtype=object), names, at)


def cities_on(
    cities: Cities, projection: Projection, items: Polygons, ground: Ground, tolerance: float
) -> tuple[Texts, Floats]:
    """Return names and places on the plane of the cities that lie on what is drawn."""
    plane = projection.plane(cities.lonlat)
    shown = np.flatnonzero(~np.isnan(plane).any(axis=1))
    land = shapely.STRtree([*items, *ground.parts])
    found, _ = land.query(shapely.points(plane[shown]), "dwithin", COARSE * tolerance)
    at = shown[np.unique(found)]
    return cities.names[at], plane[at]


def _corners(shapes: Polygons) -> tuple[Floats, Floats]:
    low, high = np.split(np.array(shapely.total_bounds(shapes)), 2)
    return low, high


def _flattened(polygons: Polygons, projection: Projection, tolerance: float) -> Polygons:
    """Return shapes on the plane of the main piece, simplified, cut where that ends."""
    flat = []
    for box in projection.reach():
        part = shapely.transform(shapely.clip_by_rect(polygons, *box), projection.main)
        flat.append(shapely.make_valid(shapely.simplify(part, tolerance)))
    return np.asarray(shapely.union_all(np.array(flat, dtype=object), axis=0), dtype=object)


def _insets(items: Polygons, piece: NDArray[np.int64], margin: float) -> list[shapely.Geometry]:
    """Return a box round what each piece but the first shows."""
    found = []
    for other in np.unique(piece[piece > 0]):
        low, high = _corners(items[piece == other])
        found.append(shapely.box(*(low - margin), *(high + margin)))
    return found


def _grown(shapes: Polygons, by: float) -> Polygons:
    """Return shapes with pointed corners and another rim, or less one."""
    grown = shapely.buffer(shapes, by, join_style="mitre", mitre_limit=2.0)
    return np.asarray(grown, dtype=object)


def _named(parts: Polygons, names: Texts, least: float) -> tuple[tuple[str, ...], Floats]:
    """Return names and points in the largest part of each, where that is large enough."""
    size = shapely.area(parts)
    largest: dict[str, int] = {}
    for i in np.argsort(size):
        if size[i] >= least:
            largest[names[i]] = int(i)
    chosen = sorted(largest.items())
    points = [shapely.maximum_inscribed_circle(parts[i]) for _, i in chosen]
    at = np.array([shapely.get_coordinates(p)[0] for p in points]).reshape(-1, 2)
    return tuple(name for name, _ in chosen), at
