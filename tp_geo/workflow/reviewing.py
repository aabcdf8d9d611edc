"""A plan at a glance, for who signs it: what is covered, on target, spread, and left to look at."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.balance import TOLERANCE, deviations
from tp_geo.domain.dataset import Aggregate
from tp_geo.domain.measures import Totals
from tp_geo.geometry.findings import Kind
from tp_geo.workflow.checking import check
from tp_geo.workflow.plan import Plan


@dataclass(frozen=True, slots=True)
class Headline:
    """What a leader asks first.

    ``covered`` is the share of ``measure`` that some area holds, ``spread``
    the standard deviation of what undivided areas hold of it, each against
    its target, without targets against their mean; NaN where there is nothing
    to compare. ``on_target`` of ``aimed`` areas are within the tolerance in
    every measure they have a target for. ``findings`` counts what there is to
    look at, by kind.
    """

    measure: str
    label: str
    covered: float
    on_target: int
    aimed: int
    spread: float
    findings: Mapping[Kind, int]


def headline(plan: Plan) -> Headline:
    """Return the headline figures of a plan as it is now."""
    alignment, figures = plan.alignment, plan.totals()
    measure = next(
        (m for m in plan.dataset.measures if m.aggregate is Aggregate.SUM and m.name), None
    )
    aimed = [k for k in alignment.areas if deviations(alignment, figures, k)]
    hit = [k for k in aimed if _on_target(alignment, figures, k)]
    return Headline(
        measure=measure.name if measure else "",
        label=(measure.label or measure.name) if measure else plan.noun,
        covered=_covered(alignment, figures, measure.name if measure else ""),
        on_target=len(hit),
        aimed=len(aimed),
        spread=_spread(alignment, figures, measure.name) if measure else math.nan,
        findings=Counter(told.kind for told in check(plan)),
    )


def _covered(alignment: Alignment, figures: Totals, measure: str) -> float:
    tops = alignment.children(None)
    every = [*tops, UNASSIGNED]
    held = {k: figures.of(k, measure) if measure else float(figures.containers[k]) for k in every}
    whole = sum(held.values())
    return sum(held[k] for k in tops) / whole if whole else 0.0


def _on_target(alignment: Alignment, figures: Totals, area: AreaId) -> bool:
    return all(abs(d) <= TOLERANCE for d in deviations(alignment, figures, area).values())


def _spread(alignment: Alignment, figures: Totals, measure: str) -> float:
    leaves = sorted(alignment.leaves)
    holds = np.array([figures.of(k, measure) for k in leaves])
    goals = np.array([alignment.area(k).targets.get(measure, math.nan) for k in leaves])
    if not leaves or not holds.sum():
        return math.nan
    against = goals if np.isfinite(goals).all() and (goals > 0).all() else holds.mean()
    return float(np.std(holds / against))
