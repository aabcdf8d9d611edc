"""Areas divided by balance: in two, or into as many as a capacity asks for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tp_geo.domain.alignment import Alignment, AreaId, AreaIds
from tp_geo.domain.commands import Branch, Split
from tp_geo.domain.dataset import Floats
from tp_geo.domain.hierarchy import Focus
from tp_geo.domain.naming import new_names
from tp_geo.domain.rules import decide
from tp_geo.errors import Refused
from tp_geo.optimize.objective import BAND
from tp_geo.optimize.solution import Solution
from tp_geo.optimize.stop import MaxRuntime
from tp_geo.workflow.optimizing import Cap, Request, Way
from tp_geo.workflow.optimizing_problem import Setting, setting_of
from tp_geo.workflow.optimizing_words import item_name
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.splitting import Halves, halves_by_choice

TRIES = 8
"""So many more areas than a capacity asks for at least are tried."""


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """Parts of a leaf area (``None``: of what is unassigned) that are near to each other in size.

    ``part_of`` is the part of each item of the dataset, -1 where it goes with
    others; ``totals`` is what each part holds of the first measure, ``least``
    how many parts there have to be at least.
    """

    area: AreaId | None
    part_of: AreaIds
    totals: Floats
    least: int

    @property
    def parts(self) -> int:
        """How many there are."""
        return len(self.totals)

    def command(self, alignment: Alignment, level: str) -> Split:
        """Return the command that makes areas of the parts."""
        names = new_names(level, self.parts, alignment=alignment)
        return Split(self.area, names, self.part_of, level)


def halves_by_balance(
    plan: Plan,
    area: AreaId,
    measures: tuple[tuple[str, float], ...],
    *,
    share: float = 0.5,
    seed: int = 0,
) -> Halves:
    """Return two parts of a leaf area, the larger first; ``share`` is what the second one gets.

    Nothing outside the area changes; both parts are in one piece where the
    area is.
    """
    if not 0 < share < 1:
        raise Refused(f"The share of the new part is above 0 and below 1, not {share:g}.")
    request = Request(measures, objective=BAND, seed=seed)
    found, _ = _divided(plan, area, 2, request, measured=measures[0][0], shares=(1 - share,))
    chosen = np.flatnonzero(found == 1)
    return halves_by_choice(plan.alignment, plan.boundaries, plan.adjacency, area, chosen)


def areas_for(
    plan: Plan,
    area: AreaId | None,
    measure: str,
    capacity: float,
    *,
    request: Request,
    told: Callable[[str, float], None] = lambda _what, _share: None,
) -> Division:
    """Return the fewest parts found of which none holds more of a measure than a capacity.

    Parts are in one piece and near to each other in what the request
    balances; its limits hold for each.
    """
    if not (math.isfinite(capacity) and capacity > 0):
        raise Refused(f"The capacity of an area is a number above 0, not {capacity:g}.")
    total, largest = _amounts(plan, area, measure)
    if largest[0] > capacity:
        raise Refused(
            f"{largest[1]} alone holds {largest[0]:,.0f} of {measure}, above the capacity of "
            f"{capacity:,.0f}. Give a larger capacity."
        )
    least = math.ceil(total / capacity * (1 - 1e-12))
    if least <= 1:
        raise Refused(
            f"All of it fits into one area: there is {total:,.0f} of {measure}, and an area may "
            f"hold {capacity:,.0f}."
        )
    request = _capped(request, measure, capacity)
    for n in range(least, least + TRIES):
        told(f"trying {n} areas", (n - least) / TRIES)
        part_of, totals = _divided(plan, area, n, request, measured=measure)
        if totals.max() <= capacity:
            return Division(area, part_of, totals, least)
    raise Refused(
        f"No division into {least} to {least + TRIES - 1} areas was found of which each holds at "
        f"most {capacity:,.0f} of {measure}. Give a larger capacity."
    )


def _capped(request: Request, measure: str, capacity: float) -> Request:
    return replace(request, caps=(*request.caps, Cap(measure, None, capacity)))


def _divided(
    plan: Plan,
    area: AreaId | None,
    n: int,
    request: Request,
    *,
    measured: str,
    shares: tuple[float, ...] = (),
) -> tuple[AreaIds, Floats]:
    """Return the part of each item, -1 elsewhere, when an area becomes n, and what each holds."""
    setting = _divisible(plan, area, n, request)
    if shares:
        areas = setting.frame.areas
        said = tuple((areas[i], m, s) for i, s in enumerate(shares) for m, _ in request.measures)
        again = replace(setting.request, shares=said)
        setting = setting_of(plan, again, setting.frame.alignment)
    solution = _solved(setting)
    frame = setting.frame
    part_of = np.full(frame.alignment.items.count, -1, dtype=np.int32)
    part_of[frame.items] = solution.area_of
    given = solution.area_of >= 0
    at = frame.columns.index(measured)
    totals = np.bincount(solution.area_of[given], frame.weights[given, at], n)
    return part_of, totals + frame.fixed[:, at]


def _divisible(plan: Plan, area: AreaId | None, n: int, request: Request) -> Setting:
    """Return the setting of a plan in which an area is divided into n, all in the first of them."""
    alignment = plan.alignment
    if area is not None and alignment.children(alignment.area(area).id):
        raise Refused(f"{alignment.name(area)} is divided already. Choose an area below it.")
    if area is not None and (by := alignment.lock(area)):
        raise Refused(f"{by} is locked. Unlock it, or choose another area.")
    first = max(alignment.areas, default=0) + 1
    names = tuple(f"Part {i + 1}" for i in range(n))
    ids = map(AreaId, itertools.count(first))
    _, might = decide(alignment, Branch(area, names), ids)
    parts = tuple(AreaId(first + i) for i in range(n))
    focus = Focus(parts, 1, area is None)
    return setting_of(plan, replace(request, focus=focus, way=Way.SCRATCH), might)


def _solved(setting: Setting) -> Solution:
    from tp_geo.optimize.solve import solve

    request = setting.request
    stop = None if request.max_runtime_s is None else MaxRuntime(request.max_runtime_s)
    return solve(
        setting.problem, objective=request.objective, stop=stop, seed=request.seed, start="scratch"
    )


def _amounts(plan: Plan, area: AreaId | None, measure: str) -> tuple[float, tuple[float, str]]:
    """Return what there is of a measure to divide, and the largest item with its name."""
    request = Request(((measure, 1.0),))
    frame = _divisible(plan, area, 2, request).frame
    weights = frame.weights[:, 0]
    at = int(weights.argmax())
    total = float(weights.sum() + frame.fixed[:, 0].sum())
    return total, (float(weights[at]), item_name(frame, int(frame.items[at])))
