"""Rules of areas: which accounts of a plan the criteria of an area take."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tp_geo.domain.alignment import AreaId, Flags, Positions
from tp_geo.domain.criteria import Criterion, criteria_of, to_text
from tp_geo.workflow.cells import number
from tp_geo.workflow.plan import Plan

_COMPARE: Mapping[str, Callable[..., Flags]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_DENIES = frozenset({"!=", "does not contain"})


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """What the criteria of an area take of the plan's units.

    ``fit`` are all that fit. An org asks for all rules of a territory at once,
    so of an area with containers only those ``inside`` are taken, and
    ``left`` of its units by no rule. ``unknown`` are fields the dataset has
    no column for: then nothing can be told.
    """

    area: AreaId
    text: str
    fit: Positions
    inside: Positions
    left: Positions
    unknown: tuple[str, ...]


def taken(plan: Plan, area: AreaId, criteria: tuple[Criterion, ...] | None = None) -> Taken:
    """Return what the criteria of an area take, or what others would."""
    criteria = criteria_of(plan.alignment.area(area)) if criteria is None else criteria
    n = plan.alignment.items.containers
    fits = np.ones(plan.alignment.items.count - n, dtype=np.bool_)
    unknown = []
    for one in criteria:
        found = _fitting(plan, one)
        if found is None:
            unknown.append(one.field)
        else:
            fits &= found
    if unknown or not criteria:
        fits[:] = False
    within = _within(plan, area)
    own = plan.alignment.resolved[n:] == area
    left = n + np.flatnonzero(own & ~fits) if not unknown and criteria else np.arange(0)
    fit, inside = n + np.flatnonzero(fits), n + np.flatnonzero(fits & within)
    return Taken(area, to_text(criteria), fit, inside, left, tuple(unknown))


def ruled(plan: Plan) -> tuple[AreaId, ...]:
    """Return the areas that have criteria."""
    return tuple(k for k, area in plan.alignment.areas.items() if criteria_of(area))


def _within(plan: Plan, area: AreaId) -> Flags:
    """Return the units that lie in containers of an area; all of them where it has none."""
    alignment = plan.alignment
    n, inside = alignment.items.containers, alignment.items.container_of
    below = {k for k in alignment.leaves if any(a.id == area for a in alignment.ancestry(k))}
    held = np.isin(alignment.resolved[:n], sorted(below))
    if not held.any():
        return np.ones(len(inside), dtype=np.bool_)
    found: Flags = (inside >= 0) & held[inside]
    return found


def _fitting(plan: Plan, one: Criterion) -> Flags | None:
    """Return which units fit a criterion, ``None`` where the dataset has no such column."""
    dataset, wanted = plan.dataset, _plain(one.field)
    n = plan.alignment.items.containers
    for measure in dataset.measures:
        if wanted in (_plain(measure.name), _plain(measure.label)):
            return _by_number(dataset.column(measure.name)[n:], one)
    for name, column in dataset.attributes.items():
        if _plain(name) == wanted:
            return _by_text(np.array([str(text).casefold() for text in column[n:]], np.str_), one)
    if wanted in ("name", "accountname"):
        return _by_text(np.array([str(t).casefold() for t in dataset.names[n:]], np.str_), one)
    return None


def _by_number(column: NDArray[np.float64], one: Criterion) -> Flags:
    figures = [number(value) for value in one.values]
    if one.operator not in _COMPARE or None in figures:
        return np.zeros(len(column), dtype=np.bool_)
    return _joined(one, [_COMPARE[one.operator](column, figure) for figure in figures])


def _by_text(column: NDArray[np.str_], one: Criterion) -> Flags:
    values = [value.casefold() for value in one.values]
    match one.operator:
        case "starts with":
            each = [np.char.startswith(column, value) for value in values]
        case "contains":
            each = [np.char.find(column, value) >= 0 for value in values]
        case "does not contain":
            each = [np.char.find(column, value) < 0 for value in values]
        case _:
            each = [_COMPARE[one.operator](column, value) for value in values]
    return _joined(one, each)


def _joined(one: Criterion, each: list[Flags]) -> Flags:
    """Return where one of the values fits; of what is denied, where none does."""
    join = np.logical_and if one.operator in _DENIES else np.logical_or
    found: Flags = join.reduce(each)
    return found


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold().removesuffix("__c"))
