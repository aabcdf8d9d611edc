"""``tp-geo compare``: what changes for whom, for people, programs and spreadsheets."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def plan(do) -> None:
    """West is ana's and East ben's; California with two accounts goes from West to East."""
    do("new", "A", "--dataset", "accounts", "--names", "West,East")
    do("owner", "A", "West", "ana")
    do("owner", "A", "East", "ben")
    do("assign", "A", "--to", "West", "CA", "NV")
    do("snapshot", "A", "agreed")
    do("assign", "A", "--to", "East", "CA")


def test_flows_owners_and_relations_are_told_as_data(do) -> None:
    told = do("compare", "A@agreed", "A")
    assert told["figures"] == ["containers", "units", "people", "revenue"]
    assert told["flows"] == [
        {"from": "West", "to": "East", "containers": 1, "units": 2, "people": 100, "revenue": 3}
    ]
    assert told["owner_flows"][0]["to"] == "ben"
    assert told["changes_owner"]["units"]["amount"] == 2
    kept = {"had": 3, "kept": 1, "other": 2, "dropped": 0, "begun": 0}
    assert told["relations"] == kept
    west = next(a for a in told["areas"] if a["name"] == "West")
    assert (west["before"]["units"], west["lost"]["units"], west["after"]["units"]) == (3, 2, 1)
    assert (west["found_by"], west["owner_after"]) == ("same area", "ana")


def test_people_read_who_wins_and_who_loses(say) -> None:
    told = say("compare", "A@agreed", "A", "--measure", "revenue").out
    assert "Owners kept: 1 of 3; with another one: 2" in told
    assert told.index("ben") < told.index("ana")
    assert "Nothing changes its area" in say("compare", "A", "A").out


def test_every_table_is_written_where_it_is_asked_for(do, tmp_path: Path) -> None:
    do("compare", "A@agreed", "A", "--csv", tmp_path / "tables", "--xlsx", tmp_path / "c.xlsx")
    assert (tmp_path / "c.xlsx").stat().st_size > 0
    assert (tmp_path / "tables" / "items.csv").read_text("utf-8").count("\n") == 4


def test_what_can_not_be_compared_or_written_is_refused_in_words(refused) -> None:
    assert "no revision or snapshot 'published'" in refused("compare", "A@published", "A")
    assert "no figure 'profit'" in refused("compare", "A@agreed", "A", "--measure", "profit")
    assert "ends in .xlsx" in refused("compare", "A@agreed", "A", "--xlsx", "c.csv")
    assert "no level 'Town'" in refused("compare", "A@agreed", "A", "--level", "Town")
