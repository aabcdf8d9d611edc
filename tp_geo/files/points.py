"""Coordinates of rows, as far as they are of use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tp_geo.domain.alignment import Flags
from tp_geo.domain.dataset import Floats
from tp_geo.files.mapping import Columns
from tp_geo.files.numbers import parse_numbers


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Coordinates by row, NaN where there are none of use.

    ``zero``: both are 0, which stands for unknown. ``bad``: one is missing or
    no number. ``beyond``: no place on Earth; a latitude of at most 180 degrees is
    kept all the same, it may be a longitude in the wrong column.
    """

    lon: Floats
    lat: Floats
    zero: Flags
    bad: Flags
    beyond: Flags

    @property
    def there(self) -> Flags:
        """Rows that have coordinates."""
        return ~np.isnan(self.lon)


def read_points(table: pd.DataFrame, columns: Columns) -> Points:
    """Return the coordinates of every row."""
    n = len(table)
    if columns.lat is None or columns.lon is None:
        none, no = np.full(n, np.nan), np.zeros(n, dtype=np.bool_)
        return Points(none, none, no, no, no)
    lat, lon = parse_numbers(table[columns.lat]), parse_numbers(table[columns.lon])
    given = ~np.isnan(lat.values) & ~np.isnan(lon.values)
    zero = given & (lat.values == 0) & (lon.values == 0)
    far_lat, far_lon = np.abs(lat.values), np.abs(lon.values)
    half = np.isnan(lat.values) != np.isnan(lon.values)
    bad = lat.bad | lon.bad | half
    usable = given & ~zero & ~bad & (far_lat <= 180) & (far_lon <= 180)
    return Points(
        np.where(usable, lon.values, np.nan),
        np.where(usable, lat.values, np.nan),
        zero,
        bad,
        beyond=given & ((far_lat > 90) | (far_lon > 180)),
    )
