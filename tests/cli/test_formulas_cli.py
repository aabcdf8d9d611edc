"""Calculated measures from the command line."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def plan(do) -> None:
    """West and East; California in West, with a target."""
    do("new", "A", "--dataset", "accounts", "--names", "West,East")
    do("assign", "A", "--to", "West", "CA")
    do("target", "A", "West", "revenue=12")


def test_a_formula_is_seen_added_listed_changed_and_removed(do, say) -> None:
    seen = do("formula", "preview", "accounts", "per head", "revenue / people")
    assert (seen["rows"], seen["unknown"], seen["unit"]) == (6, 6, "")
    assert do("formula", "list", "accounts")["formulas"] == []
    added = do("formula", "add", "accounts", "double", "revenue * 2")
    assert (added["alignments"], added["total"], added["unit"]) == (["A"], 42, "USD")
    assert do("show", "A")["areas"][0]["totals"]["double"] == 6
    do("formula", "add", "accounts", "double", "revenue * 3", "--unit", "k$", "--replace")
    (listed,) = do("formula", "list", "accounts")["formulas"]
    assert (listed["formula"], listed["unit"]) == ("revenue * 3", "k$")
    assert do("show", "A")["areas"][0]["totals"]["double"] == 9
    assert "double = revenue * 3" not in say("show", "A").out
    do("formula", "remove", "accounts", "double")
    assert do("formula", "list", "accounts")["formulas"] == []


def test_formulas_of_areas_are_shown_with_the_areas(do, say) -> None:
    text = "target(revenue) - planned(revenue)"
    seen = do(
        "formula", "preview", "accounts", "to go", text, "--level", "area", "--alignment", "A"
    )
    assert [f["value"] for f in seen["first"]] == [9, None]
    do("formula", "add", "accounts", "to go", text, "--level", "area")
    shown = do("show", "A")["areas"]
    assert [a["calculated"] for a in shown] == [{"to go": 9}, {"to go": None}]
    assert "to go" in say("show", "A").out


def test_a_formula_is_renamed_and_what_uses_it_follows(do, say) -> None:
    do("formula", "add", "accounts", "double", "revenue * 2")
    do("formula", "add", "accounts", "more", "double + 1")
    do("target", "A", "West", "double=7")
    assert do("formula", "rename", "accounts", "double", "Twice it")["alignments"] == ["A"]
    listed = do("formula", "list", "accounts")["formulas"]
    assert [(f["name"], f["formula"]) for f in listed] == [
        ("Twice it", "revenue * 2"),
        ("more", "[Twice it] + 1"),
    ]
    assert do("show", "A")["areas"][0]["targets"]["Twice it"] == 7
    assert "renamed the measure double to Twice it in targets" in say("history", "A").out


def test_what_is_refused_names_the_remedy(refused) -> None:
    def no(*words: str) -> str:
        return refused("formula", *words)

    assert "Did you mean 'revenue'?" in no("add", "accounts", "x", "revnue")
    assert "would use itself" in no("add", "accounts", "x", "x + 1")
    assert "There is no function '__import__'" in no("preview", "accounts", "x", "__import__('os')")
    assert "has no formula called 'x'. Formulas: none" in no("remove", "accounts", "x")
    assert "has no formula called 'x'" in no("add", "accounts", "x", "revenue", "--replace")
    assert "of its own" in no("add", "accounts", "revenue", "people * 2")
    assert "There is no dataset called 'nope'" in no("list", "nope")


def test_a_formula_with_a_target_stays(do, refused) -> None:
    do("formula", "add", "accounts", "double", "revenue * 2")
    do("target", "A", "East", "double=5")
    assert "1 target of A" in refused("formula", "remove", "accounts", "double")
