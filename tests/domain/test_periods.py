"""Periods: days a plan is valid, which never share one, and what is in force on a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.domain.periods import Period, When, clashes, in_force, parse_day, period_of, told
from tp_geo.errors import BadData, Refused

DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))
TODAY = date(2026, 11, 22)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(DAYS)
    return Period(start, draw(st.none() | st.dates(start, date(2026, 3, 1))))


def days(period: Period) -> set[date]:
    every = (date(2025, 12, 31) + timedelta(n) for n in range(70))
    return {d for d in every if period.on(d) is When.IN_FORCE}


@given(one=periods(), other=periods())
def test_periods_overlap_when_a_day_is_in_both_whichever_is_asked(
    one: Period, other: Period
) -> None:
    assert one.overlaps(other) == other.overlaps(one) == bool(days(one) & days(other))
    assert bool(clashes(one, [other])) == one.overlaps(other)


@given(one=periods(), day=DAYS)
def test_a_period_that_ends_before_a_day_shares_none_with_what_begins_on_it(
    one: Period, day: date
) -> None:
    if day <= one.start:
        with pytest.raises(Refused, match="begins on"):
            one.ending_before(day)
    else:
        assert not one.ending_before(day).overlaps(Period(day))
        assert days(one.ending_before(day)) <= days(Period(one.start))


@given(found=st.lists(periods(), max_size=5), day=DAYS)
def test_at_most_one_of_periods_without_overlap_is_in_force(found: list[Period], day: date) -> None:
    apart: list[Period] = []
    for period in found:
        if not clashes(period, apart):
            apart.append(period)
    assert len(in_force(dict(enumerate(apart)), day)) <= 1


@pytest.mark.parametrize(
    ("period", "said"),
    [
        (Period(date(2026, 1, 1)), "in force"),
        (Period(date(2026, 1, 1), date(2026, 12, 31)), "in force until 31 December 2026"),
        (Period(date(2027, 7, 1)), "from 1 July 2027 (in 221 days)"),
        (Period(date(2026, 11, 23)), "from 23 November 2026 (in 1 day)"),
        (Period(date(2026, 1, 1), date(2026, 6, 30)), "ended 30 June 2026"),
    ],
)
def test_how_a_period_stands_is_told_in_words(period: Period, said: str) -> None:
    assert told(period, TODAY) == said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2027-02-31", "not in the calendar"),
        ("2027-02-29", "not in the calendar"),
        ("1 July 2027", "is no day"),
        ("2027-07", "is no day"),
        ("07/01/2027", "is no day"),
        ("", "is no day"),
    ],
)
def test_what_is_no_day_is_refused_with_what_was_given(text: str, why: str) -> None:
    with pytest.raises(BadData, match=why) as refused:
        parse_day(text)
    assert repr(text) in str(refused.value)


def test_a_leap_day_is_a_day() -> None:
    assert parse_day(" 2028-02-29 ") == date(2028, 2, 29)


def test_a_plan_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refused, match=r"from 1 July 2027 on can't end before that, on 30 June"):
        period_of("2027-07-01", "2027-06-30")


def test_a_last_day_needs_a_first_one() -> None:
    with pytest.raises(Refused, match="needs a first one"):
        period_of("", "2027-06-30")
    assert period_of("", " ") is None
