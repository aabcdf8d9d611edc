"""Measures and attributes that a table brings to a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tp_geo.domain.alignment import frozen
from tp_geo.domain.dataset import Aggregate, Dataset, Floats, Measure, Texts


@dataclass(frozen=True, eq=False)
class Figures:
    """What a table says of items: by measure values, NaN for nothing; by attribute texts.

    ``units``: the values are of units, and containers hold what theirs add up to.
    """

    measures: tuple[Measure, ...] = ()
    values: Mapping[str, Floats] = field(default_factory=dict)
    texts: Mapping[str, Texts] = field(default_factory=dict)
    units: bool = False

    def __bool__(self) -> bool:
        return bool(self.measures or self.texts)


def with_figures(dataset: Dataset, figures: Figures) -> Dataset:
    """Return a dataset with the figures put in; its key is still the old one.

    A value for a container is all that lies in it. A value for a unit changes
    its container by the difference; where a mean is weighted, the container
    gets the mean of its units.
    """
    measures = list(dataset.measures)
    values = dataset.values
    for measure in figures.measures:
        said = figures.values[measure.name]
        names = [m.name for m in measures]
        if measure.name not in names:
            measures.append(measure)
            names.append(measure.name)
            values = np.column_stack([values, np.full(dataset.items.count, np.nan)])
        at = names.index(measure.name)
        column = np.where(np.isnan(said), values[:, at], said)
        if figures.units:
            summed = measures[at].aggregate is Aggregate.SUM
            update = _summed if summed else _averaged
            column = update(dataset, values[:, at], column, _weights(measures[at], names, values))
        values = values.copy()
        values[:, at] = column
    texts = {name: _merged(dataset, name, said) for name, said in figures.texts.items()}
    return replace(
        dataset,
        measures=tuple(measures),
        values=frozen(values),
        attributes={**dataset.attributes, **texts},
    )


def _summed(dataset: Dataset, old: Floats, new: Floats, _weights: Floats) -> Floats:
    """Return a column whose containers hold their own figures and the new ones of their units."""
    n = dataset.items.containers
    was, now = (_sums(dataset, np.nan_to_num(column[n:])) for column in (old, new))
    known = _sums(dataset, (~np.isnan(new[n:])).astype(np.float64)) > 0
    total = np.nan_to_num(old[:n]) - was + now
    same = (was == now) & ~(known & np.isnan(old[:n]))
    return np.concatenate([np.where(same, old[:n], total), new[n:]])


def _averaged(dataset: Dataset, old: Floats, new: Floats, weights: Floats) -> Floats:
    """Return a column whose containers hold the weighted mean of their units, if any is known."""
    n = dataset.items.containers
    weight = np.where(np.isnan(new[n:]), 0.0, np.nan_to_num(weights[n:]))
    below = _sums(dataset, weight)
    above = _sums(dataset, np.nan_to_num(new[n:]) * weight)
    touched = _sums(dataset, (new[n:] != old[n:]) & (weight > 0)) > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.where(touched & (below > 0), above / below, old[:n])
    return np.concatenate([inside, new[n:]])


def _weights(measure: Measure, names: list[str], values: Floats) -> Floats:
    if measure.weight is None:
        return np.ones(len(values))
    return np.asarray(values[:, names.index(measure.weight)], dtype=np.float64)


def _sums(dataset: Dataset, units: Floats) -> Floats:
    home = dataset.items.container_of
    inside = home >= 0
    sums = np.bincount(home[inside], units[inside], dataset.items.containers)
    return sums.astype(np.float64)


def _merged(dataset: Dataset, name: str, said: Texts) -> Texts:
    old = dataset.attributes.get(name)
    return said if old is None else np.where(said == "", old, said).astype(object)
