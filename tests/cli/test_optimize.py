"""Optimize from the command line: figures before and after, one revision, limits, explanations."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.usefixtures("plan")


@pytest.fixture
def plan(do) -> None:
    """West, South and East over the states, nothing assigned."""
    do("new", "A", "--dataset", "accounts", "--names", "West,South,East")


def designed(do, *words: object) -> dict:
    return do("optimize", "A", "--balance", "people", "--include-unassigned", *words)


def test_the_answer_has_what_programs_rely_on(do) -> None:
    told = designed(do)
    assert {"revision", "moved", "before", "after", "largest_deviation"} <= told.keys()
    assert {"lower_bound", "parts", "stopped", "seconds"} <= told.keys()
    assert told["moved"] == {"containers": 0, "units": 0, "people": 0}
    assert told["assigned"] == {"containers": 51, "units": 5, "people": 1}
    assert [i["name"] for i in told["issues"]] == ["unplaced"]  # the account that is nowhere
    assert (told["revision"], told["changed"]) == (2, True)


def test_a_fresh_plan_is_balanced_in_one_piece_each_and_one_revision(do) -> None:
    told = designed(do)
    shown = do("show", "A")
    assert [a["containers"] for a in shown["areas"]] == [17, 17, 17]
    assert [a["containers"] for a in told["after"]] == [17, 17, 17]
    assert [a["parts"] for a in shown["areas"]] == [1, 1, 1]
    assert (told["parts"], told["largest_deviation"]) == (1, 0)
    assert shown["revision"] == 2
    do("undo", "A")
    assert do("show", "A")["unassigned"]["containers"] == 51


def test_a_dry_run_tells_and_changes_nothing(do, say) -> None:
    before = do("show", "A")
    told = designed(do, "--dry-run")
    assert (told["changed"], told["revision"]) == (False, 1)
    assert do("show", "A") == before
    words = ("--balance", "people", "--include-unassigned", "--dry-run")
    assert "preview: optimized 3 areas for People" in say("optimize", "A", *words).out


def test_little_moves_when_little_may(do) -> None:
    designed(do)
    do("assign", "A", "--to", "West", "NY", "NJ", "PA", "CT")
    told = do("optimize", "A", "--balance", "people", "--preset", "continuity",
              "--max-change", "0.1", "--tolerance", "0.06")  # fmt: skip
    assert 0 < told["moved"]["people"] <= 0.1
    assert told["largest_deviation"] < 0.24


def test_the_focus_is_the_parts_of_an_area(do, refused) -> None:
    designed(do)
    assert "Two areas or more are needed" in refused("optimize", "A", "--focus", "West")
    do("branch", "A", "West", "--level", "District", "--areas", 2)
    others = [a for a in do("show", "A")["areas"] if a["name"] in ("South", "East")]
    told = do("optimize", "A", "--focus", "West", "--balance", "people")
    assert sorted(a["containers"] for a in told["after"]) == [8, 9]
    assert [a for a in do("show", "A")["areas"] if a["name"] in ("South", "East")] == others


def test_several_plans_can_be_chosen_from(do, refused) -> None:
    told = designed(do, "--alternatives", 3, "--dry-run")
    assert told["alternatives"][0]["plan"] == told["plan"]
    many = ("--balance", "people", "--include-unassigned", "--choose", 9)
    assert "can't be chosen" in refused("optimize", "A", *many)


def test_it_is_told_why_an_item_goes_where_it_goes(do) -> None:
    told = designed(do, "--explain", "CA")
    (first, *_) = told["explained"]["CA"]
    assert first.startswith("California (CA) goes to ")


def test_it_is_proved_how_much_rounder_a_plan_could_be(do, say) -> None:
    told = designed(do, "--dry-run", "--prove", 1)
    assert 0 <= told["shape_gap"] < 0.5
    words = ("--balance", "people", "--include-unassigned", "--prove", 1)
    assert "It could be rounder by " in say("optimize", "A", *words).out


def test_shares_and_limits_are_kept(do) -> None:
    told = designed(do, "--share", "West=0.5", "--limit", "South:people=..1500")
    by_name = {a["name"]: a["totals"]["people"] for a in told["after"]}
    assert by_name["West"] == pytest.approx(2550, abs=150)
    assert by_name["South"] <= 1500


def test_as_many_areas_are_made_as_a_capacity_needs(do, refused) -> None:
    told = do("optimize", "A", "--number", "people=900", "--level", "Region", "--dry-run")
    assert (told["areas"], told["least"], told["changed"]) == (6, 6, False)
    do("optimize", "A", "--number", "people=900", "--level", "Region")
    shown = do("show", "A")
    made = [a for a in shown["areas"] if a["containers"]]
    assert len(made) == 6
    assert max(a["totals"]["people"] for a in made) <= 900
    assert shown["revision"] == 2
    few = refused("optimize", "A", "--focus", made[0]["name"], "--number", "people=2000")
    assert "All of it fits into one area" in few
    assert "alone holds 100" in refused(
        "optimize", "A", "--focus", made[0]["name"], "--number", "people=50"
    )


def test_an_area_is_split_in_two_of_the_same_size(do, refused, say) -> None:
    designed(do)
    words = ("split", "A", "West", "--balance", "people", "--name", "New")
    told = do(*words, "--preview")
    assert sorted(a["containers"] for a in told["areas"]) == [8, 9]
    assert [a["parts"] for a in told["areas"]] == [1, 1]
    others = [a for a in do("show", "A")["areas"] if a["name"] in ("South", "East")]
    do(*words, "--share", "0.25")
    shown = {a["name"]: a for a in do("show", "A")["areas"]}
    assert shown["New"]["containers"] in (4, 5)
    assert [shown[a["name"]] for a in others] == others
    assert "above 0 and below 1" in refused(*words, "--share", "2")
    assert say("split", "A", "West", "--name", "New").code == 2


def test_those_beside_an_area_that_is_given_up_share_what_it_held(do, refused) -> None:
    do("optimize", "A", "--number", "people=1300", "--level", "Region")
    before = {a["name"]: a for a in do("show", "A")["areas"] if a["containers"]}
    gone = next(name for name, a in before.items() if a["containers"] < 14 and a["parts"] == 1)
    for name in ("West", "South", "East"):
        do("remove-area", "A", name)
    seq = do("show", "A")["revision"]
    told = do("remove-area", "A", gone, "--balance", "people")
    assert told["text"].startswith(f"removed {gone}, its neighbors share what it held: moved ")
    shown = do("show", "A")
    assert shown["revision"] == seq + 1
    assert shown["unassigned"]["containers"] == 0
    assert len(shown["areas"]) == len(before) - 1
    assert all(a["parts"] == 1 for a in shown["areas"])
    do("undo", "A")
    assert {a["name"]: a for a in do("show", "A")["areas"]}[gone] == before[gone]
    assert "There is no area" in refused("remove-area", "A", "Nope", "--balance", "people")


def test_gaps_are_filled_by_balance(do) -> None:
    for area, code in (("West", "CA"), ("South", "TX"), ("East", "NY")):
        do("assign", "A", "--to", area, code)
    told = do("fill", "A", "--by", "balance", "--measure", "People", "--preview")
    assert told["changed"] is False
    do("fill", "A", "--by", "balance", "--measure", "people")
    shown = do("show", "A")
    assert shown["unassigned"]["containers"] == 0
    assert all(15 <= a["containers"] <= 19 for a in shown["areas"])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--balance", "sales"], "There is no measure 'sales'"),
        (["--balance", "income"], "Income is a mean and can't be balanced"),
        (["--balance", "people"], "Include what is unassigned"),
        (["--balance", "people=0", "--include-unassigned"], "The weight of a measure is above 0"),
        (["--focus", "Nope"], "There is no area called 'Nope'"),
        (["--max-distance-km", "10", "--include-unassigned"], "needs pinned centers"),
        (["--respect", "river", "--include-unassigned"], "There are no river borders"),
        (["--barrier", "CA,NY", "--include-unassigned"], "CA and NY are no neighbors"),
    ],
)
def test_what_makes_no_sense_is_refused(refused, words: list[str], says: str) -> None:
    assert says in refused("optimize", "A", *words)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--preset", "luck"], "none of balance, compactness, continuity"),
        (["--start", "there"], "none of auto"),
        (["--limit", "people=5"], "MEASURE=MIN..MAX"),
        (["--barrier", "CA"], "CODE,CODE"),
        (["--center", "West=north"], "no LON,LAT"),
    ],
)
def test_usage_says_what_is_meant(say, words: list[str], says: str) -> None:
    said = say("optimize", "A", *words)
    assert (said.code, says in said.err) == (2, True), said.err
