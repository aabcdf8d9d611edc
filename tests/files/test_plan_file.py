from __future__ import annotations

import contextlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from squares import dataset

from tp_geo.domain.alignment import (
    FOLLOW,
    UNASSIGNED,
    Alignment,
    Area,
    AreaId,
    Profile,
    frozen,
)
from tp_geo.domain.dataset import Dataset, Measure
from tp_geo.errors import BadData
from tp_geo.files import plan_file
from tp_geo.files.plan_assignment import Place, alignment_of, places_of
from tp_geo.files.plan_figures import dataset_from, figures_of
from tp_geo.files.plan_file import Ground, PlanFile, dumps, loads
from tp_geo.files.plan_log import LogLine, Mark

GOLDEN = Path(__file__).parent / "golden" / "plan-v1.tpgeo"

DATA = dataset({"u1": "01", "01": "02", 'u,\n"3': None}, {"tier": {"u1": "=gold", "01": "a"}})
WEST = Area(
    AreaId(1),
    "West",
    level="Region",
    owner="ann",
    targets={"people": 40.5},
    locked=True,
    profile=Profile.NON_CONTIGUOUS,
    color="#112233",
    attributes={"tier": "gold", "rank": 7.0},
)
EDITS = '{"v":1,"e":[["put",{"id":1,"name":"Wést \\"1\\""}],["assign",1,{"c":["01"]}]]}'
LINE = '{"seq":1,"by":"a","at":"b","kind":"c","text":"d","edits":{"v":1,"e":[%s]}}'
MARK = '{"name":"a","seq":1,"by":"b","at":"c"}'
PLAN = PlanFile(
    name="West & East",
    ground=Ground("squares", "squares1", "postal", "", "Squares", "2026", 8, 3),
    areas={a.id: a for a in (WEST, Area(AreaId(2), "East"), Area(AreaId(3), "S", AreaId(2)))},
    containers={"01": Place(1, True), "02": Place(3, False), "08": Place(0, True)},
    units={"u1": Place(3, True), "01": Place(-1, True), 'u,\n"3': Place(0, False)},
    log=(
        LogLine(1, "ann", "2026-11-22T03:00:00Z", "branch", "added West", EDITS, note="why"),
        LogLine(2, "bob", "2026-11-22T03:01:00Z", "undo", "undid", '{"v":1,"e":[]}', reverts=1),
    ),
    snapshots=(Mark("first", 1, "ann", "2026-11-22T03:00:30Z"),),
    note="a note",
    made="2026-11-22T04:00:00Z",
    by="ann",
    figures=figures_of(DATA),
)


