"""Every postal code there is, with its point and the postal area it belongs to."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from recipe.layers import TERRITORIES
from tp_geo.geometry.boundaries import Boundaries

KINDS = {"Standard": "standard", "PO_Box": "po_box", "Unique": "unique", "Military": "military"}
FARTHEST_DEGREES = 0.75


def postal_lookup(places: pd.DataFrame, postal: Boundaries) -> pd.DataFrame:
    """Return code, point, city, state, kind and container of every postal code.

    The container is the code's own area; for others the area of its state
    that its point lies in or is nearest to. It is "" overseas and where the
    point is not known.
    """
    places = places.sort_values("zip", ignore_index=True)
    table = pd.DataFrame(
        {
            "code": places["zip"],
            "lon": places["lon"].round(6),
            "lat": places["lat"].round(6),
            "city": places["primary_city"].fillna(""),
            "state": places["state"].fillna(""),
            "kind": places["zip_type"].map(KINDS),
        }
    )
    own = table["code"].isin(postal.codes)
    table["container"] = table["code"].where(own, "")
    placed = ~own & table["lon"].notna() & ~table["state"].isin([*TERRITORIES, "AA", "AE", "AP"])
    for state, rows in table[placed].groupby("state"):
        table.loc[rows.index, "container"] = _nearest(rows, postal, str(state))
    return table


def _nearest(rows: pd.DataFrame, postal: Boundaries, state: str) -> np.ndarray:
    """Return the code of the nearest area of a state ("": the nation) to each point, or ""."""
    here = np.flatnonzero((postal.within["state"] == state) | (state == ""))
    squeeze = np.cos(np.radians(rows["lat"].mean())), 1.0
    tree = shapely.STRtree(shapely.transform(postal.polygons[here], lambda c: c * squeeze))
    points = shapely.points(rows[["lon", "lat"]].to_numpy() * squeeze)
    (point, area), _ = tree.query_nearest(
        points, max_distance=FARTHEST_DEGREES, return_distance=True, all_matches=False
    )
    found = np.full(len(rows), "", dtype=object)
    found[point] = postal.codes[here[area]]
    return found
