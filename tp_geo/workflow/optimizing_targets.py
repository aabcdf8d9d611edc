"""What each area should hold, and the limits it has to keep to, as arrays of a problem."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.dataset import Floats
from tp_geo.domain.targets import Aim, aim_of
from tp_geo.errors import Refused
from tp_geo.optimize.problem import Limit
from tp_geo.optimize.solution import Issue
from tp_geo.workflow.optimizing import ITEMS, UNITS, Request
from tp_geo.workflow.optimizing_frame import Flags, Frame

TARGETS = "targets"
"""The name of the issue that targets do not add up to what there is."""

CLOSE = 0.005
"""Up to this share, targets that do not add up are not worth a word."""

LEAST = 0.01
"""What is aimed for at least, as a share of a target, where what has to stay uses it up."""


def needed(request: Request) -> tuple[str, ...]:
    """Return the measures that are needed by item: the balanced ones, then those of limits."""
    names = [name for name, _ in request.measures]
    names += [cap.measure for cap in request.caps if cap.measure != UNITS]
    names += [name for name, _ in request.max_change if name not in ("", ITEMS, UNITS)]
    return tuple(dict.fromkeys(names))


def wanted(frame: Frame, request: Request) -> tuple[Floats, tuple[Issue, ...]]:
    """Return what each area should hold, (areas, measures), NaN where that does not matter.

    Locked areas hold what they hold. Where the others' targets do not add up
    to what there is for them, all are aimed at the same share of their target.
    """
    found, issues = [], []
    for at, (name, _) in enumerate(request.measures):
        goals, issue = _wanted(frame, request, name, at)
        found.append(goals)
        issues += [issue] if issue else []
    return np.column_stack(found), tuple(issues)


def aimed(frame: Frame, goals: Floats) -> Floats:
    """Return what the items of each area should weigh: targets less what has to stay."""
    rest = goals - frame.fixed[:, : goals.shape[1]]
    return np.where(np.isnan(goals), np.nan, np.maximum(rest, LEAST * goals))


def limits(frame: Frame, request: Request) -> tuple[Limit, ...]:
    """Return the caps of a request, else the ranges of balanced measures, less what has to stay."""
    found = []
    ranged = [name for name, _ in request.measures if _ranged(frame, name)]
    for name in dict.fromkeys([*(cap.measure for cap in request.caps), *ranged]):
        low, high = _ranges(frame, name)
        for cap in (c for c in request.caps if c.measure == name):
            at = slice(None) if cap.area is None else _number(frame, cap.area)
            low[at] = np.nan if cap.minimum is None else cap.minimum
            high[at] = np.nan if cap.maximum is None else cap.maximum
        stays = _staying(frame, name)
        low, high = np.maximum(low - stays, 0.0), np.maximum(high - stays, 0.0)
        found.append(Limit(name, frame.column(name), low, high))
    return tuple(found)


def max_change(frame: Frame, request: Request, columns: Sequence[str]) -> Floats:
    """Return the largest share of each column, and of the items, that may leave its area."""
    given = dict(request.max_change)
    balanced = {name for name, _ in request.measures}
    usual = given.get("", np.nan)
    found = [given.get(c, usual if c in balanced else np.nan) for c in columns]
    return np.array([*found, given.get(ITEMS, np.nan)])


def _wanted(frame: Frame, request: Request, name: str, at: int) -> tuple[Floats, Issue | None]:
    inside = frame.number >= 0
    there_now = np.bincount(frame.number[inside], frame.weights[inside, at], len(frame.areas))
    holds = there_now + frame.fixed[:, at]
    total = float(frame.weights[:, at].sum() + frame.fixed[:, at].sum())
    label = frame.dataset.measure(name).label
    if not total > 0:
        raise Refused(f"{label} is 0 everywhere in this focus. Choose another measure.")
    there = total - float(holds[frame.locked].sum())
    given = _given(frame, request, name, total)
    given[frame.locked] = np.nan
    open_, said = ~frame.locked, ~np.isnan(given)
    goals = np.where(frame.locked, np.nan, _rest(given, open_ & ~said, there))
    asked = float(np.nansum(goals))
    if asked > 0:
        goals *= there / asked
    if not said.any() or abs(asked - there) <= CLOSE * max(there, asked):
        return goals, None
    text = (
        f"The targets of {label} add up to {asked:,.0f}, and there is {there:,.0f} to share: "
        f"each area is aimed at {there / max(asked, 1e-300):.1%} of its target."
    ).replace("%", " %")
    return goals, Issue(TARGETS, text, tuple(np.flatnonzero(said).tolist()))


def _rest(given: Floats, without: Flags, there: float) -> Floats:
    """Return targets with an equal share of the rest, or of all, for those without one."""
    n = int(without.sum())
    if not n:
        return given
    left = there - float(np.nansum(given))
    equal = left / n if left > 0 else there / max(len(given), 1)
    return np.where(without, equal, given)


def _given(frame: Frame, request: Request, name: str, total: float) -> Floats:
    """Return the targets that are said: in the request, or else in the plan; NaN where none."""
    found = np.full(len(frame.areas), np.nan)
    for number, area in enumerate(frame.areas):
        target = _goal(aim_of(frame.alignment.areas[area], name))
        found[number] = np.nan if target is None else target
    for area, measure, share in request.shares:
        if measure == name:
            found[_number(frame, area)] = share * total
    for area, measure, target in request.targets:
        if measure == name:
            found[_number(frame, area)] = target
    return found


def _goal(aim: Aim) -> float | None:
    """Return the target of an area; without one the middle of its range."""
    if aim.ideal is None and aim.minimum is not None and aim.maximum is not None:
        return (aim.minimum + aim.maximum) / 2
    return aim.ideal


def _ranged(frame: Frame, name: str) -> bool:
    return any(aim_of(frame.alignment.areas[k], name).ranged for k in frame.areas)


def _ranges(frame: Frame, name: str) -> tuple[Floats, Floats]:
    """Return the least and the most each area should hold by the plan; NaN where it says none."""
    aims = [aim_of(frame.alignment.areas[k], name) for k in frame.areas]
    low, high = ([a.minimum for a in aims], [a.maximum for a in aims])
    return np.array(low, dtype=np.float64), np.array(high, dtype=np.float64)


def _number(frame: Frame, area: AreaId) -> int:
    if area not in frame.areas:
        name = frame.alignment.name(area)
        raise Refused(f"{name} is not among the areas that are optimized. Change the focus.")
    return frame.areas.index(area)


def _staying(frame: Frame, measure: str) -> Floats:
    if measure == UNITS:
        return np.zeros(len(frame.areas))
    return frame.fixed[:, frame.columns.index(measure)]
