"""Publishing from the command line to a simulated org on the loopback."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

from tp_geo.crm.org.service import Org


@pytest.fixture(autouse=True)
def plan(do) -> None:
    """West with three postal codes, East with one."""
    do("new", "P", "--names", "West,East")
    do("assign", "P", "--to", "West", "94105", "97201", "89501")
    do("assign", "P", "--to", "East", "10001")


def test_a_dry_run_tells_what_would_be_written_and_writes_nothing(do, say, org: Org) -> None:
    told = do("publish", "P", "--dry-run")
    assert told["create"]["Territory2"] == 2
    assert told["create"]["ObjectTerritory2AssignmentRule"] == 2
    assert told["calls"]["write"] > 0
    assert told["journal"] is None
    assert org.counts.told()["write"] == 0
    assert "nothing is written yet" in say("publish", "P", "--dry-run").out


def test_what_is_published_is_written_once(do, say, org: Org) -> None:
    told = do("publish", "P", "--model", "FY27")
    assert told["written"] > 0
    writes = org.counts.told()["write"]
    again = do("publish", "P", "--model", "FY27")
    assert (again["create"], again["update"], again["delete"]) == ({}, {}, {})
    assert again["unchanged"]["Territory2"] == 2
    assert org.counts.told()["write"] == writes
    assert "everything was as it should be" in say("publish", "P", "--model", "FY27").out


def test_the_result_is_a_file_with_a_row_for_each_record(do, say, org: Org, tmp_path: Path) -> None:
    def rows(*words: str) -> list[dict[str, str]]:
        do("publish", "P", *words, "--result", tmp_path / "r.csv")
        with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    first, made = rows("--dry-run"), rows()
    assert {r["Done"] for r in first} == {"would be created"}
    assert {r["Done"] for r in made} == {"created"}
    assert {r["Key"] for r in first} == {r["Key"] for r in made}
    assert [r["Name"] for r in made if r["Object"] == "Territory2"] == ["East", "West"]
    assert all(r["Id"] for r in made)
    assert rows() == []
    assert say("publish", "P", "--result", tmp_path / "nowhere" / "r.csv").code == 2


def test_a_dry_run_tells_the_limits_of_the_org(do, say, org: Org) -> None:
    told = {x["name"]: x for x in do("publish", "P", "--dry-run")["limits"]}
    assert told["Territories of the model"] == {
        "name": "Territories of the model", "used": 2, "most": 1000
    }  # fmt: skip
    assert "API calls left in 24 hours" in say("publish", "P", "--dry-run").out


def test_after_a_publish_it_is_said_what_to_press_next(say, org: Org) -> None:
    said = say("publish", "P")
    assert "run the rules of the model, then activate it" in said.out
    assert "Create 2 Territory2" in said.err


def test_one_area_is_published_alone(do, org: Org) -> None:
    told = do("publish", "P", "--scope", "focus", "--focus", "West", "--dry-run")
    assert told["create"]["Territory2"] == 1


def test_what_stands_in_the_way_is_said_before_anything_is_written(refused, org: Org) -> None:
    assert "no territory 'Nation'" in refused("publish", "P", "--parent", "Nation")
    assert org.counts.told()["write"] == 0


@pytest.mark.parametrize(
    "words",
    [("--scope", "all"), ("--scope", "focus"), ("--focus", "West"), ("--method", "replace")],
)
def test_options_that_mean_nothing_are_a_usage_error(say, org: Org, words: tuple[str, ...]) -> None:
    assert say("publish", "P", *words).code == 2


def test_without_an_org_it_is_said_what_to_set(refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TP_GEO_ORG_URL", raising=False)
    assert "TP_GEO_ORG_URL" in refused("publish", "P")


def test_what_was_changed_in_the_org_is_told_and_put_back(do, say, org: Org) -> None:
    do("publish", "P", "--model", "FY27")
    assert "holds what was published" in say("drift", "P").out
    named = {r["Name"]: r["Id"] for r in org.state.find("Territory2")}
    with org.state.step():
        org.records.update("Territory2", named["East"], {"Name": "Orient"})
    told = do("drift", "P")
    assert [c["fields"] for c in told["changed"]] == [["Name"]]
    assert "not as they were published" in say("drift", "P").out
    assert do("publish", "P", "--model", "FY27")["written"] == 1
    assert do("drift", "P")["changed"] == []


def test_a_publish_is_undone_from_the_command_line(do, org: Org) -> None:
    do("publish", "P", "--model", "FY27")
    do("rename-area", "P", "East", "Orient")
    do("publish", "P", "--model", "FY27")
    assert do("undo-publish", "P")["written"] == 2, "the territory, and the label of its rule"
    assert {r["Name"] for r in org.state.find("Territory2")} == {"West", "East"}


def test_a_publish_waits_for_the_approval_that_the_alignment_asks_for(do, say, org: Org) -> None:
    do("sign-off", "require", "P", "alignment")
    told = do("publish", "P", "--dry-run")
    assert told["create"]["Territory2"] == 2, "a dry run tells what would be"
    assert any(p["stops"] and "The alignment is a draft" in p["text"] for p in told["problems"])
    refused = say("publish", "P")
    assert refused.code == 1
    assert "publishing asks for its approval. Submit it for review." in refused.err
    assert org.counts.told()["write"] == 0
    do("submit", "P")
    do("approve", "P")
    assert do("publish", "P")["written"] > 0


def test_files_for_others_need_no_org(
    do, refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TP_GEO_ORG_URL", raising=False)
    told = do("publish", "P", "--package", tmp_path / "p.zip", "--csv", tmp_path / "csv")
    assert told["records"]["Territory2"] == 2
    assert zipfile.is_zipfile(tmp_path / "p.zip")
    assert [Path(name).exists() for name in told["csv"]] == [True] * 7
    do("sign-off", "require", "P", "alignment")
    assert "asks for its approval" in refused("publish", "P", "--package", tmp_path / "q.zip")