def changed(part: str, make: Callable[[bytes], bytes], *, hashes: bool = False) -> bytes:
    """A plan file with one part made another; without hashes, as one written by hand."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(dumps(PLAN))) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json" and not hashes:
                said = json.loads(data)
                del said["files"]
                data = json.dumps(said).encode()
            new.writestr(name, make(data) if name == part else data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


# It reads back


def test_a_plan_reads_back() -> None:
    assert loads(dumps(PLAN)) == PLAN


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert dumps(PLAN) == dumps(replace(PLAN))


texts = st.text(max_size=12)
figures = st.floats(allow_nan=False, allow_infinity=False)
areas = st.builds(
    Area,
    id=st.integers(1, 5).map(AreaId),
    name=texts,
    level=texts,
    owner=st.none() | texts,
    targets=st.dictionaries(texts, figures, max_size=3),
    locked=st.booleans(),
    profile=st.sampled_from(Profile),
    color=st.none() | texts,
    attributes=st.dictionaries(texts, figures | texts, max_size=3),
)


@settings(max_examples=80)
@given(
    st.lists(areas, max_size=5),
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=8, max_size=8),
    st.lists(st.tuples(st.integers(-1, 5), st.booleans()), min_size=3, max_size=3),
    texts,
)
def test_every_alignment_reads_back_the_same(
    made: list[Area], containers: list[tuple[int, bool]], units: list[tuple[int, bool]], name: str
) -> None:
    known = {a.id: a for a in made}
    places = [(k if k in known or k < 1 else UNASSIGNED, on) for k, on in (*containers, *units)]
    area_of, held = (np.array(column) for column in zip(*places, strict=True))
    before = Alignment(DATA.items, known, frozen(area_of.astype(np.int32)), frozen(held))
    inside, loose = places_of(before, DATA)
    plan = replace(PLAN, name=name, areas=known, containers=inside, units=loose)
    again = loads(dumps(plan))
    assert again == plan
    after, gone = alignment_of(again.areas, again.containers, again.units, DATA)
    assert (after, gone) == (before, ())


def test_what_says_nothing_is_not_written() -> None:
    assert places_of(Alignment.empty(DATA.items), DATA) == ({}, {})


def test_codes_that_are_gone_are_told_and_the_rest_is_there() -> None:
    other = dataset({"u1": "01"})
    after, gone = alignment_of(
        PLAN.areas, {**PLAN.containers, "99": Place(1, False)}, PLAN.units, other
    )
    assert set(gone) == {"99", "01", 'u,\n"3'}
    assert (after.area_of[0], after.area_of[other.units["u1"]]) == (1, 3)


def test_the_golden_file_of_version_1_reads_as_it_did() -> None:
    assert loads(GOLDEN.read_bytes()) == PLAN


def test_a_plan_by_hand_needs_little() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        about = {"format": "tpgeo", "version": 1, "name": "Mine"}
        about["dataset"] = {"dataset": "default", "boundaries": "postal"}  # type: ignore[assignment]
        archive.writestr("manifest.json", json.dumps(about))
        archive.writestr("areas.json", '[{"id": 1, "name": "West"}]')
        archive.writestr("assignment.csv", "kind,code,area,held\ncontainer,00501,1,\n")
        archive.writestr("readme.txt", "not read")
    plan = loads(made.getvalue())
    assert plan.areas == {1: Area(AreaId(1), "West")}
    assert plan.containers == {"00501": Place(1, False)}
    assert (plan.log, plan.snapshots, plan.figures) == ((), (), {})


# The dataset's figures


def bare(boundaries_of: Dataset) -> Dataset:
    """The containers of a dataset without anything else."""
    n = boundaries_of.items.containers
    return replace(dataset(), codes=boundaries_of.codes[:n], measures=(), values=np.zeros((n, 0)))


def test_figures_read_back_as_the_same_dataset() -> None:
    built, gone = dataset_from(loads(dumps(PLAN)).figures, bare(DATA), name="squares", key="k")
    assert gone == ()
    for name in ("codes", "names", "values"):
        assert np.array_equal(getattr(built, name), getattr(DATA, name))
    assert (built.measures, built.name, built.key) == (DATA.measures, "squares", "k")
    assert np.array_equal(built.items.container_of, DATA.items.container_of)
    assert {k: list(v) for k, v in built.attributes.items()} == {
        k: list(v) for k, v in DATA.attributes.items()
    }


def test_figures_land_on_other_containers_by_code() -> None:
    here = bare(DATA)
    here = replace(here, codes=np.array([*here.codes[:7], "new"], dtype=object))
    built, gone = dataset_from(PLAN.figures, here, name="squares", key="k")
    assert gone == ("08",)
    assert np.isnan(built.values[7]).all()


def test_accounts_of_older_files_are_counted_as_accounts() -> None:
    old = replace(
        DATA, measures=(Measure("accounts", "Accounts", "rows"),), values=DATA.values[:, :1]
    )
    built, _ = dataset_from(figures_of(old), bare(DATA), name="x", key="k")
    assert [m.unit for m in built.measures] == ["accounts"]


def test_unknown_figures_stay_unknown() -> None:
    values = DATA.values.copy()
    values[3, 0] = np.nan
    built, _ = dataset_from(figures_of(replace(DATA, values=values)), bare(DATA), name="x", key="k")
    assert np.array_equal(built.values, values, equal_nan=True)


@pytest.mark.parametrize(
    ("part", "old", "new", "words"),
    [
        ("items.csv", b"10.0", b"ten", r"items.csv, row \d+: 'ten' is not a number"),
        ("items.csv", b"10.0", b"inf", r"items.csv, row \d+: 'inf' is not a number"),
        ("items.csv", b"container,02", b"container,01", r"row 3: container '01' is there twice"),
        ("items.csv", b"container,02", b"planet,02", r"row 3: kind is 'planet'"),
        ("dataset.json", b'"mean"', b'"sin"', r"measure 2: 'aggregate' is 'sin'"),
        ("dataset.json", b'"weight": "people"', b'"weight": "mass"', "weight 'mass' is no measure"),
        ("dataset.json", b'"name": "income"', b'"name": "people"', "two measures of one name"),
        ("dataset.json", b'"attributes": [', b'"attributes": ["x",', "has 7 columns; .* names 8"),
    ],
)
def test_figures_that_make_no_sense_are_refused(
    part: str, old: bytes, new: bytes, words: str
) -> None:
    assert old in PLAN.figures[part]
    plan = loads(changed(part, lambda data: data.replace(old, new, 1)))
    with pytest.raises(BadData, match=words):
        dataset_from(plan.figures, bare(DATA), name="x", key="k")


# What it refuses


def with_manifest(**said: object) -> bytes:
    return changed("manifest.json", lambda data: json.dumps(json.loads(data) | said).encode())


@pytest.mark.parametrize("cut", [0, 10, 100, 0.5, 0.99])
def test_a_file_that_is_cut_off_is_refused(cut: float) -> None:
    data = dumps(PLAN)
    with pytest.raises(BadData, match="can't be read as a plan"):
        loads(data[: int(cut if cut > 1 else cut * len(data))])


@settings(max_examples=150)
@given(st.integers(0, 10**6), st.integers(1, 255))
def test_a_byte_that_was_changed_is_found_or_harmless(at: int, by: int) -> None:
    data = bytearray(dumps(PLAN))
    data[at % len(data)] ^= by
    with contextlib.suppress(BadData):
        assert loads(bytes(data)) == PLAN


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"version": 2}, r"The plan has format 2; this TP Geo reads up to 1. Update TP Geo"),
        ({"version": 0}, "version 0; the first version is 1"),
        ({"version": True}, "'version' is 'True', not a whole number"),
        ({"format": "zip"}, 'does not say "format": "tpgeo"'),
        ({"name": 7}, "manifest.json: 'name' is '7', not a text"),
        ({"dataset": {}}, "manifest.json, dataset has no 'dataset'"),
        ({"files": {"log.jsonl": "0" * 64}}, "log.jsonl is not as it was written"),
    ],
)
def test_a_manifest_that_is_not_ours_is_refused(said: dict[str, object], words: str) -> None:
    with pytest.raises(BadData, match=words):
        loads(with_manifest(**said))


@pytest.mark.parametrize(
    ("part", "text", "words"),
    [
        ("areas.json", "{}", "areas.json is no list of areas"),
        ("areas.json", "[1]", "entry 1 is '1', not an object"),
        ("areas.json", "[", "areas.json is no JSON that can be read"),
        ("areas.json", "[" * 100_000, "areas.json is no JSON that can be read"),
        ("areas.json", '[{"id":1,"name":"A"},{"id":1,"name":"B"}]', "entry 2: the id 1 is that of"),
        ("areas.json", '[{"id":0,"name":"A"}]', "the id 0 is not from 1 to 65,535"),
        ("areas.json", '[{"id":1,"name":"A","parent":9}]', "the parent 9 of 'A' is not there"),
        ("areas.json", '[{"id":1,"name":"A","status":"x"}]', "'status' is 'x', not one of draft"),
        ("areas.json", '[{"id":1,"name":"A","targets":{"p":NaN}}]', "NaN is no number of JSON"),
        ("areas.json", '[{"id":1,"name":"A","targets":{"p":1e999}}]', "'p' is 'inf', not a number"),
        ("areas.json", '[{"id":1,"name":"A","locked":"no"}]', "'locked' is 'no', not a yes/no"),
        ("areas.json", '[{"id":1,"name":"A","owner":7}]', "'owner' is '7', not a text"),
        ("assignment.csv", "code,area\n01,1\n", "begins with 'code,area', not 'kind"),
        ("assignment.csv", "kind,code,area,held\ncontainer,01\n", "row 2 has 2 cells; 4 are named"),
        ("assignment.csv", "kind,code,area,held\nplanet,01,1,\n", "row 2: kind is 'planet'"),
        ("assignment.csv", "kind,code,area,held\ncontainer,01,9,\n", "row 2: '9' is the id of no"),
        ("assignment.csv", "kind,code,area,held\ncontainer,01,-1,\n", "'-1' is the id of no"),
        ("assignment.csv", "kind,code,area,held\nunit,a,1,x\n", "row 2: held is 'x'"),
        (
            "assignment.csv",
            "kind,code,area,held\ncontainer,01,1,\ncontainer,01,1,\n",
            "row 3: container '01' is there twice",
        ),
        ("log.jsonl", '{"seq": 2}', "log.jsonl, line 1: seq is 2, 1 was expected"),
        ("log.jsonl", "x", "log.jsonl, line 1 is no JSON"),
        (
            "log.jsonl",
            '{"seq":1,"by":"a","at":"b","kind":"c","text":"d","reverts":1,"edits":{"e":[]}}',
            "line 1: reverts is 1; it must be an earlier",
        ),
        ("log.jsonl", LINE % "7", "edit 1 is '7', which is no edit of this format"),
        ("log.jsonl", LINE % '["assign", 99999999999, {}]', "is no edit of this format"),
        ("log.jsonl", LINE % '["assign", 1, {"c": [7]}]', "edit 1: '7' is no code"),
        ("log.jsonl", LINE % '["put", {"id": "1", "name": "A"}]', "'id' is '1', not a whole"),
        ("log.jsonl", LINE % '["hold", 1, {}]', "is no edit of this format"),
        ("snapshots.json", f"[{MARK},{MARK}]", "entry 2: there is another snapshot called 'a'"),
        ("snapshots.json", '[{"name":"a"}]', "snapshots.json, entry 1 has no 'by'"),
        ("snapshots.json", "7", "snapshots.json is no list"),
    ],
)  # fmt: skip
def test_a_part_that_makes_no_sense_is_refused_by_its_place(
    part: str, text: str, words: str
) -> None:
    with pytest.raises(BadData, match=words):
        loads(changed(part, lambda _: text.encode()))


def test_a_part_changed_behind_the_manifest_is_refused() -> None:
    with pytest.raises(BadData, match=r"areas.json is not as it was written"):
        loads(changed("areas.json", lambda data: data.replace(b"West", b"Best"), hashes=True))


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(BadData, match=r"areas.json is not UTF-8 text at byte 0"):
        loads(changed("areas.json", lambda _: b"\xff"))


def archive(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return made.getvalue()


def test_an_archive_of_something_else_is_refused() -> None:
    with pytest.raises(BadData, match=r"no manifest.json, so it is no plan. Choose a \.tpgeo"):
        loads(archive(**{"xl/workbook.xml": b"<x/>"}))
    with pytest.raises(BadData, match="can't be read as a plan"):
        loads(b"PK\x03\x04 but not really")


def test_what_is_told_of_a_damaged_archive_is_short() -> None:
    """The archive quotes the name that it finds, which may be all of the file."""
    packed = dumps(PLAN).replace(b"manifest.json", b"m" + b"PK\x03\x04" * 700, 1)
    with pytest.raises(BadData, match=r"can't be read as a plan") as refused:
        loads(packed)
    assert len(str(refused.value)) < 400


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = archive(**{"manifest.json": b"{}", "areas.json": b" " * (64 * plan_file.MIB)})
    assert len(bomb) < plan_file.MIB
    with pytest.raises(BadData, match=r"areas.json would unpack to 64 MiB from 0.1"):
        loads(bomb)


def test_a_part_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(plan_file.LARGEST, "areas.json", 10)  # type: ignore[arg-type]
    with pytest.raises(BadData, match=r"areas.json would unpack to .* more than a plan has"):
        loads(dumps(PLAN))


def test_too_many_parts_are_refused() -> None:
    with pytest.raises(BadData, match="holds 101 parts"):
        loads(archive(**{f"p{i}": b"" for i in range(101)}))


def test_a_size_that_lies_is_found() -> None:
    """The directory says 10 bytes less than the part has."""
    data = bytearray(dumps(PLAN))
    start = data.rindex(b"PK\x01\x02", 0, data.rindex(b"log.jsonl"))
    size = int.from_bytes(data[start + 24 : start + 28], "little")
    data[start + 24 : start + 28] = (size - 10).to_bytes(4, "little")
    with pytest.raises(BadData, match=r"not as long as it says|can't be read"):
        loads(bytes(data))


def test_a_part_that_is_there_twice_is_refused() -> None:
    made = io.BytesIO(dumps(PLAN))
    with pytest.warns(UserWarning), zipfile.ZipFile(made, "a") as more:
        more.writestr("areas.json", "[]")
    with pytest.raises(BadData, match=r"holds 'areas.json' twice"):
        loads(made.getvalue())


def test_an_encrypted_part_is_refused() -> None:
    data = bytearray(dumps(PLAN))
    at = data.rindex(b"PK\x01\x02", 0, data.rindex(b"areas.json")) + 8
    data[at] |= 1
    with pytest.raises(BadData, match=r"areas.json is encrypted"):
        loads(bytes(data))


def test_figures_that_files_cannot_hold_are_refused() -> None:
    endless = replace(WEST, targets={"people": float("inf")})
    with pytest.raises(BadData, match="infinite or not a number"):
        dumps(replace(PLAN, areas={WEST.id: endless}))


def test_a_unit_may_be_called_like_a_container() -> None:
    plan = loads(dumps(PLAN))
    assert (plan.containers["01"].area, plan.units["01"].area) == (1, FOLLOW)
