"""The land and the cities that maps show round and below their items."""

from __future__ import annotations

from functools import cache

import numpy as np
import shapely

from tp_geo.files.countries import country_name
from tp_geo.geometry.ground import Around, Cities, Land
from tp_geo.store import embedded

EXACT = "US"
"""Drawn from its states rather than from the smaller scale of countries."""


@cache
def around() -> Around:
    """Return the countries of the world, the USA as exact as its states, and the large cities."""
    countries, states = embedded.load_boundaries("country"), embedded.load_boundaries("state")
    polygons = countries.polygons.copy()
    polygons[countries.codes == EXACT] = shapely.coverage_union_all(states.polygons)
    names = np.array([country_name(code) for code in countries.codes], dtype=object)
    cities = embedded.load_cities()
    lonlat = cities[["lon", "lat"]].to_numpy(np.float64)
    return Around(Land(polygons, names), Cities(cities["name"].to_numpy(object), lonlat))
