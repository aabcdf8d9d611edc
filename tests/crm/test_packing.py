"""Packing and evaluating: rules hold the codes of a territory, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.crm.criteria import (
    COUNTRY,
    MAX_FILTER,
    MAX_ITEMS,
    MAX_VALUE,
    POSTAL,
    Criteria,
    Item,
)
from tp_geo.crm.evaluating import NotKnown, Places, fitting
from tp_geo.crm.packing import cover, pack
from tp_geo.store import embedded

USA = ("United States", "US", "USA")
CODES = st.lists(
    st.text("0129AB ", min_size=1, max_size=6).map(str.strip).filter(bool), unique=True, max_size=60
)


def fit(criteria: Criteria, codes: list[str], country: str = "US") -> list[bool]:
    found = fitting(criteria, Places({POSTAL: codes, COUNTRY: [country] * len(codes)}))
    return [bool(b) for b in found]


def test_a_territory_that_has_all_codes_of_a_prefix_is_covered_by_it() -> None:
    found = cover(["94101", "94102", "94105", "95001", "95002"], np.array([0, 0, 0, 1, -1]))
    assert [c.prefixes for c in found] == [("941",), ("95001",)]
    assert found[0].beyond == 97, "97 codes from 94100 to 94199 are not known"


def test_a_code_that_others_begin_with_is_compared_whole() -> None:
    codes = ["K1A", "K1A0B1", "K1A0B2"]
    found = cover(codes, np.array([0, 1, 1]))
    assert found[0].exact == ("K1A",)
    assert found[1].prefixes == ("K1A0",)


def test_longer_forms_of_a_code_fit_too() -> None:
    packed = pack(["94105", "94106"], np.array([0, 1], np.int32), country=USA)
    assert fit(packed[0].criteria[0], ["94105-1234", "94105", "94106-0001"]) == [True, True, False]
    assert fit(packed[0].criteria[0], ["94105"], country="Mexico") == [False]


def test_one_item_needs_no_filter_and_more_are_joined_by_one() -> None:
    few = pack(["94105", "94106"], np.zeros(2, np.int32), country=USA)
    codes = [f"{i:05}" for i in range(0, 9_000, 7)]
    many = pack(codes, np.arange(len(codes), dtype=np.int32) % 2, country=USA)
    assert few[0].criteria[0].boolean_filter is None
    assert many[0].criteria[0].boolean_filter == "1 AND (2 OR 3 OR 4 OR 5)"


def test_what_one_rule_cannot_hold_goes_on_in_further_ones() -> None:
    codes = [f"{i:05}" for i in range(10_000, 30_000)]
    packed = pack(codes, np.arange(20_000, dtype=np.int32) % 2, country=USA)
    assert packed[0].overflows
    assert [len(c.items) for c in packed[0].criteria[:-1]] == [MAX_ITEMS] * 6
    held = np.array([fit(c, codes) for c in packed[0].criteria]).any(axis=0)
    assert (held == (np.arange(20_000) % 2 == 0)).all()


@pytest.mark.parametrize("codes", [["1", "1"], ["1,2"], [""]])
def test_codes_that_no_rule_can_hold_are_refused(codes: list[str]) -> None:
    with pytest.raises(ValueError, match="postal code"):
        pack(codes, np.zeros(len(codes), np.int32))


@given(CODES, st.data())
@settings(deadline=None)
def test_rules_hold_the_codes_of_their_territory_and_no_other(
    codes: list[str], data: st.DataObject
) -> None:
    owner = np.array([data.draw(st.integers(-1, 3)) for _ in codes], dtype=np.int32)
    for number, packed in enumerate(pack(codes, owner, country=USA)):
        found = [fit(c, codes) for c in packed.criteria]
        held = np.array(found).any(axis=0) if found else np.zeros(len(codes), np.bool_)
        assert (held == (owner == number)).all()
        for criteria in packed.criteria:
            assert len(criteria.items) <= MAX_ITEMS
            assert all(len(item.value) <= MAX_VALUE for item in criteria.items)
            assert len(criteria.boolean_filter or "") <= MAX_FILTER


@given(st.integers(1, 40), st.integers(0, 10**6))
@settings(deadline=None, max_examples=15)
def test_rules_of_plans_over_all_postal_codes_hold_just_their_codes(k: int, seed: int) -> None:
    codes = embedded.load_boundaries("postal").codes.tolist()
    rng = np.random.default_rng(seed)
    starts = np.sort(rng.choice(len(codes), k, replace=False))
    owner = (np.searchsorted(starts, np.arange(len(codes)), side="right") - 1).astype(np.int32)
    owner[rng.random(len(codes)) < rng.random() / 5] = -1
    places = Places({POSTAL: codes, COUNTRY: ["usa"] * len(codes)})
    for number, packed in enumerate(pack(codes, owner, country=USA)):
        held = np.zeros(len(codes), np.bool_)
        for criteria in packed.criteria:
            held |= fitting(criteria, places)
        assert (held == (owner == number)).all()


@pytest.mark.parametrize(
    ("text", "fits"),
    [("1 AND 2", False), ("1 OR 2", True), ("1 and (2 or 3)", True), ("NOT 2 AND 3", True),
     ("1 OR 2 AND 2", True), ("NOT (1 OR 2)", False)],
)  # fmt: skip
def test_filters_are_read_as_an_org_reads_them(text: str, fits: bool) -> None:
    items = [Item(POSTAL, op, "94105") for op in ("equals", "notEqual", "startsWith")]
    assert fit(Criteria(tuple(items), text), ["94105"]) == [fits]


@pytest.mark.parametrize("text", ["1 AND", "4", "1 2", "(1", "1 XOR 2", "0"])
def test_filters_that_are_none_are_said_to_be_so(text: str) -> None:
    items = (Item(POSTAL, "equals", "1"), Item(POSTAL, "equals", "2"))
    with pytest.raises(NotKnown, match="no filter"):
        fit(Criteria(items, text), ["1"])


@pytest.mark.parametrize(
    ("operation", "value", "fits"),
    [("equals", "b, c", [False, True, True]), ("notEqual", "b", [True, False, True]),
     ("contains", "A", [True, False, False]), ("notContain", "a,b", [False, False, True]),
     ("lessThan", "b", [True, False, False]), ("greaterOrEqual", "b", [False, True, True]),
     ("lessOrEqual", "b", [True, True, False]), ("greaterThan", "b", [False, False, True])],
)  # fmt: skip
def test_texts_are_compared_without_regard_to_case(
    operation: str, value: str, fits: list[bool]
) -> None:
    assert fit(Criteria((Item(POSTAL, operation, value),)), ["a", "B", "c"]) == fits


def test_what_cannot_be_told_of_places_is_said_to_be_so() -> None:
    with pytest.raises(NotKnown, match="AnnualRevenue"):
        fit(Criteria((Item("Account.AnnualRevenue", "greaterThan", "1"),)), ["1"])
    with pytest.raises(NotKnown, match="within"):
        fit(Criteria((Item(POSTAL, "within", "1"),)), ["1"])


def test_criteria_without_items_fit_everything() -> None:
    assert fit(Criteria(()), ["1", "2"]) == [True, True]
