"""How areas lie before and after: parts, roundness, distance to their center, borders parted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tp_geo.domain.dataset import Floats
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.compactness import roundness
from tp_geo.geometry.contiguity import parts
from tp_geo.workflow.optimizing_frame import Numbers
from tp_geo.workflow.optimizing_problem import Setting
from tp_geo.workflow.optimizing_proposal import Shape
from tp_geo.workflow.optimizing_roads import roads_in_use

SPLIT = ("county", "state")
"""The borders of which it is told how many are parted."""


def shapes(setting: Setting, number: Numbers) -> tuple[Shape, ...]:
    """Return how each area lies when items are in the areas of these numbers."""
    k = setting.areas
    if setting.frame.table:
        return (Shape(0, np.nan, np.nan, np.nan),) * k
    parts_of = pieces(setting, number)
    round_ = _roundness(setting, number)
    centers = _centers(setting, number)
    km = _mean(setting, number, _metres(setting, number, centers)) / 1000
    minutes = _mean(setting, number, _minutes(setting, number, centers))
    rows = zip(parts_of.tolist(), round_.tolist(), km.tolist(), minutes.tolist(), strict=True)
    return tuple(Shape(*row) for row in rows)


def parted(setting: Setting, number: Numbers) -> Mapping[str, int]:
    """Return how many counties, states, … lie in more than one area."""
    frame = setting.frame
    within = {} if frame.table else frame.plan.boundaries.within
    found = {}
    for kind in (k for k in SPLIT if k in within):
        names, group = np.unique(within[kind][frame.items].astype(str), return_inverse=True)
        given = (number >= 0) & (names[group] != "")
        pairs = np.unique(group[given].astype(np.int64) * setting.areas + number[given])
        found[kind] = int((np.bincount(pairs // setting.areas) > 1).sum()) if len(pairs) else 0
    return found


def pieces(setting: Setting, number: Numbers) -> Numbers:
    """Return in how many parts each area is, 0 for one that holds nothing."""
    ground = setting.ground
    adjacency = Adjacency(ground.edges, ground.length, ground.length == 0)
    found = parts((number + 1).astype(np.int32), adjacency)
    return np.array([found.get(i + 1, 0) for i in range(setting.areas)])  # type: ignore[call-overload]


def _roundness(setting: Setting, number: Numbers) -> Floats:
    """Return the Polsby-Popper score of each area, from areas and borders of its containers."""
    frame, ground, k = setting.frame, setting.ground, setting.areas
    given = number >= 0
    items, of = frame.items[given], number[given]
    area_m2 = np.bincount(of, frame.plan.boundaries.area_km2[items], k) * 1e6
    border_m = np.bincount(of, frame.plan.border_m[items], k).astype(np.float64)
    i, j = ground.edges.T
    inner = (number[i] == number[j]) & (number[i] >= 0)
    border_m -= 2 * np.bincount(number[i[inner]], ground.length[inner], k)
    return roundness(area_m2.astype(np.float64), border_m)


def _centers(setting: Setting, number: Numbers) -> Floats:
    """Return the center of each area: the pinned one, else the middle of what it weighs."""
    k, weight = setting.areas, _weight(setting)
    given = number >= 0
    total = np.bincount(number[given], weight[given], k)
    sums = [np.bincount(number[given], (weight * c)[given], k) for c in setting.ground.xy.T]
    found = np.full((k, 2), np.nan)
    there = total > 0
    found[there] = (np.column_stack(sums) / np.where(there, total, 1.0)[:, None])[there]
    fixed = setting.problem.centers
    return found if fixed is None else np.where(np.isnan(fixed), found, fixed)


def _metres(setting: Setting, number: Numbers, centers: Floats) -> Floats:
    away = setting.ground.xy - centers[np.maximum(number, 0)]
    return np.asarray(np.hypot(away[:, 0], away[:, 1]))


def _minutes(setting: Setting, number: Numbers, centers: Floats) -> Floats:
    roads = roads_in_use()
    if roads is None:
        return np.full(len(number), np.nan)
    table = roads.distance(setting.ground.plane)(centers, setting.ground.xy)
    return np.asarray(table[np.arange(len(number)), np.maximum(number, 0)])


def _mean(setting: Setting, number: Numbers, values: Floats) -> Floats:
    given = number >= 0
    weight, k = _weight(setting)[given], setting.areas
    total = np.bincount(number[given], weight, k)
    sums = np.bincount(number[given], weight * values[given], k)
    found: Floats = np.divide(sums, total, out=np.full(k, np.nan), where=total > 0)
    return found


def _weight(setting: Setting) -> Floats:
    return setting.frame.weights[:, 0]
