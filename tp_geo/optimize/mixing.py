"""Annealing that mixes single moves with cuts of two areas anew: for few items an area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tp_geo.optimize import search
from tp_geo.optimize.arithmetic import exp_minus, log_of
from tp_geo.optimize.problem import Ints
from tp_geo.optimize.recombine import mixed, outside
from tp_geo.optimize.run import Run
from tp_geo.optimize.state import NOW, Costs, Task, add_up, cost_of, find_rim
from tp_geo.optimize.trees import grove

WORK = 60_000
"""How much a slice does, in items that trees go through and single moves: about 20 ms."""
STRICT = 1e3
"""How many times more what is outside bands counts when plans are compared."""


@dataclass(frozen=True, slots=True)
class Mix:
    """How long and how hot: ``cuts`` trees with ``moves`` single moves before each."""

    cuts: int
    moves: int
    hot: float
    cold: float
    swaps: float = 0.3


def anneal(
    task: Task, costs: Costs, label: Ints, mix: Mix, seed: int, run: Run
) -> tuple[Ints, float]:
    """Return the best plan found from a plan, by ``strict_cost``, and that cost."""
    state, room = search.begin(task, label, seed), grove(task)
    best = label.astype(np.int32)
    record = np.array([strict_cost(task, costs, label), 0.0])
    heat, left = mix.hot, run.left(mix.cuts * (mix.moves + 1)) // (mix.moves + 1)
    cooling = exp_minus(log_of(mix.hot / mix.cold) / max(mix.cuts, 1))
    each = max(1, WORK // (mix.moves + 2 * len(label) // max(1, len(task.closed) - 1)))
    while left > 0:
        cuts = min(each, left)
        add_up(task, costs, state)
        find_rim(task, state)
        record[1] = cost_of(task, costs, state)
        state.values[NOW] = 0.0
        pace = (cuts, mix.moves, heat, cooling, mix.swaps, STRICT)
        mixed(task, costs, state, room, best, record, *pace)
        for _ in range(cuts):
            heat *= cooling
        left -= cuts
        if not run.goes_on(search.area_of(task, best), float(record[0]), cuts * (mix.moves + 1)):
            break
    return best, float(record[0])


def strict_cost(task: Task, costs: Costs, label: Ints) -> float:
    """Return what a plan costs, what is outside bands counted ``STRICT`` times more."""
    state = search.begin(task, label, 0)
    add_up(task, costs, state)
    return float(cost_of(task, costs, state) + STRICT * outside(task, costs, state))


def within(task: Task, edge: float, *, shape: float = 0.0, border: float = 0.0) -> Costs:
    """Return costs by which bands are to be kept, and within them shape and border count."""
    none = np.zeros(task.weights.shape[1])
    return Costs(none, none, none + edge, shape, border, 0.0)
