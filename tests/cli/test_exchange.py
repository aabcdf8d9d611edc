"""Plans and stores as files: every export, a plan file there and back, backups."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pypdfium2
import pytest

from tp_geo.store import open_store


@pytest.fixture(autouse=True)
def plan(do) -> None:
    """West with CA, NV and an exception; a district below East; a lock, a target, a snapshot."""
    do("new", "A", "--dataset", "accounts", "--names", "West,East")
    do("assign", "A", "--to", "West", "CA", "NV")
    do("branch", "A", "East", "--names", "<b>Coast</b>,עִבְרִית", "--level", "District")
    do("assign", "A", "--to", "<b>Coast</b>", "NY", "u1")
    do("hold", "A", "NY")
    do("target", "A", "West", "people=500")
    do("snapshot", "A", "here")
    do("lock", "A", "West")


@pytest.mark.parametrize(
    "suffix",
    [
        *(".csv", ".xlsx", ".geojson", ".parquet", ".gpkg", ".zip"),
        *(".png", ".svg", ".pdf", ".html", ".tpgeo"),
    ],
)
def test_every_form_is_written(do, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / "out" / f"plan{suffix}"
    told = do("export", "A", "--to", file)
    shortened = told.pop("shortened", None)
    assert bool(shortened) == (suffix == ".zip")
    assert told == {
        "alignment": "A",
        "revision": 7,
        "file": str(file),
        "bytes": file.stat().st_size,
        "approximate": False,
    }
    heads = {
        ".png": b"\x89PNG",
        ".svg": b"<?xml",
        ".pdf": b"%PDF",
        ".html": b"<!doctype html>",
        ".xlsx": b"PK",
        ".zip": b"PK",
        ".tpgeo": b"PK",
        ".gpkg": b"SQLite",
        ".parquet": b"PAR1",
    }
    assert file.read_bytes().startswith(heads.get(suffix, b""))
    assert told["bytes"] > 100


def test_a_csv_holds_the_table_that_is_asked_for(do, tmp_path: Path) -> None:
    file = tmp_path / "plan.csv"
    do("export", "A", "--to", file, "--what", "areas")
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    assert len(rows) == 4
    do("export", "A", "--to", file, "--what", "units")
    with file.open(encoding="utf-8-sig", newline="") as text:
        assert len(list(csv.DictReader(text))) == 6


def test_geojson_of_areas_is_geojson(do, tmp_path: Path) -> None:
    file = tmp_path / "plan.geojson"
    do("export", "A", "--to", file, "--what", "areas")
    found = json.loads(file.read_text())
    assert found["type"] == "FeatureCollection"
    assert {f["geometry"]["type"] for f in found["features"] if f["geometry"]} == {"MultiPolygon"}


@pytest.mark.parametrize("level", ["Region", "district", "1", "2"])
def test_a_picture_shows_a_level(do, tmp_path: Path, level: str) -> None:
    do("export", "A", "--to", tmp_path / "a.png", "--level", level)
    assert (tmp_path / "a.png").stat().st_size > 1000


@pytest.mark.parametrize(
    ("file", "words", "says"),
    [
        ("a.xlsx", ["--what", "areas"], "--what is for .csv, .geojson, .parquet, .zip, not .xlsx"),
        ("a.csv", ["--level", "Region"], "--level is for .png, .svg, .pdf, .html, not .csv"),
        ("a.gpkg", ["--figures"], "--figures is for .tpgeo, not .gpkg"),
        ("a.png", ["--since", "A@here"], "--since is for .pdf, not .png"),
    ],
)
def test_an_option_that_says_nothing_about_a_file_is_told(
    say, tmp_path: Path, file: str, words: list[str], says: str
) -> None:
    said = say("export", "A", "--to", tmp_path / file, *words)
    assert (said.code, said.out) == (2, "")
    assert says in said.err
    assert not (tmp_path / file).exists()


def test_a_book_tells_what_changed_since(do, tmp_path: Path) -> None:
    do("unlock", "A", "West")
    do("export", "A", "--to", tmp_path / "a.pdf", "--since", "A@here")
    book = pypdfium2.PdfDocument((tmp_path / "a.pdf").read_bytes())
    assert "Gained since A@here" in book[len(book) - 1].get_textpage().get_text_range()


def test_an_earlier_revision_is_exported(do, tmp_path: Path) -> None:
    told = do("export", "A@here", "--to", tmp_path / "a.tpgeo")
    assert told["revision"] == 6
    do("open", tmp_path / "a.tpgeo", "--as", "B")
    assert do("diff", "A@here", "B")["areas"]["changed"] == []


def test_a_plan_file_reads_back_to_the_same_plan(do, tmp_path: Path) -> None:
    file = tmp_path / "plan.tpgeo"
    do("export", "A", "--to", file)
    told = do("open", file, "--as", "B")
    assert (told["alignment"], told["dataset"], told["revision"]) == ("B", "accounts", 7)
    assert (told["lost"], told["same_dataset"], told["log_left"]) == ([], True, "")
    assert do("diff", "A", "B")["same"] is True
    a, b = do("show", "A"), do("show", "B")
    assert {**a, "alignment": "B"} == b
    assert [r["text"] for r in do("history", "A")["revisions"]] == [
        r["text"] for r in do("history", "B")["revisions"]
    ]
    assert do("open", file)["alignment"] == "A (2)"


def test_a_plan_file_with_its_figures_opens_in_another_store(do, tmp_path: Path) -> None:
    file, other = tmp_path / "plan.tpgeo", tmp_path / "other.duckdb"
    do("export", "A", "--to", file, "--figures")
    told = do("open", file, "--store", other)
    assert told["dataset"] == "accounts"
    here, there = do("show", "A"), do("show", "A", "--store", other)
    assert here["areas"] == there["areas"]
    assert here["unassigned"] == there["unassigned"]


def test_without_its_data_a_plan_file_is_refused_in_another_store(
    do, refused, tmp_path: Path
) -> None:
    file, other = tmp_path / "plan.tpgeo", tmp_path / "other.duckdb"
    do("export", "A", "--to", file)
    assert "dataset accounts, which is not here" in refused("open", file, "--store", other)
    assert do("list", "--store", other) == {"alignments": []}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--to", "plan.docx"], ".docx"),
        (["--to", "plan"], "plan has no ending; an export ends in one of .csv"),
        (["--to", "plan.csv", "--what", "nope"], "nope"),
        (
            ["--to", "plan.png", "--level", "Nope"],
            "There is no level 'Nope'. Levels: Region, District",
        ),
        (["--to", "/proc/nope/plan.csv"], "can't be written"),
    ],
)
def test_an_export_that_can_not_be_is_refused(
    refused, words: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert says in refused("export", "A", *words)
    assert sorted(p for p in tmp_path.iterdir() if p.name != "log") == before


@pytest.mark.parametrize("cut", [0, 1, 100, 400])
def test_a_damaged_plan_file_leaves_nothing_behind(do, refused, tmp_path: Path, cut: int) -> None:
    file = tmp_path / "plan.tpgeo"
    do("export", "A", "--to", file)
    file.write_bytes(file.read_bytes()[:cut])
    refused("open", file, "--as", "B")
    assert len(do("list")["alignments"]) == 1


def test_a_zip_that_is_no_plan_is_refused(refused, tmp_path: Path) -> None:
    file = tmp_path / "x.tpgeo"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "hello")
    refused("open", file)
    assert "There is no file" in refused("open", tmp_path / "nope.tpgeo")


def test_a_backup_is_a_store_of_its_own(do, refused, tmp_path: Path) -> None:
    file = tmp_path / "backup.duckdb"
    told = do("backup", file)
    assert told["bytes"] == file.stat().st_size
    assert do("show", "A", "--store", file) == do("show", "A")
    assert "is there already" in refused("backup", file)
    store = open_store(str(file))
    assert len(store.snapshots(store.alignments()[0].id)) == 1
    store.close()
