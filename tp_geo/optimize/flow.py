"""What must cross the borders between areas to bring them into their bands: a linear program.

Areas are nodes, each pair of areas that touch is a way in both directions.
The least flow that brings every total into its band says which borders have
to give way, and is a yardstick for how little can be moved.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix, csr_matrix, hstack, identity, vstack

from tp_geo.optimize.figures import totals_of
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.problem import Flags, Floats, Ints, Problem

MISSED = 1000.0
"""What a total counts that stays a whole target outside its band, beside what crosses a border."""
SHORT = 0.1
"""How much more a flow costs over a border of no length than over one twice as long as the mean."""
DIGITS = 9
"""Flows are rounded to so many digits, so that no last bit of a solver decides anything."""


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Ordered pairs of areas that touch, sorted by giver and then taker.

    ``rate`` is what a unit of flow carries in each column, ``leaves`` how much of
    that is at home, ``most`` the most that can flow, ``cost`` what a unit costs.
    """

    giver: Ints
    taker: Ints
    rate: Floats
    leaves: Floats
    most: Floats
    cost: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """By area and column: what there is, from where to where is right, and 1 / a whole."""

    total: Floats
    low: Floats
    high: Floats
    per: Floats


@dataclass(frozen=True, slots=True, eq=False)
class FlowBound:
    """Shares of each measure, (m,), that a rebalance has to move.

    ``leaves`` must leave its area whatever the method. ``crosses`` is the
    least flow over the borders there are; an item that crosses several
    counts each time, and borders that come to be later are not seen.
    ``missed`` is what stays outside the bands even then, as a share.
    """

    leaves: Floats
    crosses: Floats
    missed: Floats


def flow_bound(
    problem: Problem, area_of: Ints | None = None, *, tolerance: float = 0.05
) -> FlowBound:
    """Return what must move to bring a plan, by default the present one, within a tolerance."""
    plan = problem.current if area_of is None else area_of
    totals = totals_of(problem.weights, plan, problem.areas)
    pairs = pairs_of(plan, Graph.of(problem), problem.locked)
    found = np.zeros((3, problem.measures))
    for q, whole in enumerate(problem.weights.sum(axis=0)):
        target = np.where(problem.locked, np.nan, problem.targets[:, q])
        known = target > 0
        if whole <= 0 or not known.any():
            continue
        scale = float(target[known].mean())
        low = np.where(known, target * (1 - tolerance), -np.inf)[:, None] / scale
        high = np.where(known, target * (1 + tolerance), np.inf)[:, None] / scale
        band = Band(totals[:, q : q + 1] / scale, low, high, np.ones_like(low))
        count = len(pairs[0])
        one = np.ones((count, 1))
        ways = Ways(*pairs, one, one, np.full(count, np.inf), np.ones(count))
        flow, missed = cheapest(ways, band)
        over = np.maximum(band.total - high, 0).sum(), np.maximum(low - band.total, 0).sum()
        found[:, q] = np.array([max(over), flow.sum(), missed]) * scale / whole
    return FlowBound(*found)


