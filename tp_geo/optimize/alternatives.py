"""Two to four plans to choose from, from the fewest changes to the best shape.

The present plan is rebalanced; it is redrawn as a power diagram in which
what an area has looks nearer to it; and areas are designed anew and given to
those who keep most by it. Plans that another beats in every way are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from tp_geo.optimize import search
from tp_geo.optimize.aims import aims_of
from tp_geo.optimize.objective import KEEP, Objective
from tp_geo.optimize.problem import Flags, Ints, Problem
from tp_geo.optimize.rebalance import Work, begun, finished, outside, rebalance, settle
from tp_geo.optimize.repair import mended
from tp_geo.optimize.run import Run, Told
from tp_geo.optimize.schedule import phases_of
from tp_geo.optimize.solution import Solution
from tp_geo.optimize.start import drafts
from tp_geo.optimize.state import Costs, add_up, cost_of
from tp_geo.optimize.stop import Stop

KEEPS, ROUNDS = (1.0, 0.25), 5
"""How much nearer what an area has looks in diagrams, and how many rounds these get."""
ANEW, STARTS = 8, 2
"""How many rounds a new diagram gets, from how many starts."""
PART = 0.3
"""The part of a design's moves that the new design gets."""
SAME = 1e-4
"""Shares that differ by less than this are the same."""
NAMES = {
    1: ("",),
    2: ("Fewest changes", "Best shape"),
    3: ("Fewest changes", "In between", "Best shape"),
    4: ("Fewest changes", "Fewer changes", "Better shape", "Best shape"),
}


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    solution: Solution
    off: float
    lost: float
    shape: float

    def beats(self, other: _Candidate) -> bool:
        """Return whether this is as good in every way, and better in one."""
        mine, yours = (self.off, self.lost, self.shape), (other.off, other.lost, other.shape)
        as_good = all(a <= b + SAME for a, b in zip(mine, yours, strict=True))
        return as_good and any(a < b - SAME for a, b in zip(mine, yours, strict=True))


def alternatives(
    problem: Problem,
    *,
    objective: Objective = KEEP,
    stop: Stop | None = None,
    seed: int = 0,
    told: Told | None = None,
) -> tuple[Solution, ...]:
    """Return plans that no other of them beats, those with the fewest changes first."""
    if not len(problem.edges) or not problem.areas or not (problem.current >= 0).any():
        return (rebalance(problem, objective=objective, stop=stop, seed=seed, told=told),)
    run = Run(stop, told)
    work = begun(problem, objective, seed)
    costs = work.costs
    settle(work, objective, run)
    found = [_weighed(problem, objective, work, costs, run)]
    for keep in (*KEEPS, 0.0):
        if run.stopped:
            break
        looser = replace(objective, continuity=objective.continuity * min(keep, 1.0))
        work = _redrawn(problem, looser, seed, keep, run)
        candidate = _weighed(problem, objective, work, costs, run)
        if not (work.state.moved > work.task.budget).any():
            found.append(candidate)
    best = [x for x in found if not any(y.beats(x) for y in found)]
    best.sort(key=lambda x: (x.lost, x.off, x.shape))
    return _named(_distinct(best))


def matched(problem: Problem, plan: Ints) -> Ints:
    """Return a plan with its areas given to those who keep most by it.

    Areas change names only with areas of the same targets and limits that
    have no place and hold nothing.
    """
    k = problem.areas
    both = (plan >= 0) & (problem.current >= 0)
    kept = np.zeros((k, k))
    np.add.at(kept, (plan[both], problem.current[both]), problem.value[both])
    new, old = linear_sum_assignment(np.where(_alike(problem), kept, -1e9), maximize=True)
    name = np.arange(k + 1, dtype=np.int32)
    name[new] = old
    name[k] = -1
    found: Ints = name[plan]
    return found


def _alike(problem: Problem) -> Flags:
    k = problem.areas
    columns = [problem.targets, problem.contiguous[:, None].astype(float)]
    columns += [np.column_stack([x.minimum, x.maximum]) for x in problem.limits]
    row = np.nan_to_num(np.concatenate(columns, axis=1), nan=-1.0, posinf=1e300, neginf=-1e300)
    found: Flags = (np.abs(row[:, None] - row[None]) <= 1e-9 * np.abs(row[:, None])).all(axis=2)
    own = problem.locked.copy()
    own[problem.current[problem.held & (problem.current >= 0)]] = True
    if problem.centers is not None:
        own |= np.isfinite(problem.centers).all(axis=1)
    found[own] = False
    found[:, own] = False
    found[np.arange(k), np.arange(k)] = True
    return found


def _redrawn(problem: Problem, objective: Objective, seed: int, keep: float, run: Run) -> Work:
    """Return a plan drawn anew; with ``keep`` 0 from nothing, and searched like a design."""
    work = begun(problem, objective, seed)
    aims, task = aims_of(problem), work.task
    count = ROUNDS if keep else ANEW
    for sketch in drafts(task, aims, work.graph, seed, keep=keep, count=count, starts=STARTS):
        if not run.goes_on(search.area_of(task, sketch.label), float("inf"), 0):
            break
    label = mended(task, sketch.label, sketch.center, sketch.height)
    plan = search.area_of(task, label)
    if not keep:
        plan = matched(problem, _designed(work, label, objective, seed, run))
    work = begun(problem, objective, seed, plan)
    if not run.stopped:
        settle(work, objective, run)
    return work


def _designed(work: Work, label: Ints, objective: Objective, seed: int, run: Run) -> Ints:
    state = search.begin(work.task, label, seed + 1)
    free = replace(objective, continuity=0.0, compactness=max(1.0, objective.compactness))
    phases = phases_of(work.task, free, label)
    short = tuple(replace(x, moves=int(PART * x.moves)) for x in phases)
    search.run(work.task, state, short, run)
    return search.area_of(work.task, state.best)


def _weighed(
    problem: Problem, objective: Objective, work: Work, costs: Costs, run: Run
) -> _Candidate:
    solution = finished(problem, objective, work, run)
    plan, state = solution.area_of, work.state
    state.label[:] = state.best
    none = np.zeros_like(costs.edge)
    plain = Costs(none, none, none, costs.shape, costs.border, 0.0)
    add_up(work.task, plain, state)
    shape = float(cost_of(work.task, plain, state)) / max(1, problem.items)
    lost = float(problem.value[(plan != problem.current) & (problem.current >= 0)].sum())
    whole = float(problem.value.sum())
    off = float(outside(work.task, state).sum())
    return _Candidate(solution, off, lost / whole if whole > 0 else 0.0, shape)


def _distinct(found: list[_Candidate]) -> list[Solution]:
    kept: list[Solution] = []
    for x in found:
        if not any((x.solution.area_of == y.area_of).all() for y in kept):
            kept.append(x.solution)
    return kept


def _named(found: list[Solution]) -> tuple[Solution, ...]:
    names = NAMES[len(found)]
    return tuple(replace(x, label=name) for x, name in zip(found, names, strict=True))
