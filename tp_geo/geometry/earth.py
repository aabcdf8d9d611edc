"""Areas and lengths on the Earth, anywhere on it, without a choice of map projection."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Polygons: TypeAlias = NDArray[np.object_]

ECCENTRICITY_SQUARED = 0.006694379990141317
MEAN_RADIUS_M = 6_371_008.8
EQUAL_AREA_RADIUS_M = 6_371_007.180918474
"""Radius of the sphere with the surface of the WGS 84 ellipsoid."""

EQUAL_AREA = "Lambert azimuthal equal-area on WGS 84, around the shape's own middle"


def unit_vectors(lonlat: Floats) -> Floats:
    """Return points in degrees, (n, 2), as (n, 3) vectors of length one."""
    lon, lat = np.radians(lonlat).T
    east, north, up = np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)
    return np.asarray(np.column_stack([east, north, up]), dtype=np.float64)


def distance_m(a: Floats, b: Floats) -> Floats:
    """Return the great-circle distance of points in degrees, pair by pair."""
    chord = np.linalg.norm(unit_vectors(a) - unit_vectors(b), axis=1)
    return np.asarray(2 * MEAN_RADIUS_M * np.arcsin(np.minimum(chord / 2, 1.0)), np.float64)


def equal_area(lonlat: Floats, middle: Floats) -> Floats:
    """Return points in metres, in ``EQUAL_AREA`` around a middle each (or one for all).

    Source: Snyder, Map Projections: A Working Manual, 1987, 182-190; latitudes
    are made authalic first (3-12), which keeps areas of the ellipsoid exact.
    """
    lon, lat = np.radians(lonlat[:, 0]), _authalic(lonlat[:, 1])
    lon0, lat0 = np.radians(middle[..., 0]), _authalic(middle[..., 1])
    across = lon - lon0
    cos_c = np.sin(lat0) * np.sin(lat) + np.cos(lat0) * np.cos(lat) * np.cos(across)
    k = EQUAL_AREA_RADIUS_M * np.sqrt(2 / np.maximum(1 + cos_c, 1e-12))
    up = np.cos(lat0) * np.sin(lat) - np.sin(lat0) * np.cos(lat) * np.cos(across)
    return np.asarray(np.column_stack([k * np.cos(lat) * np.sin(across), k * up]), np.float64)


def middles(polygons: Polygons) -> Floats:
    """Return lon and lat of the middle of the corners of each shape; NaN where it is empty."""
    corners, of = shapely.get_coordinates(polygons, return_index=True)
    vectors = unit_vectors(corners)
    sums = [np.bincount(of, vectors[:, axis], len(polygons)) for axis in range(3)]
    flat = np.hypot(sums[0], sums[1])
    lonlat = [np.arctan2(sums[1], sums[0]), np.arctan2(sums[2], flat)]
    found: Floats = np.degrees(np.column_stack(lonlat))
    found[np.bincount(of, minlength=len(polygons)) == 0] = np.nan
    return found


def in_metres(polygons: Polygons) -> Polygons:
    """Return each shape in ``EQUAL_AREA``: areas are true, lengths nearly so."""
    corners, of = shapely.get_coordinates(polygons, return_index=True)
    flat = equal_area(corners, middles(polygons)[of])
    return np.asarray(shapely.set_coordinates(polygons.copy(), flat), dtype=object)


def area_km2(polygons: Polygons) -> Floats:
    """Return the area of each shape in square kilometres."""
    return np.asarray(shapely.area(in_metres(polygons)) / 1e6, dtype=np.float64)


def _authalic(lat: Floats) -> Floats:
    e = np.sqrt(ECCENTRICITY_SQUARED)
    at, pole = (_q(np.sin(v), e) for v in (np.radians(lat), np.pi / 2))
    return np.asarray(np.arcsin(np.clip(at / pole, -1.0, 1.0)), dtype=np.float64)


def _q(sine: Floats, e: float) -> Floats:
    es = e * sine
    return np.asarray((1 - e**2) * (sine / (1 - es**2) + np.arctanh(es) / e), dtype=np.float64)
