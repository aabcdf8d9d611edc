"""Where a search starts: the plan there is, or a balanced power diagram made from nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from tp_geo.optimize.aims import Aims
from tp_geo.optimize.coarse import clumps_of
from tp_geo.optimize.diagram import Cut, cut_of, rounds
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.newton import Points
from tp_geo.optimize.problem import Flags, Floats, Ints
from tp_geo.optimize.seeds import halved
from tp_geo.optimize.state import Task
from tp_geo.optimize.stir import MOST, of_clumps, stirred

COARSE_STARTS, FEW = 12, 750
"""From how many starts a design of clumps picks the best, and how many areas they may make."""
COARSE_ROUNDS, STIRRED = 8, 2
"""The rounds each of them gets, and how many of the best are stirred."""
FINER, FINER_BLUR = 4, 0.05
"""The rounds that make the best one finer, and how far cells fade in the first of them."""


class Sketch(NamedTuple):
    """A plan that may still be in pieces: labels 0 to k, k nobody's, with centers and heights."""

    label: Ints
    center: Floats
    height: Floats


def present(task: Task) -> Sketch:
    """Return the plan there is, each area about the middle of what it holds."""
    middle = middles(task, task.home, np.ones(len(task.home), np.bool_))
    center = np.where(task.anchored[:-1, None], task.center[:-1], np.nan_to_num(middle))
    return Sketch(task.home.copy(), center, np.zeros(len(center)))


