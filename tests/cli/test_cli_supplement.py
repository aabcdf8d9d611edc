"""A table joined by id from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def plan(do) -> None:
    """West and East; California in West."""
    do("new", "A", "--dataset", "accounts", "--names", "West,East")
    do("assign", "A", "--to", "West", "CA")


def table(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "more.csv"
    file.write_text(text)
    return file


def test_a_dry_run_says_what_would_be_done_and_does_nothing(do, tmp_path: Path) -> None:
    file = table(tmp_path, "code,assign to,visits\nNV,West,3\nNY,East,4\nZZ,East,5\n")
    before = do("show", "A")
    told = do("supplement", "A", file, "--level", "container", "--dry-run")
    assert (told["dry_run"], told["rows"], told["matched"], told["moved"]) == (True, 3, 2, 2)
    assert told["measures"] == ["visits"]
    assert len(told["problems"]) == 1
    assert do("show", "A") == before
    done = do("supplement", "A", file, "--level", "container")
    assert (done["dry_run"], done["moved"]) == (False, 2)
    shown = do("show", "A")
    assert [a["containers"] for a in shown["areas"]] == [2, 1]
    assert [a["totals"]["visits"] for a in shown["areas"]] == [3, 4]


def test_the_new_name_of_the_built_in_dataset_is_told(say, do, tmp_path: Path) -> None:
    do("new", "B", "--areas", "2")
    told = say("supplement", "B", table(tmp_path, "zip,score\n10001,5\n")).out
    assert "on the new dataset default with more now; default stays as it is." in told


def test_areas_get_owners_and_targets(do, tmp_path: Path) -> None:
    file = table(tmp_path, "area,owner,target people\nWest,kim,800\n")
    do("supplement", "A", file, "--level", "area")
    west = do("show", "A")["areas"][0]
    assert (west["owner"], west["targets"]) == ("kim", {"people": 800})


def test_the_column_of_ids_may_be_named(do, refused, tmp_path: Path) -> None:
    file = table(tmp_path, "id,account,assign to\n1,u5,West\n2,u3,East\n")
    do("supplement", "A", file, "--level", "unit", "--id", "account")
    assert [a["units"] for a in do("show", "A")["areas"]] == [3, 1]
    assert "no column 'nope'. Columns: id, account" in refused(
        "supplement", "A", file, "--id", "nope"
    )


def test_a_damaged_table_changes_nothing(do, refused, tmp_path: Path) -> None:
    before = do("show", "A")
    refused("supplement", "A", table(tmp_path, ""))
    refused("supplement", "A", tmp_path / "nope.csv")
    assert do("show", "A") == before
