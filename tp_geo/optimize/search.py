"""Annealed search over the border between areas, in slices that can be told of and stopped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tp_geo.optimize.arithmetic import exp_minus, log_of, seeded
from tp_geo.optimize.moves import sweep
from tp_geo.optimize.problem import Ints
from tp_geo.optimize.run import Clock
from tp_geo.optimize.state import (
    BEST,
    LOGGED,
    NOW,
    OVERFLOW,
    Costs,
    State,
    Task,
    add_up,
    cost_of,
    find_rim,
)

SLICE = 100_000
"""Moves tried in one slice: 10 to 30 ms."""
STEP = 1000
"""Moves tried at one temperature."""
LESSONS = 40
"""How often a phase that learns sets its aim anew."""
LEARN = 0.3
"""Which share of a deviation a search aims beyond its target, each time."""
FARTHEST = 0.2
"""How far beyond a target a search aims at most, as a share of it, unless a phase says more."""


@dataclass(frozen=True, slots=True, eq=False)
class Phase:
    """A part of a search: what counts how much, how hot it is, and how many moves it tries.

    ``hot`` and ``cold`` are temperatures at its start and end, in units of
    cost; ``swaps`` is the share of exchanges; of ``hard`` items drawn the one
    whose area costs most is tried. With ``learn`` above 0 the search aims
    beyond targets that shape pulls it away from: by that share of the
    deviation, again and again. So balance need not be dear to be met (the
    method of multipliers), and the plan at the end counts, not the best. It aims by
    ``farthest`` of a target beyond it at most: sparse areas must be aimed far beyond to be
    met, but where items are coarse that follows what they leave over.
    """

    costs: Costs
    moves: int
    hot: float
    cold: float
    swaps: float = 0.15
    hard: int = 1
    learn: float = 0.0
    farthest: float = FARTHEST


def begin(task: Task, label: Ints, seed: int) -> State:
    """Return the state of a search that starts at a plan: labels 0 to k, k nobody's."""
    n, k, width = len(label), len(task.closed), task.weights.shape[1]
    degree = int(np.diff(task.indptr).max(initial=0)) + 1
    return State(
        label=label.astype(np.int32),
        best=label.astype(np.int32),
        random=seeded(seed),
        rim=np.zeros(n, np.int32),
        place=np.full(n, -1, np.int32),
        size=np.zeros(k, np.int32),
        totals=np.zeros((k, width)),
        moments=np.zeros((k, 4)),
        balance=np.zeros(k),
        shape=np.zeros(k),
        moved=np.zeros(len(task.budget)),
        shift=np.zeros((k, width)),
        values=np.zeros(2),
        numbers=np.zeros(5, np.int32),
        log=np.zeros(max(1024, 2 * n), np.int32),
        seen=np.zeros(n, np.int32),
        queue=np.zeros(n + degree, np.int32),
        owner=np.zeros(n, np.int32),
        parent=np.zeros(degree, np.int32),
        alive=np.zeros(degree, np.int32),
    )


def run(task: Task, state: State, phases: tuple[Phase, ...], run: Clock) -> None:
    """Search phase after phase; ``state.best`` is the best plan by what counts in the last one.

    The cost of the best plan by the last phase's costs is what ``run`` hears.
    """
    final = phases[-1].costs
    for phase in phases:
        if not anneal(task, state, phase, final, run):
            return


def anneal(task: Task, state: State, phase: Phase, final: Costs, run: Clock) -> bool:
    """Search one phase from the best plan so far; return whether the run goes on."""
    state.label[:] = state.best
    state.values[:] = 0.0
    state.numbers[[LOGGED, OVERFLOW]] = 0
    heat, left = phase.hot, run.left(phase.moves)
    cooling = exp_minus(log_of(phase.hot / phase.cold) * STEP / max(phase.moves, STEP))
    while left > 0:
        tried = 0
        while tried < min(SLICE, left):
            moves = min(SLICE - tried, left - tried, _lesson(phase))
            _stretch(task, state, phase, moves, heat, cooling)
            for _ in range(moves // STEP):
                heat *= cooling
            tried += moves
        left -= tried
        if not run.goes_on(area_of(task, state.best), value(task, final, state), tried):
            return False
    return True


def restart(task: Task, costs: Costs, state: State) -> None:
    """Go on from the best plan, with sums made anew."""
    state.label[:] = state.best
    state.values[:] = 0.0
    state.numbers[[LOGGED, OVERFLOW]] = 0
    add_up(task, costs, state)
    find_rim(task, state)


def _lesson(phase: Phase) -> int:
    """Return after how many moves the aim is set anew."""
    return max(STEP, phase.moves // LESSONS) if phase.learn else SLICE


def _stretch(
    task: Task, state: State, phase: Phase, moves: int, heat: float, cooling: float
) -> None:
    """Try so many moves, from sums made anew."""
    aimed = task._replace(target=task.target + state.shift) if phase.learn else task
    add_up(aimed, phase.costs, state)
    find_rim(task, state)
    sweep(aimed, phase.costs, state, moves, heat, cooling, STEP, phase.swaps, phase.hard)
    if phase.learn:
        state.best[:] = state.label
        state.numbers[[LOGGED, OVERFLOW]] = 0
        missing = np.where(task.per > 0, task.target - state.totals, 0.0)
        most = phase.farthest * task.target
        state.shift[:] = np.clip(state.shift + phase.learn * missing, -most, most)


def value(task: Task, costs: Costs, state: State) -> float:
    """Return what the best plan costs."""
    other = begin(task, state.best, 0)
    add_up(task, costs, other)
    return float(cost_of(task, costs, other))


def area_of(task: Task, label: Ints) -> Ints:
    """Return labels of kernels as a problem has them: -1 for nobody's."""
    return np.where(label == len(task.closed) - 1, -1, label).astype(np.int32)


__all__ = [
    "BEST",
    "NOW",
    "Phase",
    "State",
    "Task",
    "anneal",
    "area_of",
    "begin",
    "restart",
    "run",
    "value",
]
