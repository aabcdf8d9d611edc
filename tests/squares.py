"""A small country of squares, and a dataset on it, for tests of what goes in and out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import shapely

from tp_geo.domain.alignment import Items
from tp_geo.domain.dataset import Aggregate, Dataset, Measure
from tp_geo.geometry.boundaries import Boundaries, build_boundaries


def country(width: int = 4, height: int = 2) -> Boundaries:
    """Squares of a degree, coded from the top left, row by row.

    ::

        01 02 03 04     state AA: 01 02 05 06, county A1: 01 05, A2: 02 06
        05 06 07 08     state BB: 03 04 07 08, county B1: 03 07, B2: 04 08
    """
    cells = [(x, y) for y in range(height) for x in range(width)]
    polygons = [shapely.box(-100 + x, 40 - y, -99 + x, 41 - y) for x, y in cells]
    states = ["AA" if x < width // 2 else "BB" for x, _ in cells]
    counties = [f"{s[0]}{1 + x % 2}" for s, (x, _) in zip(states, cells, strict=True)]
    return build_boundaries(
        texts(f"{i + 1:02d}" for i in range(len(cells))),
        texts(f"Square {i + 1}" for i in range(len(cells))),
        np.array(polygons, dtype=object),
        within={
            "county": texts(counties),
            "state": texts(states),
            "region": texts("Left" if s == "AA" else "Right" for s in states),
        },
        kind="postal",
        title="Squares",
        vintage="2026",
        country="XX",
        approximate=True,
    )


def dataset(
    units: Mapping[str, str | None] | None = None,
    attributes: Mapping[str, Mapping[str, str]] | None = None,
    *,
    boundaries: Boundaries | None = None,
) -> Dataset:
    """A dataset on the squares: every square has 10 people; units (by id, in a square) 1 each."""
    shape = boundaries or country()
    n, units = len(shape), units or {}
    place = {c: i for i, c in enumerate(shape.codes)}
    home = np.array([place[c] if c else -1 for c in units.values()], dtype=np.int32)
    values = np.full((n + len(units), 2), 10.0)
    values[n:, 0] = 1.0
    for at in home[home >= 0]:
        values[at, 0] += 1.0
    codes = texts([*shape.codes, *units])
    said = {
        name: texts(given.get(c, "") for c in codes) for name, given in (attributes or {}).items()
    }
    return Dataset(
        name="squares",
        key="squares1",
        boundaries="postal",
        items=Items(n, home),
        codes=codes,
        names=texts([*shape.names, *(f"Unit {u}" for u in units)]),
        measures=(
            Measure("people", "People", "people"),
            Measure("income", "Income", "USD", Aggregate.MEAN, "people"),
        ),
        values=values,
        attributes=said,
    )


def table(text: str) -> pd.DataFrame:
    """A table of texts from lines with bars between the cells; the first line names the columns."""
    head, *rows = [[c.strip() for c in line.split("|")] for line in text.strip().splitlines()]
    return pd.DataFrame(rows, columns=head, dtype=object)


def texts(values: object) -> np.ndarray:  # type: ignore[type-arg]
    return np.array(list(values), dtype=object)  # type: ignore[call-overload]
