"""Brings areas back into their bands from the present plan, with as few changes as can be.

A linear program says how much has to cross which border; items then cross,
those first whose going costs the shape of areas least; a cold search puts the
borders straight; what need not have moved goes home.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from tp_geo.optimize import search
from tp_geo.optimize.aims import aims_of, movable
from tp_geo.optimize.costs import costs_of
from tp_geo.optimize.flow import Band, Ways, cheapest, ways_of
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.objective import KEEP, Objective
from tp_geo.optimize.outcome import outcome
from tp_geo.optimize.problem import Flags, Floats, Ints, Problem
from tp_geo.optimize.repair import mended
from tp_geo.optimize.run import Run, Told
from tp_geo.optimize.search import Phase
from tp_geo.optimize.solution import Solution
from tp_geo.optimize.solve import solve
from tp_geo.optimize.start import present
from tp_geo.optimize.state import RIM, Costs, State, Task, add_up, find_rim
from tp_geo.optimize.stop import Stop
from tp_geo.optimize.task import INSIDE as MARGIN
from tp_geo.optimize.task import task_of
from tp_geo.optimize.transfer import bring_home, carry

ROUNDS, PATIENCE = 8, 3
"""How often flows are worked out anew, at most, and how often for nothing."""
AIM, STRAIN = 0.97, 0.05
"""The part of the band that flows aim at, and by how much less for areas that stay out of it."""
INSIDE = 0.99
"""The part of the band that a search aims at, so that a last bit outside does not matter."""
EDGE, PUSH = 100.0, 1e5
"""What a target outside its band counts in a search, and its square in one that evens out."""
EARLY = 2
"""After so many rounds what is left outside is evened out over the areas around."""
SHORT, LONG = 20_000, 20
"""Moves tried after each round, and for each item at a border at the end."""
COLD, WARM, HOT = 0.01, 2.0, 10.0
"""The last temperature in units of sqrt(areas / items), and first ones in units of that."""
SPARE = 1.25
"""How much more than what must cross borders may move for the sake of shape."""
AWAY = 0.05
"""What moving an item counts that is nobody's or away from home anyway."""
BORDER, CHANGE = 6.0, 1.0
"""How much borders and changes count beside what they do in a design."""
STRICT = 1e6
"""How much more a band counts when things go home than in a search."""


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """A plan that is being changed, and all that is needed for it."""

    graph: Graph
    task: Task
    state: State
    costs: Costs


class Flows(NamedTuple):
    """What crossed borders so far, by column, and how often each area was still out after that."""

    crossed: Floats
    strain: Floats


def rebalance(
    problem: Problem,
    *,
    objective: Objective = KEEP,
    stop: Stop | None = None,
    seed: int = 0,
    told: Told | None = None,
) -> Solution:
    """Return the present plan with the changes that bring it into the tolerance.

    What is unassigned and not held gets the area beside it. Where everything
    is within tolerance, limits and one piece already, nothing moves.
    """
    if not len(problem.edges) or not problem.areas:
        return solve(problem, objective=objective, stop=stop, seed=seed, start="present", told=told)
    run = Run(stop, told)
    work = begun(problem, objective, seed)
    settle(work, objective, run)
    return finished(problem, objective, work, run)


def begun(problem: Problem, objective: Objective, seed: int, plan: Ints | None = None) -> Work:
    """Return a plan, by default the present one, with every area in one piece where it can be."""
    graph = Graph.of(problem)
    exact = replace(objective, tolerance=objective.tolerance / MARGIN)
    task = task_of(problem, exact, graph, aims_of(problem))
    counts = np.append(problem.importance > 0, np.ones(len(problem.limits), np.bool_))
    task = task._replace(per=task.per * counts)
    given = problem.current if plan is None else plan
    label = np.where(given < 0, problem.areas, given).astype(np.int32)
    work = _placed(graph, task, objective, label, seed)
    if (work.state.moved > task.budget).any():
        still = task._replace(fixed=task.fixed | (task.home < problem.areas))
        work = replace(_placed(graph, still, objective, label, seed), task=task)
        _back_to_best(work)
    return work


