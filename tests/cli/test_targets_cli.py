"""Targets on the command line: ranges, the table of the tree, carried down."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def plan(do) -> None:
    """West with two states, all of them in North; South, below it too, and East are empty."""
    do("new", "A", "--dataset", "accounts", "--level", "Region", "--names", "West,East")
    do("assign", "A", "--to", "West", "CA", "HI")
    do("branch", "A", "West", "--names", "North,South", "--level", "District")


def rows(do, *words: object) -> dict[str, dict]:
    return {row["area"]: row for row in do("targets", "A", *words)["areas"]}


def test_a_range_is_set_beside_a_target_and_taken_away(do) -> None:
    do("target", "A", "West", "people=90..100..1,000", "revenue=..5")
    row = rows(do, "--measure", "people")["West"]
    assert (row["minimum"], row["target"], row["maximum"]) == (90, 100, 1000)
    assert rows(do, "--measure", "Revenue")["West"]["maximum"] == 5
    do("target", "A", "West", "people=90..", "revenue=")
    row = rows(do, "--measure", "people")["West"]
    assert (row["minimum"], row["target"], row["maximum"]) == (90, None, None)
    (west,) = (a for a in do("show", "A")["areas"] if a["name"] == "West")
    assert (west["targets"], west["minimums"], west["maximums"]) == ({}, {"people": 90}, {})


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("people=lots", "'lots' is no target for people. Give a number of 0 or more"),
        ("people=1..x..3", "'1..x..3' is no target for people"),
        ("people=1..2..3..4", "'1..2..3..4' is no target for people. Give a number, MIN..MAX or"),
        ("people=-5..7", "'-5..7' is no target for people"),
        ("people=7..5", "minimum of West for people, 7, is more than its maximum, 5"),
        ("visits=1", "no measure 'visits'"),
    ],
)
def test_what_is_no_target_is_refused_with_the_measure_the_value_and_the_remedy(
    do, refused, word: str, says: str
) -> None:
    assert says in refused("target", "A", "West", word)
    assert do("show", "A")["revision"] == 3


def test_every_level_shows_target_planned_gap_and_deviation(do, say) -> None:
    do("target", "A", "West/North", "people=400")
    do("target", "A", "West/South", "people=100")
    found = do("targets", "A")
    west, north, south, east = found["areas"]
    held = west["planned"]
    assert (west["target"], west["summed"], west["below"]) == (500, True, 500)
    assert (north["planned"], north["gap"]) == (held, held - 400)
    assert (south["deviation"], south["off"]) == (-1, True)
    assert (east["target"], east["deviation"]) == (None, None)
    assert (found["target"], found["planned"]) == (500, held + east["planned"])
    assert "Σ 500" in say("targets", "A").out


def test_a_table_of_targets_is_written_for_some_areas_only(do, refused, tmp_path: Path) -> None:
    do("target", "A", "West", "people=500")
    path = tmp_path / "targets.csv"
    do("targets", "A", "--area", "West", "--level", "District", "--csv", path)
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert [row["area"] for row in found] == ["West", "West/North", "West/South"]
    assert (found[0]["target"], found[1]["target"]) == ("500", "")
    assert "no directory" in refused("targets", "A", "--csv", tmp_path / "none" / "x.csv")


def test_a_target_is_carried_down_in_one_revision_that_undo_takes_back(do) -> None:
    do("target", "A", "West", "people=800..1000..1200")
    said = do("carry-down", "A", "people", "--area", "West")
    assert [t["area"] for t in said["targets"]] == ["West/North", "West/South"]
    north = rows(do)["West/North"]
    assert (north["minimum"], north["target"], north["maximum"]) == (400, 500, 600)
    assert do("targets", "A")["not_adding_up"] == 0
    do("undo", "A")
    assert rows(do)["West/North"]["target"] is None


def test_all_there_is_is_split_over_the_top_and_what_is_by_hand_is_kept(do) -> None:
    do("carry-down", "A", "people", "--total", "1,000", "--give", "West=700", "--levels", "2")
    found = rows(do)
    assert [found[k]["target"] for k in ("West", "East", "West/North", "West/South")] == [
        700, 300, 350, 350,
    ]  # fmt: skip
    do("target", "A", "West", "people=900")
    do("carry-down", "A", "people", "--by", "held")
    assert rows(do)["West/North"]["target"] == 900


def test_a_dry_run_tells_the_figures_and_saves_nothing(do) -> None:
    do("target", "A", "West", "people=1000")
    said = do("carry-down", "A", "people", "--by", "revenue", "--dry-run")
    north = said["targets"][0]
    assert (north["was"]["ideal"], north["target"]["ideal"]) == (None, 1000)
    assert do("show", "A")["revision"] == said["revision"] == 4


def test_a_split_that_does_not_add_up_is_told_by_the_table_and_by_check(do) -> None:
    do("target", "A", "West", "people=1000")
    do("carry-down", "A", "people", "--give", "West/North=600", "--give", "West/South=300")
    says = "those below it have 100 less than its 1,000 of People"
    assert rows(do)["West"]["misfit"] == says
    (found,) = (f for f in do("check", "A")["findings"] if f["kind"] == "does not add up")
    assert (found["title"], found["text"]) == ("West", says)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("people",), "No area at the top has a target of People and areas below it"),
        (("people", "--area", "West"), "West has no target of People to carry down"),
        (("people", "--area", "East", "--total", "9"), "no area below East"),
        (("people", "--total", "many"), "--total, people: 'many' is no target"),
        (("people", "--total", "9", "--give", "East=x"), "--give, East: 'x' is no target"),
        (("people", "--total", "9", "--give", "Nord=1"), "no area called 'Nord'"),
        (("people", "--total", "9", "--give", "West=10"), "1 more than the 9 there are"),
        (("income", "--total", "9"), "a mean: targets of it do not add up"),
        (("people", "--total", "9", "--by", "income"), "a mean: targets of it do not add up"),
        (("visits", "--total", "9"), "no measure 'visits'"),
    ],
)
def test_what_can_not_be_carried_down_is_refused_and_nothing_is_saved(
    do, refused, words: tuple[str, ...], says: str
) -> None:
    assert says in refused("carry-down", "A", *words)
    assert do("show", "A")["revision"] == 3


def test_ranges_come_with_a_table_and_go_out_with_one(do, tmp_path: Path) -> None:
    table = tmp_path / "areas.csv"
    table.write_text("name,target people,minimum people,people maximum\nWest,100,90,110\n")
    do("supplement", "A", table, "--level", "area")
    row = rows(do)["West"]
    assert (row["minimum"], row["target"], row["maximum"]) == (90, 100, 110)
    out = tmp_path / "out.csv"
    do("export", "A", "--to", out, "--what", "areas")
    with out.open(encoding="utf-8", newline="") as file:
        west = next(found for found in csv.DictReader(file) if found["name"] == "West")
    assert (west["minimum people"], west["maximum people"]) == ("90", "110")
    assert "minimum revenue" not in west
    do("target", "A", "West", "people=")
    do("supplement", "A", out, "--level", "area")
    assert rows(do, "--measure", "people")["West"]["maximum"] == 110
    table.write_text("name,minimum people,maximum people\nWest,5,lots\n")
    said = str(do("supplement", "A", table, "--level", "area"))
    assert "'value': 'lots', 'remedy': 'is no maximum; write a number above 0" in said
    assert rows(do, "--measure", "people")["West"]["maximum"] == 110
