"""How far the shape of a plan can be from the best there is: a bound by prices of items.

The model is that of Hess: each area has a center at an item, a plan costs the
weight of each item times its squared distance to the center, and areas are as
near to their targets as those of the plan are. Every item is given a price; a
center takes the items that are cheaper to it than their price, within the
band. The prices of all items and what the best centers gain add up to a bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from tp_geo.optimize.compiled import compiled
from tp_geo.optimize.problem import Flags, Floats, Ints, Problem
from tp_geo.optimize.run import Run, Told
from tp_geo.optimize.solution import Solution
from tp_geo.optimize.stop import Stop

STEPS = 1500
"""Price steps without a stop rule."""
CLASSES = 4
"""Into how many bands unequal targets are put together."""
ENOUGH = 1e-4
"""A gap this small is not worked on further."""
BLOCK = 32
"""How many items that are near each other are passed by together."""
LOWER = 1.3
"""How much below the last gain at the edge items are looked at first."""
MEMORY, PATIENCE, STILL = 0.8, 8, 1e-4
"""How much of the mean stays at a step, steps without success before they shrink, the last size."""
LEAST = 1e-3
"""The least step of a price, beside the mean one."""


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
    keep &= mass > 0
    if not keep.any():
        return Gap(0.0, 0.0, 0.0, 0, run.seconds, "done")
    items = np.flatnonzero(keep)
    items = items[cKDTree(problem.xy[items], BLOCK).indices]
    xy = (problem.xy[items] - problem.xy[items].mean(axis=0)) / 1000.0
    label, p = area_of[items], np.ascontiguousarray(mass[items])
    low, high, count, deviation = _bands(problem, label, p)
    plan = _Plan(xy, p, low, high, count, _value(xy, p, label), _boxes(xy))
    prices = _Prices(plan)
    value = plan.value
    steps = run.left(STEPS)
    while prices.steps < steps:
        prices.step()
        gap = max(0.0, 1 - prices.bound / value) if value > 0 else 0.0
        if not run.goes_on(area_of, gap, 1) or gap <= ENOUGH or prices.still:
            break
    return Gap(
        value * 1e6,
        max(prices.bound, 0.0) * 1e6,
        deviation,
        prices.steps,
        run.seconds,
        run.stopped or "done",
    )


def _bands(problem: Problem, label: Ints, p: Floats) -> tuple[Floats, Floats, Ints, float]:
    """Return the least and the most an area of each class holds, and how many there are."""
    areas = np.unique(label)
    held = np.bincount(label, p, problem.areas)[areas]
    target = problem.targets[areas, 0] if problem.measures else np.full(len(areas), np.nan)
    if not np.isfinite(target).all() or (target <= 0).any():
        return np.zeros(1), np.array([p.sum()]), np.array([len(areas)]), float("nan")
    deviation = float(np.abs(held / target - 1).max())
    ordered = np.sort(target)
    distinct = np.unique(ordered)
    groups = (
        [ordered[ordered == t] for t in distinct]
        if len(distinct) <= CLASSES
        else np.array_split(ordered, CLASSES)
    )
    low = np.array([g[0] * (1 - deviation) for g in groups])
    high = np.array([g[-1] * (1 + deviation) for g in groups])
    return low, high, np.array([len(g) for g in groups]), deviation


def _value(xy: Floats, p: Floats, label: Ints) -> float:
    """Return what a plan costs, the center of each area the item nearest to its middle."""
    cost = 0.0
    for j in np.unique(label):
        here = np.flatnonzero(label == j)
        middle = (p[here, None] * xy[here]).sum(axis=0) / p[here].sum()
        center = xy[here[((xy[here] - middle) ** 2).sum(axis=1).argmin()]]
        cost += float((p[here] * ((xy[here] - center) ** 2).sum(axis=1)).sum())
    return cost


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    xy: Floats
    p: Floats
    low: Floats
    high: Floats
    count: Ints
    value: float
    boxes: Floats
    """By ``BLOCK`` items: least x, least y, most x, most y."""


class _Prices:
    """Prices of items that are moved towards those at which each item is taken once.

    The way they are moved is that of the volume algorithm: against the mean
    of what was taken, from the best prices so far, by steps that shrink when
    nothing gets better.
    """

    def __init__(self, plan: _Plan) -> None:
        n, classes = len(plan.p), len(plan.low)
        self.plan = plan
        self._price = _about(plan)
        self._scale = np.maximum(self._price, LEAST * self._price.mean())
        self._best = self._price.copy()
        self._mean = np.ones(n)
        self._edge = np.zeros((classes, n))
        self._gain = np.zeros((classes, n))
        self._alive = np.ones((classes, n), np.bool_)
        self._pace, self._failed = 0.5, 0
        self.bound, self.steps = -np.inf, 0

    @property
    def still(self) -> bool:
        """Whether prices hardly move any more."""
        return self._pace < STILL

    def step(self) -> None:
        """Price once, note the bound, and move prices against what is taken too often."""
        bound, taken = self._priced()
        self.steps += 1
        self._mean = taken if self.steps == 1 else MEMORY * self._mean + (1 - MEMORY) * taken
        if bound > self.bound:
            better = bound - self.bound > 1e-5 * self.plan.value
            self.bound, self._best = bound, self._price.copy()
            self._failed = 0 if better else self._failed + 1
            self._pace = min(2.0, self._pace * (1.05 if better else 1.0))
        else:
            self._failed += 1
        if self._failed > PATIENCE:
            self._pace, self._failed = self._pace * 0.66, 0
        way = 1.0 - self._mean
        norm = float((self.plan.p * self._scale * way * way).sum())
        far = max(1.01 * self.plan.value - self.bound, 1e-3 * self.plan.value)
        length = self._pace * far / norm if norm > 0 else 0.0
        self._price = self._best + length * self._scale * way

    def _priced(self) -> tuple[float, Floats]:
        """Return the bound of the prices and how often each item is taken by the best centers."""
        plan = self.plan
        bound, taken = float((plan.p * self._price).sum()), np.zeros(len(plan.p))
        chosen = []
        for c, wanted in enumerate(plan.count.tolist()):
            band = (float(plan.low[c]), float(plan.high[c]))
            found = (self._edge[c], self._gain[c])
            _gains(plan.xy, plan.p, self._price, plan.boxes, *band, self._alive[c], *found)
            chosen.append(np.argsort(self._gain[c], kind="stable")[:wanted].astype(np.int32))
            bound += float(self._gain[c][chosen[c]].sum())
            _take(plan.xy, plan.p, self._price, *band, chosen[c], self._edge[c], taken)
        for c, centers in enumerate(chosen):
            spare = plan.value * (1 + 1e-9) - bound
            self._alive[c] &= self._gain[c] - self._gain[c][centers[-1]] <= spare
        return bound, taken


def _boxes(xy: Floats) -> Floats:
    starts = np.arange(0, len(xy), BLOCK)
    least, most = np.minimum.reduceat(xy, starts), np.maximum.reduceat(xy, starts)
    return np.column_stack([least, most])


def _about(plan: _Plan) -> Floats:
    """Return first prices: what an area of average size about each item costs by weight."""
    n = len(plan.p)
    size = float(plan.p.sum()) / float(plan.count.sum())
    cost, edge = np.zeros(n), np.zeros(n)
    every = np.ones(n, np.bool_)
    _gains(plan.xy, plan.p, np.zeros(n), plan.boxes, size, 2 * size, every, edge, cost)
    return cost / size


@compiled
def _gains(
    xy: Floats,
    p: Floats,
    price: Floats,
    boxes: Floats,
    low: float,
    high: float,
    alive: Flags,
    edge: Floats,
    gain: Floats,
) -> None:
    """Set for each center what opening it costs, and the gain by weight above which it takes.

    Boxes of items are passed by where none can be worth more than a little below
    the last such gain; all are looked at where that does not fill the band.
    """
    n = len(p)
    r, w = np.empty(n), np.empty(n)
    top = np.empty(len(boxes))
    for b in range(len(boxes)):
        top[b] = price[b * BLOCK : (b + 1) * BLOCK].max()
    for j in range(n):
        if not alive[j]:
            gain[j] = np.inf
            continue
        x, y = xy[j, 0], xy[j, 1]
        m, seen, inside, all_gain = 0, 0.0, 0.0, 0.0
        floor = LOWER * min(edge[j], 0.0)
        for b in range(len(boxes)):
            dx = max(boxes[b, 0] - x, x - boxes[b, 2], 0.0)
            dy = max(boxes[b, 1] - y, y - boxes[b, 3], 0.0)
            if top[b] - dx * dx - dy * dy <= floor:
                continue
            for i in range(b * BLOCK, min(n, (b + 1) * BLOCK)):
                v = price[i] - (xy[i, 0] - x) ** 2 - (xy[i, 1] - y) ** 2
                if v > floor:
                    r[m] = v
                    w[m] = p[i]
                    seen += p[i]
                    m += 1
                    if v > 0.0:
                        inside += p[i]
                        all_gain += p[i] * v
        if inside > high:
            gain[j], edge[j] = _filled(r, w, m, high)
        elif inside >= low:
            gain[j], edge[j] = -all_gain, 0.0
        elif seen >= low:
            gain[j], edge[j] = _filled(r, w, m, low)
        else:
            for i in range(n):
                r[i] = price[i] - (xy[i, 0] - x) ** 2 - (xy[i, 1] - y) ** 2
                w[i] = p[i]
            gain[j], edge[j] = _filled(r, w, n, low)


@compiled
def _filled(r: Floats, w: Floats, m: int, room: float) -> tuple[float, float]:
    """Return what filling a room with the best of m items costs, and the gain of the last one.

    Halves the items again and again about the middle one of three.
    """
    taken, last = 0.0, 0.0
    while m > 0:
        least, most = r[0], r[0]
        for t in range(m):
            least, most = min(least, r[t]), max(most, r[t])
        last = least
        if least == most:
            break
        a, b, c, above = r[0], r[m // 2], r[m - 1], 0.0
        middle = max(min(a, b), min(max(a, b), c))
        if middle >= most:
            middle = least
        for t in range(m):
            if r[t] > middle:
                above += w[t]
        full = above <= room
        kept = 0
        for t in range(m):
            if (r[t] > middle) == full:
                if full:
                    taken += w[t] * r[t]
                continue
            r[kept], w[kept] = r[t], w[t]
            kept += 1
        if full:
            room -= above
        m = kept
    return -(taken + room * last), last


@compiled
def _take(
    xy: Floats,
    p: Floats,
    price: Floats,
    low: float,
    high: float,
    centers: Ints,
    edge: Floats,
    taken: Floats,
) -> None:
    """Count what the centers take, of items at the edge the part that fills the band."""
    n = len(p)
    for j in centers:
        inside, level = 0.0, 0.0
        for i in range(n):
            v = price[i] - (xy[i, 0] - xy[j, 0]) ** 2 - (xy[i, 1] - xy[j, 1]) ** 2
            if v > edge[j]:
                inside += p[i]
                taken[i] += 1.0
            elif v == edge[j]:
                level += p[i]
        if edge[j] == 0.0 or level == 0.0:
            continue
        part = ((high if edge[j] > 0.0 else low) - inside) / level
        for i in range(n):
            v = price[i] - (xy[i, 0] - xy[j, 0]) ** 2 - (xy[i, 1] - xy[j, 1]) ** 2
            if v == edge[j]:
                taken[i] += part
