from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from tp_geo.errors import BadData, Refused
from tp_geo.files.mapping import Columns
from tp_geo.geometry.boundaries import build_boundaries
from tp_geo.store import BoundaryInfo, Store, geoparquet
from tp_geo.workflow.importing import ImportReport, Order, frame_for, import_dataset, send_back

ROWS = pd.DataFrame(
    {
        "Id": ["a1", "a2", "a3", "a4", "a5"],
        "Name": ["One", "Two", "Three", "Four", "Five"],
        "Zip": ["02139", "2139", "94110-1234", "00000", ""],
        "Revenue": ["$1,000", "5", "x", "7", "-1"],
    }
)
REVENUE = ("Revenue",)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "accounts.csv"
    ROWS.to_csv(made, index=False)
    return made


def take_in(store: Store, path: Path, **options: object) -> ImportReport:
    given = {"name": "accounts", "by": "jo", "at": "2026-01-01T00:00:00Z"}
    ordered = {f.name for f in fields(Order)}
    order = Order(**given | {k: v for k, v in options.items() if k in ordered})  # type: ignore[arg-type]
    rest = {k: v for k, v in options.items() if k not in ordered}
    return import_dataset(store, path, order, **rest)  # type: ignore[arg-type]


def keep_squares(store: Store, key: str, codes: list[str], kind: str = "patch") -> None:
    """Put boundaries of a kind of ours into the store: squares from west to east."""
    squares = [shapely.box(x, 40, x + 1, 41) for x in range(-100, -100 + len(codes))]
    texts = np.array(codes, dtype=object)
    made = build_boundaries(texts, texts, np.array(squares, dtype=object), kind=kind)
    info = BoundaryInfo(kind, key, "Patches", "", "", "", "", False, len(codes), key)
    store.put_boundaries(info, geoparquet.to_geoparquet(made))


def test_a_file_becomes_a_dataset_on_the_built_in_postal_codes(
    store: Store, path: Path, tmp_path: Path
) -> None:
    report = take_in(store, path, measures=REVENUE, repair_to=tmp_path / "repair.csv")
    assert json.loads(json.dumps(report.to_json())) == {
        "dataset": "accounts",
        "key": report.key,
        "rows": 5,
        "matched": 3,
        "unmatched": 2,
        "repaired": 2,
        "by_reason": {
            "lost_leading_zero": 1,
            "zip_plus_4": 1,
            "missing_postal": 1,
            "stand_in_postal": 1,
            "not_a_number": 1,
            "negative_value": 1,
        },
        "totals": {"Revenue": 1011.0},
        "columns": {"id": "Id", "name": "Name", "postal": "Zip"},
        "repair_file": str(tmp_path / "repair.csv"),
        "unchanged": False,
        "notes": [],
        "codes": 0,
    }
    dataset = store.dataset(report.key)
    assert dataset.items.container_of.tolist()[3:] == [-1, -1]
    assert dataset.column("revenue")[dataset.containers["02139"]] == 1005
    assert dataset.column("population")[dataset.containers["02139"]] > 10_000
    (info,) = store.datasets()
    assert (info.name, info.key, info.source) == ("accounts", report.key, "accounts.csv")
    assert info.report["by"] == "jo"


def test_the_unchanged_file_keeps_its_key_and_a_changed_one_gets_another(
    store: Store, path: Path
) -> None:
    first = take_in(store, path, measures=REVENUE)
    again = take_in(store, path, measures=REVENUE, at="2027-01-01T00:00:00Z")
    assert again == replace(first, unchanged=True)
    ROWS.assign(Revenue="1").to_csv(path, index=False)
    changed = take_in(store, path, measures=REVENUE)
    assert changed.key != first.key
    (info,) = store.datasets()
    assert info.key == changed.key
    assert store.dataset(first.key).column("revenue")[-1] == -1


