"""Areas divided by balance: in two, or into as many as a capacity asks for."""

from __future__ import annotations

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
from tp_geo.optimize.problem import Ints
from tp_geo.optimize.stop import MaxRuntime, Progress, Stop
from tp_geo.workflow.optimizing import Request, Way
from tp_geo.workflow.optimizing_frame import Frame
from tp_geo.workflow.optimizing_problem import Setting, setting_of
from tp_geo.workflow.optimizing_words import item_name
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.splitting import Halves, halves_by_choice

ROUNDING = 1e-9
"""By this share a total may be above the capacity: what adding up makes of it."""


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
    from tp_geo.optimize.solve import solve

    request = Request(measures, objective=BAND, seed=seed)
    setting = _divisible(plan, area, 2, request, shares=(1 - share, share))
    solution = solve(
        setting.problem, objective=BAND, stop=_stop(request), seed=seed, start="scratch"
    )
    chosen = setting.frame.items[solution.area_of == 1]
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

    Parts are in one piece and near to each other in size; limits of the
    request that are the same for all hold for each.
    """
    from tp_geo.optimize.number import Capacity, number

    if not (math.isfinite(capacity) and capacity > 0):
        raise Refused(f"The capacity of an area is a number above 0, not {capacity:g}.")
    setting = _divisible(plan, area, 2, replace(request, measures=((measure, 1.0),)))
    frame = setting.frame
    _refuse_beyond(frame, measure, capacity)

    def heard(progress: Progress, number_of: Ints) -> None:
        most = request.max_runtime_s or float("inf")
        told(f"trying {number_of.max(initial=0) + 1:,} areas", min(progress.seconds / most, 1.0))

    found = number(
        setting.problem, capacity=Capacity(0, capacity), objective=request.objective,
        stop=_stop(request), seed=request.seed, told=heard,
    )  # fmt: skip
    part_of, totals = _parts(frame, found.solution.area_of, found.areas, 0)
    if totals.max() > capacity * (1 + ROUNDING):
        raise Refused(
            f"No division was found of which each area holds at most {capacity:,.0f} of "
            f"{measure}. Give a larger capacity, or release what is held."
        )
    return Division(area, part_of, totals, found.bound)


def _refuse_beyond(frame: Frame, measure: str, capacity: float) -> None:
    """Refuse a capacity that one area meets, or that an item is above by itself."""
    weights = frame.weights[:, 0]
    total, at = float(weights.sum() + frame.fixed[:, 0].sum()), int(weights.argmax())
    if total <= capacity:
        raise Refused(
            f"All of it fits into one area: there is {total:,.0f} of {measure}, and an area may "
            f"hold {capacity:,.0f}."
        )
    if weights[at] > capacity:
        name = item_name(frame, int(frame.items[at]))
        raise Refused(
            f"{name} alone holds {weights[at]:,.0f} of {measure}, above the capacity of "
            f"{capacity:,.0f}. Give a larger capacity."
        )


def _parts(frame: Frame, number: Ints, n: int, column: int) -> tuple[AreaIds, Floats]:
    """Return the part of each item of the dataset, and what each holds; what stays is the first."""
    part_of = np.full(frame.alignment.items.count, -1, dtype=np.int32)
    part_of[frame.items] = number
    totals = np.bincount(np.maximum(number, 0), frame.weights[:, column], n).astype(np.float64)
    totals[0] += frame.fixed[:, column].sum()
    return part_of, totals


def _divisible(
    plan: Plan, area: AreaId | None, n: int, request: Request, *, shares: tuple[float, ...] = ()
) -> Setting:
    """Return the setting of a plan in which an area is divided into n, all in the first of them."""
    alignment = plan.alignment
    if area is not None and alignment.children(alignment.area(area).id):
        raise Refused(f"{alignment.name(area)} is divided already. Choose an area below it.")
    if area is not None and (by := alignment.lock(area)):
        raise Refused(f"{by} is locked. Unlock it, or choose another area.")
    first = max(alignment.areas, default=0) + 1
    parts = tuple(AreaId(first + i) for i in range(n))
    branch = Branch(area, tuple(f"Part {i + 1}" for i in range(n)))
    _, might = decide(alignment, branch, iter(parts))
    said = zip(parts, shares, strict=bool(shares))
    given = tuple((part, name, of) for part, of in said for name, _ in request.measures)
    focus = Focus(parts, 1, area is None)
    return setting_of(plan, replace(request, focus=focus, way=Way.SCRATCH, shares=given), might)


def _stop(request: Request) -> Stop | None:
    return None if request.max_runtime_s is None else MaxRuntime(request.max_runtime_s)
