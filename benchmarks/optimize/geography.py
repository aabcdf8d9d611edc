"""From coordinates and TopoJSON to polygons, cells and who touches whom, in metres."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Voronoi, cKDTree

Floats = NDArray[np.float64]
Pairs = NDArray[np.int32]

ALBERS = "+proj=aea +lat_1=29.5 +lat_2=45.5 +lat_0=37.5 +lon_0=-96 +R=6371007.2 +units=m"
SHORTEST_M = 50.0
"""Cells with less in common are no neighbors."""


def projected(lon: Any, lat: Any) -> Floats:
    """Return places of the contiguous US in metres, equal-area."""
    to_metres = Transformer.from_crs("EPSG:4326", ALBERS, always_xy=True)
    return np.column_stack(to_metres.transform(np.asarray(lon, float), np.asarray(lat, float)))


def arcs_of(topology: Mapping[str, Any]) -> list[Floats]:
    """Return the arcs of a TopoJSON document, projected."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    degrees = (np.cumsum(np.array(a, float), axis=0) * scale + shift for a in topology["arcs"])
    return [projected(*a.T) for a in degrees]


def polygons_of(geometry: Mapping[str, Any]) -> Sequence[Sequence[Sequence[int]]]:
    """Return the rings of each polygon of a TopoJSON geometry, as numbers of arcs."""
    arcs: Any = geometry["arcs"]
    return arcs if geometry["type"] == "MultiPolygon" else [arcs]


def shape_of(geometry: Mapping[str, Any], arcs: Sequence[Floats]) -> shapely.Geometry:
    """Return a TopoJSON geometry; one that was generalized away is a dot."""
    parts, corners = [], []
    for polygon in polygons_of(geometry):
        rings = [
            np.concatenate([arcs[a] if a >= 0 else arcs[~a][::-1] for a in r]) for r in polygon
        ]
        corners += rings
        rings = [r for r in rings if len(r) >= 4]
        if rings:
            parts.append(shapely.make_valid(shapely.Polygon(rings[0], rings[1:])).buffer(0))
    whole = shapely.union_all(parts)
    if not whole.is_empty:
        return whole
    return shapely.Point(np.concatenate(corners).mean(axis=0)).buffer(2_000)


def shared_arcs(
    geometries: Sequence[Mapping[str, Any]], arcs: Sequence[Floats]
) -> tuple[Pairs, Floats]:
    """Return which geometries have arcs in common, and how long those are."""
    users: dict[int, set[int]] = {}
    for i, geometry in enumerate(geometries):
        for a in (a for polygon in polygons_of(geometry) for ring in polygon for a in ring):
            users.setdefault(a if a >= 0 else ~a, set()).add(i)
    shared = {a: sorted(both) for a, both in users.items() if len(both) == 2}
    length = [np.hypot(*np.diff(arcs[a], axis=0).T).sum() for a in shared]
    return summed(np.array(list(shared.values()), np.int32), np.array(length))


def summed(pairs: Pairs, length: Floats) -> tuple[Pairs, Floats]:
    """Return each pair once, in ascending order, with the sum of its lengths."""
    pairs = np.sort(pairs, axis=1)
    pairs, length = pairs[pairs[:, 0] != pairs[:, 1]], length[pairs[:, 0] != pairs[:, 1]]
    each, at = np.unique(pairs, axis=0, return_inverse=True)
    return each.astype(np.int32), np.bincount(at.ravel(), length, len(each))


def linked(xy: Floats, pairs: Pairs, length: Floats) -> tuple[Pairs, Floats]:
    """Return the pairs with a link of no length from each island to what is nearest."""
    n = len(xy)
    while True:
        graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
        count, part = connected_components(graph, directed=False)
        if count == 1:
            return summed(pairs, length)
        largest = int(np.bincount(part).argmax())
        main = np.flatnonzero(part == largest)
        away, nearest = cKDTree(xy[main]).query(xy)
        links = []
        for p in set(range(count)) - {largest}:
            inside = np.flatnonzero(part == p)
            i = inside[away[inside].argmin()]
            links.append((i, main[nearest[i]]))
        pairs = np.concatenate([pairs, np.array(links, np.int32)])
        length = np.concatenate([length, np.zeros(len(links))])


def cells(xy: Floats, land: shapely.Geometry) -> tuple[Pairs, Floats, NDArray[np.object_]]:
    """Return the neighbors, common borders and Voronoi cells of places, cut at the coast."""
    n = len(xy)
    diagram = Voronoi(np.concatenate([xy, _frame(xy)]))
    sides, ends = diagram.ridge_points, np.array(diagram.ridge_vertices)
    inner = (sides < n).all(axis=1) & (ends >= 0).all(axis=1)
    sides, ends = sides[inner], ends[inner]
    borders = shapely.linestrings(diagram.vertices[ends])
    length = shapely.length(_cut(borders, land))
    long = length > SHORTEST_M
    each = [diagram.vertices[diagram.regions[diagram.point_region[i]]] for i in range(n)]
    polygons = np.array([shapely.Polygon(corners) for corners in each])
    return sides[long].astype(np.int32), length[long], _cut(polygons, land)


def _frame(xy: Floats, points: int = 60, away_m: float = 800_000) -> Floats:
    """Return places around all others, so that every cell is finite."""
    low, high = xy.min(axis=0) - away_m, xy.max(axis=0) + away_m
    along = low + np.linspace(0, 1, points)[:, None] * (high - low)
    left, right = np.full(points, low[0]), np.full(points, high[0])
    bottom, top = np.full(points, low[1]), np.full(points, high[1])
    sides = ((along[:, 0], bottom), (along[:, 0], top), (left, along[:, 1]), (right, along[:, 1]))
    return np.concatenate([np.column_stack(side) for side in sides])


def _cut(shapes: NDArray[np.object_], land: shapely.Geometry) -> NDArray[np.object_]:
    shapely.prepare(land)
    cut = ~shapely.contains_properly(land, shapes)
    found = shapes.copy()
    found[cut] = shapely.intersection(shapes[cut], land)
    return found
