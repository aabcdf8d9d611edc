"""Growth: a dataset in which a measure of some items is more, or less, by a share."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from tp_geo.domain.alignment import Alignment, AreaId, Flags, frozen
from tp_geo.domain.dataset import Aggregate, Dataset, Floats, Texts
from tp_geo.domain.formulas import recalculated
from tp_geo.domain.worth import worth
from tp_geo.errors import Refused

LEAST, MOST = -100.0, 1000.0
"""By how many percent something may grow: all of it can go, or there is eleven times as much."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Some of the items of a plan; without anything said, all.

    ``attribute`` and ``value``: those whose attribute has that value.
    ``area``: those that an area and all below it held where a scenario began.
    Both: those that are in either sense.
    """

    attribute: str = ""
    value: str = ""
    area: AreaId | None = None

    def of(self, dataset: Dataset, alignment: Alignment) -> Flags:
        """Return which items are in it; refuse what is not there, and a segment of none."""
        inside = np.ones(dataset.items.count, dtype=np.bool_)
        if self.attribute:
            inside &= _texts(dataset, self.attribute) == self.value
        if self.area is not None:
            below = [*alignment.subtree(alignment.area(self.area).id)]
            inside &= np.isin(alignment.resolved, below)
        if not inside.any():
            raise Refused(self._empty(dataset, alignment))
        return inside

    def _empty(self, dataset: Dataset, alignment: Alignment) -> str:
        if not self.attribute:
            return f"{alignment.name(self.area or AreaId(0))} holds nothing that could grow."
        found = sorted({*_texts(dataset, self.attribute).tolist()} - {""})
        known = ", ".join(found[:8]) + (", …" if len(found) > 8 else "")
        where = "" if self.area is None else f" in {alignment.name(self.area)}"
        return (
            f"Nothing{where} has {self.value!r} as its {self.attribute}. Values: {known or 'none'}."
        )


@dataclass(frozen=True, slots=True)
class Growth:
    """A measure that grows by some percent in a segment; below 0 it shrinks."""

    measure: str
    percent: float
    segment: Segment = Segment()


def grown(dataset: Dataset, alignment: Alignment, growths: Iterable[Growth]) -> Dataset:
    """Return a dataset after growth, one after another; its key is still the old one.

    What an item has by itself grows where it is in the segment, a unit as well
    as what a container has besides its units; a container's row is the sum of
    both, as before. Calculated measures follow. Everything else stays as it is.
    """
    for growth in growths:
        dataset = _grown(dataset, alignment, growth)
    return recalculated(dataset)


def check_percent(percent: float) -> None:
    """Refuse a percentage by which nothing can change."""
    if not (math.isfinite(percent) and LEAST <= percent <= MOST) or percent == 0:
        raise Refused(
            f"{percent:g} % is no change that can be assumed. "
            f"Give a number from {LEAST:g} to {MOST:g} other than 0."
        )


def _grown(dataset: Dataset, alignment: Alignment, growth: Growth) -> Dataset:
    check_percent(growth.percent)
    measure = dataset.measure(growth.measure)
    if measure.aggregate is not Aggregate.SUM:
        sums = ", ".join(m.name for m in dataset.measures if m.aggregate is Aggregate.SUM)
        raise Refused(
            f"{measure.label} is a mean and does not add up, so it can't grow by segment. "
            f"Choose one of: {sums or 'none'}."
        )
    if any(f.name == measure.name for f in dataset.formulas):
        raise Refused(
            f"{measure.label} is calculated and follows from others. Let those grow instead."
        )
    at = [m.name for m in dataset.measures].index(growth.measure)
    more = _more(dataset, growth.measure, growth.segment.of(dataset, alignment))
    values = dataset.values.copy()
    values[:, at] += more * (growth.percent / 100.0)
    return replace(dataset, values=frozen(values))


def _more(dataset: Dataset, measure: str, inside: Flags) -> Floats:
    """Return what of each row is in a segment: its own part, and that of the units in it."""
    n, home = dataset.items.containers, dataset.items.container_of
    own = np.where(inside, worth(dataset, measure), 0.0)
    own[np.isnan(dataset.column(measure))] = 0.0
    there = home >= 0
    own[:n] += np.bincount(home[there], own[n:][there], minlength=n)
    own[:n][np.isnan(dataset.column(measure)[:n])] = 0.0
    return own


def _texts(dataset: Dataset, attribute: str) -> Texts:
    if attribute not in dataset.attributes:
        known = ", ".join(sorted(dataset.attributes)) or "none"
        raise Refused(
            f"{dataset.name} has no attribute {attribute!r} to grow by. Attributes: {known}."
        )
    return dataset.attributes[attribute]
