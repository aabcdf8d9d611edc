"""A table joined by id brings measures and attributes, and totals stay sums of their parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from squares import dataset, table

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.measures import totals
from tp_geo.workflow.supplement import (
    CONTAINERS,
    UNITS,
    dataset_with,
    preview_supplement,
)


def test_a_new_measure_of_units_adds_up_in_their_containers() -> None:
    data = dataset({"a": "01", "b": "01", "c": "02", "d": None})
    found = preview_supplement(
        Alignment.empty(data.items), data, table("id|Deal Size\na|$1,000\nb|250.5\nd|7"), UNITS
    )
    made = dataset_with(data, found)
    assert made.measure("deal_size").label == "Deal Size"
    column = made.column("deal_size")
    assert column[0] == 1250.5
    assert np.isnan(column[1])
    assert column[made.units["d"]] == 7
    assert made.key != data.key
    assert np.array_equal(made.values[:, :2], data.values)


def test_a_changed_measure_of_a_unit_changes_its_container_by_the_difference() -> None:
    data = dataset({"a": "01", "b": "01"})
    found = preview_supplement(
        Alignment.empty(data.items), data, table("id|People\na|5\nb|1"), UNITS
    )
    made = dataset_with(data, found)
    assert made.column("people")[0] == data.column("people")[0] + 4
    assert made.measures == data.measures


def test_a_measure_of_containers_is_all_that_lies_in_them() -> None:
    data = dataset({"a": "01"})
    found = preview_supplement(
        Alignment.empty(data.items), data, table("code|people|score\n01|50|1\n02|60|"), CONTAINERS
    )
    made = dataset_with(data, found)
    assert list(made.column("people")[:3]) == [50, 60, 10]
    assert made.column("people")[made.units["a"]] == 1
    assert [m.name for m in made.measures] == ["people", "income", "score"]


def test_a_mean_is_that_of_the_units_by_weight() -> None:
    data = dataset({"a": "01", "b": "01", "c": "02"})
    values = data.values.copy()
    values[data.units["b"], 0] = 3.0
    data = replace(data, values=values)
    found = preview_supplement(
        Alignment.empty(data.items), data, table("id|income\na|100\nb|20"), UNITS
    )
    column = dataset_with(data, found).column("income")
    assert column[0] == (100 * 1 + 20 * 3) / 4
    assert column[1] == data.column("income")[1]


def test_texts_become_attributes_and_blanks_leave_what_was() -> None:
    data = dataset({"a": "01", "b": "01"}, {"owner": {"a": "ann", "b": "bob"}})
    found = preview_supplement(
        Alignment.empty(data.items),
        data,
        table("id|owner|Segment|Zip\na|zoe|gold|02139\nb|||"),
        UNITS,
    )
    made = dataset_with(data, found)
    at_units = {k: list(v[8:]) for k, v in made.attributes.items()}
    assert at_units == {"owner": ["zoe", "bob"], "Segment": ["gold", ""], "Zip": ["02139", ""]}


def test_numbers_that_are_none_are_left_out_and_negative_ones_are_told() -> None:
    data = dataset()
    rows = table("code|score\n01|1\n02|2\n03|-3\n04|4\n05|five\n06|6")
    found = preview_supplement(Alignment.empty(data.items), data, rows, CONTAINERS)
    assert [(p.row, p.value) for p in found.problems] == [(4, "-3"), (6, "five")]
    assert np.isnan(dataset_with(data, found).column("score")[4])


def test_what_is_there_already_changes_nothing() -> None:
    data = dataset(attributes={"tier": {"01": "gold"}})
    found = preview_supplement(
        Alignment.empty(data.items), data, table("code|people|tier\n01|10|gold"), CONTAINERS
    )
    assert found.empty
    assert dataset_with(data, found) is data
    assert str(found) == "1 of 1 row found: nothing changes"


@settings(max_examples=60)
@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 1000), min_size=1),
    st.lists(st.integers(0, 8), min_size=6, max_size=6),
)
def test_totals_stay_the_sum_of_their_parts(said: Mapping[str, int], homes: list[int]) -> None:
    codes = [f"{i + 1:02d}" for i in range(8)]
    data = dataset({u: codes[h] if h < 8 else None for u, h in zip("abcdef", homes, strict=True)})
    rows = pd.DataFrame({"id": list(said), "people": [str(v) for v in said.values()]}, dtype=object)
    made = dataset_with(data, preview_supplement(Alignment.empty(data.items), data, rows, UNITS))
    nothing = Alignment.empty(data.items)
    change = sum(v - 1 for v in said.values())
    before, now = (totals(d, nothing).of(AreaId(0), "people") for d in (data, made))
    assert now == before + change
