"""``tp-geo new``: from the top, from a table, columns, another plan, a sample."""

from __future__ import annotations

from pathlib import Path

import pytest


def areas(shown: dict) -> dict[str, str]:
    return {a["path"]: a["level"] for a in shown["areas"]}


def test_a_plan_starts_from_the_top_with_everything_unassigned(do) -> None:
    made = do("new", "A", "--dataset", "accounts", "--level", "Zone", "--areas", 3)
    assert {k: made[k] for k in ("alignment", "dataset", "revision", "areas", "containers")} == {
        "alignment": "A",
        "dataset": "accounts",
        "revision": 1,
        "areas": 3,
        "containers": 51,
    }
    shown = do("show", "A")
    assert areas(shown) == {"Zone 1": "Zone", "Zone 2": "Zone", "Zone 3": "Zone"}
    assert shown["unassigned"] == {
        "containers": 51,
        "units": 6,
        "totals": {"people": 5100, "revenue": 21, "income": 50},
    }


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["--names", "West,East"], ["West", "East"]),
        (["--names", "West", "--names", "East"], ["West", "East"]),
        (["--names", "West", "East"], ["West", "East"]),
        (["--names", '"West, Inc.", East'], ["West, Inc.", "East"]),
        (["--names", "West", "--areas", "3"], ["West", "Region 2", "Region 3"]),
        ([], []),
    ],
)
def test_areas_get_the_names_that_are_given(do, words: list[str], names: list[str]) -> None:
    do("new", "A", "--dataset", "accounts", *words)
    assert [a["name"] for a in do("show", "A")["areas"]] == names


def test_without_a_dataset_the_built_in_one_is_planned_on(do) -> None:
    made = do("new", "A", "--areas", 4)
    assert made["dataset"] == "default"
    assert made["containers"] > 33_000
    shown = do("show", "A")
    assert {"population", "households"} <= set(shown["measures"])
    assert shown["unassigned"]["totals"]["population"] > 300_000_000


def test_a_sample_brings_its_areas_and_assignment(do) -> None:
    do("new", "A", "--dataset", "accounts", "--sample", "Census divisions over states")
    shown = do("show", "A")
    assert shown["levels"] == ["Division", "State"]
    assert areas(shown)["Pacific/California"] == "State"
    assert shown["unassigned"]["containers"] == 0
    pacific = next(a for a in shown["areas"] if a["name"] == "Pacific")
    assert (pacific["containers"], pacific["units"], pacific["parts"]) == (5, 3, 1)


def test_of_a_sample_the_areas_alone_can_be_taken(do) -> None:
    do("new", "A", "--dataset", "accounts", "--sample", "Census regions", "--unassigned")
    shown = do("show", "A")
    assert set(areas(shown)) == {"Midwest", "Northeast", "South", "West"}
    assert shown["unassigned"]["containers"] == 51


def test_columns_of_the_data_become_levels(do) -> None:
    do("new", "A", "--dataset", "accounts", "--columns", "region,rep")
    shown = do("show", "A")
    assert areas(shown)["West/Ana"] == "Rep"
    (ana,) = (a for a in shown["areas"] if a["path"] == "West/Ana")
    assert ana["units"] == 3


def test_a_table_of_areas_becomes_the_hierarchy(do, tmp_path: Path) -> None:
    table = tmp_path / "areas.csv"
    table.write_text("name,parent,owner,people\nWest,,ana,900\nBay,West,,\nEast,,,\n")
    do("new", "A", "--dataset", "accounts", "--from", table)
    shown = do("show", "A")
    assert set(areas(shown)) == {"West", "West/Bay", "East"}
    (west,) = (a for a in shown["areas"] if a["name"] == "West")
    assert (west["owner"], west["targets"]) == ("ana", {"people": 900})


def test_another_plan_is_copied_or_carried_over(do) -> None:
    do("new", "A", "--dataset", "accounts", "--names", "West")
    do("assign", "A", "--to", "West", "CA", "u3")
    do("new", "B", "--copy", "A")
    do("new", "C", "--copy", "A", "--dataset", "accounts")
    do("new", "D", "--copy", "A", "--unassigned")
    held = {
        n: next(a for a in do("show", n)["areas"] if a["name"] == "West")["totals"]["revenue"]
        for n in "ABCD"
    }
    assert held == {"A": 6, "B": 6, "C": 6, "D": 0}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--dataset", "nope"], "There is no dataset called 'nope'. Datasets: accounts, default"),
        (["--sample", "nope"], "There is no sample called 'nope'. Samples: Census regions"),
        (["--columns", "nope"], "no column 'nope'"),
        (["--copy", "nope"], "There is no alignment called 'nope'"),
        (["--from", "nope.csv"], "There is no file nope.csv"),
        (["--from", "."], "is a directory"),
        (["--names", "x" * 500], "has 500 characters, at most 255 may be"),
        (["--names", "a,a"], "more than one area called a"),
        (["--areas", "70000"], "areas are numbered 1 to 65,535"),
    ],
)
def test_what_can_not_be_started_leaves_nothing_behind(
    do, refused, words: list[str], says: str
) -> None:
    given = words if "--dataset" in words else [*words, "--dataset", "accounts"]
    assert says in refused("new", "A", *given)
    assert do("list") == {"alignments": []}


@pytest.mark.parametrize("name", ["", "  ", "x" * 256])
def test_a_name_has_1_to_255_characters(refused, name: str) -> None:
    assert "1 to 255 characters" in refused("new", name, "--dataset", "accounts")


def test_names_differ(do, refused) -> None:
    do("new", "A", "--dataset", "accounts")
    assert "already" in refused("new", "A", "--dataset", "accounts")


AWKWARD = [
    "<script>alert(1)</script>",
    "עִבְרִית",
    "=HYPERLINK(1)",
    "[bold]x[/]",
    "😀 a@b/c",
    "x" * 255,
]


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_stay_what_they_are(do, say, name: str) -> None:
    do("new", name, "--dataset", "accounts", "--names", f'"{name}"')
    shown = do("show", name)
    assert shown["alignment"] == name
    assert shown["areas"][0]["name"] == name
    assert do("diff", name, name)["same"] is True
    if "\u202e" not in name:
        assert name in say("list").out
        assert name in say("show", name).out


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"PK\x03\x04broken", b"name\n", b"parent,x\nA,B\n"]
)
def test_a_damaged_table_is_refused_in_one_line(
    do, refused, tmp_path: Path, content: bytes
) -> None:
    table = tmp_path / "areas.csv"
    table.write_bytes(content)
    refused("new", "A", "--dataset", "accounts", "--from", table)
    assert do("list") == {"alignments": []}
