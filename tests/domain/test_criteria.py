"""Criteria of areas: what is written is read, and read again the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.domain.alignment import Area, AreaId
from tp_geo.domain.criteria import (
    OPERATORS,
    RULE,
    Criterion,
    criteria_of,
    read_criteria,
    to_text,
    with_criteria,
)
from tp_geo.errors import Refused

FIELDS = st.from_regex(r"[A-Z][A-Za-z0-9_]{0,20}", fullmatch=True)
WORDS = st.sampled_from([" AND ", "AND", '"', "=", " with ", "contains ", "Smith", " ", "&", ">"])
VALUES = st.one_of(
    st.from_regex(r"[A-Za-z0-9 .+\-&]{1,20}", fullmatch=True),
    st.lists(WORDS, min_size=1, max_size=6).map("".join),
).map(str.strip).filter(bool)  # fmt: skip
ONE = st.builds(
    Criterion, FIELDS, st.sampled_from(sorted(OPERATORS)), st.lists(VALUES, min_size=1).map(tuple)
)


@given(st.lists(ONE, min_size=1, max_size=10).map(tuple))
@settings(deadline=None)
def test_criteria_are_read_as_they_are_written(criteria: tuple[Criterion, ...]) -> None:
    assert read_criteria(to_text(criteria)) == criteria


def test_several_values_and_criteria_are_told_apart() -> None:
    first, second = read_criteria("Industry = Banking,Food and Wine AND Size__c>=10")
    assert first == Criterion("Industry", "=", ("Banking", "Food and Wine"))
    assert second == Criterion("Size__c", ">=", ("10",))


def test_a_value_that_holds_the_word_and_stands_in_quotes() -> None:
    one, two = read_criteria('Name = "Smith AND Sons", Jones AND City = "St. ""Old"" Town"')
    assert one.values == ("Smith AND Sons", "Jones")
    assert two.values == ('St. "Old" Town',)
    assert str(one) == 'Name = "Smith AND Sons", Jones'
    assert read_criteria('Size__c = 12" pipe, 14" pipe')[0].values == ('12" pipe', '14" pipe')


def test_a_value_with_a_comma_is_refused_with_the_way_round() -> None:
    with pytest.raises(Refused, match=r"'Smith, Jones' can't be one value.* \"starts with\""):
        read_criteria('Name = "Smith, Jones"')


def test_an_area_keeps_its_other_attributes() -> None:
    area = Area(AreaId(1), "West", attributes={"home": "94105"})
    ruled = with_criteria(area, "Industry = Banking")
    assert ruled == {"home": "94105", RULE: "Industry = Banking"}
    assert with_criteria(Area(AreaId(1), "West", attributes=ruled), " ") == {"home": "94105"}
    assert criteria_of(area) == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Industry", "compares no account field"),
        ("Industry = ,", "says no value"),
        ("= Banking", "compares no account field"),
        (" AND ".join(["A = 1"] * 11), "10 criteria at most"),
        ("A = " + "x" * 1001, "Shorten it"),
    ],
)
def test_what_is_no_criteria_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        read_criteria(text)
