"""Periods: from which day on a plan is valid, until when, and which one is in force on a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from tp_geo.domain.commands import counted
from tp_geo.errors import BadData, Refused

_K = TypeVar("_K")
_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
ONE = timedelta(days=1)


class When(StrEnum):
    """Where a day stands to a period."""

    BEFORE = "before"
    IN_FORCE = "in force"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from one on, until another one where there is one; both are within."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise Refused(
                f"A plan that is valid from {day_text(self.start)} on can't end before that, on "
                f"{day_text(self.end)}. Give a later day, or none."
            )

    def on(self, day: date) -> When:
        """Return where a day stands to it."""
        if day < self.start:
            return When.BEFORE
        return When.ENDED if self.end is not None and day > self.end else When.IN_FORCE

    def overlaps(self, other: Period) -> bool:
        """Whether there is a day in both."""
        return _starts_by(self, other.end) and _starts_by(other, self.end)

    def ending_before(self, day: date) -> Period:
        """Return it with its end on the day before one; refuse when nothing would be left."""
        if day <= self.start:
            raise Refused(
                f"What begins on {day_text(self.start)} can't end before {day_text(day)}. Give it "
                "another first day."
            )
        return replace(self, end=day - ONE)

    def __str__(self) -> str:
        until = f" until {day_text(self.end)}" if self.end else ""
        return f"from {day_text(self.start)}{until}"


def parse_day(text: str, what: str = "The day") -> date:
    """Return the day of ``2027-07-01``; refuse any other text, and days there are not."""
    found = _DAY.fullmatch(text.strip())
    if not found:
        raise BadData(f"{what} {text!r} is no day. Write it as in 2027-07-01: year-month-day.")
    year, month, day = (int(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError as error:
        raise BadData(
            f"{what} {text!r} is not in the calendar. Give a day that there is, as in 2027-07-01."
        ) from error


def period_of(start: str, end: str) -> Period | None:
    """Return the period of two texts, "" where nothing is said; ``None`` when neither is."""
    if not start.strip():
        if end.strip():
            raise Refused("A last day needs a first one. Say from which day on the plan is valid.")
        return None
    last = parse_day(end, "The last day") if end.strip() else None
    return Period(parse_day(start, "The first day"), last)


def day_text(day: date) -> str:
    """Return a day as people write it: 1 July 2027."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def told(period: Period, today: date) -> str:
    """Return how a period stands on a day: in force, from when, ended."""
    if period.on(today) is When.BEFORE:
        return f"from {day_text(period.start)} (in {counted((period.start - today).days, 'days')})"
    if period.end is None:
        return "in force"
    ended = period.on(today) is When.ENDED
    return f"{'ended' if ended else 'in force until'} {day_text(period.end)}"


def in_force(periods: Mapping[_K, Period | None], day: date) -> tuple[_K, ...]:
    """Return those that are in force on a day; what has no period never is."""
    return tuple(k for k, p in periods.items() if p is not None and p.on(day) is When.IN_FORCE)


def clashes(period: Period, others: Iterable[Period]) -> tuple[Period, ...]:
    """Return the periods that share a day with one."""
    return tuple(p for p in others if period.overlaps(p))


def _starts_by(period: Period, day: date | None) -> bool:
    return day is None or period.start <= day


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
