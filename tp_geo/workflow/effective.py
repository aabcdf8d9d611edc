"""From which day on plans are valid, and which of them is in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from tp_geo.domain.commands import counted
from tp_geo.domain.periods import (
    ONE,
    Period,
    When,
    day_text,
    in_force,
    period_of,
    told,
)
from tp_geo.domain.rights import Action
from tp_geo.errors import Refused
from tp_geo.store import AlignmentInfo
from tp_geo.workflow.apart import is_apart, refuse_apart
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner


@dataclass(frozen=True, slots=True)
class Line:
    """Alignments that were copied from one another: the first, and all that have a period."""

    first: AlignmentInfo
    dated: tuple[AlignmentInfo, ...]

    def on(self, day: date) -> AlignmentInfo | None:
        """Return the one in force on a day."""
        found = in_force({i: period_in(i) for i in self.dated}, day)
        return found[0] if found else None


def period_in(info: AlignmentInfo) -> Period | None:
    """Return the days an alignment is valid, ``None`` where it has none."""
    return period_of(info.valid_from, info.valid_until)


def period_text(info: AlignmentInfo, today: date) -> str:
    """Return how an alignment stands on a day: in force, from when, ended; "" without a period."""
    period = period_in(info)
    return told(period, today) if period else ""


def lines(planner: Planner, dataset: str = "") -> tuple[Line, ...]:
    """Return the lines of alignments, those on one dataset by name or of all."""
    infos = {i.id: i for i in planner.store.alignments()}
    by: dict[str, list[AlignmentInfo]] = {}
    for info in infos.values():
        if not (info.archived or is_apart(info)) and dataset in ("", info.dataset):
            by.setdefault(_first(infos, info), []).append(info)
    return tuple(
        Line(infos[first], tuple(sorted(filter(period_in, found), key=lambda i: i.valid_from)))
        for first, found in by.items()
    )


def line_of(planner: Planner, info: AlignmentInfo) -> Line:
    """Return the line an alignment is in."""
    infos = {i.id: i for i in planner.store.alignments()}
    first = _first(infos, info)
    return next((x for x in lines(planner) if x.first.id == first), Line(infos[first], ()))


def set_period(
    planner: Planner, plan: Plan, start: str, end: str = "", *, ending_others: bool = False
) -> tuple[Plan, tuple[AlignmentInfo, ...]]:
    """Say from which day on a plan is valid, and until when; "" as the first day: not any more.

    Two of one line can't be valid on one day. With ``ending_others`` those
    that begin before end the day before; they are returned as well.
    """
    plan.actor.require(Action.MANAGE, plan.info)
    refuse_apart(plan.info, "valid from a day")
    period = period_of(start, end)
    ended = []
    if period is not None:
        for other, theirs in _clashing(planner, plan.info, period):
            if not (ending_others and theirs.start < period.start):
                raise Refused(_overlap(plan.info, period, other, theirs))
            ended.append((other, theirs.ending_before(period.start)))
    for other, left in ended:
        _put(planner, planner.open(other.id), left)
    return _put(planner, plan, period), tuple(planner.find(other.id) for other, _ in ended)


def not_yet(info: AlignmentInfo, today: date) -> str:
    """Return why a plan should not be published on a day, as its own has not come; "" else."""
    period = period_in(info)
    if period is None or period.on(today) is not When.BEFORE:
        return ""
    days = counted((period.start - today).days, "days")
    return (
        f"{info.name} is valid from {day_text(period.start)} on, in {days}. "
        "Confirm that it is to be published before that."
    )


def _clashing(
    planner: Planner, info: AlignmentInfo, period: Period
) -> Iterator[tuple[AlignmentInfo, Period]]:
    for other in line_of(planner, info).dated:
        theirs = period_in(other)
        if other.id != info.id and theirs and theirs.overlaps(period):
            yield other, theirs


def _overlap(info: AlignmentInfo, period: Period, other: AlignmentInfo, theirs: Period) -> str:
    said = f"{other.name} is valid {theirs}, which overlaps with {info.name} {period}."
    if theirs.start < period.start:
        return f"{said} End {other.name} on {day_text(period.start - ONE)} first, or with it."
    return f"{said} End {info.name} on {day_text(theirs.start - ONE)}, or give it other days."


def _put(planner: Planner, plan: Plan, period: Period | None) -> Plan:
    start = period.start.isoformat() if period else ""
    end = period.end.isoformat() if period and period.end else ""
    planner.record(plan, replace(plan.info, valid_from=start, valid_until=end))
    return planner.open(plan.info.id)


def _first(infos: dict[str, AlignmentInfo], info: AlignmentInfo) -> str:
    seen = {info.id}
    while (base := info.base.rpartition("@")[0]) in infos and base not in seen:
        info = infos[base]
        seen.add(base)
    return info.id
