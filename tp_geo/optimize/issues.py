"""What can't be done as asked, said in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tp_geo.optimize.aims import Aims, movable
from tp_geo.optimize.figures import parts_of, totals_of
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.objective import Objective
from tp_geo.optimize.problem import Flags, Floats, Ints, Problem
from tp_geo.optimize.solution import Issue

MISSED = 0.05
"""Where no tolerance is asked for, a deviation above this share is named."""


def issues_of(
    problem: Problem, objective: Objective, area_of: Ints, graph: Graph, aims: Aims, reach: Flags
) -> tuple[Issue, ...]:
    """Return what stands in the way of a plan as asked; ``reach``: items some area may take."""
    tolerance = objective.tolerance or MISSED
    if not problem.items or not problem.areas:
        return tuple(_of_size(problem))
    return (
        *_of_size(problem),
        *_of_targets(problem, aims),
        *_of_held(problem, tolerance),
        *_of_items(problem, tolerance),
        *_of_pieces(problem, area_of, graph),
        *_of_places(problem, area_of, reach),
        *_of_limits(problem, area_of),
        *_of_change(problem, area_of),
        *_of_missed(problem, area_of, aims, tolerance),
    )


def _of_size(problem: Problem) -> Iterator[Issue]:
    open_ = np.flatnonzero(~problem.locked)
    free = int(movable(problem).sum())
    if not problem.items:
        yield Issue("no-items", "There is nothing to distribute.")
    elif not problem.areas:
        yield Issue("no-areas", "There is no area to give items to.")
    elif not len(open_):
        yield Issue("no-open-area", "Every area is locked: nothing can move.")
    elif not free:
        yield Issue("nothing-free", "Every item is held or in a locked area: nothing can move.")
    elif problem.items < problem.areas:
        yield Issue(
            "more-areas-than-items",
            f"There are {problem.areas:,} areas for {problem.items:,} items: some stay empty.",
        )


def _of_targets(problem: Problem, aims: Aims) -> Iterator[Issue]:
    for q, wanted, there in aims.missed:
        yield Issue(
            "targets-do-not-add-up",
            f"The targets of measure {q + 1} add up to {wanted:,.6g}, but there is {there:,.6g} "
            "to give: areas are balanced to their shares of the targets.",
        )
    for q, column in enumerate(problem.weights.T):
        if problem.items and not column.any():
            yield Issue("all-zero", f"Measure {q + 1} is 0 for every item: it can't be balanced.")


def _of_held(problem: Problem, tolerance: float) -> Iterator[Issue]:
    stays = np.where(movable(problem), -1, problem.current).astype(np.int32)
    base = totals_of(problem.weights, stays, problem.areas)
    over = base > problem.targets * (1 + tolerance)
    over &= ~problem.locked[:, None] & (problem.targets > 0)
    for j, q in np.argwhere(over).tolist():
        yield Issue(
            "held-too-much",
            f"What is held in area {j + 1} comes to {base[j, q]:,.6g} of measure {q + 1}, above "
            f"its target of {problem.targets[j, q]:,.6g}: release some of it or raise the target.",
            areas=(j,),
            items=tuple(np.flatnonzero(stays == j).tolist()),
        )


def _of_items(problem: Problem, tolerance: float) -> Iterator[Issue]:
    free = movable(problem)
    open_ = ~problem.locked
    for q in range(problem.measures):
        known = problem.targets[open_, q]
        if not len(known) or not free.any() or not (known > 0).all():
            continue
        largest = float(known.max())
        giant = np.flatnonzero(free & (problem.weights[:, q] > largest * (1 + tolerance)))
        for i in giant.tolist():
            yield Issue(
                "item-too-large",
                f"Item {i + 1} alone is {problem.weights[i, q]:,.6g} of measure {q + 1}, "
                f"{problem.weights[i, q] / largest:.2f} times the largest target: the area that "
                f"holds it meets a target of {problem.weights[i, q]:,.6g} or more.",
                areas=tuple(np.flatnonzero(open_).tolist()),
                items=(i,),
            )


def _of_pieces(problem: Problem, area_of: Ints, graph: Graph) -> Iterator[Issue]:
    if not len(graph.indices) or not problem.contiguous.any():
        return
    parts = parts_of(graph, area_of, problem.areas)
    split = np.flatnonzero((parts > 1) & problem.contiguous)
    if len(split):
        yield Issue(
            "not-connected",
            f"{len(split):,} areas are in more than one piece: what is held, locked, out of "
            "reach or has no neighbors keeps them apart.",
            areas=tuple(split.tolist()),
        )
    apart = graph.pieces()[0]
    if apart > 1:
        yield Issue(
            "disconnected",
            f"The items are in {apart:,} pieces that do not touch; links between them would let "
            "areas reach across.",
        )


def _of_places(problem: Problem, area_of: Ints, reach: Flags) -> Iterator[Issue]:
    beyond = np.flatnonzero(~reach & movable(problem))
    if len(beyond) and problem.max_distance is not None:
        yield Issue(
            "beyond-distance",
            f"{len(beyond):,} items are farther than {problem.max_distance:,.6g} from every "
            "center: they stay where they are.",
            items=tuple(beyond.tolist()),
        )
    left = np.flatnonzero((area_of < 0) & movable(problem) & reach)
    if len(left):
        yield Issue(
            "unassigned",
            f"{len(left):,} items could not be given to any area.",
            items=tuple(left.tolist()),
        )


def _of_limits(problem: Problem, area_of: Ints) -> Iterator[Issue]:
    for limit in problem.limits:
        total = totals_of(limit.weights[:, None], area_of, problem.areas)[:, 0]
        slack = 1e-9 * (np.abs(total) + 1)
        over = (total > limit.maximum + slack) | (total < limit.minimum - slack)
        if over.any():
            yield Issue(
                "limit-not-met",
                f"{int(over.sum()):,} areas are outside the limits of {limit.name}.",
                areas=tuple(np.flatnonzero(over).tolist()),
            )


def _of_change(problem: Problem, area_of: Ints) -> Iterator[Issue]:
    moved = (area_of != problem.current) & (problem.current >= 0)
    whole = problem.weights.sum(axis=0)
    share = np.append(
        problem.weights[moved].sum(axis=0) / np.where(whole > 0, whole, 1),
        moved.sum() / max(1, problem.items),
    )
    over = share > problem.max_change * (1 + 1e-9) + 1e-12
    if over.any():
        q = int(np.flatnonzero(over)[0])
        what = "items" if q == problem.measures else f"measure {q + 1}"
        yield Issue(
            "too-much-moves",
            f"{share[q]:.1%} of {what} leave their area, above the {problem.max_change[q]:.1%} "
            "allowed: areas could not be put together with less.",
        )


def _of_missed(problem: Problem, area_of: Ints, aims: Aims, tolerance: float) -> Iterator[Issue]:
    total = totals_of(problem.weights, area_of, problem.areas)
    for q in range(problem.measures):
        if not problem.importance[q]:
            continue
        off = _deviation(total[:, q], aims.target[:, q])
        missed = np.flatnonzero(np.abs(off) > tolerance * (1 + 1e-6))
        if not len(missed):
            continue
        worst = int(missed[np.argmax(np.abs(off[missed]))])
        yield Issue(
            "target-missed",
            f"{len(missed):,} areas are more than {tolerance:.0%} off their target of measure "
            f"{q + 1}; area {worst + 1} is off most, by {off[worst]:+.1%}.",
            areas=tuple(missed.tolist()),
        )


def _deviation(total: Floats, target: Floats) -> Floats:
    known = np.isfinite(target) & (target > 0)
    found: Floats = np.divide(total, target, out=np.ones_like(total), where=known) - 1
    return found
