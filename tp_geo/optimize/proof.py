"""How far the shape of a plan can be from the best there is: a bound by prices of items.

The model is that of Hess: each area has a center at an item, a plan costs the
weight of each item times its squared distance to the center, and areas are as
near to their targets as those of the plan are. Give every item a price per
weight. Whatever the prices, no such plan of ``k`` areas costs less than

    sum of weight * price  +  sum of the k least f(c) over all items c,

where ``f(c)`` is what the cheapest set about ``c`` of a weight within the band costs
less the prices of what it holds, items being divisible: the cost of any plan is the
sum of all prices and, area by area, of its cost less its prices, and its
centers are ``k`` different items. Whether areas are in one piece is not asked,
which only lowers the bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from tp_geo.optimize.prices import Bands, Prices
from tp_geo.optimize.pricing import BLOCK, places_of
from tp_geo.optimize.problem import Floats, Ints, Problem
from tp_geo.optimize.run import Run, Told
from tp_geo.optimize.solution import Solution
from tp_geo.optimize.stop import Stop

CLASSES = 4
"""Into how many bands unequal targets are put together."""
ENOUGH = 1e-4
"""A gap this small is not worked on further."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What a plan costs, what no plan as balanced can cost less than, in weight times m2.

    ``share`` is how much of its cost the plan could lose at most; ``deviation``
    how far from its target an area may be.
    """

    value: float
    bound: float
    deviation: float
    steps: int
    seconds: float
    stopped: str

    @property
    def share(self) -> float:
        """The gap as a share of the plan's cost."""
        return max(0.0, 1 - self.bound / self.value) if self.value > 0 else 0.0


def prove(
    problem: Problem, solution: Solution, *, stop: Stop | None = None, told: Told | None = None
) -> Gap:
    """Return how far a plan's shape is from the best at most; works until stopped.

    ``told`` hears the gap so far as the best cost, and may raise to give up.
    """
    run = Run(stop, told)
    area_of = solution.area_of
    keep = (area_of >= 0) & ~np.append(problem.locked, True)[area_of]
    mass = problem.weights[:, 0] if problem.measures else np.ones(problem.items)
    items = np.flatnonzero(keep & (mass > 0))
    if not len(items):
        return Gap(0.0, 0.0, 0.0, 0, run.seconds, "done")
    items = items[cKDTree(problem.xy[items], BLOCK).indices]
    xy = problem.xy[items] - problem.xy[items].mean(axis=0)
    label, weight = area_of[items], np.ascontiguousarray(mass[items])
    bands, deviation = _bands(problem, label, weight)
    value = _value(xy, weight, label)
    if value <= 0:
        return Gap(0.0, 0.0, deviation, 0, run.seconds, "done")
    share = _proved(xy, weight, bands, value, area_of, run)
    why = run.stopped or "done"
    return Gap(value, share * value, deviation, run.iterations, run.seconds, why)


def _proved(
    xy: Floats, weight: Floats, bands: Bands, value: float, area_of: Ints, run: Run
) -> float:
    """Return the best bound there is time for, as a share of what the plan costs."""
    unit = float(weight.sum()) / int(bands.count.sum())
    length = float(np.sqrt(value / weight.sum()))
    places = places_of(np.ascontiguousarray(xy / length), weight / unit)
    prices = Prices(places, Bands(bands.low / unit, bands.high / unit, bands.count))
    for _ in prices.steps():
        gap = max(0.0, 1 - prices.bound)
        if not run.goes_on(area_of, gap, 1) or gap <= ENOUGH:
            break
    return prices.bound


def _bands(problem: Problem, label: Ints, weight: Floats) -> tuple[Bands, float]:
    """Return the bands a plan's areas are in, by classes of targets, and its largest deviation."""
    areas = np.unique(label)
    held = np.bincount(label, weight, problem.areas)[areas]
    target = problem.targets[areas, 0] if problem.measures else np.full(len(areas), np.nan)
    if not np.isfinite(target).all() or (target <= 0).any():
        whole = Bands(np.zeros(1), np.array([weight.sum()]), np.array([len(areas)], np.int32))
        return whole, float("nan")
    deviation = float(np.abs(held / target - 1).max())
    ordered = np.sort(target)
    distinct = np.unique(ordered)
    groups = (
        [ordered[ordered == t] for t in distinct]
        if len(distinct) <= CLASSES
        else np.array_split(ordered, CLASSES)
    )
    low = np.array([max(0.0, g[0] * (1 - deviation)) for g in groups])
    high = np.array([g[-1] * (1 + deviation) for g in groups])
    return Bands(low, high, np.array([len(g) for g in groups], np.int32)), deviation


def _value(xy: Floats, p: Floats, label: Ints) -> float:
    """Return what a plan costs, the center of each area the item nearest to its middle."""
    cost = 0.0
    for j in np.unique(label):
        here = np.flatnonzero(label == j)
        middle = (p[here, None] * xy[here]).sum(axis=0) / p[here].sum()
        center = xy[here[((xy[here] - middle) ** 2).sum(axis=1).argmin()]]
        cost += float((p[here] * ((xy[here] - center) ** 2).sum(axis=1)).sum())
    return cost
