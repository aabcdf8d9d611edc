"""An alignment in figures, as tables, reports and programs show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, Alignment, Area, AreaId
from tp_geo.domain.balance import deviations
from tp_geo.domain.formula_areas import areas_worked
from tp_geo.domain.hierarchy import depths, levels, path, shown_at
from tp_geo.domain.measures import Totals
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.contiguity import parts
from tp_geo.workflow.plan import Plan


@dataclass(frozen=True, slots=True)
class AreaSummary:
    """One area with what lies in it, all below it included; ``parent`` is an id.

    ``parts`` counts connected pieces: 0 where it holds no container; ``calculated``
    is what formulas of areas come to.
    """

    id: int
    name: str
    level: str
    parent: int | None
    owner: str | None
    locked: bool
    status: str
    containers: int
    units: int
    totals: Mapping[str, float]
    targets: Mapping[str, float]
    minimums: Mapping[str, float]
    maximums: Mapping[str, float]
    deviation: Mapping[str, float]
    parts: int
    depth: int
    path: str
    profile: str
    color: str | None
    attributes: Mapping[str, float | str]
    calculated: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unassigned:
    """What no area holds."""

    containers: int
    units: int
    totals: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Summary:
    """An alignment at its newest revision; areas in the order of the tree.

    ``profile`` is that of areas made later without their own; ``valid_from``
    and ``valid_until`` are days, "" where none is said.
    """

    alignment: str
    description: str
    profile: str
    valid_from: str
    valid_until: str
    dataset: str
    revision: int
    levels: tuple[str, ...]
    measures: tuple[str, ...]
    areas: tuple[AreaSummary, ...]
    unassigned: Unassigned
    missing: tuple[str, ...]


def summarize(plan: Plan) -> Summary:
    """Return all areas of a plan with their figures."""
    alignment, figures = plan.alignment, plan.totals()
    pieces = parts_by_area(alignment, plan.adjacency)
    worked = areas_worked(plan.dataset, alignment, figures)
    return Summary(
        alignment=plan.info.name,
        description=plan.info.note,
        profile=plan.info.profile,
        valid_from=plan.info.valid_from,
        valid_until=plan.info.valid_until,
        dataset=plan.dataset.name,
        revision=plan.seq,
        levels=levels(alignment),
        measures=figures.names,
        areas=tuple(
            replace(
                _area(alignment, alignment.areas[k], depth, figures, pieces.get(k, 0)),
                calculated={name: float(w.values[k]) for name, w in worked.items()},
            )
            for depth, k in depths(alignment)
        ),
        unassigned=Unassigned(
            containers=int(figures.containers[UNASSIGNED]),
            units=int(figures.units[UNASSIGNED]),
            totals=_row(figures, UNASSIGNED),
        ),
        missing=plan.missing,
    )


def parts_by_area(alignment: Alignment, adjacency: Adjacency) -> Mapping[AreaId, int]:
    """Return in how many pieces each area lies, divided ones as a whole; empty ones left out."""
    leaves = alignment.area_of[: alignment.items.containers]
    found: dict[AreaId, int] = {}
    by_depth: dict[int, set[AreaId]] = {}
    for depth, k in depths(alignment):
        by_depth.setdefault(depth, set()).add(k)
    for depth, areas in by_depth.items():
        shown = shown_at(alignment, depth)[leaves].astype(np.int32)
        found |= {k: n for k, n in parts(shown, adjacency).items() if k in areas}
    return found


def _area(
    alignment: Alignment, area: Area, depth: int, figures: Totals, pieces: int
) -> AreaSummary:
    return AreaSummary(
        id=area.id,
        name=area.name,
        level=area.level,
        parent=area.parent,
        owner=area.owner,
        locked=area.locked,
        status=alignment.signoff(area.id).status.value,
        containers=int(figures.containers[area.id]),
        units=int(figures.units[area.id]),
        totals=_row(figures, area.id),
        targets=dict(area.targets),
        minimums=dict(area.minimums),
        maximums=dict(area.maximums),
        deviation=deviations(alignment, figures, area.id),
        parts=pieces,
        depth=depth,
        path=path(alignment, area.id),
        profile=area.profile.value,
        color=area.color,
        attributes=dict(area.attributes),
    )


def _row(figures: Totals, area: AreaId) -> Mapping[str, float]:
    return dict(zip(figures.names, figures.values[area].tolist(), strict=True))
