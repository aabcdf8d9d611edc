"""What areas hold: measures of items added up by area and up the tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, Positions
from tp_geo.domain.dataset import Aggregate, Dataset, Floats
from tp_geo.domain.hierarchy import depths, shown_at
from tp_geo.domain.overlap import held_too, parts
from tp_geo.domain.shares import Overlap
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
    """Return what every area holds, exceptions counted where the units are.

    Shared containers are counted in every area that holds them; their figures
    in full for each, once in an area above several of these, or split evenly.
    """
    size = max(alignment.areas, default=0) + 1
    n = dataset.items.containers
    sums, weights = _leaf_sums(dataset, alignment, size)
    counts = np.bincount(alignment.area_of[:n], minlength=size)
    units = np.bincount(alignment.resolved[n:], minlength=size)
    for areas, parents in _levels_up(alignment):
        for figures in (sums, weights, counts, units):
            np.add.at(figures, parents, figures[areas])
    if len(alignment.shared):
        shared = shared_sums(dataset, alignment)
        sums, weights = sums + shared.sums, weights + shared.weights
        counts, units = counts + shared.containers, units + shared.units
    means = np.array([m.aggregate is Aggregate.MEAN for m in dataset.measures], dtype=np.bool_)
    some = weights > ROUNDING * weights.sum(axis=0)
    ratios = np.divide(sums, weights, out=np.full_like(sums, np.nan), where=some)
    values = np.where(means, ratios, sums)
    return Totals(tuple(m.name for m in dataset.measures), values, counts, units)


@dataclass(frozen=True, eq=False)
class SharedSums:
    """By area id, what shares add to what areas hold as main areas, with all below them."""

    sums: Floats
    weights: Floats
    containers: NDArray[np.int64]
    units: NDArray[np.int64]


def shared_sums(dataset: Dataset, alignment: Alignment) -> SharedSums:
    """Return what shares add, by measure; below 0 where a main area gives up a part."""
    size, m = max(alignment.areas, default=0) + 1, len(dataset.measures)
    tree = depths(alignment)
    inside = contents(dataset, alignment)
    sums, weights = np.zeros((size, m)), np.zeros((size, m))
    counts, units = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    follows = followers(alignment)
    for depth in range(1, max((d for d, _ in tree), default=0) + 1):
        on = np.zeros(size, dtype=np.bool_)
        on[[k for d, k in tree if d == depth]] = True
        shown = shown_at(alignment, depth)
        items, there, part = parts(alignment, shown)
        for column, figures in zip((sums, weights), inside, strict=True):
            np.add.at(column, there[on[there]], (part[:, None] * figures[items])[on[there]])
        items, there = held_too(alignment, shown)
        np.add.at(counts, there[on[there]], 1)
        np.add.at(units, there[on[there]], follows[items[on[there]]])
    return SharedSums(sums, weights, counts, units)


def doubled(dataset: Dataset, alignment: Alignment, level: int) -> dict[str, float]:
    """Return, by summed measure, what areas of a level count more than once together.

    What they hold and what is unassigned is that much more than the dataset.
    """
    if alignment.overlap is not Overlap.FULL or not len(alignment.shared):
        return {m.name: 0.0 for m in dataset.measures if m.aggregate is Aggregate.SUM}
    items, _ = held_too(alignment, shown_at(alignment, level))
    more = contents(dataset, alignment)[0][items].sum(axis=0)
    sums = ((i, m) for i, m in enumerate(dataset.measures) if m.aggregate is Aggregate.SUM)
    return {m.name: float(more[i]) for i, m in sums}


def contents(dataset: Dataset, alignment: Alignment) -> tuple[Floats, Floats]:
    """Return, by container and measure, the sum and its weight without units that are elsewhere."""
    n, odd = dataset.items.containers, alignment.exceptions
    home = dataset.items.container_of[odd - n]
    odd, home = odd[home >= 0], home[home >= 0]
    found = []
    for side in (0, 1):
        columns = [
            pair[side][:n] - np.bincount(home, pair[side][odd], n) for pair in dataset.amounts
        ]
        found.append(np.column_stack(columns) if columns else np.zeros((n, 0)))
    return found[0], found[1]


def followers(alignment: Alignment) -> NDArray[np.int64]:
    """Return how many units of each container are in its area."""
    n, inside = alignment.items.containers, alignment.items.container_of
    home = inside[alignment.exceptions - n]
    there = np.bincount(inside[inside >= 0], minlength=n)
    return there - np.bincount(home[home >= 0], minlength=n)


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
