"""What areas hold: measures of items added up by area and up the tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, Positions
from tp_geo.domain.dataset import Aggregate, Dataset, Floats
from tp_geo.domain.hierarchy import depths
from tp_geo.errors import BadData

ROUNDING = 1e-12
"""A weight within this share of all weight is what rounding leaves of nothing."""


@dataclass(frozen=True, eq=False)
class Totals:
    """Figures by area id: row ``k`` is area ``k`` with all below it, row 0 what is unassigned."""

    names: tuple[str, ...]
    values: Floats
    containers: NDArray[np.int64]
    units: NDArray[np.int64]

    @cached_property
    def _column(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.names)}

    def of(self, area: AreaId, measure: str) -> float:
        """Return one figure; NaN where a mean has nothing to go by."""
        if measure not in self._column:
            known = ", ".join(self.names) or "none"
            raise BadData(f"There is no measure {measure!r}. Measures: {known}.")
        return float(self.values[area, self._column[measure]])


def totals(dataset: Dataset, alignment: Alignment) -> Totals:
    """Return what every area holds, exceptions counted where the units are."""
    size = max(alignment.areas, default=0) + 1
    n = dataset.items.containers
    sums, weights = _leaf_sums(dataset, alignment, size)
    counts = np.bincount(alignment.area_of[:n], minlength=size)
    units = np.bincount(alignment.resolved[n:], minlength=size)
    for areas, parents in _levels_up(alignment):
        for figures in (sums, weights, counts, units):
            np.add.at(figures, parents, figures[areas])
    means = np.array([m.aggregate is Aggregate.MEAN for m in dataset.measures], dtype=np.bool_)
    some = weights > ROUNDING * weights.sum(axis=0)
    ratios = np.divide(sums, weights, out=np.full_like(sums, np.nan), where=some)
    values = np.where(means, ratios, sums)
    return Totals(tuple(m.name for m in dataset.measures), values, counts, units)


def amount(dataset: Dataset, measure: str, containers: Positions) -> float:
    """Return what some containers hold of a measure, as an area of them alone would."""
    names = [m.name for m in dataset.measures]
    of = dataset.measure(measure)
    values, weights = dataset.amounts[names.index(measure)]
    total = float(values[containers].sum())
    if of.aggregate is Aggregate.SUM:
        return total
    weight = float(weights[containers].sum())
    return total / weight if weight > 0 else float("nan")


def _levels_up(alignment: Alignment) -> Iterator[tuple[list[AreaId], list[AreaId]]]:
    """Yield the areas of each level that has one above it, with their parents, deepest first."""
    by_level: dict[int, tuple[list[AreaId], list[AreaId]]] = {}
    for depth, k in depths(alignment):
        if (parent := alignment.areas[k].parent) is not None:
            areas, parents = by_level.setdefault(depth, ([], []))
            areas.append(k)
            parents.append(parent)
    return (by_level[depth] for depth in sorted(by_level, reverse=True))


def _leaf_sums(dataset: Dataset, alignment: Alignment, size: int) -> tuple[Floats, Floats]:
    """Return, by leaf area and measure, the (weighted) sum and the weight behind it."""
    n, odd = dataset.items.containers, alignment.exceptions
    sums, weights = (np.zeros((size, len(dataset.measures))) for _ in range(2))
    home = dataset.items.container_of[odd - n]
    lost = np.where(home >= 0, alignment.area_of[home], UNASSIGNED)
    stray = n + np.flatnonzero(dataset.items.container_of < 0)
    for i, (amounts, weight) in enumerate(dataset.amounts):
        for column, figures in ((sums, amounts), (weights, weight)):
            column[:, i] = np.bincount(alignment.area_of[:n], figures[:n], size)
            column[:, i] += np.bincount(alignment.resolved[stray], figures[stray], size)
            inside = home >= 0
            column[:, i] -= np.bincount(lost[inside], figures[odd[inside]], size)
            column[:, i] += np.bincount(alignment.resolved[odd[inside]], figures[odd[inside]], size)
    return sums, weights
