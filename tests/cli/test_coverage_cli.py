"""A plan at a glance, from the command line."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def plan(do) -> None:
    """West has California and Nevada, and an owner; East holds nothing."""
    do("new", "A", "--dataset", "accounts", "--names", "West,East")
    do("assign", "A", "--to", "West", "CA", "NV")
    do("owner", "A", "West", "ana")
    do("target", "A", "West", "people=1")


def test_figures_gaps_and_areas_are_told(do, say) -> None:
    told = do("coverage", "A", "--measure", "people")
    assert (told["measure"], told["level"]) == ("people", 1)
    assert 0 < told["covered"] < 1
    assert (told["aimed"], told["on_target"]) == (1, 0)
    west, east = told["areas"]
    assert (west["owner"], west["off"], west["containers"]) == ("ana", True, 2)
    assert (east["owner"], east["containers"]) == ("", 0)
    text = say("coverage", "A").out
    assert all(words in text for words in ("West", "Empty areas", "Areas without owner"))


def test_what_changes_is_told_against_a_snapshot(do, refused) -> None:
    do("snapshot", "A", "before")
    do("owner", "A", "West", "ben")
    assert do("coverage", "A", "--base", "before")["change"]["owner"] > 0
    assert "nowhere" in refused("coverage", "A", "--base", "nowhere")


def test_an_area_is_looked_into_from_the_level_below_it(do, refused) -> None:
    do("branch", "A", "West", "--names", "Coast,Inland")
    told = do("coverage", "A", "--area", "West")
    assert [a["name"] for a in told["areas"]] == ["Coast", "Inland"]
    assert "Give a level from 2 on" in refused("coverage", "A", "--area", "West", "--level", "1")
