"""What an assumption does to a plan: the command it amounts to, geometry looked up."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, AreaIds, Flags, Positions
from tp_geo.domain.commands import Command
from tp_geo.domain.dataset import Aggregate, Dataset, Floats
from tp_geo.domain.growth import check_percent
from tp_geo.domain.scenario import Assumption, Hire, Leaver, Retarget
from tp_geo.domain.staffing import Dissolve, HandOver, TakeOn, retargeted
from tp_geo.domain.targets import Aim, SetTargets, aim_of, aimed_at
from tp_geo.domain.worth import worth
from tp_geo.errors import Refused
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.filling import fill_by_nearness, fill_by_neighbors
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.splitting import halves_through_middle

SHARE = 0.5


def command_of(plan: Plan, dataset: Dataset, now: Alignment, what: Assumption) -> Command:
    """Return the command that makes an assumption so; growth has none, it is of figures."""
    match what:
        case Hire(of=None):
            return _taken_on(dataset, what)
        case Hire():
            return _split_off(plan, dataset, what, now)
        case Leaver(to=""):
            return Dissolve(what.area, partial(_placed, plan.adjacency, plan.boundaries.xy))
        case Leaver():
            return HandOver(what.area, what.to)
        case Retarget():
            return _retargeted(dataset, what, now)
    raise AssertionError(what)


def _taken_on(dataset: Dataset, what: Hire) -> TakeOn:
    goal = {}
    if what.target is not None:
        goal[_measure(dataset, what.measure)] = _amount(what.target)
    return TakeOn(what.name.strip(), what.owner, parent=what.parent, goal=goal)


def _split_off(plan: Plan, dataset: Dataset, what: Hire, now: Alignment) -> TakeOn:
    """Return the hire of who gets the smaller half of an area, cut across its longer side."""
    area = AreaId(what.of or 0)
    measure, shares = _measure(dataset, what.measure), {}
    if now.children(now.area(area).id):
        raise Refused(f"{now.name(area)} is divided. Split an area below it for who is hired.")
    held = now.holds(area)
    containers = held[held < now.items.containers]
    xy = plan.boundaries.xy[containers]
    wide = len(xy) > 0 and _width(xy) >= float(np.ptp(xy[:, 1]))
    weight = dataset.column(measure)[: now.items.containers]
    pair = halves_through_middle(
        now, plan.boundaries, plan.adjacency, area, weight, upright=bool(wide)
    )
    items = pair[1].items
    for name in aimed_at(now.areas[area]):
        shares[name] = _share(dataset, name, items, held)
    goal = {} if what.target is None else {measure: _amount(what.target)}
    return TakeOn(what.name.strip(), what.owner, area, items, shares, goal=goal)


def _width(xy: Floats) -> float:
    """Return how wide points lie, in degrees of latitude."""
    return float(np.ptp(xy[:, 0])) * math.cos(math.radians(float(xy[:, 1].mean())))


def _share(dataset: Dataset, measure: str, items: Positions, held: Positions) -> float:
    """Return the share of a measure that some of the items of an area hold; a half of nothing."""
    if dataset.measure(measure).aggregate is not Aggregate.SUM:
        return SHARE
    own = worth(dataset, measure)
    whole = float(own[held].sum())
    return min(max(float(own[items].sum()) / whole, 0.0), 1.0) if whole > 0 else SHARE


def _retargeted(dataset: Dataset, what: Retarget, now: Alignment) -> SetTargets:
    measure = dataset.measure(what.measure)
    if what.amount is None:
        check_percent(what.percent)
        aims = retargeted(now, measure.name, what.percent, what.area)
        where = "all areas" if what.area is None else now.name(what.area)
        text = f"targets of {measure.label} of {where} {what.percent:+g} %"
        return SetTargets(measure.name, aims, text)
    if what.area is None:
        raise Refused("Say of which area this is to be the target, or give percents for all.")
    own = aim_of(now.area(what.area), measure.name)
    ideal = _amount(what.amount)
    low = None if own.minimum is None else min(own.minimum, ideal) or None
    high = None if own.maximum is None else max(own.maximum, ideal)
    return SetTargets(measure.name, {what.area: Aim(low, ideal, high)})


def _measure(dataset: Dataset, name: str) -> str:
    """Return a measure that adds up: the one that is said, else the first."""
    if name and dataset.measure(name).aggregate is Aggregate.SUM:
        return name
    found = [m for m in dataset.measures if m.aggregate is Aggregate.SUM]
    if name:
        known = ", ".join(m.name for m in found) or "none"
        raise Refused(f"{name} is a mean and does not add up. Choose one of: {known}.")
    if not found:
        raise Refused("No measure of this dataset adds up, so nothing can be split by one.")
    return found[0].name


def _amount(value: float) -> float:
    if not (math.isfinite(value) and value >= 0):
        raise Refused(f"A target is a number of 0 or more, not {value:g}.")
    return float(value)


def _placed(
    adjacency: Adjacency, xy: Floats, area_of: AreaIds, leaving: Flags, taking: Flags
) -> AreaIds:
    """Return who takes containers that are left: by neighbors, the rest by nearness."""
    now = np.where(leaving, UNASSIGNED, area_of).astype(np.int32)
    goes = fill_by_neighbors(now, leaving, taking, adjacency, np.ones(len(now)))
    rest = leaving & (goes == UNASSIGNED)
    nearest = fill_by_nearness(np.where(rest, UNASSIGNED, now), rest, taking, xy)
    return np.where(rest, nearest, goes).astype(np.int32)
