"""Levels from columns of the data, and what stands in them as the assignment."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from squares import country, dataset
from trees import HERE, WITHIN, tree, where

from tp_geo.domain.alignment import FOLLOW
from tp_geo.domain.hierarchy import levels
from tp_geo.domain.problems import problems
from tp_geo.errors import Refused
from tp_geo.workflow.model_columns import from_columns, labels_of


def test_levels_are_columns_and_the_values_are_the_assignment() -> None:
    model = from_columns(HERE, ["region", "state", "county"], within=WITHIN)
    assert levels(model) == ("Region", "State", "County")
    assert "Left/AA/A1" in tree(model)
    assert where(model, HERE)["05"] == "A1"
    assert problems(model) == ()


def test_what_the_data_call_unassigned_is_unassigned() -> None:
    reps = {"rep": {"u1": "Ann", "u2": "Unassigned", "u3": "-"}}
    data = dataset({"u1": "01", "u2": "02", "u3": "03"}, reps)
    model = from_columns(data, ["rep"])
    assert tree(model) == {"Ann"}
    assert where(model, data)["02"] == "Unassigned"


def test_a_column_is_found_in_any_case() -> None:
    names = {"state": {"AA": "Alpha"}}
    found = from_columns(HERE, ["REGION", "State"], within=WITHIN, labels=names)
    assert "Left/Alpha" in tree(found)
    assert where(found, HERE) == where(
        from_columns(HERE, ["region", "state"], within=WITHIN, labels=names), HERE
    )


def test_codes_are_called_by_name_and_twins_apart() -> None:
    names = {"state": {"AA": "Alpha"}, "county": {"A1": "Fair", "A2": "Fair", "B1": "Fair"}}
    model = from_columns(HERE, ["state", "county"], within=WITHIN, labels=names)
    assert {"Alpha", "BB", "Alpha/Fair (A1)", "Alpha/Fair (A2)", "BB/B2"} <= tree(model)


def test_a_container_goes_where_most_of_its_units_do_and_the_others_are_exceptions() -> None:
    units = {"a": "01", "b": "01", "c": "01", "d": "02", "e": None, "f": "02"}
    owners = {"a": "ann", "b": "ann", "c": "bob", "d": "bob", "e": "ann"}
    data = dataset(units, {"owner": owners})
    model = from_columns(data, ["owner"])
    found = where(model, data)
    assert (found["01"], found["02"], found["03"]) == ("ann", "bob", "Unassigned")
    assert [data.codes[i] for i in model.exceptions] == ["c", "e"]
    assert (found["c"], found["e"], found["f"]) == ("bob", "ann", "bob")
    assert model.area_of[data.units["f"]] == FOLLOW


def test_a_tie_goes_to_the_first_name() -> None:
    data = dataset({"a": "01", "b": "01"}, {"owner": {"a": "zoe", "b": "ann"}})
    assert where(from_columns(data, ["owner"]), data)["01"] == "ann"


def test_branches_may_end_at_different_levels() -> None:
    units = {"a": "01", "b": "02", "c": "03", "d": "03"}
    columns = {
        "region": {"a": "East", "b": "West", "c": "West", "d": "West"},
        "district": {"b": "North", "c": "South"},
    }
    data = dataset(units, columns)
    model = from_columns(data, ["region", "district"])
    assert tree(model) == {"East", "West", "West/North", "West/South"}
    found = where(model, data)
    assert (found["a"], found["b"]) == ("East", "North")
    assert found["d"] == "South"


def test_columns_that_name_no_territories_are_refused() -> None:
    with pytest.raises(Refused, match=r"no column 'planet'. Columns: postal, county, state"):
        from_columns(HERE, ["planet"], within=WITHIN)
    with pytest.raises(Refused, match="1 to 10 levels; 0 columns"):
        from_columns(HERE, [])


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from("ABC "), min_size=8, max_size=8),
    st.lists(st.tuples(st.integers(0, 8), st.sampled_from("ABC ")), max_size=12),
)
def test_every_item_with_a_value_is_in_the_area_of_its_value(
    own: list[str], units: list[tuple[int, str]]
) -> None:
    codes = [f"{i + 1:02d}" for i in range(8)]
    homes = {f"u{i}": codes[at] if at < 8 else None for i, (at, _) in enumerate(units)}
    said = dict(zip(codes, own, strict=True)) | {f"u{i}": v for i, (_, v) in enumerate(units)}
    data = dataset(homes, {"team": {c: v.strip() for c, v in said.items()}})
    model = from_columns(data, ["team"])
    assert problems(model) == ()
    for code, value in where(model, data).items():
        assert not said[code].strip() or value == said[code]


def test_labels_are_the_names_of_boundaries() -> None:
    assert labels_of(country())["01"] == "Square 1"
