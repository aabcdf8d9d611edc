"""TopoJSON as packages of Natural Earth have it, read to polygons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from recipe.cells import Floats

CORNERS = 4
"""A ring of fewer, its first one counted twice, has no ground."""


def polygons_of(topology: Mapping[str, Any], name: str) -> pd.DataFrame:
    """Return ``id``, the properties and ``geometry`` of an object's members that are polygons."""
    arcs = _arcs(topology)
    rows = []
    for member in topology["objects"][name]["geometries"]:
        if (shape := _shape(member, arcs)) is not None:
            told = member.get("properties", {})
            rows.append({"id": member.get("id", ""), **told, "geometry": shape})
    return pd.DataFrame(rows)


def _arcs(topology: Mapping[str, Any]) -> list[Floats]:
    scale = np.array(topology["transform"]["scale"])
    move = np.array(topology["transform"]["translate"])
    return [np.cumsum(np.array(steps), axis=0) * scale + move for steps in topology["arcs"]]


def _shape(member: Mapping[str, Any], arcs: list[Floats]) -> shapely.Geometry | None:
    of = {"Polygon": [member.get("arcs")], "MultiPolygon": member.get("arcs")}
    parts = [[_ring(ring, arcs) for ring in part] for part in of.get(member["type"], [])]
    found = [
        shapely.Polygon(part[0], [hole for hole in part[1:] if len(hole) >= CORNERS])
        for part in parts
        if len(part[0]) >= CORNERS
    ]
    return shapely.MultiPolygon(found) if found else None


def _ring(ids: list[int], arcs: list[Floats]) -> Floats:
    """Return the corners of a ring; an arc ``~i`` runs backwards."""
    pieces = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in ids]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])
