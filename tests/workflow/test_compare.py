"""Plans compared through the planner: copies, snapshots, other plans, what was published."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook
from wired import wired
from writing import ANA, area

from tp_geo.crm.org.service import Org
from tp_geo.domain.commands import Change, Move
from tp_geo.domain.pairing import How
from tp_geo.errors import BadData, Refused
from tp_geo.report.atlas import Handed
from tp_geo.workflow.compare import (
    changes_since,
    compare_sides,
    exports_of,
    write_comparison,
    write_handover,
)
from tp_geo.workflow.differences import Side, find_side
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.publishing import Request, publish_plan


@pytest.fixture
def planner(plan: Plan) -> Planner:
    """The planner of a plan in which ana has California, ben nothing so far."""
    for name, owner in (("West", "ana"), ("East", "=ben")):
        plan.ask(Change(area(plan, name), {"owner": owner}), by=ANA)
    give(plan, "West", "CA", "NV")
    return Planner(plan.store)


def give(plan: Plan, to: str, *codes: str) -> None:
    plan.ask(Move(plan.dataset.positions(list(codes)), area(plan, to)), by=ANA)


def test_a_copy_that_went_on_is_told_apart_by_the_areas_of_the_original(planner: Planner) -> None:
    original = planner.open("P")
    copy = planner.copy(original, "Copy", by=ANA)
    copy.ask(Change(area(copy, "West"), {"name": "Pacific"}), by=ANA)
    give(copy, "East", "CA")
    told = compare_sides(planner, find_side(planner, "P"), find_side(planner, "Copy"))
    assert {p.how for p in told.pairs} == {How.ID}
    assert told.figures == ("containers", "units", "people", "revenue")
    assert told.areas.flows.amounts.tolist() == [[1.0, 2.0, 100.0, 3.0]]
    assert (told.relations.had, told.relations.kept, told.relations.other) == (3, 1, 2)


def test_plans_made_apart_are_compared_by_name(planner: Planner) -> None:
    other = planner.create("Q", planner.open("P").dataset.name, by=ANA, areas=["South", "West"])
    give(other, "West", "CA")
    told = compare_sides(planner, find_side(planner, "P"), find_side(planner, "Q"))
    assert sorted(str(p.how) for p in told.pairs[1:]) == ["only before", "same name", "same name"]
    assert told.areas.moved(0) == 1


def test_every_table_is_a_file_whose_cells_are_never_formulas(
    planner: Planner, tmp_path: Path
) -> None:
    plan = planner.open("P")
    give(plan, "East", "CA")
    sides = Side(plan, plan.seq - 1), Side(plan, plan.seq)
    contents = exports_of(compare_sides(planner, *sides), *sides)
    book = load_workbook(write_comparison(contents, tmp_path / "c.xlsx"))
    assert book.sheetnames == [
        "Areas", "Owners", "From area to area", "From owner to owner", "What moves",
    ]  # fmt: skip
    owners = list(book["From owner to owner"].values)
    assert owners[0][:4] == ("from", "to", "containers", "units")
    assert owners[1][:4] == ("ana", "=ben", 1, 2)
    assert book["From owner to owner"]["B2"].data_type == "s"
    folder = write_comparison(contents, tmp_path / "tables")
    with (folder / "items.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["kind"], r["code"], r["area after"], r["owner after"]) for r in rows] == [
        ("container", "CA", "East", "'=ben"),
        ("unit", "u1", "East", "'=ben"),
        ("unit", "u2", "East", "'=ben"),
    ]


def test_what_was_published_is_kept_and_the_plan_is_compared_with_it(planner: Planner) -> None:
    plan, org = planner.open("P"), Org()
    with pytest.raises(Refused, match="no revision or snapshot 'published'"):
        find_side(planner, "P@published")
    for name in ("West", "East"):
        plan.ask(Change(area(plan, name), {"owner": None}), by=ANA)
    crm, _ = wired(org)
    request = Request(model="FY27")
    for _ in range(2):
        publish_plan(plan, crm, request, by=ANA)
    assert [s.name for s in plan.snapshots()] == [f"Published to FY27 at revision {plan.seq}"]
    give(plan, "East", "NV")
    told = compare_sides(planner, find_side(planner, "P@published"), find_side(planner, "P"))
    org.close()
    assert told.areas.flows.amounts.tolist() == [[1.0, 1.0, 100.0, 3.0]]


def test_the_book_tells_what_each_area_gained_and_lost(planner: Planner) -> None:
    plan = planner.open("P")
    give(plan, "East", "CA")
    found = changes_since(planner, Side(plan, plan.seq - 1), Side(plan, plan.seq), 1, "before")
    assert found.gained == {area(plan, "East"): (Handed("West", 1, 2),)}
    assert found.lost == {area(plan, "West"): (Handed("East", 1, 2),)}


def test_packs_go_into_a_zip(planner: Planner, tmp_path: Path) -> None:
    plan = planner.open("P")
    give(plan, "East", "CA")
    sides = Side(plan, plan.seq - 1), Side(plan, plan.seq)
    contents = exports_of(compare_sides(planner, *sides), *sides)
    assert write_handover(contents, tmp_path / "packs.zip") == ("=ben", "ana")
    with pytest.raises(BadData, match=r"ends in \.zip"):
        write_handover(contents, tmp_path / "packs.rar")