def middles(task: Task, label: Ints, which: Flags) -> Floats:
    """Return the middle of those items of each area, NaN for one that has none of them."""
    k = len(task.closed)
    total = np.column_stack(
        [np.bincount(label[which], task.moments[which, q], k) for q in range(3)]
    )[:-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = total[:, 1:] / total[:, :1]
    return found


def drafts(
    task: Task,
    aims: Aims,
    graph: Graph,
    seed: int,
    *,
    keep: float = 0.0,
    count: int = 15,
    starts: int = COARSE_STARTS,
) -> Iterator[Sketch]:
    """Yield better and better plans, in ``count`` rounds; the last one is the best.

    They are made from nothing, from ``starts`` starts at most where there are many
    items, or with ``keep``, as ``rounds`` has it, from the present plan.
    """
    k = len(task.closed) - 1
    items, areas = _taking_part(task, aims)
    if not len(items) or not len(areas):
        yield present(task)
        return
    points = _points(task, aims, graph, items, areas)
    share = aims.share[areas] / aims.share[areas].sum()
    label, center = _placed(task, points, items, areas, share, seed)
    pinned = task.anchored[areas]
    if keep:
        label = np.where(points.home >= 0, points.home, label).astype(np.int32)
        there = (np.bincount(label, minlength=len(areas)) > 0) & ~pinned
        center = np.where(there[:, None], _centers(points, label, len(areas)), center)
    if len(areas) == 1 or not np.ptp(points.xy, axis=0).any():
        only = Cut(label, center, np.zeros(len(areas)), 0.0, 0.0)
        yield _whole(task, items, areas, only, k)
        return
    clumps = None if keep else clumps_of(points, len(areas))
    if clumps is None:
        given = rounds(points, share, center, label, pinned=pinned, count=count, keep=keep)
        for cut in _bettering(given, count // 2):
            yield _whole(task, items, areas, cut, k)
        return
    coarse, clump = clumps
    for best in _coarsely(task, items, areas, coarse, clump, share, seed, starts):
        yield _whole(task, items, areas, best.of(clump), k)
    label = best.label
    stay = pinned | (np.bincount(label, minlength=len(areas)) == 0)
    center = np.where(stay[:, None], best.center, _centers(coarse, label, len(areas)))
    finer = rounds(points, share, center, label[clump], pinned=pinned, count=FINER, blur=FINER_BLUR)
    for cut in _bettering(finer, 1):
        yield _whole(task, items, areas, cut, k)


def clumped(task: Task, aims: Aims, graph: Graph) -> tuple[Ints, Points, Ints] | None:
    """Return the items that take part, clumps of them as points, and the clump of each; or none."""
    items, areas = _taking_part(task, aims)
    if len(areas) < 2 or not len(items):
        return None
    points = _points(task, aims, graph, items, areas)
    found = clumps_of(points, len(areas)) if np.ptp(points.xy, axis=0).any() else None
    return None if found is None else (items, *found)


def _coarsely(
    task: Task,
    items: Ints,
    areas: Ints,
    coarse: Points,
    clump: Ints,
    share: Floats,
    seed: int,
    starts: int,
) -> Iterator[Cut]:
    """Yield plans of clumps: the best start so far, then the best of those that were stirred."""
    pinned, found = task.anchored[areas], list[Cut]()
    for turn in range(max(1, min(starts, FEW // len(areas)))):
        label, center = _placed(task, coarse, items, areas, share, COARSE_STARTS * seed + turn)
        best = cut_of(coarse, share, center, label)
        given = rounds(coarse, share, center, label, pinned=pinned, count=COARSE_ROUNDS)
        for cut in _bettering(given, COARSE_ROUNDS // 2):
            best = min(best, cut, key=_cost)
            yield min(*found, best, best, key=_cost)
        found.append(best)
    if len(task.far):
        return
    number = np.zeros(len(task.closed), np.int32)
    number[areas] = np.arange(len(areas))
    few, done = of_clumps(task, items, clump, coarse), list[Cut]()
    chosen = sorted(found, key=_cost)[:STIRRED]
    for turn, start in enumerate(chosen):
        stirring = stirred(few, areas[start.label], STIRRED * seed + turn, MOST // len(chosen))
        for label in stirring:
            best = cut_of(coarse, share, start.center, number[label])
            yield min(*done, best, best, key=_cost)
        done.append(best)


def _cost(cut: Cut) -> float:
    return cut.cost


def _bettering(given: Iterator[Cut], rough: int) -> Iterator[Cut]:
    """Yield the best cut so far; the first rounds are too ``rough`` to be it in the end."""
    best: Cut | None = None
    for turn, cut in enumerate(given):
        if best is None or turn <= rough or cut.cost < best.cost:
            best = cut
        yield best


def _taking_part(task: Task, aims: Aims) -> tuple[Ints, Ints]:
    """Return the items that may be given out or count, and the open areas.

    Of more areas than there are items those that hold some or get most.
    """
    items = np.flatnonzero(~task.fixed | ~task.closed[task.home]).astype(np.int32)
    open_ = np.flatnonzero(~task.closed[:-1])
    if len(open_) <= len(items):
        return items, open_.astype(np.int32)
    holding = np.isin(open_, task.home[task.fixed])
    order = np.lexsort((open_, -aims.share[open_], ~holding))
    return items, np.sort(open_[order[: len(items)]]).astype(np.int32)


def _points(task: Task, aims: Aims, graph: Graph, items: Ints, areas: Ints) -> Points:
    linked = graph.with_links(task.xy)
    if len(items) < len(task.xy):
        linked = _within(linked, items).with_links(task.xy[items])
    number = np.full(len(task.closed), -1, np.int32)
    number[areas] = np.arange(len(areas))
    home = number[task.home[items]]
    weight = aims.mass[items]
    return Points(
        linked.indptr,
        linked.indices,
        np.ascontiguousarray(task.xy[items]),
        weight / weight.sum(),
        task.fixed[items] & (home >= 0),
        home,
        np.zeros(len(items)),
    )


def _within(graph: Graph, items: Ints) -> Graph:
    number = np.full(graph.items, -1, np.int32)
    number[items] = np.arange(len(items))
    a, b = number[graph.sources], number[graph.indices]
    keep = (a >= 0) & (b >= 0) & (a < b)
    return Graph.from_edges(len(items), np.column_stack([a[keep], b[keep]]), np.zeros(keep.sum()))


def _placed(
    task: Task, points: Points, items: Ints, areas: Ints, share: Floats, seed: int
) -> tuple[Ints, Floats]:
    """Return first labels and centers: cuts of the map, each given to the area that is there.

    An area is where its pinned center is, else in the middle of what it holds
    and keeps, else of what it holds at present.
    """
    label = halved(points.xy, points.weight, share, seed)
    center = _centers(points, label, len(areas))
    held = middles(task, task.home, task.fixed)[areas]
    there = middles(task, task.home, np.ones(len(task.home), np.bool_))[areas]
    known = np.where(np.isnan(held), there, held)
    known = np.where(task.anchored[areas, None], task.center[areas], known)
    placed = ~np.isnan(known[:, 0])
    if placed.any():
        way = ((known[:, None] - center[None]) ** 2).sum(axis=2)
        spot = linear_sum_assignment(np.where(placed[:, None], way, 0.0))[1]
        area = np.argsort(spot).astype(np.int32)
        label, center = area[label], center[spot]
        center = np.where(task.anchored[areas, None], known, center)
    label = np.where(points.held, points.home, label).astype(np.int32)
    return label, center


def _centers(points: Points, label: Ints, k: int) -> Floats:
    w = points.weight
    load = np.maximum(np.bincount(label, w, k), 1e-300)
    return np.column_stack([np.bincount(label, w * points.xy[:, q], k) / load for q in (0, 1)])


def _whole(task: Task, items: Ints, areas: Ints, cut: Cut, k: int) -> Sketch:
    label, center, height = task.home.copy(), np.zeros((k, 2)), np.zeros(k)
    label[items] = areas[cut.label]
    label[task.fixed] = task.home[task.fixed]
    center[areas], height[areas] = cut.center, cut.height
    return Sketch(label, center, height)
