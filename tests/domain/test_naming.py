"""New areas are called by level and number, and no two by the same name."""

from __future__ import annotations

from grids import done, grid
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch, Change, Remove
from tp_geo.domain.naming import level_above, level_below, new_names


def test_new_areas_are_numbered_from_one() -> None:
    assert new_names("Region", 3) == ("Region 1", "Region 2", "Region 3")


def test_names_that_are_given_come_first_and_count() -> None:
    assert new_names("Region", 3, ("West",)) == ("West", "Region 2", "Region 3")
    assert new_names("Region", 1, ("West", "East")) == ("West", "East")


def test_a_number_is_used_once_in_an_alignment() -> None:
    a = done(grid("AAB"), Branch(AreaId(1), ("District 1", "District 2"), "District"))
    assert new_names("District", 2, alignment=a) == ("District 3", "District 4")
    assert new_names("Zone", 1, alignment=a) == ("Zone 1",)


def test_a_number_that_became_free_is_used_again() -> None:
    a = done(grid("AAB"), Branch(AreaId(1), ("District 1", "District 2"), "District"))
    first = a.children(AreaId(1))[0]
    assert new_names("District", 2, alignment=done(a, Remove(first))) == (
        "District 1",
        "District 3",
    )


@given(
    st.lists(st.sampled_from(["Area 1", "Area 2", "Area 3", "West"]), unique=True),
    st.integers(0, 6),
)
def test_no_two_new_names_are_the_same(given_names: list[str], count: int) -> None:
    names = new_names("Area", count, given_names)
    assert len(set(names)) == len(names) == max(count, len(given_names))


def test_a_new_level_is_called_as_what_lies_beside_it_or_usually_below() -> None:
    a = grid("AAB")
    assert level_below(a, None) == a.area(AreaId(1)).level
    assert level_below(a, AreaId(1)) == "Level 2"
    assert level_below(a, AreaId(1), "State") == "State"
    divided = done(a, Branch(AreaId(1), ("D", "E"), "Zone"))
    assert level_below(divided, AreaId(2)) == "Zone"
    regions = done(a, Change(AreaId(2), {"level": "Region"}))
    assert level_below(regions, AreaId(2)) == "District"


def test_a_group_is_of_the_level_that_usually_lies_above() -> None:
    found = map(level_above, ("Territory", "District", "Region", "Sales cell"))
    assert list(found) == ["District", "Region", "Zone", "Region"]
