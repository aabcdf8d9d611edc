"""Minutes of driving over a road network that the user brings as a table of its stretches.

Shortest paths are Dijkstra's, by ``scipy.sparse.csgraph``. The file, CSV or
Parquet, has a row a stretch: ``from_lon``, ``from_lat``, ``to_lon``,
``to_lat``, ``minutes`` and, if not all go both ways, ``oneway`` (1 or 0).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tp_geo.domain.alignment import Positions
from tp_geo.domain.dataset import Floats
from tp_geo.errors import BadData
from tp_geo.optimize.problem import Distance

if TYPE_CHECKING:
    import pandas as pd

ROADS = "TP_GEO_ROADS"
"""The environment variable that names the file."""

COLUMNS = ("from_lon", "from_lat", "to_lon", "to_lat", "minutes")

ACCESS_M_PER_MIN = 500.0
"""From a place to the nearest road, and where no road leads, as the crow flies: 30 km/h."""

DECIMALS = 6
"""Ends of stretches that are the same to so many decimals of a degree meet."""


@dataclass(frozen=True, eq=False)
class Roads:
    """Crossings in degrees, (n, 2), and the minutes between them as a sparse matrix."""

    crossings: Floats
    minutes: Any

    def distance(self, plane: Callable[[Floats], Floats]) -> Distance:
        """Return how minutes from centers to items are found on a plane in metres."""
        from scipy.sparse import csgraph
        from scipy.spatial import KDTree

        at = plane(self.crossings)
        tree = KDTree(at)

        def found(centers: Floats, items: Floats) -> Floats:
            known = np.flatnonzero(~np.isnan(centers).any(axis=1))
            minutes = np.full((len(items), len(centers)), np.nan)
            away, start = tree.query(centers[known])
            reached, end = tree.query(items)
            paths = csgraph.dijkstra(self.minutes, indices=start)
            access = (away[None, :] + reached[:, None]) / ACCESS_M_PER_MIN
            driven = paths[:, end].T + access
            crow = np.linalg.norm(items[:, None] - centers[known][None], axis=2) / ACCESS_M_PER_MIN
            minutes[:, known] = np.minimum(driven, crow)
            return minutes

        return found


def roads_in_use() -> Roads | None:
    """Return the road network of ``TP_GEO_ROADS``, ``None`` where none is named."""
    path = os.environ.get(ROADS, "").strip()
    if not path:
        return None
    file = Path(path).expanduser()
    if not file.is_file():
        raise BadData(f"There is no file {path}. {ROADS} names the table of roads.")
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(file: Path, _changed: int) -> Roads:
    import pandas as pd

    table = pd.read_parquet(file) if file.suffix == ".parquet" else pd.read_csv(file)
    if missing := [c for c in COLUMNS if c not in table.columns]:
        raise BadData(f"{file.name} has no column {missing[0]!r}. It needs: {', '.join(COLUMNS)}.")
    return roads_from(table, file.name)


def roads_from(table: pd.DataFrame, name: str) -> Roads:
    """Return the network of a table of stretches; name the first row that can't be one."""
    values = np.column_stack([_numbers(table, c) for c in COLUMNS])
    low, high = (-180.0, -90.0, -180.0, -90.0, 0.0), (180.0, 90.0, 180.0, 90.0, np.inf)
    wrong = ~((values >= low) & (values <= high) & np.isfinite(values))
    if wrong.any():
        row, column = (int(i) for i in np.argwhere(wrong)[0])
        raise BadData(
            f"Row {row + 2} of {name} has {table[COLUMNS[column]].iloc[row]!r} as "
            f"{COLUMNS[column]}. Give degrees, and minutes of 0 or more."
        )
    ends = np.concatenate([values[:, :2], values[:, 2:4]]).round(DECIMALS)
    crossings, at = np.unique(ends, axis=0, return_inverse=True)
    one, other, minutes = at[: len(values)], at[len(values) :], np.maximum(values[:, 4], 1e-9)
    back = np.flatnonzero(_numbers(table, "oneway") != 1) if "oneway" in table else slice(None)
    starts, stops = np.append(one, other[back]), np.append(other, one[back])
    return Roads(crossings, _shortest(starts, stops, np.append(minutes, minutes[back]), crossings))


def _shortest(starts: Positions, stops: Positions, minutes: Floats, crossings: Floats) -> Any:
    """Return the matrix of stretches, of several between the same two crossings the quickest."""
    from scipy.sparse import coo_array

    order = np.lexsort((minutes, stops, starts))
    pairs = np.column_stack([starts, stops])[order]
    first = np.flatnonzero(np.any(np.diff(pairs, axis=0, prepend=-1) != 0, axis=1))
    n = len(crossings)
    return coo_array((minutes[order][first], tuple(pairs[first].T)), shape=(n, n)).tocsr()


def _numbers(table: pd.DataFrame, column: str) -> Floats:
    import pandas as pd

    return np.asarray(pd.to_numeric(table[column], errors="coerce"), dtype=np.float64)
