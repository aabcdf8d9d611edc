"""The municipalities of Mexico, from the national geostatistical framework."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from recipe.packages import World
from tp_geo.geometry.boundaries import Boundaries, build_boundaries
from tp_geo.geometry.mending import mended

TOLERANCE_M = 300.0
GAP_M = 10.0
SNAP_M = 0.01


def municipality_layer(world: World) -> Boundaries:
    """Return the municipalities with the names of their states, as one clean coverage."""
    drawn = world.municipalities.sort_values("CVEGEO", ignore_index=True)
    fitting = shapely.coverage_clean(
        drawn.geometry.to_numpy(), gap_width=GAP_M, snapping_distance=SNAP_M
    )
    simple = gpd.GeoSeries(shapely.coverage_simplify(fitting, TOLERANCE_M), crs=drawn.crs)
    codes = drawn["CVEGEO"].to_numpy(object)
    made, _ = mended(
        simple.to_crs(4326).to_numpy(),
        codes,
        drawn["NOMGEO"].to_numpy(object),
        kind="municipality",
        title="Municipalities of Mexico",
        vintage="2019",
        source="INEGI, Marco Geoestadístico 2019, simplified to 300 m",
        licence="Free use with attribution (INEGI)",
        country="MX",
    )
    state = world.states_of_mexico
    within = np.array([state[code[:2]] for code in made.codes], dtype=object)
    return build_boundaries(
        made.codes,
        made.names,
        made.polygons,
        xy=made.xy,
        areas=made.area_km2,
        within={"state": within},
        **made.about,
    )
