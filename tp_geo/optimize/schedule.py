"""What a search does one after the other: which costs count how much, how hot, how long."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tp_geo.optimize import search
from tp_geo.optimize.chains import mend_worst
from tp_geo.optimize.costs import costs_of, moves_of, several
from tp_geo.optimize.objective import Objective
from tp_geo.optimize.problem import Flags, Ints
from tp_geo.optimize.run import Clock
from tp_geo.optimize.search import FARTHEST, LEARN, Phase
from tp_geo.optimize.several import drawn_in, stages_of
from tp_geo.optimize.state import Costs, State, Task, add_up

INSIST, INSIST_PART, DEARER = 4, 5, 8.0
"""How often a search goes on where areas are outside their bands, for which part of its last
phase, and how much dearer that gets each time, ..."""
HOTTER, LITTLE = 3.0, 20_000
"""... how much hotter, and for how many moves at least."""
FEW_LEFT = 50
"""One area in so many may be left outside before a search goes on for the others' sake."""
CHAINS = ((50, 3.0), (100, 10.0), (300, 30.0), (600, 60.0), (600, 100.0))
"""How many chains an area outside its band gets, and how far from the best their links may be, in
units of items for each area; again and again."""
MANY_TRIES, SOME_LEFT = 300, 10
"""After so many chains for an area there are more only where at most so many areas are left."""
FAR_OFF = 0.05
"""A deviation above this share is one to insist on."""
EVEN, EVEN_ITEMS, EVENER = 0.005, 1.2, 4.0
"""Where the smallest deviation is asked for, chains mend what is farther off than this share, or
than so many items of the mean weight, with balance so much dearer."""
FARTHER = 0.006
"""How far beyond a target a search aims, for each item an area has on average, up to all of it."""
LAST_PUSH = 2.0
"""How much what is beyond a grain off counts at least in the end, where the smallest deviation
is asked for."""
HEATS = ((3.0, 0.5), (0.5, 0.08), (0.02, 0.005), (0.01, 0.001))
"""Temperatures within a band, ever colder: by the square root of areas by items, or by what parting
two neighbors costs, whichever is more; where items are to stay the second would tear them off."""
EDGE = 10.0
"""How much a deviation counts at the very end of the band, where a tolerance is asked for."""
STARTS, MANY = 4, 30_000
"""How many drafts of a start are tried at most, and for how many items in all; ..."""
ALONE = 500
"""... a draft of clumps of so many items picks the best of several starts itself."""


def phases_of(task: Task, objective: Objective, label: Ints) -> tuple[Phase, ...]:
    """Return the phases of a search from a plan: coarse and hot, then fine and cold."""
    n, k = len(label), max(1, len(task.closed) - 1)
    heat = float(np.sqrt(k / max(1, n)))
    moves = moves_of(n, k)
    if several(task):
        return stages_of(task, objective, label, moves)
    if objective.tolerance == 0:
        free, even, last = (
            costs_of(task, objective, label, part) for part in (0.3, 0.5, _at_last(n, k))
        )
        free, even = (costs._replace(push=0.0 * costs.push) for costs in (free, even))
        far = max(FARTHEST, min(1.0, FARTHER * n / k))
        last = last._replace(push=last.push * max(1.0, LAST_PUSH / _at_last(n, k)))
        return (
            Phase(free, int(0.45 * moves), 2.0 * heat, 0.2 * heat, learn=LEARN, farthest=far),
            Phase(even, int(0.4 * moves), 0.3 * heat, 0.03 * heat, learn=LEARN, farthest=far),
            Phase(last, int(0.15 * moves), 0.05 * heat, 0.01 * heat, swaps=0.3),
        )
    free, even, last = (costs_of(task, objective, label, part) for part in (0.1, 1.0, 10.0))
    even = even._replace(pull=free.pull)
    last = last._replace(pull=0.0 * last.pull, edge=EDGE * task.counts * n / k)
    price = last.border if objective.continuity == 0 else 0.0
    hot, warm, cold, coldest = (
        max(by_items * heat, by_border * price) for by_items, by_border in HEATS
    )
    return (
        Phase(free, int(0.5 * moves), hot, warm, swaps=0.3),
        Phase(even, int(0.4 * moves), warm, cold, swaps=0.3),
        Phase(last, int(0.1 * moves), max(cold, 0.1 * heat), coldest, swaps=0.4),
    )


