"""What changes for whom, against what a plan is compared with: its snapshots, what it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.comparison import Comparison, figure_of
from tp_geo.domain.dataset import Floats
from tp_geo.errors import TpGeoError
from tp_geo.workflow.compare import compare_sides
from tp_geo.workflow.differences import Side
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.signoff import taken_by_step


@dataclass(frozen=True, slots=True)
class Base:
    """An earlier state to compare with: an alignment at a revision, and what to call it."""

    name: str
    plan: str
    seq: int


@dataclass(frozen=True, slots=True)
class Change:
    """What moves from a base to now, as shares of all there is.

    ``owner`` is the share whose owner is another person then (the owner of an
    area without one is that of the nearest area above), ``area`` the share
    that lies in another area of the level. ``gained`` and ``lost`` are by area
    id of now, in the measure. ``owners`` says whether anybody owns anything.
    """

    base: Base
    owner: float
    area: float
    owners: bool
    gained: Mapping[AreaId, float]
    lost: Mapping[AreaId, float]

    def of(self, area: AreaId) -> float:
        """Return what an area gained and lost together."""
        return self.gained.get(area, 0.0) + self.lost.get(area, 0.0)


def bases(planner: Planner, plan: Plan) -> tuple[Base, ...]:
    """Return what a plan can be compared with: its snapshots, newest first, and its origin.

    Snapshots that sign-off took come last: they tell what changed since a step, not in the plan.
    """
    found: list[Base] = []
    steps: list[Base] = []
    for s in sorted(plan.snapshots(), key=lambda s: -s.seq):
        if 0 < s.seq < plan.seq:
            (steps if taken_by_step(s) else found).append(Base(s.name, plan.info.id, s.seq))
    return (*found, *_origin(planner, plan), *steps)


def _origin(planner: Planner, plan: Plan) -> tuple[Base, ...]:
    """Return what a plan was copied from, if that is there and on the same data."""
    origin, _, seq = plan.info.base.rpartition("@")
    if not (origin and seq.isdigit()):
        return ()
    try:
        source = planner.open(origin)
    except TpGeoError:
        return ()
    if source.dataset.key != plan.dataset.key or int(seq) > source.seq:
        return ()
    return (Base(f"{source.info.name}, revision {seq}", origin, int(seq)),)


def change(planner: Planner, plan: Plan, base: Base, level: int, measure: str) -> Change:
    """Return what changes from a base to the plan as it is now, on a level."""
    sides = Side(planner.open(base.plan), base.seq), Side(plan, plan.seq)
    found = compare_sides(planner, *sides, level=level)
    at = found.figure(figure_of(measure))
    return Change(
        base=base,
        owner=found.owners.share(at),
        area=found.areas.share(at),
        owners=len(found.names) > 1,
        gained=_by_area(found, found.areas.gained[:, at]),
        lost=_by_area(found, found.areas.lost[:, at]),
    )


def _by_area(found: Comparison, amounts: Floats) -> Mapping[AreaId, float]:
    """Return amounts that are not 0, by area id of now."""
    pairs = zip(found.pairs, amounts.tolist(), strict=True)
    return {pair.after: amount for pair, amount in pairs if pair.after and amount}
