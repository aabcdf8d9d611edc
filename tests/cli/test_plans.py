"""Alignments as a whole: listed, shown, copied, renamed, archived."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def plan(do) -> None:
    """West with California and Nevada and a target, East empty."""
    do("new", "A", "--dataset", "accounts", "--names", "West,East")
    do("assign", "A", "--to", "West", "CA", "NV", "NY")
    do("target", "A", "West", "revenue=10")


def test_show_has_the_documented_form(do) -> None:
    shown = do("show", "A")
    west, east = shown["areas"]
    assert {k: shown[k] for k in ("alignment", "dataset", "revision", "levels", "measures")} == {
        "alignment": "A",
        "dataset": "accounts",
        "revision": 3,
        "levels": ["Region"],
        "measures": ["people", "revenue", "income"],
    }
    documented = {
        "id": 1,
        "name": "West",
        "level": "Region",
        "parent": None,
        "owner": None,
        "locked": False,
        "status": "draft",
        "containers": 3,
        "units": 4,
        "totals": {"people": 300, "revenue": 11, "income": 50},
        "targets": {"revenue": 10},
        "deviation": {"revenue": 0.1},
        "parts": 2,
    }
    assert {k: west[k] for k in documented} == documented
    assert (east["parts"], east["totals"]["income"], east["deviation"]) == (0, None, {})
    assert shown["unassigned"] == {
        "containers": 48,
        "units": 2,
        "totals": {"people": 4800, "revenue": 10, "income": 50},
    }


def test_a_plan_is_described_and_says_of_what_profile_new_areas_are(do, say) -> None:
    made = ("--description", "Draft for Ann", "--profile", "non-contiguous")
    do("new", "B", "--names", "West", *made)
    shown = do("show", "B")
    assert (shown["description"], shown["profile"]) == ("Draft for Ann", "non-contiguous")
    assert shown["areas"][0]["profile"] == "non-contiguous"
    assert "Draft for Ann" in say("show", "B").out
    do("describe", "B", "Final", "--profile", "contiguous")
    do("add-area", "B", "East")
    shown = do("show", "B")
    assert (shown["description"], shown["areas"][1]["profile"]) == ("Final", "contiguous")
    do("describe", "B", "")
    assert do("show", "B")["description"] == ""


def test_a_divided_area_holds_what_is_below_it(do) -> None:
    do("branch", "A", "West", "--by", "state")
    shown = {a["path"]: a for a in do("show", "A")["areas"]}
    assert shown["West"]["totals"]["revenue"] == 11
    assert shown["West"]["parts"] == 2
    assert shown["West/California"]["parent"] == shown["West"]["id"]
    assert shown["West/California"]["parts"] == 1


def test_show_for_people_is_an_aligned_table(say, do) -> None:
    do("branch", "A", "West", "--names", "Bay")
    said = say("show", "A")
    lines = said.out.splitlines()
    assert lines[0] == ("A on accounts, revision 4: 3 areas, 48 containers and 2 units unassigned")
    assert lines[1].split()[:4] == ["#", "area", "level", "owner"]
    (west,) = (line for line in lines if " West " in line)
    assert west.split()[-3:] == ["10", "+10.0", "%"]
    assert any("  Bay" in line for line in lines)
    assert said.err == ""


def test_show_takes_the_measures_that_are_asked_for(say, refused) -> None:
    assert "income" in say("show", "A", "--measure", "income").out
    assert "There is no measure 'nope'" in refused("show", "A", "--measure", "nope")


def test_the_list_has_the_one_changed_last_first(do) -> None:
    do("new", "B", "--dataset", "accounts")
    found = do("list")["alignments"]
    assert {a["alignment"] for a in found} == {"A", "B"}
    (a,) = (x for x in found if x["alignment"] == "A")
    assert (a["revision"], a["dataset"], a["by"], a["archived"]) == (3, "accounts", "tess", False)


def test_a_copy_is_another_plan(do) -> None:
    do("copy", "A", "B")
    do("copy", "A@1", "C")
    do("assign", "B", "--to", "East", "CA")
    assert do("show", "A")["areas"][0]["containers"] == 3
    assert do("show", "C")["areas"][0]["containers"] == 0
    assert do("show", "B")["areas"][1]["containers"] == 1
    assert do("history", "B")["revisions"][1]["text"] == "copied A at revision 3"


def test_a_plan_is_renamed_and_goes_by_its_id_as_well(do, refused) -> None:
    number = do("list")["alignments"][0]["id"]
    assert do("rename", "A", " Next year ") == {"alignment": "Next year", "was": "A"}
    assert do("show", "Next year")["revision"] == do("show", number)["revision"] == 3
    refused("show", "A")
    do("new", "B", "--dataset", "accounts")
    assert "already" in refused("rename", "B", "Next year")


def test_an_archived_plan_is_off_the_list_and_can_come_back(do, refused) -> None:
    do("archive", "A")
    assert do("list")["alignments"] == []
    assert [a["archived"] for a in do("list", "--archived")["alignments"]] == [True]
    assert "There is no alignment called 'A'" in refused("show", "A")
    do("new", "A", "--dataset", "accounts")
    assert "Rename that one first" in refused("archive", "A", "--back")
    do("rename", "A", "B")
    do("archive", "A", "--back")
    assert do("show", "A")["revision"] == 3
    assert "no archived alignment" in refused("archive", "B", "--back")


def test_datasets_are_listed_with_the_built_in_one(do) -> None:
    found = {d["dataset"]: d for d in do("datasets")["datasets"]}
    assert set(found) == {"accounts", "default"}
    assert found["accounts"]["units"] == 6
    assert found["accounts"]["columns"] == ["rep"]
    assert found["default"]["measures"][:2] == ["population", "households"]
