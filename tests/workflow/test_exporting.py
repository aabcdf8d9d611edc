"""Plans to files of every form, and the plan format there and back on a real store."""

from __future__ import annotations

import contextlib
import csv
import json
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import states
from hypothesis import given, settings
from hypothesis import strategies as st
from states import at

from tp_geo.domain.alignment import AreaId, Profile
from tp_geo.domain.commands import Branch, Change, HoldItems, Move
from tp_geo.domain.edits import replay
from tp_geo.domain.hierarchy import find_area
from tp_geo.domain.revision import start
from tp_geo.errors import BadData, Refused
from tp_geo.files import plan_file
from tp_geo.files.plan_assignment import Place
from tp_geo.files.plan_log import LogLine
from tp_geo.store import Store, open_store
from tp_geo.workflow.exporting import SUFFIXES, export, exported, plan_file_of
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.plan_import import import_plan, read_plan, take_in
from tp_geo.workflow.planner import Planner

ANA, BEN = "ana", "ben"


@pytest.fixture
def plan(store: Store) -> Plan:
    """West holds CA (held) and NV, East is divided; a unit is an exception, one revision undone."""
    states.keep(store)
    made = Planner(store).create(
        "P",
        states.NAME,
        by=ANA,
        areas=["West", "East"],
        description="why",
        profile=Profile.NON_CONTIGUOUS,
    )
    west, east = (find_area(made.alignment, n) for n in ("West", "East"))
    made.ask(Move(at("CA", "NV", "OR"), west), by=ANA)
    made.ask(Branch(east, ("North", "South"), "District"), by=BEN, note="two teams")
    made.ask(Move(at("NY"), AreaId(3)), by=BEN)
    made.snapshot("first", by=ANA)
    made.ask(Move(at("u1"), AreaId(4)), by=ANA, origin="map:1")
    made.ask(HoldItems(at("CA", "u3")), by=ANA)
    made.ask(Change(west, {"targets": {"people": 250.0}, "owner": ANA}), by=ANA)
    made.ask(Change(west, {"locked": True}), by=ANA)
    made.ask(Branch(None, ("Extra",), "Region"), by=BEN)
    made.undo(by=BEN)
    return made


@pytest.fixture
def elsewhere(tmp_path: Path) -> Planner:
    """Another store that has the same dataset."""
    store = open_store(str(tmp_path / "elsewhere.duckdb"))
    states.keep(store)
    return Planner(store)


@pytest.fixture
def empty(tmp_path: Path) -> Planner:
    """Another store that has nothing."""
    return Planner(open_store(str(tmp_path / "empty.duckdb")))


# Exports


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_suffix_gives_a_file(suffix: str, plan: Plan, tmp_path: Path) -> None:
    path = export(plan, tmp_path / "out" / f"plan{suffix}")
    assert path.stat().st_size > 0
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_an_export_shows_any_revision(plan: Plan, tmp_path: Path) -> None:
    now = gpd.read_file(export(plan, tmp_path / "now.geojson"))
    then = gpd.read_file(export(plan, tmp_path / "then.geojson", seq=2))
    assert (len(now), len(then)) == (4, 2)


def test_a_download_is_the_file_as_bytes(plan: Plan) -> None:
    rows = list(csv.DictReader(exported(plan, ".csv", what="areas").decode().splitlines()))
    assert [r["name"] for r in rows] == ["West", "East", "North", "South"]
    assert rows[0]["people"] == "300"
    assert (
        len(list(csv.DictReader(exported(plan, ".csv", what="history").decode().splitlines())))
        == 10
    )


def test_an_unknown_suffix_is_refused(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"ends in one of .*\.csv.* or \.tpgeo"):
        export(plan, tmp_path / "out.docx")


# The plan format, there and back


def test_a_plan_comes_back_equal_with_its_log(
    plan: Plan, elsewhere: Planner, tmp_path: Path
) -> None:
    opened = import_plan(elsewhere, export(plan, tmp_path / "p.tpgeo", by=ANA), by=BEN)
    again = opened.plan
    assert again.alignment == plan.alignment
    assert (again.info.name, again.info.note, again.info.by) == ("P", "why", BEN)
    assert again.info.profile == "non-contiguous"
    assert [(r.seq, r.by, r.at, r.kind, r.text, r.note, r.reverts) for r in again.history()] == [
        (r.seq, r.by, r.at, r.kind, r.text, r.note, r.reverts) for r in plan.history()
    ]
    assert all(again.at(i) == plan.at(i) for i in range(plan.seq + 1))
    assert [(s.name, s.seq, s.by) for s in again.snapshots()] == [("first", 4, ANA)]
    assert (opened.same_dataset, opened.lost, opened.unlogged) == (True, (), "")
    assert str(opened) == "Opened P with 10 revisions."


