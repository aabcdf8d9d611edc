"""A plan put on newer data from the command line, and back."""

from __future__ import annotations

from pathlib import Path

WORDS = ("--id", "id", "--postal", "state", "--measure", "sold", "--boundaries", "state")


def imported(do, folder: Path, text: str) -> None:
    file = folder / "accounts.csv"
    file.write_text("id,state,sold\n" + text)
    do("import", file, "--dataset", "mine", *WORDS)


def test_a_refresh_is_told_done_and_taken_back(do, say, tmp_path: Path) -> None:
    imported(do, tmp_path, "a1,CA,1\na2,NV,2\na3,OR,4\n")
    do("new", "A", "--dataset", "mine", "--names", "West,East")
    do("assign", "A", "--to", "West", "CA", "OR")
    imported(do, tmp_path, "a1,NV,1\na2,NV,5\na4,OR,8\n")
    told = do("refresh", "A", "--dry-run", "--csv", str(tmp_path / "report"))
    counts = ("new", "gone", "moved", "to_another_area", "dry_run")
    assert [told[k] for k in counts] == [1, 1, 1, 1, True]
    assert told["changed"]["sold"] == 4
    assert {p.name for p in (tmp_path / "report").iterdir()} == {
        "accounts.csv", "areas.csv", "measures.csv",
    }  # fmt: skip
    assert do("show", "A")["areas"][0]["totals"]["sold"] == 5
    said = say("refresh", "A", "--note", "monthly").out
    assert said.startswith("1 account new, 1 gone, 1 moved, 1 of them to another area")
    assert do("show", "A")["areas"][0]["totals"]["sold"] == 8
    assert do("history", "A")["revisions"][0]["kind"] == "data"
    assert say("refresh", "A").code == 1
    do("refresh", "A", "--back")
    assert do("show", "A")["areas"][0]["totals"]["sold"] == 5
    assert "was not refreshed" in say("refresh", "A", "--back").err


def test_back_and_another_dataset_are_not_both(do, say) -> None:
    do("new", "A", "--dataset", "accounts")
    assert say("refresh", "A", "--back", "--dataset", "x").code == 2
