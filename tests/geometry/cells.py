"""Squares of a tenth of a degree, drawn as text: cells of one letter are one polygon."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from tp_geo.geometry.adjacency import Adjacency, rook

SIDE = 0.1


def shapes(rows: str, west: float = 10.0, north: float = 1.0) -> NDArray[np.object_]:
    """Return the polygons of a picture, by letter; ``.`` is sea."""
    found: dict[str, list[shapely.Polygon]] = {}
    for y, row in enumerate(rows.split()):
        for x, letter in enumerate(row):
            left, top = round(west + x * SIDE, 6), round(north - y * SIDE, 6)
            square = shapely.box(left, round(top - SIDE, 6), round(left + SIDE, 6), top)
            found.setdefault(letter, []).append(square)
    found.pop(".", None)
    return objects([shapely.coverage_union_all(found[k]) for k in sorted(found)])


def objects(items: list[object]) -> NDArray[np.object_]:
    """Return a list as an array of objects."""
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def board(rows: str) -> tuple[NDArray[np.int32], Adjacency]:
    """Return the area of each cell of a picture (A is 1, ``.`` is 0), and who is next to whom.

    Every cell is a container of its own.
    """
    lines = rows.split()
    letters = "".join(lines)
    symbols = iter(range(0x4E00, 0x9FFF))
    own = " ".join("".join(chr(next(symbols)) for _ in line) for line in lines)
    area_of = np.array([max(0, ord(c) - 64) if c != "." else 0 for c in letters], dtype=np.int32)
    return area_of, rook(shapes(own))
