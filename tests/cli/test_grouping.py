"""Bottom-up from the command line: territories into districts and regions."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def plan(do) -> None:
    """Four territories without anything above them."""
    do("new", "A", "--dataset", "accounts", "--level", "Territory", "--names", "CA,OR,NY,NJ")
    for state in ("CA", "OR", "NY", "NJ"):
        do("assign", "A", "--to", state, state)


def paths(do) -> set[str]:
    return {a["path"] for a in do("show", "A")["areas"]}


def test_a_table_with_one_level_calls_it_as_asked(do, tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text("area,part\nCA,West\nOR,West\nNY,East\nNJ,East\n")
    done = do("group", "A", "--by", tmp_path / "g.csv", "--level", "Region", "--note", "halves")
    assert done["text"] == "grouped 4 areas into 2 of level Region"
    assert paths(do) == {"West", "West/CA", "West/OR", "East", "East/NY", "East/NJ"}
    assert do("show", "A")["levels"] == ["Region", "Territory"]


def test_a_table_with_two_levels_calls_them_by_its_columns(do, tmp_path: Path) -> None:
    rows = "area,District,Region\nCA,Gold,West\nOR,Rain,West\nNY,Sound,East\nNJ,Sound,East\n"
    (tmp_path / "g.csv").write_text(rows)
    do("group", "A", "--by", tmp_path / "g.csv")
    assert "East/Sound/NJ" in paths(do)
    assert do("show", "A")["levels"] == ["Region", "District", "Territory"]


def test_areas_are_grouped_by_owner(do) -> None:
    for area, owner in (("CA", "ann"), ("OR", "ann"), ("NY", "ben"), ("NJ", "ben")):
        do("owner", "A", area, owner)
    do("group", "A", "--column", "Owner")
    assert {"ann/CA", "ann/OR", "ben/NY", "ben/NJ"} <= paths(do)


def test_near_areas_are_grouped_and_named(do) -> None:
    do("group", "A", "--nearness", 2, "--level", "Coast", "--names", "West")
    assert {"West/CA", "West/OR", "Coast 2/NY", "Coast 2/NJ"} <= paths(do)


def test_what_groups_nothing_is_refused(refused, tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text("area,part\nXX,West\n")
    assert "There is no area called 'XX'" in refused("group", "A", "--by", tmp_path / "g.csv")
    assert "There is no file" in refused("group", "A", "--by", tmp_path / "no.csv")
    assert "'segment'" in refused("group", "A", "--column", "Segment")
    assert "1 to 4 groups" in refused("group", "A", "--nearness", 5)


def test_one_way_to_group_is_asked_for(say) -> None:
    assert say("group", "A").code == 2
    assert say("group", "A", "--column", "owner", "--nearness", 2).code == 2
    assert say("group", "A", "--column", "owner", "--names", "West").code == 2
