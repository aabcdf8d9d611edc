"""A measure that is hidden from somebody is in nothing that they can read or write to a file."""

from __future__ import annotations

import gzip
import io
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pypdfium2
import pytest
import states

from tp_geo.store import open_store

Run = Callable[..., Any]
AS_EVA = ("--user", "eva@x.org")
NAMES = re.compile(rb"turnover|takings|lucre|profit", re.IGNORECASE)
FIGURES = re.compile(rb"123[,_]?456|987[,_]?654|1[,_]?975[,_]?308")
FORMS = (
    *("a.xlsx", "a.geojson", "a.parquet", "a.gpkg", "a.zip", "a.svg", "a.pdf", "a.html"),
    *("a.tpgeo", "a.csv"),
)


def unpacked(data: bytes) -> Iterator[bytes]:
    """Yield bytes and what is packed in them: zip and its like, gzip, parquet, streams of PDF."""
    yield data
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from unpacked(archive.read(name))
    elif data[:2] == b"\x1f\x8b":
        yield gzip.decompress(data)
    elif data[:4] == b"PAR1":
        yield (
            pd.read_parquet(io.BytesIO(data))
            .drop(columns="geometry", errors="ignore")
            .to_csv()
            .encode()
        )
    elif data[:5] == b"%PDF-":
        book = pypdfium2.PdfDocument(data)
        for page in book:
            yield page.get_textpage().get_text_range().encode()


