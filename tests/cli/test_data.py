"""Data from the command line: accounts imported and repaired, boundaries taken in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import shapely
import shapely.geometry

from tp_geo.store import embedded

ACCOUNTS = """Account ID,State,Owner,Revenue
a1,CA,kim,10
a2,CA,kim,20
a3,NV,lee,30
a4,ZZ,lee,40
"""


@pytest.fixture
def accounts(tmp_path: Path) -> Path:
    file = tmp_path / "accounts.csv"
    file.write_text(ACCOUNTS)
    return file


def take(do, file: Path, *more: str) -> dict:
    words = ["--id", "Account ID", "--postal", "State", "--owner", "Owner", "--measure", "Revenue"]
    return do("import", file, "--dataset", "mine", *words, "--boundaries", "state", *more)


def test_an_import_reports_as_documented(do, accounts: Path) -> None:
    told = take(do, accounts)
    repairs = accounts.with_name("accounts.repair.csv")
    documented = ("dataset", "rows", "matched", "unmatched", "repaired", "repair_file")
    assert {k: told[k] for k in documented} == {
        "dataset": "mine",
        "rows": 4,
        "matched": 3,
        "unmatched": 1,
        "repaired": 0,
        "repair_file": str(repairs),
    }
    assert sum(told["by_reason"].values()) >= 1
    assert "a4" in repairs.read_text()


def test_what_was_imported_is_planned_on(do, accounts: Path) -> None:
    take(do, accounts)
    do("new", "A", "--dataset", "mine", "--names", "West")
    do("assign", "A", "--to", "West", "CA", "a3")
    west = do("show", "A")["areas"][0]
    assert (west["units"], west["totals"]["revenue"]) == (3, 60)


def test_several_files_are_one_dataset(do, accounts: Path, tmp_path: Path) -> None:
    second = tmp_path / "second.csv"
    second.write_text("state,account id,Revenue\nNV,b1,5\nZZ,b2,6\n")
    told = take(do, accounts, str(second), "--measure", "Revenue")
    assert (told["rows"], told["matched"]) == (6, 4)
    assert told["notes"] == ["second.csv has no 'Owner'; left empty"]
    repairs = Path(told["repair_file"]).read_text().splitlines()
    assert repairs[2].startswith("3,b2,") and repairs[2].endswith("second.csv")
    found = {d["dataset"]: d for d in do("datasets")["datasets"]}
    assert "source file" in found["mine"]["columns"]


def test_a_word_that_is_no_file_is_refused(say, accounts: Path) -> None:
    said = say("import", accounts, "b.csv", "--dataset", "m")
    assert (said.code, said.out) == (2, "")
    assert "'b.csv' is no file" in said.err


def test_a_repair_file_is_sent_back(do, accounts: Path) -> None:
    told = take(do, accounts)
    repairs = Path(told["repair_file"])
    repairs.write_text(repairs.read_text().replace("ZZ", "NV"))
    again = do("repair", repairs, "--dataset", "mine")
    assert (again["matched"], again["unmatched"], again["repair_file"]) == (4, 0, "")


def test_an_older_repair_file_is_not_written_over(do, accounts: Path, tmp_path: Path) -> None:
    first = take(do, accounts)["repair_file"]
    second = take(do, accounts)["repair_file"]
    third = take(do, accounts, "--repair-file", str(tmp_path / "own.csv"))["repair_file"]
    assert [Path(p).name for p in (first, second, third)] == [
        "accounts.repair.csv",
        "accounts.repair-2.csv",
        "own.csv",
    ]


def test_several_measures_may_follow_one_option(do, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("id,State,Revenue,Visits\na1,CA,1,2\n")
    words = ["--dataset", "m", "--boundaries", "state", "--postal", "State"]
    do("import", file, *words, "--measure", "Revenue", "Visits")
    found = {d["dataset"]: d for d in do("datasets")["datasets"]}
    assert {"revenue", "visits"} <= set(found["m"]["measures"])


def test_people_are_told_what_to_do_next(say, accounts: Path) -> None:
    words = ["--dataset", "mine", "--boundaries", "state", "--postal", "State"]
    said = say("import", accounts, *words)
    assert "3 of 4 rows matched" in said.out
    assert "tp-geo repair" in said.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nope.csv", "--dataset", "x"], "There is no file nope.csv"),
        (["accounts.csv", "--dataset", "default"], "is the dataset that is built in"),
        (["accounts.csv", "--dataset", " "], "1 to 255 characters"),
        (["accounts.csv", "--dataset", "x", "--measure", "Nope"], "Nope"),
        (["accounts.csv", "--dataset", "x", "--postal", "Nope"], "Nope"),
        (
            ["accounts.csv", "--dataset", "x", "--boundaries", "nope"],
            "no boundaries of kind 'nope'. There are: postal,",
        ),
        (
            ["accounts.csv", "--dataset", "x", "--sheet", "S"],
            "accounts.csv is no workbook, so it has no sheet 'S'",
        ),
        (
            ["accounts.csv", "--dataset", "x", "--lat", "Revenue", "--lon", "Revenue"],
            "'Revenue' can't be both",
        ),
        (["bomb.xlsx", "--dataset", "x"], "bomb.xlsx"),
    ],
)
def test_an_import_that_fails_leaves_nothing_behind(
    do,
    say,
    accounts: Path,
    words: list[str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(accounts.parent)
    (accounts.parent / "bomb.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 1000)
    said = say("import", *words, "--json")
    assert (said.code, said.out) == (1, "")
    assert says in said.err
    assert len(said.err.splitlines()) == 1
    assert {d["dataset"] for d in do("datasets")["datasets"]} == {"accounts", "default"}
    assert not accounts.with_name("accounts.repair.csv").exists()


# Boundaries


def geojson(path: Path, *codes: str) -> Path:
    shapes = [
        {
            "type": "Feature",
            "properties": {"tag": code, "called": f"Square {code}"},
            "geometry": shapely.geometry.mapping(shapely.box(i, 40, i + 1, 41)),
        }
        for i, code in enumerate(codes)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": shapes}))
    return path


def test_the_built_in_boundaries_are_listed_and_marked(do, say) -> None:
    found = {b["kind"]: b for b in do("boundaries")["boundaries"]}
    assert set(found) == set(embedded.KINDS)
    assert found["postal"]["approximate"] is True
    assert found["state"]["count"] == 51
    for one in found.values():
        assert one["active"]
        assert one["vintage"]
        assert one["source"]
    assert "Approximate postal areas" in say("boundaries").out


def test_boundaries_of_ones_own_are_taken_in_and_used(do, tmp_path: Path) -> None:
    file = geojson(tmp_path / "beats.geojson", "007", "008")
    told = do("boundaries", "add", file, "--kind", "beat", "--code", "tag", "--name", "called")
    assert (told["kind"], told["count"], told["title"]) == ("beat", 2, "beats")
    (beat,) = (b for b in do("boundaries")["boundaries"] if b["kind"] == "beat")
    assert (beat["active"], beat["built_in"]) == (True, False)
    accounts = tmp_path / "accounts.csv"
    accounts.write_text("id,lat,lon,sales\na,40.5,0.5,1\nb,40.5,1.5,2\n")
    done = do("import", accounts, "--dataset", "beats", "--boundaries", "beat")
    assert done["matched"] == 2
    do("new", "A", "--dataset", "beats", "--names", "One")
    do("assign", "A", "--to", "One", "007")
    assert do("show", "A")["areas"][0]["totals"]["sales"] == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--kind", " "], "The boundaries are of no kind."),
        (["--kind", "beat", "--country", "Narnia"], "'Narnia' is no country."),
    ],
)
def test_boundaries_of_no_kind_or_country_are_refused(
    do, refused, tmp_path: Path, words: list[str], says: str
) -> None:
    assert says in refused("boundaries", "add", geojson(tmp_path / "b.geojson", "1"), *words)
    assert len(do("boundaries")["boundaries"]) == len(embedded.KINDS)


def test_a_country_may_be_called_as_people_call_it(do, tmp_path: Path) -> None:
    file = geojson(tmp_path / "beats.geojson", "007", "008")
    do("boundaries", "add", file, "--kind", "beat", "--code", "tag", "--country", "germany")
    assert [b["country"] for b in do("boundaries")["boundaries"] if b["kind"] == "beat"] == ["DE"]


def test_what_was_mended_is_told(do, tmp_path: Path) -> None:
    file = geojson(tmp_path / "beats.geojson", "1", "2")
    text = json.loads(file.read_text())
    text["features"][0]["geometry"]["coordinates"] = [[[0, 40], [1, 41], [1, 40], [0, 41], [0, 40]]]
    file.write_text(json.dumps(text))
    told = do("boundaries", "add", file, "--kind", "beat", "--code", "tag", "--name", "called")
    assert any(m["count"] == 1 for m in told["mended"])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b'{"type": "FeatureCollection", "features": []}',
        b'{"type": "Point", "coordinates": [0, 0]}',
        b"<OGRVRTDataSource></OGRVRTDataSource>",
    ],
)
def test_a_file_without_polygons_is_refused(do, say, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "beats.geojson"
    file.write_bytes(content)
    said = say("boundaries", "add", file, "--kind", "beat", "--json")
    assert (said.code, said.out) == (1, "")
    assert "beats.geojson" in said.err
    assert len(said.err.splitlines()) == 1
    assert len(do("boundaries")["boundaries"]) == len(embedded.KINDS)


def test_without_a_network_the_way_by_hand_is_told(
    say, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("tp_geo.workflow.download.ATTEMPTS", 1)
    said = say("boundaries", "get", "zcta2020", "--url", "http://127.0.0.1:9", "--json")
    assert (said.code, said.out) == (1, "")
    assert "tp-geo boundaries add cb_2020_us_zcta520_500k.zip --kind postal" in said.err
    assert "There are no official boundaries 'nope'" in say("boundaries", "get", "nope").err


def test_countries_are_combined_and_rows_put_into_them(do, say, tmp_path: Path) -> None:
    file = tmp_path / "ca.geojson"
    squares = {"K1A": shapely.box(-100, 50, -99, 51), "M5V": shapely.box(-99, 50, -98, 51)}
    features = [
        {"type": "Feature", "properties": {"code": c}, "geometry": shapely.geometry.mapping(s)}
        for c, s in squares.items()
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    do("boundaries", "add", file, "--kind", "fsa", "--country", "CA")
    told = do("boundaries", "combine", "Both", "--of", "US=state", "--of", "Canada=fsa")
    assert (told["kind"], told["count"]) == ("Both", 53)
    rows = tmp_path / "rows.csv"
    rows.write_text("Id,Zip,Country\n1,m5v 2t6,Canada\n2,ND,USA\n3,US_TX,\n4,10115,Germany\n")
    done = do("import", rows, "--dataset", "both", "--boundaries", "Both")
    assert (done["matched"], done["by_reason"]) == (3, {"longer_postal": 1, "out_of_country": 1})
    assert done["columns"]["country"] == "Country"
    do("new", "Plan", "--dataset", "both", "--columns", "country")
    assert "Canada" in say("show", "Plan").out
    assert "COUNTRY=SET" in say("boundaries", "combine", "Both", "--of", "CA").err
