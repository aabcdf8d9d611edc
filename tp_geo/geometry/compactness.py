"""Compactness: how round areas are, and how much border a plan has."""

from __future__ import annotations

import numpy as np
import shapely

from tp_geo.domain.alignment import AreaIds
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.earth import Floats, Polygons, in_metres


def polsby_popper(shapes: Polygons) -> Floats:
    """Return how round each area is, in (0, 1]; 1 is a circle.

    4 * pi * area / perimeter ** 2, both measured in ``EQUAL_AREA``; of a
    multipart area, the sums over its parts. Empty areas give NaN.

    Source: Yale Law & Policy Review 9(2), 1991, 301-353.
    """
    flat = in_metres(shapes)
    return roundness(shapely.area(flat), shapely.length(flat))


def roundness(area_m2: Floats, border_m: Floats) -> Floats:
    """Return the Polsby-Popper score of areas of which surface and border are known."""
    return _ratio(4 * np.pi * area_m2, border_m**2)


def reock(shapes: Polygons) -> Floats:
    """Return the share of its smallest enclosing circle each area fills, in (0, 1].

    Measured in ``EQUAL_AREA``. Empty areas give NaN.

    Source: Midwest Journal of Political Science 5(1), 1961, 70-74.
    """
    flat = in_metres(shapes)
    return _ratio(shapely.area(flat), np.pi * shapely.minimum_bounding_radius(flat) ** 2)


def cut_edges(area_of: AreaIds, adjacency: Adjacency) -> int:
    """Return how many pairs of neighbors a plan parts; links are no borders.

    Source: Harvard Data Science Review 3(1), 2021 (DeFord, Duchin, Solomon).
    """
    i, j = adjacency.pairs[~adjacency.link].T
    return int(np.count_nonzero(area_of[i] != area_of[j]))


def cut_length_km(area_of: AreaIds, adjacency: Adjacency) -> float:
    """Return the length of all borders between different areas."""
    i, j = adjacency.pairs.T
    return float(adjacency.length_m[area_of[i] != area_of[j]].sum() / 1000)


def _ratio(part: Floats, whole: Floats) -> Floats:
    found = np.full(len(part), np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found
