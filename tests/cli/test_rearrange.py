"""Much moved in one step from the command line, and what there is to look at."""

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


# fill


def test_gaps_are_filled_by_neighbors_in_one_revision(do) -> None:
    before = do("show", "A")["revision"]
    done = do("fill", "A", "--note", "all of it")
    assert done["changed"]
    assert done["text"].startswith("filled 47 states by neighbors: ")
    shown = do("show", "A")
    assert shown["revision"] == before + 1
    assert shown["unassigned"]["containers"] == 0
    assert sum(a["containers"] for a in shown["areas"]) == 51


def test_a_preview_tells_and_changes_nothing(do, say) -> None:
    before = do("show", "A")
    told = do("fill", "A", "--by", "nearness", "--preview")
    assert not told["changed"]
    assert {a["area"] for a in told["areas"]} == {"West", "East"}
    assert sum(a["containers"] for a in told["areas"]) == 47
    assert "preview: filled 47 states" in say("fill", "A", "--preview").out
    assert do("show", "A") == before


def test_a_fill_keeps_to_an_area_and_to_states_without_accounts(do) -> None:
    told = do("fill", "A", "--by", "nearness", "--inside", "West", "--preview")
    assert [a["area"] for a in told["areas"]] == ["West"]
    do("assign", "A", "--to", "unassigned", "NV")
    all_but = do("fill", "A", "--without-units", "--preview")
    assert sum(a["containers"] for a in all_but["areas"]) == 47


def test_locked_areas_and_held_states_are_left_alone(do) -> None:
    do("lock", "A", "East")
    do("hold", "A", "TX")
    do("fill", "A", "--by", "nearness")
    shown = do("show", "A")
    assert shown["unassigned"]["containers"] == 1
    assert area(do, "East")["containers"] == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--inside", "Nope"], "There is no area called 'Nope'"),
        (["--measure", "sales"], "There is no measure 'sales'"),
    ],
)
def test_a_fill_that_makes_no_sense_is_refused(refused, words: list[str], says: str) -> None:
    assert says in refused("fill", "A", *words)


def test_usage_says_what_to_fill_by(say) -> None:
    said = say("fill", "A", "--by", "luck")
    assert (said.code, "neither neighbors nor nearness nor balance" in said.err) == (2, True)


# assign by a column


def test_units_go_to_the_area_of_their_owner(do) -> None:
    do("owner", "A", "East", "ana")
    do("rename-area", "A", "West", "Ben")
    told = do("assign-by", "A", "rep", "--only", "units", "--preview")
    assert {v["value"]: v["area"] for v in told["values"]} == {"Ana": "East", "Ben": "Ben"}
    assert told["moving"] == 5  # u3 is with Ben already
    done = do("assign-by", "A", "rep", "--only", "units")
    assert done["text"] == "assigned 5 items by rep to 2 areas"
    assert area(do, "East")["units"] == 3


def test_values_that_name_no_area_are_told(do, say) -> None:
    told = do("assign-by", "A", "state", "--preview")
    assert told["moving"] == 0
    assert len(told["values"]) == 51
    assert told["values"][0]["reason"] == "no area is called so or has this owner"
    assert "no area is called so" in say("assign-by", "A", "state", "--preview").out


def test_a_column_that_is_not_there_is_refused(refused) -> None:
    assert "no column 'boss'" in refused("assign-by", "A", "boss")
    assert "Nothing can be assigned by rep" in refused("assign-by", "A", "rep")


# swap and split


def test_two_areas_are_swapped(do) -> None:
    assert do("swap", "A", "West", "East")["text"] == "swapped what West and East hold"
    assert (area(do, "West")["containers"], area(do, "East")["containers"]) == (1, 3)
    do("swap", "A", "West", "East")
    assert area(do, "West")["containers"] == 3


SOUTH = ("--line", "-130,40.5", "--line", "-110,40.5")


