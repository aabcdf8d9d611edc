"""What is found in a plan, in words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from tp_geo.domain.alignment import Positions
from tp_geo.domain.balance import TOLERANCE
from tp_geo.domain.commands import counted
from tp_geo.domain.hierarchy import Focus
from tp_geo.domain.targets import Misfit, aim_of
from tp_geo.geometry.findings import Finding, Kind, findings
from tp_geo.workflow.homes import Homes, home_of
from tp_geo.workflow.plan import Plan

TITLES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.UNASSIGNED: "Unassigned",
        Kind.CUT_OFF: "Cut off",
        Kind.ENCLAVE: "Enclaves",
        Kind.PARTS: "In several parts",
        Kind.OFF_TARGET: "Off target",
        Kind.SUM_OFF: "Splits that do not add up",
        Kind.NO_OWNER: "Without owner",
        Kind.EMPTY: "Empty",
        Kind.NO_PLACE: "Homes without a place",
    }
)
"""What to write above the findings of each kind."""

NAMED = 4
"""Of so many states at most the codes are told."""

LARGE = 1_000
"""Figures of at least this much are told without decimals."""

FEW = 10
"""A clump of more containers is called by its state, not by its first container."""


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A finding in words: ``title`` names the area, ``text`` says what is the matter.

    ``measure`` is what is off, with its ``amount``; "" where the one looked at is meant.
    """

    kind: Kind
    area: int | None
    title: str
    text: str
    containers: Positions
    amount: float
    measure: str = ""


def check(
    plan: Plan, *, focus: Focus | None = None, measure: str = "", tolerance: float = TOLERANCE
) -> tuple[Told, ...]:
    """Return what there is to look at in a focus of a plan, kind by kind, the largest first."""
    every = findings(
        plan.dataset,
        plan.alignment,
        plan.totals(),
        plan.adjacency,
        focus=focus,
        measure=measure,
        tolerance=tolerance,
        border_m=plan.border_m,
    )
    told = tuple(
        Told(
            f.kind,
            f.area or None,
            _title(plan, f),
            _text(plan, f),
            f.containers,
            f.amount,
            f.measure,
        )
        for f in every
    )
    return told + tuple(_homes(plan, focus or Focus()))


def _homes(plan: Plan, focus: Focus) -> Iterator[Told]:
    """Yield the areas in a focus, of any level, whose owner's home means no place."""
    alignment, inside = plan.alignment, focus.areas
    chosen = (
        alignment.areas if inside is None else [k for a in inside for k in alignment.subtree(a)]
    )
    said = {k: home for k in chosen if (home := home_of(alignment.area(k)))}
    homes = Homes.of(plan.boundaries) if said else None
    leaf = alignment.area_of[: plan.dataset.items.containers]
    for k, home in said.items():
        if homes and isinstance(why := homes.read(home), str):
            held = np.flatnonzero(np.isin(leaf, list(alignment.subtree(k))))
            text = f"owner's home {home!r} {why}"
            yield Told(Kind.NO_PLACE, k, alignment.name(k), text, held, math.nan)


def _title(plan: Plan, finding: Finding) -> str:
    if finding.kind is Kind.UNASSIGNED:
        return _near(plan, finding.containers)
    return plan.alignment.name(finding.area)


def _text(plan: Plan, finding: Finding) -> str:
    what = counted(len(finding.containers), plan.noun)
    match finding.kind:
        case Kind.UNASSIGNED:
            return f"{what} in no area"
        case Kind.CUT_OFF:
            return f"{what} apart from its main part: {_near(plan, finding.containers)}"
        case Kind.ENCLAVE if finding.inside is not None:
            return f"{what} inside {plan.alignment.name(finding.inside)}"
        case Kind.PARTS:
            return f"in {finding.parts:,} parts"
        case Kind.OFF_TARGET:
            return _off(plan, finding)
        case Kind.SUM_OFF if finding.misfit is not None:
            return misfit_text(plan, finding.misfit)
        case Kind.NO_OWNER:
            return f"{what}, owned by nobody" if len(finding.containers) else "owned by nobody"
        case _:
            return "holds nothing"


def misfit_text(plan: Plan, misfit: Misfit) -> str:
    """Return by how much a split does not add up, and how to mend it."""
    below, over = misfit.below, misfit.excess
    label = plan.dataset.measure(misfit.measure).label
    goal = below.total - over
    one = (
        "those below it have"
        if below.said == below.areas
        else (f"{below.said:,} of {below.areas:,} below it have")
    )
    side = "more" if over > 0 else "less"
    return f"{one} {_figure(abs(over))} {side} than its {_figure(goal)} of {label}"


def _off(plan: Plan, finding: Finding) -> str:
    area = plan.alignment.area(finding.area)
    aim = aim_of(area, finding.measure)
    label = plan.dataset.measure(finding.measure).label
    above = finding.deviation > 0
    what = "target"
    if aim.beyond(finding.amount):
        what = "maximum" if above else "minimum"
    side = "above" if above else "below"
    return f"{abs(finding.deviation):.1%} {side} its {what} of {label}".replace("%", " %")


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= LARGE else f"{value:,.6g}"


def _near(plan: Plan, containers: Positions) -> str:
    """Return what to call a clump: its one container, the states it lies in, or its first one."""
    dataset, n = plan.dataset, len(containers)
    states = plan.boundaries.within.get("state")
    if states is not None:
        codes, count = np.unique(states[containers].astype(str), return_counts=True)
        if len(codes) > 1 or n > FEW:
            most = codes[np.lexsort((codes, -count))]
            more = f" and {len(most) - NAMED:,} more" if len(most) > NAMED else ""
            return ", ".join(most[:NAMED]) + more
    name, code = str(dataset.names[containers[0]]), str(dataset.codes[containers[0]])
    first = f"{name} {code}" if name and name != code else code
    return first if n == 1 else f"{first} and {n - 1:,} more"