def tells(data: bytes) -> list[bytes]:
    """Return what of the hidden measure is in bytes."""
    return [
        m.group() for part in unpacked(data) for p in (NAMES, FIGURES) for m in p.finditer(part)
    ]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the store of `plan` is kept once it is made."""
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def plan(address: Path, do: Run, kept: Path) -> str:
    """P, in whose history and areas a measure stands all over; it is hidden from Eva."""
    if not list(kept.iterdir()):
        fill(address, do)
        copied(address.parent, kept)
    copied(kept, address.parent)
    return "P"


def copied(source: Path, target: Path) -> None:
    """Copy the files of a store."""
    for file in source.glob("store.duckdb*"):
        shutil.copy(file, target / file.name)


def fill(address: Path, do: Run) -> None:
    """Make P, with scenario and draft, and hide a measure of it from planners."""
    store, made = open_store(str(address)), states.dataset("accounts00000002")
    measures = [
        replace(m, name="turnover", label="Takings") if m.name == "revenue" else m
        for m in made.measures
    ]
    values = np.array(made.values)
    values[:, 1] *= 987654.0
    states.keep(store, replace(made, measures=tuple(measures), values=values))
    store.close()
    do("formula", "add", states.NAME, "lucre", "turnover * 2", "--label", "Profit")
    do("formula", "add", states.NAME, "each", "lucre / people", "--level", "area")
    do("new", "P", "--dataset", states.NAME, "--names", "West,East,South")
    do("assign", "P", "CA", "NV", "OR", "--to", "West")
    do("target", "P", "West", "turnover=123456", "people=500", "--note", "turnover is what counts")
    do("target", "P", "East", "turnover=123456")
    do("target", "P", "East", "turnover=")
    do("undo", "P")
    do("target", "P", "South", "turnover=1..123456..987654")
    do("rename-area", "P", "South", "Far South")
    do("snapshot", "P", "start")
    do("carry-down", "P", "lucre", "--total", "123456")
    do("assign", "P", "NY", "TX", "--to", "East")
    do("optimize", "P", "--balance", "turnover", "--include-unassigned", "--max-runtime-s", 1)
    do("scenario", "new", "P", "What if")
    do("scenario", "assume", "growth", "What if", "turnover", 10)
    do("draft", "new", "P", "Apart")
    do("team", "set", "tess", "administrator")
    do("team", "set", "eva@x.org", "planner")
    do("team", "hide", states.NAME, "turnover", "--from", "planner")
    do("team", "share-dataset", states.NAME, "eva@x.org", "view")
    for name in ("P", "What if"):
        do("team", "share", name, "eva@x.org", "edit")


def test_no_export_holds_it(do: Run, plan: str, tmp_path: Path) -> None:
    found = {}
    cases = [(form, ()) for form in FORMS]
    whats = ("items", "areas", "containers", "units", "history")
    cases += [("a.csv", ("--what", what)) for what in whats]
    cases += [("a.geojson", ("--what", "containers")), ("a.tpgeo", ("--figures",))]
    cases += [("a.pdf", ("--since", "P@start"))]
    for name in ("P", "P@3", "What if", "Apart"):
        for form, words in cases if name == "P" else [("a.tpgeo", ("--figures",)), ("a.xlsx", ())]:
            file = tmp_path / f"{len(found)}{Path(form).suffix}"
            do("export", name, "--to", file, *words, *AS_EVA)
            found[name, form, words] = tells(file.read_bytes())
    assert {k: v[:4] for k, v in found.items() if v} == {}
    do("export", "P", "--to", tmp_path / "all.xlsx")
    assert tells((tmp_path / "all.xlsx").read_bytes())  # who sees it has it


def test_no_comparison_and_no_table_holds_it(do: Run, plan: str, tmp_path: Path) -> None:
    files = tmp_path / "out"
    files.mkdir()
    sides = ("P@start", "P", "--csv", files, "--xlsx", files / "c.xlsx")
    do("compare", *sides, "--handover", files / "h.zip", *AS_EVA)
    do("targets", "P", "--csv", files / "targets.csv", *AS_EVA)
    written = sorted(p for p in files.rglob("*") if p.is_file())
    assert len(written) > 4
    assert {p.name: tells(p.read_bytes())[:4] for p in written if tells(p.read_bytes())} == {}


READS = (
    *("show P", "list", "datasets", "history P", "snapshots P", "targets P", "check P"),
    *("coverage P", "coverage P --base start", "diff P@3 P", "diff P@start P", "compare P@3 P"),
    *(f"formula list {states.NAME}", "find P a", "scenario list", "scenario show What_if"),
    *("scenario table P", "draft list", "draft show Apart", "sign-off status P", "comments P"),
    *("challenges P", "history P --of CA", "history P --area West", "layers", "boundaries"),
)


@pytest.mark.parametrize("as_json", [True, False])
def test_no_answer_tells_of_it(say: Run, plan: str, as_json: bool) -> None:
    found = {}
    for words in READS:
        line = [w.replace("_", " ") for w in words.split()]
        said = say(*line, *AS_EVA, *(["--json"] if as_json else []))
        found[words] = (said.code, tells((said.out + said.err).encode())[:4], said.err)
    assert {k: v for k, v in found.items() if v != (0, [], "")} == {}


def test_a_question_for_it_is_answered_as_if_there_were_none(refused: Run, plan: str) -> None:
    for words in (
        ("target", "P", "West", "turnover=5"),
        ("optimize", "P", "--balance", "turnover"),
        ("formula", "preview", states.NAME, "mine", "turnover * 3"),
        ("team", "hide", states.NAME, "turnover"),
    ):
        said = refused(*words, *AS_EVA)
        assert re.search("no measure|no such measure|not a measure|is none|turnover", said), said
        assert "lucre" not in said


def test_it_stays_hidden_in_what_is_made_of_it(do: Run, refused: Run, plan: str, say: Run) -> None:
    do("team", "hide", "default", "households", "--from", "planner")
    do("new", "Big", "--areas", 2)
    do("formula", "add", "default", "homes", "households * 2", "--level", "container")
    made = next(
        d["dataset"]
        for d in do("datasets")["datasets"]
        if d["dataset"] not in ("default", states.NAME)
    )
    assert do("team", "hide", made, "households")["hidden_from"] == ["planner"]
    do("team", "hide", states.NAME, "lucre", "--from", "planner")
    assert "would see it by another name" in refused(
        "formula", "rename", states.NAME, "lucre", "gain"
    )
