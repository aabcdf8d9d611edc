"""Targets of a plan, level by level: what areas should hold beside what they hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.balance import off_target
from tp_geo.domain.carrying import Split, carried, even
from tp_geo.domain.dataset import Aggregate, Measure
from tp_geo.domain.hierarchy import depths, path
from tp_geo.domain.targets import NO_AIM, Aim, SetTargets, aim_of, effective, misfits, roll_up
from tp_geo.errors import Refused
from tp_geo.workflow.checking import misfit_text
from tp_geo.workflow.plan import Plan


@dataclass(frozen=True, slots=True)
class TargetRow:
    """What one area should hold of a measure, and holds.

    ``target`` is its own, or where ``summed`` that of the areas right below
    it; ``below`` is what these have together. ``gap`` and ``deviation`` are
    NaN where there is no target. ``misfit`` says why its split does not add up.
    """

    id: int
    area: str
    name: str
    level: str
    depth: int
    minimum: float | None
    target: float | None
    maximum: float | None
    summed: bool
    below: float | None
    planned: float
    gap: float
    deviation: float
    off: bool
    misfit: str


@dataclass(frozen=True, slots=True)
class TargetTable:
    """The targets of a measure in the order of the tree, with what all areas at the top have."""

    measure: Measure
    rows: tuple[TargetRow, ...]
    target: float | None
    planned: float
    unassigned: float


@dataclass(frozen=True, slots=True)
class CarryDown:
    """A target to carry down.

    Parameters
    ----------
    measure
        What it is of.
    area
        Whose target; ``None``: that of each area at the top, or ``total``
        over the areas at the top.
    total
        The target to split, also set for the area; by default its own.
    potential
        The measure whose present totals parts are in proportion to; "": evenly.
    said
        What some areas get by hand.
    levels
        How many levels down.
    """

    measure: str
    area: AreaId | None = None
    total: float | None = None
    potential: str = ""
    said: Mapping[AreaId, float] = field(default_factory=dict)
    levels: int = 1


def summed_measures(plan: Plan) -> tuple[Measure, ...]:
    """Return the measures whose targets can be split: those that add up."""
    return tuple(m for m in plan.dataset.measures if m.aggregate is Aggregate.SUM)


def summed_measure(plan: Plan, name: str) -> Measure:
    """Return a measure that adds up; refuse a mean, raise ``BadData`` for one that is not there."""
    measure = plan.dataset.measure(name)
    if measure.aggregate is not Aggregate.SUM:
        others = ", ".join(m.name for m in summed_measures(plan)) or "none"
        raise Refused(
            f"{measure.label} is a mean: targets of it do not add up and can't be split. "
            f"Choose one of: {others}."
        )
    return measure


def target_table(plan: Plan, measure: str) -> TargetTable:
    """Return what every area should hold of a measure and holds."""
    alignment, figures = plan.alignment, plan.totals()
    known = summed_measure(plan, measure)
    below = roll_up(alignment, measure)
    wrong = {m.area: misfit_text(plan, m) for m in misfits(alignment, measure)}
    targets = effective(alignment, measure)
    rows = []
    for depth, k in depths(alignment):
        area, planned = alignment.areas[k], figures.of(k, measure)
        own = aim_of(area, measure)
        aim = own if own.said else Aim(ideal=targets.get(k))
        gap, deviation = aim.gap(planned), aim.deviation(planned)
        rows.append(
            TargetRow(
                id=int(k),
                area=path(alignment, k),
                name=area.name,
                level=area.level,
                depth=depth,
                minimum=own.minimum,
                target=targets.get(k),
                maximum=own.maximum,
                summed=own.ideal is None and k in targets,
                below=below[k].total if k in below else None,
                planned=planned,
                gap=math.nan if gap is None else gap,
                deviation=math.nan if deviation is None else deviation,
                off=measure in off_target(alignment, figures, k),
                misfit=wrong.get(k, ""),
            )
        )
    tops = alignment.children(None)
    return TargetTable(
        measure=known,
        rows=tuple(rows),
        target=below[None].total if None in below else None,
        planned=math.fsum(figures.of(k, measure) for k in tops),
        unassigned=figures.of(UNASSIGNED, measure),
    )


def carry_down(plan: Plan, asked: CarryDown) -> SetTargets:
    """Return the command that carries a target down; refuse what can't be split."""
    alignment, measure = plan.alignment, summed_measure(plan, asked.measure)
    if asked.levels < 1:
        raise Refused(f"Carry a target down 1 level or more, not {asked.levels}.")
    split = _split(plan, asked)
    if asked.area is None and asked.total is None:
        aims = _of_the_top(alignment, measure, split)
        text = f"carried the targets of {measure.label} down from the top"
        return SetTargets(measure.name, aims, text)
    aim = _aim(alignment, asked, measure)
    aims = carried(alignment, asked.area, aim, split)
    if asked.area is not None:
        aims = {asked.area: aim, **aims}
    where = "from the top" if asked.area is None else f"from {alignment.name(asked.area)}"
    return SetTargets(measure.name, aims, f"carried the target of {measure.label} down {where}")


def changed(plan: Plan, command: SetTargets) -> tuple[tuple[AreaId, Aim, Aim], ...]:
    """Return the areas whose target a command changes, before and after, in the order of tree."""
    alignment = plan.alignment
    found = (
        (k, aim_of(alignment.areas[k], command.measure), command.aims[k])
        for _, k in depths(alignment)
        if k in command.aims
    )
    return tuple((k, was, now) for k, was, now in found if was != now)


def _split(plan: Plan, asked: CarryDown) -> Split:
    if not asked.potential:
        return Split(even, asked.said, asked.levels)
    potential, figures = summed_measure(plan, asked.potential), plan.totals()
    return Split(lambda k: figures.of(k, potential.name), asked.said, asked.levels, potential.label)


def _aim(alignment: Alignment, asked: CarryDown, measure: Measure) -> Aim:
    """Return the target to split: the one that is said, else the area's own with its range."""
    own = NO_AIM if asked.area is None else aim_of(alignment.area(asked.area), measure.name)
    if asked.total is not None:
        if not (math.isfinite(asked.total) and asked.total >= 0):
            raise Refused(f"A target is a number of 0 or more, not {asked.total:g}.")
        return Aim(own.minimum, asked.total, own.maximum)
    if not own.said and asked.area is not None:
        raise Refused(
            f"{alignment.name(asked.area)} has no target of {measure.label} to carry down. "
            "Give it one first, or say how much there is to split."
        )
    return own


def _of_the_top(alignment: Alignment, measure: Measure, split: Split) -> dict[AreaId, Aim]:
    """Return the targets of all areas at the top that have one, each carried down."""
    found: dict[AreaId, Aim] = {}
    for top in alignment.children(None):
        aim = aim_of(alignment.areas[top], measure.name)
        inside = set(alignment.subtree(top))
        said = {k: v for k, v in split.said.items() if k in inside}
        if aim.said and alignment.children(top):
            found |= carried(alignment, top, aim, Split(split.weight, said, split.levels, split.by))
    if not found:
        raise Refused(
            f"No area at the top has a target of {measure.label} and areas below it. "
            "Give one a target first, or say how much there is to split over the top."
        )
    if stray := [k for k in split.said if k not in found]:
        raise Refused(
            f"{alignment.name(stray[0])} gets no part here: it is at the top, too far down, or "
            "below an area without a target. Leave it out."
        )
    return found
