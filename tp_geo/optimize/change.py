"""Changes to the areas themselves, each with the least change elsewhere.

An area leaves and its neighbors take over, one joins, one is split in two,
two are combined, and what nobody has finds an area.
"""

from __future__ import annotations

from dataclasses import replace
from heapq import heappop, heappush

import numpy as np

from tp_geo.optimize import search
from tp_geo.optimize.aims import aims_of, movable
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.objective import BAND, KEEP, Objective
from tp_geo.optimize.outcome import again, outcome
from tp_geo.optimize.problem import Flags, Floats, Ints, Problem
from tp_geo.optimize.rebalance import begun, finished, in_band, rebalance, settle
from tp_geo.optimize.run import Run, Told
from tp_geo.optimize.solution import Solution
from tp_geo.optimize.solve import solve
from tp_geo.optimize.stop import Stop


def fill(
    problem: Problem,
    *,
    objective: Objective = KEEP,
    stop: Stop | None = None,
    seed: int = 0,
    told: Told | None = None,
) -> Solution:
    """Return the present plan with every item that is unassigned and free in an area.

    What has an area moves only where the bands ask for it.
    """
    return rebalance(problem, objective=objective, stop=stop, seed=seed, told=told)


def leave(
    problem: Problem,
    area: int,
    *,
    objective: Objective = KEEP,
    stop: Stop | None = None,
    seed: int = 0,
    told: Told | None = None,
) -> Solution:
    """Return the plan after an area is given up: its neighbors take what it had.

    What is held in it stays. The targets of the others grow in proportion.
    """
    _check(problem, area)
    gone = (problem.current == area) & ~problem.held
    without = _locked(problem, area, np.where(gone, -1, problem.current))
    found = fill(without, objective=objective, stop=stop, seed=seed, told=told)
    after = replace(problem, targets=without.targets)
    return again(after, objective, found.area_of, found.figures)


def join(
    problem: Problem,
    area: int,
    *,
    objective: Objective = KEEP,
    stop: Stop | None = None,
    seed: int = 0,
    told: Told | None = None,
) -> Solution:
    """Return the plan after an area that has next to nothing takes its share.

    It grows from its pinned center, or from what it holds. Two ways are tried:
    from one neighbor that the others make good, and from all around.
    """
    _check(problem, area)
    run = Run(stop, told)
    best: tuple[bool, float, Ints] | None = None
    for plan in (problem.current, _grown(problem, area, objective)):
        work = begun(problem, objective, seed, plan)
        settle(work, objective, run)
        label = search.area_of(work.task, work.state.best)
        lost = float(problem.value[(label != problem.current) & (problem.current >= 0)].sum())
        key = (not in_band(work.task, work.state), lost)
        if best is None or key < best[:2]:
            best, kept = (*key, label), work
        if run.stopped:
            break
    return finished(problem, objective, kept, run)


def split(
    problem: Problem,
    area: int,
    into: int,
    *,
    objective: Objective = BAND,
    stop: Stop | None = None,
    seed: int = 0,
    told: Told | None = None,
) -> Solution:
    """Return the plan after an area gave part of what it has to another, empty one.

    The parts are as large as the targets of the two are to each other; no
    other area changes.
    """
    _check(problem, area)
    _check(problem, into)
    if area == into or (problem.current == into).any():
        raise ValueError(f"Expected an empty area to split into, got {into}.")
    two = np.isin(np.arange(problem.areas), [area, into])
    outside = ~np.isin(problem.current, [area, into])
    held = problem.held | outside
    alone = replace(
        problem,
        locked=problem.locked | ~two,
        held=held,
        max_change=np.full(problem.measures + 1, np.nan),
    )
    found = solve(alone, objective=objective, stop=stop, seed=seed, start="scratch", told=told)
    kept = _worth(problem, found.area_of, area), _worth(problem, found.area_of, into)
    free = not (problem.held & (problem.current == area)).any() and problem.centers is None
    plan = found.area_of
    if kept[1] > kept[0] and free:
        swap = np.arange(problem.areas + 1, dtype=np.int32)
        swap[[area, into]] = [into, area]
        swap[-1] = -1
        plan = swap[plan]
    return again(problem, objective, plan, found.figures)


def combine(problem: Problem, area: int, other: int, *, objective: Objective = KEEP) -> Solution:
    """Return the plan after an area took over all that another has and does not hold.

    Their targets add up; no other area changes.
    """
    _check(problem, area)
    _check(problem, other)
    if area == other:
        raise ValueError(f"Expected two areas to combine, got {area} twice.")
    gone = (problem.current == other) & ~problem.held
    targets = problem.targets.copy()
    targets[area] += targets[other]
    targets[other] = np.nan
    plan = np.where(gone, area, problem.current).astype(np.int32)
    return outcome(replace(problem, targets=targets), objective, plan)


def _check(problem: Problem, area: int) -> None:
    if not 0 <= area < problem.areas:
        raise ValueError(f"Expected an area of 0 to {problem.areas - 1}, got {area}.")
    if problem.locked[area]:
        raise ValueError(f"Expected an area that is not locked, got {area}: unlock it first.")


def _locked(problem: Problem, area: int, current: Ints) -> Problem:
    targets, locked = problem.targets.copy(), problem.locked.copy()
    targets[area], locked[area] = np.nan, True
    return replace(problem, targets=targets, locked=locked, current=current.astype(np.int32))


def _worth(problem: Problem, plan: Ints, area: int) -> float:
    return float(problem.value[plan == area].sum())


def _grown(problem: Problem, area: int, objective: Objective) -> Ints:
    """Return the present plan after an area took what is nearest to it, up to its share."""
    plan, graph = problem.current.copy(), Graph.of(problem)
    home = _home(problem, area)
    if home is None:
        return plan
    away = ((problem.xy - home) ** 2).sum(axis=1)
    able = movable(problem)
    start = np.flatnonzero(plan == area)
    if not len(start):
        start = np.flatnonzero(able)[[away[able].argmin()]] if able.any() else start
    heap: list[tuple[float, int]] = [(-1.0, int(i)) for i in start]
    seen = np.zeros(problem.items, np.bool_)
    seen[start] = True
    aims = aims_of(problem)
    share = float(aims.share[area]) * (1 - objective.tolerance)
    while heap and share > 0:
        i = heappop(heap)[1]
        plan[i] = area
        share -= float(aims.mass[i])
        for v in graph.indices[graph.indptr[i] : graph.indptr[i + 1]]:
            if able[v] and not seen[v]:
                seen[v] = True
                heappush(heap, (float(away[v]), int(v)))
    return plan


def _home(problem: Problem, area: int) -> Floats | None:
    if problem.centers is not None and np.isfinite(problem.centers[area]).all():
        pinned: Floats = problem.centers[area]
        return pinned
    inside: Flags = problem.current == area
    if not inside.any():
        return None
    middle: Floats = problem.xy[inside].mean(axis=0)
    return middle
