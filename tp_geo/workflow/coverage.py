"""A plan at a glance, for who signs it: covered, on target, fair, and where it is at risk."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.balance import TOLERANCE, deviations, off_target
from tp_geo.domain.dataset import Aggregate, Dataset, Floats
from tp_geo.domain.fairness import Fairness, fairness
from tp_geo.domain.hierarchy import Focus, in_view, levels, placeholder, shown_at
from tp_geo.domain.measures import Totals, doubled
from tp_geo.domain.overlap import held_too
from tp_geo.errors import BadData
from tp_geo.workflow.coverage_change import Base, Change, change
from tp_geo.workflow.coverage_gaps import Gap, Sort, gaps
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner


@dataclass(frozen=True, slots=True)
class Row:
    """One area of the level: what it should hold, what it holds, whose it is, what changes.

    ``target``, ``deviation`` and ``change`` are NaN where there is none;
    ``change`` is what the area gained and lost as a share of what it holds.
    ``off`` says whether it is outside the tolerance in any measure with a
    target, ``aimed`` whether there is such a measure.
    """

    id: AreaId
    name: str
    owner: str
    target: float
    planned: float
    deviation: float
    change: float
    containers: int
    units: int
    aimed: bool
    off: bool
    divided: bool


@dataclass(frozen=True, slots=True)
class Spread:
    """How evenly the areas of a level hold what is planned with.

    ``against`` is "targets" when every one has one, and values are shares of
    these; else "mean" and values are in the measure.
    """

    depth: int
    level: str
    against: str
    figures: Fairness


@dataclass(frozen=True, slots=True)
class Risk:
    """An area with what makes it a risk, in the words of its gaps."""

    area: AreaId
    name: str
    owner: str
    sorts: tuple[Sort, ...]
    planned: float


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """What a leader asks first, of one measure on one level, of all or of one area.

    ``covered`` is the share of all there is that some area holds, ``whole``
    how much there is. ``change`` is ``None`` without a base to compare with.
    """

    revision: int
    measure: str
    label: str
    unit: str
    depth: int
    level: str
    scope: AreaId | None
    covered: float
    whole: float
    unassigned: float
    rows: tuple[Row, ...]
    spreads: tuple[Spread, ...]
    gaps: tuple[Gap, ...]
    change: Change | None

    @property
    def aimed(self) -> int:
        """How many of the areas have a target."""
        return sum(r.aimed for r in self.rows)

    @property
    def on_target(self) -> int:
        """How many of these are within the tolerance in every measure they have one for."""
        return sum(r.aimed and not r.off for r in self.rows)

    @property
    def spread(self) -> float:
        """The coefficient of variation on the level."""
        found = next((s for s in self.spreads if s.depth == self.depth), None)
        return found.figures.variation if found else math.nan

    @property
    def counted(self) -> Mapping[Sort, int]:
        """How many gaps there are of each sort."""
        return Counter(g.sort for g in self.gaps)

    @property
    def risks(self) -> tuple[Risk, ...]:
        """The areas with gaps: those with most sorts of them first, then the largest."""
        by: dict[AreaId, dict[Sort, None]] = {}
        for gap in self.gaps:
            for k in gap.areas if gap.sort is not Sort.SPLIT else ():
                by.setdefault(k, {})[gap.sort] = None
        rows = {r.id: r for r in self.rows}
        found = [
            Risk(k, rows[k].name, rows[k].owner, (*sorts,), rows[k].planned)
            for k, sorts in by.items()
            if k in rows
        ]
        return tuple(sorted(found, key=lambda r: (-len(r.sorts), -r.planned, r.area)))


def sums(dataset: Dataset) -> tuple[str, ...]:
    """Return the measures that can be covered: those that add up."""
    return tuple(m.name for m in dataset.measures if m.aggregate is Aggregate.SUM)


def coverage(
    planner: Planner,
    plan: Plan,
    *,
    level: int = 1,
    scope: AreaId | None = None,
    measure: str | None = None,
    tolerance: float = TOLERANCE,
    base: Base | None = None,
) -> Coverage:
    """Return how a plan stands as it is now.

    Parameters
    ----------
    level
        The level whose areas are told, 1 at the top.
    scope
        Only this area and what is below it; ``None`` for all.
    measure
        A sum; ``None`` takes the first there is, and without any containers are counted.
    base
        What to compare with.
    """
    measure = _measure(plan.dataset, measure)
    alignment, figures = plan.alignment, plan.totals()
    focus = Focus(None if scope is None else (alignment.area(scope).id,), level, scope is None)
    held = _held(figures, measure)
    whole = held[UNASSIGNED] + sum(held[k] for k in alignment.children(None))
    whole -= _counted_again(plan, measure)
    moved = change(planner, plan, base, level, measure) if base else None
    rows = _Rows(plan, held, measure, tolerance, moved)
    return Coverage(
        revision=plan.seq,
        measure=measure,
        label=_label(plan, measure),
        unit=plan.dataset.measure(measure).unit if measure else "",
        depth=level,
        level=dict(enumerate(levels(alignment), 1)).get(level, "Area"),
        scope=scope,
        covered=1 - held[UNASSIGNED] / whole if whole else 0.0,
        whole=float(whole),
        unassigned=float(held[UNASSIGNED]),
        rows=tuple(map(rows.of, in_view(alignment, focus))),
        spreads=_spreads(plan, scope, held, measure),
        gaps=gaps(plan, focus=focus, measure=measure, tolerance=tolerance),
        change=moved,
    )


def _counted_again(plan: Plan, measure: str) -> float:
    """Return what the areas at the top count more than once as they share it."""
    if measure:
        return doubled(plan.dataset, plan.alignment, 1)[measure]
    return float(len(held_too(plan.alignment, shown_at(plan.alignment, 1))[0]))


def _measure(dataset: Dataset, wanted: str | None) -> str:
    known = sums(dataset)
    if wanted is None:
        return next(iter(known), "")
    if wanted and dataset.measure(wanted).name not in known:
        raise BadData(
            f"{dataset.measure(wanted).label} is a mean, of which no share can be covered. "
            f"Measures that add up: {', '.join(known) or 'none'}."
        )
    return wanted


def _label(plan: Plan, measure: str) -> str:
    if not measure:
        return plan.noun
    found = plan.dataset.measure(measure)
    return found.label or found.name


def _held(figures: Totals, measure: str) -> Floats:
    """Return what each area holds, by id; row 0 is what none does."""
    if not measure:
        return figures.containers.astype(np.float64)
    return np.asarray(figures.values[:, figures.names.index(measure)])


@dataclass(frozen=True, eq=False)
class _Rows:
    """What makes a row of an area."""

    plan: Plan
    held: Floats
    measure: str
    tolerance: float
    moved: Change | None

    def of(self, area: AreaId) -> Row:
        """Return the row of an area."""
        alignment, figures = self.plan.alignment, self.plan.totals()
        told, off = alignment.area(area), deviations(alignment, figures, area)
        holds = float(self.held[area])
        return Row(
            id=area,
            name=told.name,
            owner=told.owner or "",
            target=told.targets.get(self.measure, math.nan),
            planned=holds,
            deviation=off.get(self.measure, math.nan),
            change=self.moved.of(area) / holds if self.moved and holds else math.nan,
            containers=int(figures.containers[area]),
            units=int(figures.units[area]),
            aimed=bool(off),
            off=bool(off_target(alignment, figures, area, self.tolerance)),
            divided=bool(alignment.children(area)),
        )


def _spreads(plan: Plan, scope: AreaId | None, held: Floats, measure: str) -> tuple[Spread, ...]:
    """Return how even each level is, of an area from the level below it on."""
    alignment = plan.alignment
    first = 1 if scope is None else alignment.depth(scope) + 1
    found = []
    for depth, name in enumerate(levels(alignment), 1):
        focus = Focus(None if scope is None else (scope,), depth)
        areas = [k for k in in_view(alignment, focus) if not placeholder(alignment, k, depth)]
        if depth < first or not areas:
            continue
        holds = held[areas]
        goals = np.array([alignment.area(k).targets.get(measure, math.nan) for k in areas])
        aimed = bool((goals > 0).all())
        against = "targets" if aimed else "mean"
        found.append(Spread(depth, name, against, fairness(holds / goals if aimed else holds)))
    return tuple(found)
