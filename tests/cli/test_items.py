"""Containers and units from the command line: assigned by code or file, held, released."""

from __future__ import annotations

import io
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def plan(do) -> None:
    """West and East, nothing assigned."""
    do("new", "A", "--dataset", "accounts", "--names", "West,East")


def held(do) -> dict[str, tuple[int, int]]:
    shown = do("show", "A")
    found = {a["name"]: (a["containers"], a["units"]) for a in shown["areas"]}
    left = shown["unassigned"]
    return found | {"Unassigned": (left["containers"], left["units"])}


def test_containers_take_their_units_along(do) -> None:
    done = do("assign", "A", "--to", "West", "CA", "NV")
    assert done["text"] == "moved 2 states from Unassigned to West"
    assert held(do) == {"West": (2, 3), "East": (0, 0), "Unassigned": (49, 3)}


def test_a_unit_goes_by_itself_and_follows_again(do) -> None:
    do("assign", "A", "--to", "West", "CA")
    do("assign", "A", "--to", "East", "u1")
    assert held(do)["East"] == (0, 1)
    do("follow", "A", "u1")
    assert held(do) == {"West": (1, 2), "East": (0, 0), "Unassigned": (50, 4)}


def test_unassigned_takes_away(do) -> None:
    do("assign", "A", "--to", "West", "CA", "NV")
    do("assign", "A", "--to", "unassigned", "NV")
    assert held(do)["West"] == (1, 2)


def test_what_is_held_stays_until_it_is_released(do, refused) -> None:
    do("assign", "A", "--to", "West", "CA")
    do("hold", "A", "CA")
    assert "1 held item" in refused("assign", "A", "--to", "East", "CA")
    do("release", "A", "CA")
    do("assign", "A", "--to", "East", "CA")
    assert held(do)["East"] == (1, 2)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("codes.csv", "code,why\nCA,x\nNV,y\n"),
        ("codes.csv", "why,code\nx,CA\ny,NV\n"),
        ("codes.csv", "why;Code\nx;CA\ny;NV\n"),
        ("codes.csv", "state,why\nCA,x\nNV,y\n"),
        ("codes.csv", "CA\nNV\n"),
        ("codes.csv", "state code\nCA\nNV\n"),
        ("codes.tsv", "code\twhy\nCA\tx\nNV\ty\n"),
        ("codes.txt", "CA\n\n  NV \r\n"),
        ("codes.txt", "\ufeffCA\nNV"),
    ],
)
def test_codes_come_from_files(do, tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    do("assign", "A", "--to", "West", file)
    assert held(do)["West"] == (2, 3)


def test_files_and_codes_may_be_mixed(do, tmp_path: Path) -> None:
    file = tmp_path / "more.txt"
    file.write_text("NV\nu5\n")
    do("assign", "A", "--to", "West", "CA", file)
    assert held(do)["West"] == (2, 4)


def test_codes_come_from_standard_input(do, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("CA\nNV\n"))
    do("assign", "A", "--to", "West", "-")
    assert held(do)["West"] == (2, 3)


def test_a_code_goes_before_a_file_of_that_name(
    do, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "CA").write_text("NV\n")
    do("assign", "A", "--to", "West", "CA")
    assert held(do)["West"] == (1, 2)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--to", "West", "CA", "ZZ"], "1 of 2 codes are not in dataset accounts"),
        (["--to", "West", "nope.csv"], "nope.csv is neither a file nor a code"),
        (["--to", "West", "codes"], "codes is a directory"),
        (["--to", "West", "headless.csv"], "Put the column names in the first row"),
        (["--to", "West", "typo.csv"], "the first is 'C4'"),
        (["--to", "North", "CA"], "There is no area called 'North'"),
    ],
)
def test_what_is_not_known_changes_nothing(
    do,
    refused,
    words: list[str],
    says: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "headless.csv").write_text("CA,1\nNV,2\n")
    (tmp_path / "typo.csv").write_text("C4\nNV\n")
    (tmp_path / "codes").mkdir()
    assert says in refused("assign", "A", *words)
    assert do("show", "A")["revision"] == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.csv", b""),
        ("x.csv", b"code\n"),
        ("x.txt", b""),
        ("x.txt", b"\xff\xfe\x00"),
        ("x.xlsx", b"PK\x03\x04 not a workbook"),
        ("x.parquet", b"PAR1"),
        ("x.pdf", b"%PDF"),
    ],
)
def test_a_damaged_file_of_codes_changes_nothing(
    do, refused, tmp_path: Path, name: str, content: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    refused("assign", "A", "--to", "West", file)
    assert do("show", "A")["revision"] == 1
