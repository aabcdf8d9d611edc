"""The countries of the world and the provinces of Canada, from Natural Earth; without lakes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from recipe.packages import World
from tp_geo.files.countries import country_name, known_country
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.geometry.earth import area_km2
from tp_geo.geometry.mending import mended

NATURAL_EARTH = "Natural Earth 4.1.0, 1:50,000,000"
PUBLIC_DOMAIN = "Public domain (Natural Earth)"
VINTAGE = "2018"

LARGE_LAKE_KM2 = 2_000
"""Lakes from here on are cut out; the Great Lakes above all."""

WITHOUT_CODE = {
    "Indian Ocean Ter.": "AU",
    "Kosovo": "XK",
    "N. Cyprus": "CY",
    "Siachen Glacier": "IN",
    "Somaliland": "SO",
}
"""What the source draws apart, but ISO 3166 has no code for, and where it is counted."""

NOBODY_LIVES_THERE = ("AQ",)

PROVINCES = {
    "AB": "Alberta",
    "BC": "British Columbia",
    "MB": "Manitoba",
    "NB": "New Brunswick",
    "NL": "Newfoundland and Labrador",
    "NS": "Nova Scotia",
    "NT": "Northwest Territories",
    "NU": "Nunavut",
    "ON": "Ontario",
    "PE": "Prince Edward Island",
    "QC": "Quebec",
    "SK": "Saskatchewan",
    "YT": "Yukon",
}


def country_layer(world: World) -> Boundaries:
    """Return all countries, by the two letters of ISO 3166."""
    drawn = world.countries
    codes = [
        known_country(i) if i else WITHOUT_CODE[name]
        for i, name in zip(drawn["id"], drawn["name"], strict=True)
    ]
    shapes = pd.Series(shapely.make_valid(drawn["geometry"].to_numpy(object)), index=codes)
    merged = shapes.groupby(level=0).agg(lambda s: shapely.union_all(s.to_numpy(object)))
    merged = merged.drop(list(NOBODY_LIVES_THERE))
    dry = shapely.difference(merged.to_numpy(object), large_lakes(world.lakes))
    codes_in_order = merged.index.to_numpy(object)
    made, _ = mended(
        dry,
        codes_in_order,
        np.array([country_name(code) for code in codes_in_order], dtype=object),
        kind="country",
        title="Countries of the world",
        vintage=VINTAGE,
        source=NATURAL_EARTH,
        licence=PUBLIC_DOMAIN,
    )
    return made


def province_layer(world: World) -> Boundaries:
    """Return the provinces and territories of Canada, by the two letters of the post."""
    drawn = world.subunits[world.subunits["gu"] == "CAN"]
    codes = drawn["id"].to_numpy(object)
    made, _ = mended(
        shapely.make_valid(drawn["geometry"].to_numpy(object)),
        codes,
        np.array([PROVINCES[code] for code in codes], dtype=object),
        kind="province",
        title="Provinces and territories of Canada",
        vintage=VINTAGE,
        source=NATURAL_EARTH,
        licence=PUBLIC_DOMAIN,
        country="CA",
    )
    return made


def large_lakes(lakes: pd.DataFrame) -> shapely.Geometry:
    """Return the lakes that are cut out of countries, as one shape."""
    shapes = shapely.make_valid(lakes["geometry"].to_numpy(object))
    return shapely.union_all(shapes[area_km2(shapes) >= LARGE_LAKE_KM2])
