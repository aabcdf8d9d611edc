"""Which boundary sets there are: built in, and taken in."""

from __future__ import annotations

from dataclasses import dataclass

from tp_geo.geometry.boundaries import Boundaries
from tp_geo.store import BoundaryInfo, embedded
from tp_geo.workflow.planner import Planner


@dataclass(frozen=True, slots=True)
class BoundarySet:
    """A boundary set, where it comes from, and whether new datasets use it."""

    kind: str
    title: str
    count: int
    vintage: str
    source: str
    licence: str
    country: str
    approximate: bool
    key: str
    active: bool
    built_in: bool
    made: str


def boundary_sets(planner: Planner) -> tuple[BoundarySet, ...]:
    """Return the built-in sets and those in the store; of a kind, the newest is active."""
    stored = planner.store.boundary_sets()
    kinds = {i.kind for i in stored}
    built_in = (_built_in(planner.layer(kind), kind not in kinds) for kind in embedded.KINDS)
    seen: set[str] = set()
    return (*built_in, *(_kept(info, seen) for info in stored))


def _built_in(found: Boundaries, active: bool) -> BoundarySet:
    return BoundarySet(
        kind=found.kind,
        title=found.title,
        count=len(found),
        vintage=found.vintage,
        source=found.source,
        licence=found.licence,
        country=found.country,
        approximate=found.approximate,
        key=found.key,
        active=active,
        built_in=True,
        made="",
    )


def _kept(info: BoundaryInfo, seen: set[str]) -> BoundarySet:
    active = info.kind not in seen
    seen.add(info.kind)
    return BoundarySet(
        kind=info.kind,
        title=info.title,
        count=info.count,
        vintage=info.vintage,
        source=info.source,
        licence=info.licence,
        country=info.country,
        approximate=info.approximate,
        key=info.key,
        active=active,
        built_in=False,
        made=info.made,
    )
