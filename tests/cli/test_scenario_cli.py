"""Scenarios and days from the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import states

Run = Callable[..., Any]


@pytest.fixture
def plan(do: Run) -> None:
    """P with West and East, which hold states and have targets; a scenario of it."""
    do("new", "P", "--dataset", states.NAME, "--names", "West,East")
    do("assign", "P", "CA", "NV", "OR", "--to", "West")
    do("assign", "P", "NY", "NJ", "--to", "East")
    do("target", "P", "West", "people=250")
    do("target", "P", "East", "people=250")
    do("scenario", "new", "P", "S")


@pytest.mark.usefixtures("plan")
def test_assumptions_are_made_changed_shown_and_removed(do: Run) -> None:
    do("scenario", "assume", "growth", "S", "people", "+10 %", "--area", "West")
    do("scenario", "assume", "growth", "S", "people", "20", "--area", "West", "--instead", "1")
    do("scenario", "assume", "hire", "S", "North", "--target", "100", "--measure", "people")
    do("scenario", "assume", "targets", "S", "people", "--area", "East", "--to", "70")
    shown = do("scenario", "show", "S")
    assert [a["text"] for a in shown["assumes"]] == [
        "people +20 % in West",
        "hire somebody with a new area North at the top, target 100 people",
        "target of East 70 people",
    ]
    found = do("scenario", "table", "S")
    assert [(s["name"], s["planned"], s["target"]) for s in found["sides"]] == [
        ("P", 500, 500),
        ("S", 560, 370),
    ]
    do("scenario", "drop", "S", 3)
    assert do("scenario", "list", "P")["scenarios"][0]["assumes"][1].startswith("hire")
    adopted = do("scenario", "adopt", "S")
    assert (adopted["alignment"], adopted["figures_not_adopted"]) == ("P", ["people"])
    assert do("scenario", "list")["scenarios"] == []


@pytest.mark.usefixtures("plan")
def test_what_means_nothing_is_refused_in_one_line(refused: Run, say: Run, do: Run) -> None:
    assert "0 % is no change" in refused("scenario", "assume", "growth", "S", "people", "0")
    assert "P is no scenario" in refused("scenario", "show", "P")
    assert "can't be submitted" in refused("submit", "S")
    assert say("scenario", "assume", "growth", "S", "people", "much").code == 2
    assert say("scenario", "assume", "targets", "S", "people").code == 2
    do("scenario", "remove", "S")
    assert "no alignment called 'S'" in refused("scenario", "show", "S")


@pytest.mark.usefixtures("plan")
def test_a_plan_is_valid_from_a_day_and_what_was_before_ends(do: Run, refused: Run) -> None:
    do("copy", "P", "Next")
    do("valid", "P", "--from", "2026-01-01")
    assert "overlaps" in refused("valid", "Next", "--from", "2027-07-01")
    assert "not in the calendar" in refused("valid", "Next", "--from", "2027-02-31")
    done = do("valid", "Next", "--from", "2027-07-01", "--end-others")
    assert done["ended"] == [{"alignment": "P", "valid_until": "2027-06-30"}]
    for day, name in (("2027-06-30", "P"), ("2027-07-01", "Next"), ("2025-01-01", None)):
        assert [line["in_force"] for line in do("in-force", day)["lines"]] == [name]
    assert do("valid", "Next", "--never")["valid_from"] is None


@pytest.mark.usefixtures("plan")
def test_all_scenarios_are_optimized_at_once(do: Run) -> None:
    do("scenario", "new", "P", "T")
    found = do("scenario", "optimize", "S", "--preset", "balance", "--max-runtime-s", "0.5")
    assert [s["name"] for s in found["scenarios"]] == ["S", "T"]
    assert (found["alignment"], found["measure"]) == ("P", "people")
    assert all(s["text"] for s in found["scenarios"])