def test_work_goes_on_where_it_was(plan: Plan, elsewhere: Planner, tmp_path: Path) -> None:
    again = import_plan(elsewhere, export(plan, tmp_path / "p.tpgeo"), by=BEN).plan
    assert again.acks() == {}
    again.undo(by=ANA)
    assert not again.alignment.area(find_area(again.alignment, "West")).locked
    made = again.ask(Branch(None, ("New",), "Region"), by=BEN)
    assert made
    assert find_area(again.alignment, "New") == AreaId(6)


def test_a_plan_of_an_earlier_revision_has_the_log_up_to_it(
    plan: Plan, elsewhere: Planner, tmp_path: Path
) -> None:
    opened = import_plan(elsewhere, export(plan, tmp_path / "p.tpgeo", seq=3), by=BEN)
    assert opened.plan.alignment == plan.at(3)
    assert (opened.plan.seq, opened.plan.snapshots()) == (3, ())


def test_the_figures_come_along_to_where_the_dataset_is_not(
    plan: Plan, empty: Planner, tmp_path: Path
) -> None:
    path = export(plan, tmp_path / "p.tpgeo", figures=True)
    opened = import_plan(empty, path, by=BEN)
    assert opened.plan.alignment == plan.alignment
    assert opened.same_dataset
    assert np.array_equal(opened.plan.dataset.values, plan.dataset.values, equal_nan=True)
    assert opened.plan.totals().of(AreaId(1), "revenue") == plan.totals().of(AreaId(1), "revenue")
    second = import_plan(empty, path, by=BEN)
    assert second.plan.info.name == "P (2)"
    assert len(empty.store.datasets()) == 1


def test_figures_on_other_boundaries_are_kept_once_however_often_they_are_opened(
    plan: Plan, empty: Planner
) -> None:
    file = plan_file_of(plan, seq=plan.seq, figures=True)
    other = replace(file, ground=replace(file.ground, containers=99))
    first, second = (take_in(empty, other, by=BEN).plan for _ in range(2))
    assert len(empty.store.datasets()) == 1
    assert second.dataset is first.dataset
    assert second.info.dataset == second.dataset.name == first.dataset.name


def test_without_its_dataset_and_figures_a_plan_says_what_to_do(
    plan: Plan, empty: Planner, tmp_path: Path
) -> None:
    path = export(plan, tmp_path / "p.tpgeo")
    with pytest.raises(Refused, match="made with the dataset accounts, which is not here"):
        import_plan(empty, path, by=BEN)
    assert empty.plans() == ()


def test_boundaries_that_are_not_here_are_named(plan: Plan, empty: Planner) -> None:
    file = plan_file_of(plan, seq=plan.seq, figures=True)
    file = replace(file, ground=replace(file.ground, boundaries="beats", title="Sales beats"))
    with pytest.raises(Refused, match=r"needs beats boundaries \(Sales beats\).*Add them first"):
        take_in(empty, file, by=BEN)


def test_a_dataset_that_changed_is_told_and_what_is_gone_is_listed(
    plan: Plan, empty: Planner, tmp_path: Path
) -> None:
    full = states.dataset("other00000000001")
    n = full.items.count - 6
    fewer = replace(
        full,
        items=replace(full.items, container_of=full.items.container_of[:2]),
        codes=full.codes[: n + 2],
        names=full.names[: n + 2],
        values=full.values[: n + 2, :1],
        measures=full.measures[:1],
        attributes={},
    )
    states.keep(empty.store, fewer)
    opened = import_plan(empty, export(plan, tmp_path / "p.tpgeo"), by=BEN)
    assert (opened.same_dataset, opened.lost, opened.unlogged) == (False, ("u3",), "")
    assert "its dataset accounts is another version here; 1 code is not here" in str(opened)
    assert opened.plan.alignment.name(AreaId(1)) == "West"


def test_targets_without_a_measure_here_are_told(plan: Plan, elsewhere: Planner) -> None:
    file = plan_file_of(plan, seq=plan.seq)
    west = file.areas[AreaId(1)]
    file = replace(
        file, areas={**file.areas, west.id: replace(west, targets={"stars": 1.0})}, log=()
    )
    opened = take_in(elsewhere, file, by=BEN)
    assert "targets for stars have no measure here" in str(opened)


def test_a_log_that_leads_elsewhere_is_left_and_the_plan_stands(
    plan: Plan, elsewhere: Planner
) -> None:
    file = plan_file_of(plan, seq=plan.seq)
    file = replace(file, containers={**file.containers, "TX": Place(1, False)})
    opened = take_in(elsewhere, file, by=BEN, name="Mine")
    assert opened.unlogged == "it does not lead to the areas and assignment of the file"
    assert [(r.seq, r.kind, r.by) for r in opened.plan.history()] == [(1, "open", BEN)]
    assert opened.plan.snapshots() == ()
    assert opened.plan.alignment.area_of[at("TX")[0]] == 1


