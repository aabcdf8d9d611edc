"""Points gathered for the map: by cells of a grid on its sheet, twice as large with every level.

Points are sorted once along a Z-order curve (Morton, 1966). On it the points
of any cell of any level, and of any block of cells, lie one behind another:
a view costs what lies in it, not what lies on the map.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tp_geo.geometry.earth import Floats
from tp_geo.geometry.packed import Array, pack
from tp_geo.geometry.topology import GRID

Integers = NDArray[np.int64]
Texts = NDArray[np.object_]

MAGIC = b"TPC1"

LEVELS = 14
"""Cells of level 0 are one map unit across, those of level 13 a sixteenth of the map."""

BLOCK = 3
"""Views are cut along blocks of 2 to this power cells each way, so that one serves a while."""

FINE = 16
"""Parts of a map unit that places are told in: a few metres."""

MOST_BLOCKS = 1_024
"""Blocks a view may have; four times what the largest screens show."""

LONGEST = 60
"""Characters of a name that travel."""


@dataclass(frozen=True, slots=True)
class View:
    """What a browser shows: blocks of cells of a level, the last ones included."""

    level: int
    left: int
    top: int
    right: int
    bottom: int

    @property
    def sound(self) -> bool:
        """Whether there is such a level, and these blocks on it."""
        if not 0 <= self.level < LEVELS:
            return False
        across = GRID >> (self.level + BLOCK)
        ordered = self.left <= self.right < across and self.top <= self.bottom < across
        size = (self.right - self.left + 1) * (self.bottom - self.top + 1)
        return ordered and min(self.left, self.top) >= 0 and size <= MOST_BLOCKS


@dataclass(frozen=True, eq=False)
class Clusters:
    """Points by cell: ``points`` are positions, those of a cell together from ``start`` on."""

    points: Integers
    start: Integers
    x: Floats
    y: Floats

    @cached_property
    def count(self) -> Integers:
        """How many points each cell has; never 0."""
        return np.diff(self.start, append=len(self.points))

    def sums(self, column: Floats) -> Floats:
        """Return the sum of a column of points by cell."""
        return _sums(column[self.points], self.start)


@dataclass(frozen=True, eq=False)
class Points:
    """Points of a sheet in Z-order; ``at`` are their positions, ``code`` their places on it."""

    at: Integers
    code: Integers
    x: Floats
    y: Floats

    @classmethod
    def of(cls, xy: Floats) -> Points:
        """Return points in map units, (n, 2), without those that are NaN or beyond the sheet."""
        on_sheet = ((xy >= 0) & (xy < GRID)).all(axis=1)
        at = np.flatnonzero(on_sheet)
        whole = xy[at].astype(np.int64)
        code = interleaved(whole[:, 0], whole[:, 1])
        order = np.argsort(code, kind="stable")
        at = at[order]
        return cls(at, code[order], xy[at, 0], xy[at, 1])

    def __len__(self) -> int:
        return len(self.at)

    def clusters(self, view: View) -> Clusters:
        """Return the points of a view by cell, each cell at the middle of its points."""
        rows = self._rows(view)
        cell = self.code[rows] >> (2 * view.level)
        start = np.flatnonzero(np.diff(cell, prepend=-1))
        count = np.diff(start, append=len(cell))
        x, y = (_sums(of[rows], start) / count for of in (self.x, self.y))
        return Clusters(self.at[rows], start, x, y)

    def _rows(self, view: View) -> Integers:
        """Return which points lie in the blocks of a view, in order."""
        across = np.arange(view.left, view.right + 1)
        down = np.arange(view.top, view.bottom + 1)
        x, y = np.meshgrid(across, down)
        block = np.sort(interleaved(x.ravel(), y.ravel()))
        shift = 2 * (view.level + BLOCK)
        first, end = np.searchsorted(self.code, [block << shift, (block + 1) << shift])
        many = end - first
        before = np.cumsum(many) - many
        found: Integers = np.arange(many.sum()) + np.repeat(first - before, many)
        return found


def interleaved(x: Integers, y: Integers) -> Integers:
    """Return whole numbers below 2 to the 31 with the bits of x and y in turn."""
    return _spread(x) | (_spread(y) << 1)


def build_clusters(
    clusters: Clusters, sums: Floats, weights: Floats | None, names: Texts, lost: int
) -> bytes:
    """Return clusters packed for the browser, which may put several into one.

    Parameters
    ----------
    sums
        Of a measure by cluster, NaN where not known.
    weights
        By what to divide the sums of a measure that is a mean.
    names
        Of all points, by position; those that stand alone travel with theirs.
    lost
        How many points have no place on the map.
    """
    alone = clusters.points[clusters.start[clusters.count == 1]]
    head = {"lost": lost, "names": [name[:LONGEST] for name in names[alone]]}
    x, y = (np.rint(of * FINE).astype(np.int64) for of in (clusters.x, clusters.y))
    arrays: dict[str, Array] = {
        "x": np.diff(x, prepend=0),
        "y": np.diff(y, prepend=0),
        "count": clusters.count,
        "sum": sums.astype(np.float32),
    }
    if weights is not None:
        arrays["weight"] = weights.astype(np.float32)
    return pack(MAGIC, head, arrays)


def _spread(values: Integers) -> Integers:
    """Put a 0 before every bit."""
    spread = values.astype(np.int64)
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF),
        (8, 0x00FF00FF00FF00FF),
        (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    ):
        spread = (spread | (spread << shift)) & mask
    return spread


def _sums(values: Floats, start: Integers) -> Floats:
    """Return sums of runs; none for none."""
    return np.add.reduceat(values, start) if len(start) else np.zeros(0)
