"""Areas from the command line: added, divided, moved, combined, described, locked."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def plan(do) -> None:
    """West with three states, East with one."""
    do("new", "A", "--dataset", "accounts", "--names", "West,East")
    do("assign", "A", "--to", "West", "CA", "OR", "NV")
    do("assign", "A", "--to", "East", "NY")


def area(do, path: str) -> dict:
    return next(a for a in do("show", "A")["areas"] if a["path"] == path)


def paths(do) -> set[str]:
    return {a["path"] for a in do("show", "A")["areas"]}


def test_a_branch_gives_everything_to_the_first_area(do) -> None:
    done = do("branch", "A", "West", "--level", "District", "--areas", 2)
    assert (done["changed"], done["text"]) == (True, "added 2 areas below West")
    assert area(do, "West/District 1")["containers"] == 3
    assert area(do, "West/District 2")["containers"] == 0
    assert area(do, "West")["containers"] == 3
    assert do("show", "A")["levels"] == ["Region", "District"]


def test_a_second_branch_goes_on_counting_and_keeps_the_level(do) -> None:
    do("branch", "A", "West", "--level", "District", "--areas", 2)
    do("branch", "A", "West", "--areas", 1)
    assert area(do, "West/District 3")["level"] == "District"
    do("branch", "A", "East", "--names", "Coast")
    assert area(do, "East/Coast")["level"] == "District"


def test_a_branch_by_state_and_by_a_column(do) -> None:
    do("branch", "A", "West", "--by", "state")
    assert {p for p in paths(do) if p.startswith("West/")} == {
        "West/California",
        "West/Nevada",
        "West/Oregon",
    }
    assert area(do, "West/Nevada")["level"] == "State"
    do("branch", "A", "West/California", "--column", "rep", "--level", "Rep")
    assert area(do, "West/California/Ana")["units"] == 2


def test_what_is_unassigned_can_be_split_by_division(do) -> None:
    do("branch", "A", "unassigned", "--by", "division")
    assert area(do, "Mountain")["containers"] == 7
    assert do("show", "A")["unassigned"]["containers"] == 0


def test_areas_are_added_moved_and_renamed(do) -> None:
    do("add-area", "A", "North", "South")
    do("add-area", "A", "Bay", "--under", "West", "--level", "District")
    do("rename-area", "A", "North", "Upper")
    do("move-area", "A", "Upper", "--under", "West")
    assert paths(do) == {"West", "East", "South", "West/Bay", "West/Upper"}
    do("move-area", "A", "West/Upper")
    assert "Upper" in paths(do)
    assert area(do, "Upper")["parent"] is None
    assert area(do, "West/Bay")["parent"] == area(do, "West")["id"]


def test_areas_are_combined_and_removed(do) -> None:
    do("combine", "A", "West", "East")
    assert area(do, "West")["containers"] == 4
    do("add-area", "A", "South")
    do("remove-area", "A", "West", "--to", "South")
    assert area(do, "South")["containers"] == 4
    do("remove-area", "A", "South")
    assert do("show", "A")["unassigned"]["containers"] == 51


def test_an_area_is_found_by_name_path_and_number(do, refused) -> None:
    do("branch", "A", "West", "--names", "North,South")
    do("branch", "A", "East", "--names", "North,South")
    line = refused("owner", "A", "North", "kim")
    assert "West/North" in line
    assert "East/North" in line
    do("owner", "A", "East/North", "kim")
    number = area(do, "West/North")["id"]
    do("owner", "A", f"#{number}", "lee")
    assert area(do, "East/North")["owner"] == "kim"
    assert area(do, "West/North")["owner"] == "lee"


def test_targets_are_set_changed_and_taken_away(do) -> None:
    do("target", "A", "West", "people=400", "revenue=10")
    west = area(do, "West")
    assert west["targets"] == {"people": 400, "revenue": 10}
    assert west["deviation"] == {"people": -0.25, "revenue": 0}
    do("target", "A", "West", "people=", "revenue=1,000")
    assert area(do, "West")["targets"] == {"revenue": 1000}


def test_a_measure_may_be_called_by_its_label(do) -> None:
    do("target", "A", "West", "Revenue=10", "PEOPLE=5")
    assert area(do, "West")["targets"] == {"revenue": 10, "people": 5}


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("sales=3", "There is no measure 'sales' in dataset accounts. It has: people, revenue"),
        ("people=-3", "'-3' is no target for people"),
        ("people=many", "'many' is no target for people"),
        ("people=nan", "'nan' is no target"),
        ("people=1e999", "'1e999' is no target"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(refused, word: str, says: str) -> None:
    assert says in refused("target", "A", "West", word)


def test_a_locked_area_takes_and_gives_nothing(do, refused) -> None:
    do("lock", "A", "West")
    assert area(do, "West")["locked"] is True
    assert "West is locked. Unlock it" in refused("assign", "A", "--to", "West", "WA")
    assert "West is locked" in refused("assign", "A", "--to", "East", "CA")
    assert "West is locked" in refused("rename-area", "A", "West", "X")
    do("unlock", "A", "West")
    do("assign", "A", "--to", "West", "WA")
    assert area(do, "West")["containers"] == 4


def test_owner_color_and_profile_are_set_and_taken_away(do) -> None:
    do("owner", "A", "West", "kim")
    do("color", "A", "West", "1B9E77")
    do("profile", "A", "West", "non-contiguous")
    west = area(do, "West")
    assert (west["owner"], west["color"], west["profile"]) == ("kim", "#1b9e77", "non-contiguous")
    do("owner", "A", "West", "-")
    do("color", "A", "West", "-")
    west = area(do, "West")
    assert (west["owner"], west["color"]) == (None, None)


def test_what_changes_nothing_says_so(do) -> None:
    before = do("show", "A")["revision"]
    done = do("unlock", "A", "West")
    assert done == {
        "alignment": "A",
        "revision": before,
        "changed": False,
        "text": "nothing changed",
    }


def test_every_change_may_say_why(do) -> None:
    do("lock", "A", "West", "--note", "agreed on Monday")
    assert do("history", "A")["revisions"][0]["note"] == "agreed on Monday"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["branch", "A", "Nope", "--areas", "2"], "There is no area called 'Nope'"),
        (["lock", "A", "#99"], "There is no area with id 99"),
        (["lock", "A", "unassigned"], "Unassigned is no area"),
        (["move-area", "A", "West", "--under", "East"], "East holds 1 item itself"),
        (["combine", "A", "West", "West"], "another area"),
        (["remove-area", "A", "West", "--to", "West"], "removed with it"),
        (["rename-area", "A", "West", " "], "has no name"),
        (["rename-area", "A", "West", "x" * 500], "at most 255"),
        (["rename-area", "A", "West", "East"], "more than one area called East"),
        (["branch", "A", "West", "--by", "nope"], "no column 'nope'"),
        (["branch", "A", "West", "--column", "state"], "no column 'state'"),
    ],
)
def test_what_the_rules_do_not_allow_is_refused(do, refused, words: list[str], says: str) -> None:
    before = do("show", "A")
    assert says in refused(*words)
    assert do("show", "A") == before


def test_ten_levels_are_the_most(do, refused) -> None:
    at = "West"
    for depth in range(2, 11):
        do("branch", "A", at, "--names", f"L{depth}")
        at = f"{at}/L{depth}"
    assert "at most 10" in refused("branch", "A", at, "--names", "L11")


def test_an_owner_has_a_home_by_code_or_coordinates_and_no_more(do, say, refused) -> None:
    do("new", "P", "--dataset", "accounts", "--names", "West,East")
    assert do("home", "P", "West", "ca")["text"] == "changed owner's home of West to CA"
    do("home", "P", "East", "39.50; -119.8")
    areas = {a["name"]: a["attributes"] for a in do("show", "P")["areas"]}
    assert areas == {"West": {"home": "CA"}, "East": {"home": "39.5, -119.8"}}
    assert "home 'Narnia' is no place; write a code" in refused("home", "P", "West", "Narnia")
    assert "out of range: latitude" in refused("home", "P", "West", "100.5, 39.5")
    assert "owner's home: None → CA" in say("diff", "P@1", "P").out
    do("home", "P", "West", "-")
    assert do("home", "P", "East", "")["text"] == "took owner's home of East away"
    assert all(not a["attributes"] for a in do("show", "P")["areas"])