def log_of(*edits: list[object]) -> tuple[LogLine, ...]:
    payload = json.dumps({"v": 1, "e": list(edits)})
    return (LogLine(1, "eve", "2026-01-01T00:00:00Z", "x", "y", payload),)


@pytest.mark.parametrize(
    ("log", "words"),
    [
        (
            log_of(["put", {"id": 1, "name": "A", "parent": 1}]),
            "after revision 1, A is under itself",
        ),
        (log_of(["assign", 9, {"c": ["CA"]}]), "after revision 1, items are assigned to area 9"),
        (log_of(["put", {"id": 1, "name": "A", "magic": 1}]), "unknown field 'magic'"),
        ((replace(log_of()[0], payload='{"v":7,"e":[]}'),), "revision 1: A revision has format 7"),
    ],
)
def test_a_log_that_breaks_the_rules_is_left(
    log: tuple[LogLine, ...], words: str, plan: Plan, elsewhere: Planner
) -> None:
    file = replace(plan_file_of(plan, seq=plan.seq), log=log)
    opened = take_in(elsewhere, file, by=BEN)
    assert words in opened.unlogged
    assert opened.plan.alignment == plan.alignment


def test_a_plan_that_is_not_sound_is_refused_and_nothing_is_kept(
    plan: Plan, elsewhere: Planner
) -> None:
    file = plan_file_of(plan, seq=plan.seq)
    inner = replace(file, containers={"TX": Place(2, False)})
    with pytest.raises(BadData, match="items are assigned to East, which has areas below it"):
        take_in(elsewhere, inner, by=BEN)
    ring = {**file.areas, AreaId(2): replace(file.areas[AreaId(2)], parent=AreaId(3))}
    with pytest.raises(BadData, match="is under itself"):
        take_in(elsewhere, replace(file, areas=ring), by=BEN)
    assert elsewhere.plans() == ()


def test_progress_is_told(plan: Plan, elsewhere: Planner, tmp_path: Path) -> None:
    told: list[str] = []
    path = export(plan, tmp_path / "p.tpgeo")
    import_plan(elsewhere, path, by=BEN, progress=lambda what, _share: told.append(what))
    assert told == ["Reading p.tpgeo", "Keeping 10 revisions"]


def test_names_are_kept_apart(plan: Plan, elsewhere: Planner, tmp_path: Path) -> None:
    path = export(plan, tmp_path / "p.tpgeo")
    names = [import_plan(elsewhere, path, by=BEN).plan.info.name for _ in range(3)]
    assert names == ["P", "P (2)", "P (3)"]
    with pytest.raises(Refused, match="There is an alignment called 'P' already"):
        import_plan(elsewhere, path, by=BEN, name="P")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"none\.tpgeo can't be read: No such file"):
        read_plan(tmp_path / "none.tpgeo")
    (tmp_path / "bad.tpgeo").write_bytes(b"not a zip")
    with pytest.raises(BadData, match="can't be read as a plan"):
        read_plan(tmp_path / "bad.tpgeo")


def test_an_empty_plan_goes_there_and_back(elsewhere: Planner, tmp_path: Path) -> None:
    plan = elsewhere.create("Empty", states.NAME, by=ANA)
    opened = import_plan(elsewhere, export(plan, tmp_path / "p.tpgeo"), by=BEN)
    assert (opened.plan.seq, opened.plan.info.name) == (0, "Empty (2)")
    assert opened.unlogged == ""


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 56), st.integers(0, 3), st.booleans()), max_size=12))
def test_whatever_was_done_comes_back(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int, bool]]
) -> None:
    store = open_store(str(tmp_path_factory.mktemp("law") / "law.duckdb"))
    states.keep(store)
    planner = Planner(store)
    plan = planner.create("L", states.NAME, by=ANA, areas=["A", "B", "C"])
    for item, area, hold in steps:
        with contextlib.suppress(Refused):
            plan.ask(Move(np.array([item]), AreaId(area)), by=ANA)
            plan.ask(HoldItems(np.array([item]), hold), by=BEN)
    file = plan_file_of(plan, seq=plan.seq)
    again = take_in(planner, plan_file.loads(plan_file.dumps(file)), by=BEN)
    store.close()
    assert again.plan.alignment == plan.alignment
    assert again.unlogged == ""
    edits = (e for r in again.plan.history() for e in r.edits)
    assert replay(start(plan.dataset.items), edits) == plan.alignment