def pairs_of(plan: Ints, graph: Graph, locked: Flags) -> tuple[Ints, Ints]:
    """Return the ordered pairs of open areas that touch."""
    areas = len(locked)
    code = _crossing(plan, graph, np.append(~locked, False))[1]
    pair = np.unique(code)
    return (pair // areas).astype(np.int32), (pair % areas).astype(np.int32)


def ways_of(
    plan: Ints,
    graph: Graph,
    open_: Flags,
    giving: Flags,
    at_home: Flags,
    mass: Floats,
    columns: Floats,
    price: Floats,
) -> Ways:
    """Return the ways from area to area, each with the mix of the items along its border.

    ``giving`` are the items that may move, ``price`` is what moving each costs
    and ``mass`` is what flows; ``open_`` says which areas take part, the last of
    them is nobody's. Long borders are a little cheaper than short ones.
    """
    arc, code = _crossing(plan, graph, open_)
    item = graph.sources[arc]
    arc, code, item = arc[giving[item]], code[giving[item]], item[giving[item]]
    pair, where = np.unique(code, return_inverse=True)
    at = where.astype(np.int32)
    areas, count = len(open_) - 1, len(pair)
    beside = np.bincount(at, mass[item], count).astype(np.float64)
    cost = np.bincount(at, price[item], count) / beside
    length = np.bincount(at, graph.length[arc], count)
    short = 1 - np.minimum(length / max(float(length.mean()), 1e-300), 2) / 2 if count else length
    giver = (pair // areas).astype(np.int32)
    able = np.bincount(plan[giving], mass[giving], areas + 1).astype(np.float64)
    return Ways(
        giver,
        (pair % areas).astype(np.int32),
        _per_unit(at, columns[item], beside),
        _per_unit(at, (columns * at_home[:, None])[item], beside),
        able[giver],
        cost * (1 + SHORT * short),
    )


def _per_unit(at: Ints, columns: Floats, beside: Floats) -> Floats:
    return np.column_stack([np.bincount(at, x, len(beside)) / beside for x in columns.T])


def _crossing(plan: Ints, graph: Graph, open_: Flags) -> tuple[Ints, Ints]:
    """Return the arcs from one open area to another, and a number for the pair of areas."""
    a, b = plan[graph.sources], plan[graph.indices]
    arc = np.flatnonzero((a != b) & open_[a] & open_[b]).astype(np.int32)
    return arc, a[arc].astype(np.int64) * (len(open_) - 1) + b[arc]


def cheapest(
    ways: Ways, band: Band, budget: tuple[Floats, Floats] | None = None
) -> tuple[Floats, float]:
    """Return the flow on each way that brings all totals into their bands at least cost.

    What can't be brought in is told as a sum of shares. ``budget`` is what a
    unit of flow uses up on each way, (m, b), and what there is of it, (b,).
    """
    outside = (band.per > 0) & ((band.total > band.high) | (band.total < band.low))
    if not outside.any() or not len(ways.giver):
        return np.zeros(len(ways.giver)), _off(band, outside)
    rows, right = _rows(ways, band)
    count, slack = len(ways.giver), rows.shape[0]
    matrix = hstack([rows, -identity(slack)])
    if budget is not None:
        used = csr_matrix(budget[0].T)
        matrix = vstack([matrix, hstack([used, csr_matrix((used.shape[0], slack))])])
        right = np.concatenate([right, np.maximum(budget[1], 0)])
    cost = np.concatenate([ways.cost, np.full(slack, MISSED)])
    limits = np.column_stack(
        [np.zeros(count + slack), np.append(ways.most, np.full(slack, np.inf))]
    )
    found = linprog(cost, A_ub=matrix.tocsr(), b_ub=right, bounds=limits, method="highs")
    if found.x is None:
        return np.zeros(count), _off(band, outside)
    return np.round(found.x[:count], DIGITS), float(found.x[count:].sum())


def _rows(ways: Ways, band: Band) -> tuple[csr_matrix, Floats]:
    """Return the rows that keep totals below and above: A flow - slack <= right."""
    areas, columns = band.total.shape
    count = len(ways.giver)
    way = np.arange(count)
    rows, right = [], []
    for q in range(columns):
        at, both = np.concatenate([ways.taker, ways.giver]), np.concatenate([way, way])
        rate = np.concatenate([ways.rate[:, q], -ways.rate[:, q]]) * band.per[at, q]
        moved = coo_matrix((rate, (at, both)), shape=(areas, count)).tocsr()
        per, total = band.per[:, q], band.total[:, q]
        for sign, bound in ((1.0, band.high[:, q]), (-1.0, band.low[:, q])):
            known = (per > 0) & np.isfinite(bound)
            rows.append(sign * moved[known])
            right.append(sign * (bound - total)[known] * per[known])
    return vstack(rows).tocsr(), np.concatenate(right)


def _off(band: Band, outside: Flags) -> float:
    over = np.maximum(band.total - band.high, band.low - band.total)
    return float((over * band.per)[outside].sum())
