"""Scenarios side by side with what they are scenarios of: one column each, the best marked."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.balance import off_target
from tp_geo.domain.comparison import Comparison, figure_of
from tp_geo.domain.dataset import Measure
from tp_geo.domain.fairness import fairness
from tp_geo.domain.hierarchy import Focus, in_view
from tp_geo.domain.targets import Aim, aim_of, effective
from tp_geo.workflow.compare import compare_sides
from tp_geo.workflow.differences import Side
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.scenarios import assumptions, scenarios_of
from tp_geo.workflow.targets import summed_measure, summed_measures


@dataclass(frozen=True, slots=True)
class Standing:
    """One side in figures, on a level, in one measure; NaN where there is nothing to tell.

    ``mean`` is that of the sizes of deviations. What changes is against the
    base as it is now, NaN for the base itself: ``share`` and ``value`` of the
    measure that lie in another area, how many ``containers`` do, how many
    areas have another owner.
    """

    id: str
    name: str
    base: bool
    assumes: tuple[str, ...]
    areas: int
    target: float
    planned: float
    largest: float
    mean: float
    on_target: int
    aimed: int
    gini: float
    variation: float
    unassigned: float
    containers: float
    value: float
    share: float
    owners: float


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of the table: its name, what it is of each side, and where it is best."""

    key: str
    label: str
    values: tuple[float, ...]
    best: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Scenarios:
    """The base, first, and its scenarios, on a level and in a measure."""

    measure: Measure
    level: int
    sides: tuple[Standing, ...]
    rows: tuple[Row, ...]


_Value = Callable[[Standing], float]
_ROWS: tuple[tuple[str, str, _Value, _Value | None], ...] = (
    ("areas", "Areas", lambda s: s.areas, None),
    ("target", "Target", lambda s: s.target, None),
    ("planned", "Planned", lambda s: s.planned, None),
    ("largest", "Largest deviation", lambda s: s.largest, lambda s: abs(s.largest)),
    ("mean", "Mean deviation", lambda s: s.mean, lambda s: s.mean),
    ("on_target", "On target", lambda s: s.on_target, lambda s: -_share(s.on_target, s.aimed)),
    ("gini", "Gini", lambda s: s.gini, lambda s: s.gini),
    ("variation", "Spread", lambda s: s.variation, lambda s: s.variation),
    ("unassigned", "Unassigned", lambda s: s.unassigned, lambda s: s.unassigned),
    ("containers", "Containers that move", lambda s: s.containers, lambda s: s.containers),
    ("value", "Value that moves", lambda s: s.value, lambda s: s.value),
    ("share", "Share that moves", lambda s: s.share, lambda s: s.share),
    ("owners", "Areas with another owner", lambda s: s.owners, lambda s: s.owners),
)
"""Key, name, figure, and what is least where it is best; ``None``: there is no best."""


def scenario_table(planner: Planner, base: Plan, measure: str = "", level: int = 1) -> Scenarios:
    """Return an alignment and its scenarios side by side."""
    of = summed_measure(base, measure) if measure else summed_measures(base)[0]
    sides = [_standing(planner, base, base, of, level)]
    for info in scenarios_of(planner, base):
        sides.append(_standing(planner, base, planner.open(info.id), of, level))
    return Scenarios(of, level, tuple(sides), tuple(_row(sides, *about) for about in _ROWS))


def _standing(planner: Planner, base: Plan, plan: Plan, measure: Measure, level: int) -> Standing:
    alignment, figures = plan.alignment, plan.totals()
    shown = in_view(alignment, Focus(None, level))
    goals = effective(alignment, measure.name)
    held = np.array([figures.of(k, measure.name) for k in shown])
    aims = [_aim(plan, k, measure.name, goals.get(k)) for k in shown]
    found = [a.deviation(v) for a, v in zip(aims, held.tolist(), strict=True)]
    off = [d for d in found if d is not None]
    missed = sum(
        d is not None and measure.name in off_target(alignment, figures, k)
        for k, d in zip(shown, found, strict=True)
    )
    spread = fairness(held)
    own = base.info.id == plan.info.id
    change = (
        None
        if own
        else compare_sides(planner, Side(base, base.seq), Side(plan, plan.seq), level=level)
    )
    at = change.figure(figure_of(measure.name)) if change else 0
    return Standing(
        id=plan.info.id,
        name=plan.info.name,
        base=own,
        assumes=tuple(a.text for a in assumptions(plan)) if not own else (),
        areas=len(shown),
        target=math.fsum(goals[k] for k in shown if k in goals) if goals else math.nan,
        planned=math.fsum(figures.of(k, measure.name) for k in alignment.children(None)),
        largest=max(off, key=abs, default=math.nan),
        mean=math.fsum(map(abs, off)) / len(off) if off else math.nan,
        on_target=len(off) - missed,
        aimed=len(off),
        gini=spread.gini,
        variation=spread.variation,
        unassigned=figures.of(UNASSIGNED, measure.name),
        containers=change.areas.moved(0) if change else math.nan,
        value=change.areas.moved(at) if change else math.nan,
        share=change.areas.share(at) if change else math.nan,
        owners=_owners(base, plan, change) if change else math.nan,
    )


def _aim(plan: Plan, area: AreaId, measure: str, goal: float | None) -> Aim:
    own = aim_of(plan.alignment.areas[area], measure)
    return own if own.said else Aim(ideal=goal)


def _owners(base: Plan, plan: Plan, change: Comparison) -> int:
    """Return how many areas of both sides have another owner, theirs or that of one above."""

    def owner(of: Plan, area: AreaId) -> str:
        above = of.alignment.ancestry(area)
        return next((a.owner for a in above if a.owner), "")

    both = ((p.before, p.after) for p in change.pairs if p.before and p.after)
    return sum(owner(base, was) != owner(plan, now) for was, now in both)


def _row(
    sides: Sequence[Standing], key: str, label: str, value: _Value, order: _Value | None
) -> Row:
    ranks = [math.nan if order is None else order(s) for s in sides]
    known = [r for r in ranks if math.isfinite(r)]
    least = min(known, default=math.nan)
    tell = len(known) > 1 and max(known) > least
    best = tuple(tell and math.isclose(r, least, abs_tol=1e-12) for r in ranks)
    return Row(key, label, tuple(value(s) for s in sides), best)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
