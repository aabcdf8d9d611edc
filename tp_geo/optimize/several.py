"""A search where several measures count: clumps of items first, then the items one by one.

Measures that follow different things (revenue income, workload distance) are
out of proportion over whole regions, so areas have to reach far to be near all of
their targets. Single items that are exchanged at a border only fray it. Clumps even
out what differs from item to item, and a search of them that is hot enough finds areas
that are long, but straight.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tp_geo.optimize import search
from tp_geo.optimize.aims import Aims
from tp_geo.optimize.costs import LEAST, costs_of, moves_of
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.objective import Objective
from tp_geo.optimize.problem import Ints
from tp_geo.optimize.repair import mended
from tp_geo.optimize.run import Clock
from tp_geo.optimize.search import Phase
from tp_geo.optimize.start import clumped, middles
from tp_geo.optimize.state import Costs, State, Task, add_up
from tp_geo.optimize.stir import of_clumps

FEW_STARTS = 2
"""How many starts are enough where the search is hot anyway."""
NARROW = 0.4
"""The part of a tolerance that clumps are to be within: items differ more than they do."""
STAGES = ((12.0, 6.0, 2.0), (24.0, 3.0, 1.0), (48.0, 2.0, 0.7), (72.0, 1.0, 0.1))
"""How much a deviation beyond that counts stage after stage, where balance and compactness count
the same, and temperatures at first and at last, in units of the square root of areas by items."""
MORE = 1.5
"""How many times as many moves are tried as with one measure, in the stages and at the end."""
INSIDE = 0.1
"""How much deviations that are within count, beside those beyond."""
LAST, LAST_INSIDE, LAST_HOT, LAST_COLD = 3000.0, 12.0, 1.0, 0.02
"""The same of the search that draws the worst deviations in, at the end."""
EASY_INSIDE, EASY_HOT = 0.02, 5.0
"""The same where most are within the tolerance anyway: areas are to be round again."""
MOST_KEEP = 0.86
"""Which part of all deviations is taken as what can be kept, in that search."""
INSIDE_OF = 0.98
"""Which part of a tolerance a search aims to be within, so that it is kept in the end."""
LIMITS = 0.02
"""How strict limits are, beside a search of one measure."""
BORDERS, SHAPE = 0.5, 0.1
"""What borders count at least, and inertia beside balance: areas may be long, but not frayed."""


def stages_of(task: Task, objective: Objective, label: Ints, moves: int) -> tuple[Phase, ...]:
    """Return the phases of a search from a plan, in so many moves: ever stricter, ever colder."""
    stages = STAGES[-1:] if objective.continuity > 0 else STAGES
    heat, each = _heat(task), int(MORE * moves) // len(stages)
    return tuple(
        Phase(
            _costs(task, objective, label, strict, INSIDE * strict), each, hot * heat, cold * heat
        )
        for strict, hot, cold in stages
    )


def by_clumps(
    task: Task,
    objective: Objective,
    aims: Aims,
    graph: Graph,
    state: State,
    seed: int,
    run: Clock,
) -> bool:
    """Search a plan made from nothing by clumps of its items; return whether that could be."""
    if np.isfinite(task.budget).any() or len(task.far) or np.isfinite(task.reach):
        return False
    found = clumped(task, aims, graph)
    if found is None:
        return False
    items, points, clump = found
    few = narrowed(of_clumps(task, items, clump, points), NARROW)
    k, count = len(task.closed), len(points.xy)
    held = np.zeros((count, k))
    np.add.at(held, (clump, state.best[items]), task.moments[items, 0])
    coarse = search.begin(few, held.argmax(axis=1).astype(np.int32), seed)
    phases = stages_of(few, objective, coarse.label, moves_of(len(task.home), k - 1))
    search.run(few, coarse, phases, _Heard(run, state.best, items, clump, k - 1))
    label = state.best.copy()
    label[items] = coarse.best[clump]
    label[task.fixed] = task.home[task.fixed]
    center = np.nan_to_num(middles(task, label, np.ones(len(label), np.bool_)))
    state.best[:] = mended(task, label, center, np.zeros(k - 1))
    return True


def drawn_in(task: Task, objective: Objective, state: State, run: Clock) -> Costs:
    """Bring the worst deviations to where most are, or within the tolerance; return the costs."""
    heat, wide = _heat(task), _kept(task, state, objective.tolerance)
    agree = wide <= INSIDE_OF * objective.tolerance
    inside, hot = (EASY_INSIDE, EASY_HOT) if agree else (LAST_INSIDE, LAST_HOT)
    costs = _costs(task, objective, state.best, LAST, inside, 1.0 if agree else SHAPE)
    moves = int(MORE * moves_of(len(task.home), len(task.closed) - 1))
    phase = Phase(costs, moves, hot * heat, LAST_COLD * heat)
    if not run.stopped:
        search.anneal(within(task, wide), state, phase, costs, run)
    return costs


def narrowed(task: Task, part: float) -> Task:
    """Return a task whose areas are to be within a part of the tolerance of its measures."""
    m = len(task.budget) - 1
    low, high, target = task.low.copy(), task.high.copy(), task.target[:, :m]
    low[:-1, :m] = (target + part * (low[:, :m] - target))[:-1]
    high[:-1, :m] = (target + part * (high[:, :m] - target))[:-1]
    return task._replace(low=low, high=high)


def within(task: Task, share: float) -> Task:
    """Return a task whose areas are to be within a share of the targets of its measures."""
    m = len(task.budget) - 1
    low, high = task.low.copy(), task.high.copy()
    low[:-1, :m] = task.target[:-1, :m] * (1 - share)
    high[:-1, :m] = task.target[:-1, :m] * (1 + share)
    return task._replace(low=low, high=high)


def _heat(task: Task) -> float:
    return float(np.sqrt(max(1, len(task.closed) - 1) / max(1, len(task.home))))


def _costs(
    task: Task,
    objective: Objective,
    label: Ints,
    beyond: float,
    inside: float,
    shape: float = SHAPE,
) -> Costs:
    """Return costs that count deviations beyond a band and inside it so much."""
    longer = replace(objective, borders=max(BORDERS, objective.borders))
    costs = costs_of(task, longer, label, LIMITS)
    ratio = objective.balance / max(objective.compactness, LEAST)
    part = 1.0 if shape == 1.0 or task.anchored.any() else shape / max(ratio, shape)
    each = ratio * task.counts * len(label) / max(1, len(task.closed) - 1)
    limits = np.arange(len(each)) >= len(task.budget) - 1
    return costs._replace(
        pull=np.where(limits, costs.pull, inside * each),
        push=np.where(limits, costs.push, beyond * each),
        shape=costs.shape * min(1.0, part),
    )


def _kept(task: Task, state: State, tolerance: float) -> float:
    """Return how far off most areas are at most, at least the tolerance."""
    state.label[:] = state.best
    none = np.zeros(task.weights.shape[1])
    add_up(task, Costs(none, none, none, 0.0, 0.0, 0.0), state)
    m = len(task.budget) - 1
    counted = (task.per[:, :m] > 0) & (task.counts[:m] > 0)
    off = (np.abs(state.totals - task.target) * task.per)[:, :m][counted]
    least = INSIDE_OF * tolerance
    return max(least, float(np.quantile(off, MOST_KEEP))) if len(off) else least


class _Heard:
    """Tells a run of plans of clumps as of plans of the items in them."""

    def __init__(self, run: Clock, whole: Ints, items: Ints, clump: Ints, nobody: int) -> None:
        self._run, self._items, self._clump = run, items, clump
        self._whole = np.where(whole == nobody, -1, whole).astype(np.int32)

    @property
    def stopped(self) -> str:
        return self._run.stopped

    def left(self, planned: int) -> int:
        return self._run.left(planned)

    def goes_on(self, area_of: Ints, cost: float, tried: int) -> bool:
        del cost
        self._whole[self._items] = area_of[self._clump]
        return self._run.goes_on(self._whole.copy(), float("inf"), tried)
