"""Where the units of a dataset are, gathered as the map shows them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from tp_geo.domain.dataset import Aggregate, Dataset, Floats
from tp_geo.files.frame import NOWHERE, frame_of
from tp_geo.files.mapping import Columns
from tp_geo.files.matching import meant
from tp_geo.files.points import read_points
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.geometry.clustering import Points, View, build_clusters
from tp_geo.geometry.packed import unpack_head
from tp_geo.geometry.projection import projection_for
from tp_geo.geometry.topology import MAGIC, Sheet
from tp_geo.workflow import shapes
from tp_geo.workflow.planner import Planner

LON, LAT = "lon", "lat"
"""The attributes an import keeps coordinates in."""

KEPT = 512
"""Views that are kept, of all datasets; a view is some ten thousand bytes."""

_VIEW = re.compile(r"-(\d{1,3})-(\d{1,2})" + r"-(\d{1,5})" * 4)


@dataclass(frozen=True, eq=False)
class Placed:
    """A dataset with its units on the sheet of its map."""

    dataset: Dataset
    sheet: Sheet
    points: Points

    @lru_cache(maxsize=KEPT)  # noqa: B019 - lives as long as the planner does
    def packed(self, measure: int, view: View) -> bytes:
        """Return a view with the totals of a measure, as the browser gets it."""
        return self.build(measure, view)

    def build(self, measure: int, view: View) -> bytes:
        """Return the same, made anew."""
        n, units = self.dataset.items.containers, len(self.dataset.items.container_of)
        found = self.points.clusters(view)
        sums, weights = (found.sums(column[n:]) for column in self.dataset.amounts[measure])
        mean = self.dataset.measures[measure].aggregate is Aggregate.MEAN
        return build_clusters(
            found,
            np.where(weights > 0, sums, np.nan),
            weights if mean else None,
            self.dataset.names[n:],
            lost=units - len(self.points),
        )


def points_key(dataset: Dataset) -> str | None:
    """Return what the names of a dataset's views begin with; None where it has no units."""
    if not len(dataset.items.container_of) or not dataset.measures:
        return None
    return f"points-{dataset.seen_key}"


def view_named(planner: Planner, dataset: Dataset, name: str) -> bytes | None:
    """Return the view of a name, None for a name that is none.

    The name is the key, the measure's place, the level, and the first and the
    last block from left to right and from top to bottom: ``points-1f0c…-0-13-0-0-1-1``.
    """
    key = points_key(dataset)
    if key is None or not name.startswith(key):
        return None
    found = _VIEW.fullmatch(name.removeprefix(key))
    if found is None:
        return None
    measure, level, left, top, right, bottom = map(int, found.groups())
    view = View(level, left, top, right, bottom)
    if measure >= len(dataset.measures) or not view.sound:
        return None
    return placed(planner, dataset).packed(measure, view)


def placed(planner: Planner, dataset: Dataset) -> Placed:
    """Return a dataset with its units on the sheet, worked out once."""

    def place() -> Placed:
        layer = planner.boundaries(dataset)
        lonlat = coordinates(dataset, layer)
        sheet = Sheet(*unpack_head(MAGIC, shapes.shapes(planner, dataset))["sheet"])
        plane = projection_for(layer.country, layer.xy).plane(lonlat)
        return Placed(dataset, sheet, Points.of(sheet.exact(plane)))

    return planner.once("points", dataset.seen_key, place)


def coordinates(dataset: Dataset, layer: Boundaries) -> Floats:
    """Return where units are, (units, 2) degrees, NaN for those of which nothing tells.

    Those without coordinates of use are at the point inside their container.
    """
    n, inside = dataset.items.containers, dataset.items.container_of
    lonlat = np.full((len(inside), 2), np.nan)
    if {LON, LAT} <= dataset.attributes.keys():
        table = pd.DataFrame({name: dataset.attributes[name][n:] for name in (LON, LAT)}, dtype=str)
        lonlat = meant(read_points(table, Columns(lon=LON, lat=LAT)), inside, frame_of(layer))
    homeless = np.isnan(lonlat[:, 0]) & (inside != NOWHERE)
    lonlat[homeless] = layer.xy[inside[homeless]]
    return lonlat
