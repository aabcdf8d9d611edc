"""Names an org takes, from whatever people call their areas."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tp_geo.crm.naming import area_of, developer_name, marked, sound, unmarked


@given(st.text(max_size=200), st.text("AZ09_", max_size=12), st.sets(st.integers(0, 5)))
def test_any_text_becomes_a_developer_name_that_is_free(
    text: str, prefix: str, numbers: set[int]
) -> None:
    first = developer_name(text, prefix=prefix, free=lambda _: True)
    assert sound(first)
    taken = {first, *(f"{first[:70]}_{n}" for n in numbers)}
    second = developer_name(text, prefix=prefix, free=lambda name: name not in taken)
    assert sound(second)
    assert second not in taken


@pytest.mark.parametrize(
    ("text", "name"),
    [("West", "P1_West"), ("São Paulo / Süd", "P1_Sao_Paulo_Sud"), ("北", "P1"), ("__x__", "P1_x")],
)
def test_developer_names_are_near_what_areas_are_called(text: str, name: str) -> None:
    assert developer_name(text, prefix="P1", free=lambda _: True) == name


@pytest.mark.parametrize("name", ["1a", "a__b", "a_", "_a", "a-b", "a" * 81, ""])
def test_what_no_org_takes_is_not_sound(name: str) -> None:
    assert not sound(name)


@given(st.text(max_size=1_200), st.integers(0, 65_535))
def test_an_area_is_found_again_by_its_mark_whatever_else_is_written(
    description: str, area: int
) -> None:
    text = marked(description, "ab12cd", str(area))
    assert len(text) <= 1_000
    assert area_of(text, "ab12cd") == str(area)
    assert area_of(text, "ffffff") is None or "[tp-geo ffffff#" in description
    assert marked(text, "ab12cd", str(area)) == text, "marking twice changes nothing"


def test_marks_are_not_shown_to_people() -> None:
    assert unmarked("All of the West [tp-geo ab12cd#3]") == "All of the West"
    assert area_of(None, "ab12cd") is None