def _at_last(n: int, k: int) -> float:
    """Return how strict a search for the smallest deviation ends: the finer items are, the more."""
    return float(max(0.5, min(15.0, 0.0026 * (n / k) ** 1.5)))


def insisted(task: Task, objective: Objective, state: State, last: Phase, run: Clock) -> Costs:
    """Mend areas outside their bands, by chains, then by a search with dearer bands.

    Returns the costs at last. Where items are coarse a few areas can't be mended, and to
    insist on them would spoil the shape of all others.
    """
    far = objective.tolerance or FAR_OFF
    if several(task):
        last = replace(last, costs=drawn_in(task, objective, state, run))
    elif objective.tolerance == 0 and not run.stopped:
        _evened(task, state, last.costs)
    few = not run.stopped and _chained(task, far, state, last.costs)
    phase = replace(last, moves=max(LITTLE, last.moves // INSIST_PART), hot=3.0 * last.hot)
    for _ in range(0 if few else INSIST):
        outside = _outside(task, state, far)
        outside[: len(task.budget) - 1] &= not several(task)
        if not outside.any():
            break
        push = np.where(outside, DEARER, 1.0) * phase.costs.push
        pull = np.where(outside, 2.0, 1.0) * phase.costs.pull
        costs = phase.costs._replace(push=push, pull=pull)
        phase = replace(phase, costs=costs, hot=phase.hot * HOTTER)
        if not search.anneal(task, state, phase, phase.costs, run):
            break
    return phase.costs


def _evened(task: Task, state: State, costs: Costs) -> None:
    """Mend the largest deviations by chains, as far as items are fine enough."""
    item = max(1, len(task.closed) - 1) / max(1, len(task.home))
    dear = costs._replace(pull=EVENER * costs.pull, push=EVENER * costs.push)
    _chained(task, min(FAR_OFF, max(EVEN, EVEN_ITEMS * item)), state, dear)


def _chained(task: Task, far: float, state: State, costs: Costs) -> bool:
    """Mend by chains what single moves could not; return whether few or none are left."""
    measures = len(task.budget) - 1
    column, k = int(np.argmax(task.counts[:measures])), len(task.closed) - 1
    if several(task) or _outside(task, state, far)[measures:].any():
        return False
    search.restart(task, costs, state)
    left, unit = 0, len(task.home) / max(1, k)
    for tries, noise in CHAINS:
        left = mend_worst(task, costs, state, column, far, tries, noise * unit)
        if not left or (tries >= MANY_TRIES and left > SOME_LEFT):
            break
    state.best[:] = state.label
    return left * FEW_LEFT <= k


def _outside(task: Task, state: State, far: float) -> Flags:
    """Return the columns in which an area is outside a limit, or off its target by ``far``."""
    none = np.zeros(task.weights.shape[1])
    state.label[:] = state.best
    add_up(task, Costs(none, none, none, 0.0, 0.0, 0.0), state)
    total, measures = state.totals, len(task.budget) - 1
    slack = 1e-9 * (np.abs(total) + 1)
    over = ((total > task.high + slack) | (total < task.low - slack)) & (task.per > 0)
    off = np.abs(total - task.target) * task.per > far
    over[:, :measures] &= off[:, :measures]
    found: Flags = over.sum(axis=0) > _never(task, far)
    return found


def _never(task: Task, far: float) -> Ints:
    """Return by column how many areas are outside in every plan, for items too heavy for any area.

    Such an item takes an area; where what is left is too little for the others, none is met.
    """
    open_ = np.flatnonzero(~task.closed[:-1])
    mine = ~task.fixed | ~task.closed[task.home]
    found = np.zeros(task.weights.shape[1], np.int32)
    for q in range(len(task.budget) - 1 if len(open_) else 0):
        target, per = task.target[open_, q], task.per[open_, q]
        weight = task.weights[mine, q]
        heavy = weight[weight > (1 + far) * target.max()]
        if not len(heavy) or not per.all():
            continue
        others = np.sort(target)[: max(0, len(open_) - len(heavy))].sum()
        rest = float(weight.sum() - heavy.sum())
        met = others > 0 and abs(rest / others - 1) <= far
        found[q] = len(heavy) if met else len(open_)
    return found


def starts_of(n: int, clumps: int) -> int:
    """Return from how many drafts a design from nothing picks the best."""
    return 1 if clumps and n >= ALONE else max(1, min(STARTS, MANY // max(1, n)))
