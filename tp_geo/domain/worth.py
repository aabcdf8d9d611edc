"""What each item is worth by itself, so that sums over items count nothing twice."""

from __future__ import annotations

import numpy as np

from tp_geo.domain.alignment import Alignment, AreaIds
from tp_geo.domain.dataset import Aggregate, Dataset, Floats


def worth(dataset: Dataset, measure: str) -> Floats:
    """Return what each item adds to the sum of a measure; containers without their units.

    With "" every container counts 1 and units nothing. Sums over the items of
    an area are its figure in ``totals``. Means do not add up; give a sum.
    """
    n, inside = dataset.items.containers, dataset.items.container_of
    if not measure:
        return np.concatenate([np.ones(n), np.zeros(len(inside))])
    names = [m.name for m in dataset.measures]
    if dataset.measure(measure).aggregate is not Aggregate.SUM:
        raise ValueError(f"{measure} is a mean; only sums add up over items.")
    amounts = dataset.amounts[names.index(measure)][0].copy()
    there = inside >= 0
    amounts[:n] -= np.bincount(inside[there], amounts[n:][there], minlength=n)
    return amounts


def owner_of(alignment: Alignment) -> AreaIds:
    """Return, by area id, the area whose owner it has: itself, else the nearest above; 0: none."""
    found = np.zeros(max(alignment.areas, default=0) + 1, dtype=np.int32)
    for k in alignment.areas:
        found[k] = next((a.id for a in alignment.ancestry(k) if a.owner), 0)
    return found