def test_a_line_makes_two_areas(do) -> None:
    told = do("split", "A", "West", *SOUTH, "--name", "Oregon", "--preview")
    assert told["areas"] == [
        {"area": "West", "side": "south", "containers": 2, "parts": 1},
        {"area": "Oregon", "side": "north", "containers": 1, "parts": 1},
    ]
    do("split", "A", "West", *SOUTH, "--name", "Oregon")
    assert area(do, "Oregon")["containers"] == 1
    assert area(do, "West")["containers"] == 2


def test_both_parts_may_lie_below(do) -> None:
    do("split", "A", "West", *SOUTH, "--name", "Upper", "--rest", "Lower")
    assert area(do, "West/Upper")["containers"] == 1
    assert area(do, "West/Lower")["containers"] == 2


def test_a_line_that_does_not_divide_is_refused(refused, say) -> None:
    far = ("--line", "-80,40", "--line", "-80,41")
    assert "does not divide West" in refused("split", "A", "West", *far, "--name", "X")
    said = say("split", "A", "West", "--line", "north", "--name", "X")
    assert (said.code, "no LON,LAT" in said.err) == (2, True)


# lock and hold many


def test_all_areas_are_locked_and_unlocked_in_one_step(do, refused) -> None:
    assert do("lock", "A", "--all")["text"] == "locked 2 areas"
    assert "West is locked" in refused("assign", "A", "--to", "East", "CA")
    assert do("lock", "A", "--all")["changed"] is False
    assert do("unlock", "A", "--all")["text"] == "unlocked 2 areas"
    assert do("lock", "A", "West", "East")["text"] == "locked 2 areas"
    assert do("unlock", "A", "West")["text"] == "unlocked West"


def test_what_an_area_holds_and_everything_is_held_and_released(do) -> None:
    assert do("hold", "A", "--area", "West")["text"] == "held 3 states and 4 units"
    assert do("release", "A", "--all")["text"] == "released 3 states and 4 units"
    assert do("hold", "A", "--all")["text"] == "held 51 states and 6 units"
    assert do("release", "A", "--area", "East")["text"] == "released 1 state and 1 unit"


@pytest.mark.parametrize("words", [["lock", "A"], ["lock", "A", "West", "--all"], ["hold", "A"]])
def test_usage_says_to_name_what_is_meant(say, words: list[str]) -> None:
    said = say(*words)
    assert (said.code, "or --a" in said.err) == (2, True)


# find


def test_a_check_tells_what_to_look_at(do, say) -> None:
    do("target", "A", "West", "people=100")
    checked = do("check", "A", "--measure", "People")
    kinds = {f["kind"] for f in checked["findings"]}
    assert kinds == {"unassigned", "off target", "no owner"}
    off = next(f for f in checked["findings"] if f["kind"] == "off target")
    assert (off["title"], off["text"]) == ("West", "200.0 % above its target of People")
    assert (off["containers"], off["amount"]) == (["CA", "NV", "OR"], 300)
    said = say("check", "A", "--tolerance", "500").out
    assert "Off target" not in said
    assert "Without owner" in said


def test_a_check_keeps_to_an_area_and_a_level(do, refused) -> None:
    do("branch", "A", "West", "--by", "state")
    last = do("check", "A", "--area", "West")
    assert (last["level"], len(last["findings"])) == (2, 3)
    assert do("check", "A", "--level", "region")["level"] == 1
    assert "There is no level 'Nope'" in refused("check", "A", "--level", "Nope")


def test_anything_with_a_name_is_found(do, say) -> None:
    (hit,) = do("find", "A", "califor")["hits"]
    assert (hit["kind"], hit["name"], hit["area"]) == ("state", "California", "West")
    assert do("find", "A", "account U3")["hits"][0]["code"] == "u3"
    assert do("find", "A", "nothing such")["hits"] == []
    assert "1 hit for 'califor'" in say("find", "A", "califor").out
    assert len(do("find", "A", "n", "--limit", 2)["hits"]) == 2
