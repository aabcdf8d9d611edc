"""Cities to name on the map: where they are and how many people live there, from GeoNames."""

from __future__ import annotations

import pandas as pd

NEAR = ("US", "CA", "MX")
LEAST_NEAR, LEAST = 40_000, 500_000
"""People from which on a city is kept, in North America and elsewhere."""

ALSO_CALLED = {"New York City": "New York", "León de los Aldama": "León"}


def large_cities(cities: pd.DataFrame) -> pd.DataFrame:
    """Return ``name``, ``country``, ``lon``, ``lat`` and ``population``, the largest first."""
    near = cities["countrycode"].isin(NEAR)
    kept = cities[cities["population"] >= near.map({True: LEAST_NEAR, False: LEAST})]
    table = pd.DataFrame(
        {
            "name": kept["name"].replace(ALSO_CALLED),
            "country": kept["countrycode"],
            "lon": kept["longitude"].round(3).astype("float32"),
            "lat": kept["latitude"].round(3).astype("float32"),
            "population": kept["population"].astype("int32"),
        }
    )
    return table.sort_values(["population", "name"], ascending=[False, True], ignore_index=True)