def _placed(graph: Graph, task: Task, objective: Objective, label: Ints, seed: int) -> Work:
    sketch = present(task)
    whole = mended(task, label, sketch.center, sketch.height)
    label = np.where(_in_vain(graph, task, label, whole), label, whole).astype(np.int32)
    work = Work(graph, task, search.begin(task, label, seed + 1), prices(task, objective, label))
    _back_to_best(work)
    return work


def _in_vain(graph: Graph, task: Task, label: Ints, whole: Ints) -> Flags:
    """Return the items that got another area to hang together with, and still do not."""
    nobody = len(task.closed) - 1
    piece = graph.pieces(whole)[1]
    mass = np.bincount(piece, task.moments[:, 0])
    order = np.argsort(mass[piece], kind="stable")
    main = np.full(nobody + 1, -1, np.int32)
    main[whole[order]] = piece[order]
    moved = (whole != label) & (label < nobody) & task.contiguous[whole]
    found: Flags = moved & (piece != main[whole])
    return found


def finished(
    problem: Problem, objective: Objective, work: Work, run: Run, label: str = ""
) -> Solution:
    """Return what a run found, with its figures."""
    return outcome(
        problem,
        objective,
        search.area_of(work.task, work.state.best),
        graph=work.graph,
        reach=~work.task.fixed | ~movable(problem),
        cost=search.value(work.task, work.costs, work.state),
        stopped=run.stopped or "done",
        seconds=run.seconds,
        iterations=run.iterations,
        trace=tuple(run.trace),
        label=label,
    )


def prices(task: Task, objective: Objective, label: Ints) -> Costs:
    """Return how much each part counts: bands strictly, borders more than in a design."""
    costs = costs_of(task, objective, label, 1.0)
    n, k = len(label), max(1, len(task.closed) - 1)
    return costs._replace(
        pull=costs.pull if objective.tolerance == 0 else np.zeros_like(costs.pull),
        push=np.zeros_like(costs.push),
        edge=np.full_like(costs.edge, EDGE * n / k),
        border=BORDER * costs.border,
        change=CHANGE * costs.change,
    )


def settle(work: Work, objective: Objective, run: Run) -> None:
    """Bring a plan into its bands; it is left as it is where it is in them."""
    plan = search.area_of(work.task, work.state.best)
    cost = search.value(work.task, work.costs, work.state)
    if not run.goes_on(plan, cost, 0) or in_band(work.task, work.state):
        return
    flows = Flows(np.zeros(work.task.weights.shape[1]), np.zeros(len(work.task.closed) - 1))
    if not _flowed(work, objective, flows, run):
        return
    calm = _calmed(work, objective, flows) if in_band(work.task, work.state) else work.task
    moves = LONG * int(work.state.numbers[RIM])
    if not search.anneal(
        _within(calm, INSIDE), work.state, _cold(work, moves, HOT), work.costs, run
    ):
        return
    _back_to_best(work)
    if _flowed(work, objective, flows, run):
        _homeward(work)


def in_band(task: Task, state: State) -> bool:
    """Return whether every total is within its band."""
    return not outside(task, state).any()


def outside(task: Task, state: State) -> Floats:
    """Return how far totals are outside their bands, (k, columns), as shares of their targets."""
    k = len(task.closed) - 1
    total = state.totals[:k]
    over = np.maximum(total - task.high[:k], task.low[:k] - total)
    found: Floats = np.where(task.per[:k] > 0, np.maximum(over, 0) * task.per[:k], 0.0)
    return found