def test_a_repair_file_that_comes_back_mends_the_dataset(
    store: Store, path: Path, tmp_path: Path
) -> None:
    repair = tmp_path / "repair.csv"
    first = take_in(store, path, measures=REVENUE, repair_to=repair)
    edited = pd.read_csv(repair, dtype=str, keep_default_na=False)
    edited[["Zip", "Revenue"]] = [["94110", "6"], ["10001", "7"], ["60601", "2"]]
    edited.to_csv(repair, index=False)
    left = tmp_path / "left.csv"
    report = send_back(store, repair, Order("accounts", "jo", "2026-01-02", left))
    assert (report.matched, report.unmatched, report.repair_file) == (5, 0, "")
    assert not left.exists()
    assert report.key != first.key
    assert report.totals == {"Revenue": 1020}
    with pytest.raises(BadData, match="no imported dataset 'other'"):
        send_back(store, repair, Order("other", "jo", "2026-01-02"))


def test_boundaries_of_the_store_go_before_the_built_in_ones(store: Store, tmp_path: Path) -> None:
    keep_squares(store, "old", ["A"])
    keep_squares(store, "new", ["P1", "P2"])
    path = tmp_path / "a.csv"
    pd.DataFrame(
        {"Id": ["1", "2"], "Zip": ["p1", ""], "Lat": ["", "40.5"], "Lon": ["", "-98.5"]}
    ).to_csv(path, index=False)
    report = take_in(store, path, boundaries="patch")
    dataset = store.dataset(report.key)
    assert (dataset.boundaries, dataset.layer) == ("patch", "new")
    assert dataset.items.container_of.tolist() == [0, 1]
    assert [m.name for m in dataset.measures] == ["accounts"]
    assert [b.lookup.codes.size for b in frame_for(store, "patch").books] == [0]


def test_rows_keep_their_numbers_in_the_next_repair_file(store: Store, tmp_path: Path) -> None:
    path, first, second = (tmp_path / f"{name}.csv" for name in ("given", "first", "second"))
    path.write_text("Id,Zip\n\na,99998\n\nb,99997\n")
    take_in(store, path, repair_to=first)
    send_back(store, first, Order("accounts", "jo", "2026-01-02T00:00:00Z", repair_to=second))
    for file in (first, second):
        assert pd.read_csv(file)["repair_row"].tolist() == [3, 5]


def test_the_file_that_is_read_is_never_written(store: Store, path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(Refused, match=r"accounts\.csv is the file that is read"):
        take_in(store, path, repair_to=path.parent / "." / path.name)
    assert (path.read_bytes(), store.datasets()) == (before, ())


def test_without_anything_to_mend_a_file_that_is_there_stays(store: Store, tmp_path: Path) -> None:
    clean, there = tmp_path / "clean.csv", tmp_path / "there.csv"
    clean.write_text("Id,Zip\na,94110\n")
    there.write_text("mine")
    assert take_in(store, clean, repair_to=there).repair_file == ""
    assert there.read_text() == "mine"


def test_columns_can_be_chosen_or_fixed_in_part(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    pd.DataFrame(
        {"Key": ["1", "2"], "Zip": ["94110", "94110"], "Zip2": ["10001", "10001"], "N": ["1", "2"]}
    ).to_csv(path, index=False)
    fixed = take_in(store, path, fixed={"postal": "Zip2"})
    assert fixed.columns == {"id": "Key", "postal": "Zip2"}
    chosen = take_in(store, path, columns=Columns(postal="Zip"))
    assert chosen.columns == {"postal": "Zip"}
    with pytest.raises(BadData, match="no column 'Zap'"):
        take_in(store, path, fixed={"postal": "Zap"})


def test_nothing_is_half_imported(store: Store, path: Path, tmp_path: Path) -> None:
    with pytest.raises(BadData, match="There is no file"):
        take_in(store, tmp_path / "gone.csv")
    with pytest.raises(BadData, match="can't be written"):
        take_in(store, path, repair_to=path / "repair.csv")
    path.write_bytes(path.read_bytes() + b"one,too\n")
    with pytest.raises(BadData, match="Row 7"):
        take_in(store, path)
    assert store.datasets() == ()


@pytest.mark.parametrize(
    ("name", "words"), [("default", "built in"), (" ", "1 to 255"), ("x" * 256, "256")]
)
def test_a_name_that_cannot_be_is_refused(store: Store, path: Path, name: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        take_in(store, path, name=name)


def test_progress_goes_forward_to_the_end(store: Store, path: Path) -> None:
    told: list[tuple[str, float]] = []
    take_in(store, path, progress=lambda what, share: told.append((what, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert told[0] == ("Reading accounts.csv", 0.0)
    assert told[-1] == ("Done", 1.0)