def _flowed(work: Work, objective: Objective, flows: Flows, run: Run) -> bool:
    """Carry flows over borders until every area is in its band; return whether the run goes on."""
    least, wasted = np.inf, 0
    for turn in range(ROUNDS):
        off = outside(work.task, work.state)
        wasted = 0 if off.sum() < least else wasted + 1
        least = min(least, float(off.sum()))
        if not least or wasted == PATIENCE:
            break
        flows.strain[off.any(axis=1)] += turn > 0
        _flow(work, flows)
        early = turn < EARLY
        calm = _within(_calmed(work, objective, flows), INSIDE if early else AIM)
        phase = _cold(work, SHORT, WARM) if early else _even(work, SHORT)
        if not search.anneal(calm, work.state, phase, work.costs, run):
            return False
        _back_to_best(work)
    return True


def _flow(work: Work, flows: Flows) -> None:
    """Work out what has to cross which border, and carry it."""
    task, state, k = work.task, work.state, len(work.task.closed) - 1
    ways = _ways(work)
    aim = _within(task, np.append(np.maximum(0, AIM - STRAIN * flows.strain), 1))
    band = Band(state.totals[:k], aim.low[:k], aim.high[:k], aim.per[:k])
    flow, _ = cheapest(ways, band, _budget(work, ways))
    flows.crossed[:] += flow @ ways.leaves
    first = np.searchsorted(ways.giver, np.arange(k + 1)).astype(np.int32)
    carry(task, work.costs, state, first, ways.taker, flow * len(state.label) / k)
    state.best[:] = state.label


def _ways(work: Work) -> Ways:
    task, label = work.task, work.state.label
    k = len(task.closed) - 1
    mass, at_home = task.moments[:, 0] * k / len(label), task.home == label
    price = np.where(at_home, task.loss, AWAY * task.moments[:, 0]) * k / len(label)
    return ways_of(label, work.graph, ~task.closed, ~task.fixed, at_home, mass, task.weights, price)


def _budget(work: Work, ways: Ways) -> tuple[Floats, Floats] | None:
    """Return what flows use up of what may change, and what is left of it."""
    left = work.task.budget - work.state.moved
    known = np.flatnonzero(np.isfinite(left[:-1]))
    if not len(known):
        return None
    return ways.leaves[:, known], left[known]


def _within(task: Task, part: float | Floats) -> Task:
    """Return the same with bands narrowed to a part of their width, which may differ by area."""
    both = np.isfinite(task.low) & np.isfinite(task.high)
    width = np.where(both, task.high, 0) - np.where(both, task.low, 0)
    trim = (1 - np.reshape(part, (-1, 1))) / 2 * width
    return task._replace(low=task.low + trim, high=task.high - trim)


def _calmed(work: Work, objective: Objective, flows: Flows) -> Task:
    """Return a task with a budget near what must move, where continuity counts."""
    if not objective.continuity:
        return work.task
    budget, moved = work.task.budget, work.state.moved
    m = len(budget) - 1
    most = np.append(np.maximum(SPARE * flows.crossed[:m], moved[:m]), np.inf)
    return work.task._replace(budget=np.minimum(budget, most))


def _cold(work: Work, moves: int, hot: float, hard: int = 1) -> Phase:
    cold = COLD * float(np.sqrt((len(work.task.closed) - 1) / len(work.state.label)))
    return Phase(work.costs, moves, hot * cold, cold, 0.3, hard)


def _even(work: Work, moves: int) -> Phase:
    """Return a phase that shares what is outside bands out among areas, the worst ones first."""
    none = np.zeros_like(work.costs.edge)
    costs = work.costs._replace(push=work.costs.edge / EDGE * PUSH, edge=none)
    return replace(_cold(work, moves, WARM, 8), costs=costs)


def _back_to_best(work: Work) -> None:
    work.state.label[:] = work.state.best
    add_up(work.task, work.costs, work.state)
    find_rim(work.task, work.state)


def _homeward(work: Work) -> None:
    """Bring home what need not be away."""
    strict = replace(work, costs=work.costs._replace(edge=STRICT * work.costs.edge))
    _back_to_best(strict)
    bring_home(strict.task, strict.costs, strict.state)
    strict.state.best[:] = strict.state.label
