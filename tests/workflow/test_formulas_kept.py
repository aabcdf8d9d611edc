"""Formulas of a dataset in a store: kept, followed by alignments, worked out anew, guarded."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import states
from optimized import applied

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Change, Move
from tp_geo.domain.dataset import Aggregate, Level
from tp_geo.errors import BadData, Refused
from tp_geo.store import Store, open_store
from tp_geo.workflow.exporting import export
from tp_geo.workflow.formula_drafts import Draft, faults_of, preview
from tp_geo.workflow.formulas import put_formula, remove_formula, rename_formula
from tp_geo.workflow.importing import Order, import_dataset, send_back
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.plan_import import import_plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.signoff import submit
from tp_geo.workflow.supplement import apply_supplement, preview_supplement

WEST = AreaId(1)
ACCOUNTS = "Id,Zip,Revenue,Open pipeline\nA1,CA,1000,50\nA2,NY,300,0\nA3,x,7,1\n"


@pytest.fixture
def planner(plan: Plan) -> Planner:
    return Planner(plan.store)


def add(planner: Planner, name: str, text: str, **more: object) -> Plan:
    put_formula(planner, states.NAME, Draft(name, text, **more))  # type: ignore[arg-type]
    return planner.open("P")


def test_a_formula_is_kept_and_every_alignment_on_the_dataset_has_it(planner: Planner) -> None:
    planner.create("Q", states.NAME, by="ann")
    saved = put_formula(planner, states.NAME, Draft("double", "revenue * 2"))
    assert sorted(saved.plans) == ["P", "Q"]
    again = Planner(planner.store)
    for name in ("P", "Q"):
        assert again.open(name).dataset.key == saved.key == again.dataset(states.NAME).key
    assert again.open("P").totals().of(AreaId(0), "double") == 42
    assert [f.name for f in again.dataset(states.NAME).formulas] == ["double"]


def test_an_alignment_on_an_older_version_stays_there_and_is_named(planner: Planner) -> None:
    old = planner.create("Old", states.NAME, by="ann")
    plan = planner.open("P")
    table = pd.DataFrame({"id": ["u1"], "visits": ["3"]})
    apply_supplement(planner, plan, preview_supplement(plan.alignment, plan.dataset, table), by="x")
    saved = put_formula(planner, states.NAME, Draft("double", "visits * 2"))
    assert (saved.plans, saved.behind) == (("P",), ("Old",))
    assert "Old stays on an older version" in str(saved)
    assert planner.open("Old").dataset.key == old.dataset.key


def test_the_built_in_dataset_stays_as_it_is(planner: Planner) -> None:
    planner.create("B", by="ann")
    saved = put_formula(planner, "default", Draft("size", "population / households"))
    assert saved.dataset == "default with formulas"
    assert saved.plans == ("B",)
    assert planner.dataset("default").formulas == ()
    size = planner.open("B").dataset.measure("size")
    assert (size.unit, size.aggregate, size.weight) == (
        "people/households", Aggregate.MEAN, "households",
    )  # fmt: skip


def test_new_figures_of_units_give_new_results(planner: Planner) -> None:
    plan = add(planner, "double", "revenue * 2")
    table = pd.DataFrame({"id": ["u1", "u5"], "revenue": ["100", "7"]})
    seen = preview_supplement(plan.alignment, plan.dataset, table, "units")
    plan, _ = apply_supplement(planner, plan, seen, by="ann")
    units = plan.dataset.column("double")[plan.dataset.items.containers :]
    assert units.tolist() == [200, 4, 6, 8, 14, 12]
    assert plan.totals().of(AreaId(0), "double") == 2 * plan.totals().of(AreaId(0), "revenue")


def test_a_table_can_not_set_what_is_calculated(planner: Planner) -> None:
    plan = add(planner, "double", "revenue * 2")
    table = pd.DataFrame({"id": ["u1"], "double": ["100"]})
    seen = preview_supplement(plan.alignment, plan.dataset, table, "units")
    assert seen.empty
    assert [(p.field, p.remedy) for p in seen.problems] == [
        ("double", "is calculated by a formula; the column is left out")
    ]


def test_an_import_under_the_same_name_and_a_repair_keep_formulas(
    store: Store, tmp_path: Path
) -> None:
    planner, file, repairs = Planner(store), tmp_path / "a.csv", tmp_path / "r.csv"
    order = Order("acc", "ann", "2026-01-01T00:00:00Z", repairs)
    file.write_text(ACCOUNTS)
    import_dataset(store, file, order, boundaries="state")
    put_formula(planner, "acc", Draft("rate", "revenue / open_pipeline"))
    put_formula(planner, "acc", Draft("twice", "revenue * 2"))
    repairs.write_text(repairs.read_text().replace(",x,", ",OR,"))
    send_back(store, repairs, replace(order, repair_to=None))
    mended = planner.dataset("acc")
    assert [f.name for f in mended.formulas] == ["rate", "twice"]
    assert mended.column("twice")[mended.containers["OR"]] == 14
    file.write_text(ACCOUNTS.replace("300", "900").replace("Open pipeline", "Other"))
    report = import_dataset(store, file, replace(order, repair_to=None), boundaries="state")
    fresh = planner.dataset("acc")
    assert [f.name for f in fresh.formulas] == ["twice"]
    assert fresh.column("twice")[fresh.items.containers :].tolist() == [2000, 1800, 14]
    assert any("'rate' is left out" in n and "open_pipeline" in n for n in report.notes)


def test_a_plan_file_carries_formulas(planner: Planner, tmp_path: Path) -> None:
    add(planner, "double", "revenue * 2")
    plan = add(planner, "to go", "target(revenue) - revenue", level=Level.AREA)
    path = export(plan, tmp_path / "p.tpgeo", by="ann", figures=True)
    elsewhere = open_store(str(tmp_path / "other.duckdb"))
    opened = import_plan(Planner(elsewhere), path, by="ben").plan
    assert opened.dataset.formulas == plan.dataset.formulas
    np.testing.assert_array_equal(opened.dataset.column("double"), plan.dataset.column("double"))
    elsewhere.close()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('"level": "unit"', '"level": "galaxy"'), "formula 1: 'level' is 'galaxy'"),
        (('"level": "unit"', '"level": "area"'), "its measures differ"),
        (("revenue * 2", "double * 2"), "would use itself"),
        (("revenue * 2", "__import__('os')"), "no function '__import__'"),
        (("revenue * 2", "revenue **"), "ends too early"),
    ],
)
def test_formulas_of_a_broken_plan_file_are_refused(
    planner: Planner, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    from tp_geo.files.plan_figures import dataset_from, figures_of

    dataset = add(planner, "double", "revenue * 2").dataset
    figures = dict(figures_of(dataset))
    told = figures["dataset.json"].decode()
    note = '"note": "Calculated: revenue * 2"'
    assert change[0] in told
    figures["dataset.json"] = told.replace(note, '"note": ""').replace(*change).encode()
    with pytest.raises(BadData, match=said):
        dataset_from(figures, dataset, name="n", key="k")


def test_a_formula_is_not_removed_while_something_uses_it(planner: Planner) -> None:
    add(planner, "double", "revenue * 2")
    add(planner, "more", "double + 1")
    rate = Draft("rate", "income / 2", Level.CONTAINER, aggregate=Aggregate.MEAN, weight="double")
    put_formula(planner, states.NAME, rate)
    planner.open("P").ask(Change(WEST, {"targets": {"double": 5.0}}), by="ann")
    with pytest.raises(Refused) as refused:
        remove_formula(planner, states.NAME, "double")
    for user in ("the formula 'more'", "the formula 'rate'", "1 target of P"):
        assert user in str(refused.value)
    remove_formula(planner, states.NAME, "more")
    remove_formula(planner, states.NAME, "rate")
    planner.open("P").ask(Change(WEST, {"targets": {}}), by="ann")
    remove_formula(planner, states.NAME, "double")
    assert planner.dataset(states.NAME).formulas == ()
    assert "double" not in planner.open("P").totals().names


@pytest.mark.parametrize(
    ("draft", "field", "said"),
    [
        (Draft("", "revenue"), "name", "1 to 80 characters"),
        (Draft("x" * 81, "revenue"), "name", "1 to 80 characters"),
        (Draft("a\x07b", "revenue"), "name", "can't be shown"),
        (Draft("Revenue", "revenue * 2"), "name", "a measure 'revenue' of its own"),
        (Draft("rep", "revenue * 2"), "name", "a column 'rep' of its own"),
        (Draft("There", "revenue"), "name", "a formula called 'there' already"),
        (Draft("x", ""), "formula", "empty"),
        (Draft("x", "revnue"), "formula", "Did you mean 'revenue'?"),
        (Draft("x", "x + 1"), "formula", "x → x"),
        (Draft("x", "revenue", weight="people"), "weight", "A sum has no weight"),
        (Draft("x", "revenue", aggregate=Aggregate.MEAN, weight="x"), "weight", "by itself"),
        (Draft("x", "revenue", aggregate=Aggregate.MEAN, weight="income"), "weight", "not add up"),
    ],
)  # fmt: skip
def test_faults_are_told_by_field(planner: Planner, draft: Draft, field: str, said: str) -> None:
    dataset = add(planner, "there", "revenue * 3").dataset
    assert said in faults_of(dataset, draft)[field]
    with pytest.raises((BadData, Refused)):
        put_formula(planner, states.NAME, draft)
    assert planner.dataset(states.NAME).key == dataset.key


def test_a_preview_tells_what_is_not_known_and_keeps_nothing(planner: Planner) -> None:
    dataset = planner.dataset(states.NAME)
    seen = preview(dataset, Draft("x", "12 / (revenue - 3)"))
    assert (seen.rows, seen.unknown, seen.divided) == (6, 1, 1)
    assert (seen.least, seen.most) == (-12, 12)
    assert seen.first[0] == ("u1", "Account u1", -6)
    assert "1 not known, 1 of them divided by zero" in str(seen)
    assert planner.dataset(states.NAME).key == dataset.key


def test_a_formula_may_begin_as_in_a_spreadsheet(planner: Planner) -> None:
    assert add(planner, "double", " = revenue * 2").dataset.formulas[0].text == "revenue * 2"


def test_the_optimizer_balances_a_calculated_measure(planner: Planner) -> None:
    plan = add(planner, "effort", "people * 2 + 10 * units", level=Level.CONTAINER)
    whole = plan.totals().of(AreaId(0), "effort")
    applied(plan, measures=(("effort", 1.0),))
    held = [plan.totals().of(k, "effort") for k in plan.alignment.areas]
    assert sum(held) == pytest.approx(whole)
    assert max(held) - min(held) < 0.2 * whole / len(held)


def test_a_table_of_areas_that_was_exported_brings_no_calculated_figures_back(
    planner: Planner, tmp_path: Path
) -> None:
    plan = add(planner, "share", "revenue / total(revenue)", level=Level.AREA)
    table = pd.read_csv(export(plan, tmp_path / "p.csv", what="areas"), dtype=str).fillna("")
    assert "share" in table
    assert preview_supplement(plan.alignment, plan.dataset, table, "areas").empty


def test_areas_show_their_formulas_in_the_workbook_with_texts_as_texts(
    planner: Planner, tmp_path: Path
) -> None:
    add(planner, '=HYPERLINK("x")', "revenue * 2")
    add(planner, "+part", "revenue / total(revenue)", level=Level.AREA)
    plan = planner.open("P")
    plan.ask(Move(plan.dataset.positions(["CA"]), WEST), by="ann")
    book = openpyxl.load_workbook(export(plan, tmp_path / "p.xlsx"))
    head = [c.value for c in book["Areas"][1]]
    assert all(c.data_type != "f" for c in book["Areas"][1])
    west = dict(zip(head, [c.value for c in book["Areas"][2]], strict=True))
    assert west[next(h for h in head if h.endswith("+part"))] == pytest.approx(3 / 21)
    path = export(plan, tmp_path / "p.csv", what="areas")
    named = next(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert not [n for n in named if n[0] in "=+-@"]


# By another name


def test_what_uses_a_formula_follows_its_new_name_and_targets_by_one_revision(
    planner: Planner,
) -> None:
    add(planner, "double", "revenue * 2")
    add(planner, "share", "double / total(double)", aggregate=Aggregate.MEAN, weight="double")
    plan = add(planner, "left", "target(double) - double", level=Level.AREA)
    plan.ask(Change(WEST, {"targets": {"double": 5.0, "revenue": 1.0}}), by="ann")
    before = plan.dataset
    saved = rename_formula(planner, states.NAME, "double", "Twice the sum", by="ben")
    after = planner.open("P")
    assert saved.plans == ("P",)
    assert [(f.name, f.text, f.weight) for f in after.dataset.formulas] == [
        ("Twice the sum", "revenue * 2", None),
        ("share", "[Twice the sum] / total([Twice the sum])", "Twice the sum"),
        ("left", "target([Twice the sum]) - [Twice the sum]", None),
    ]
    assert np.array_equal(after.dataset.values, before.values, equal_nan=True)
    assert after.alignment.area(WEST).targets == {"Twice the sum": 5.0, "revenue": 1.0}
    last = after.history()[-1]
    assert (last.by, last.text) == (
        "ben",
        "renamed the measure double to Twice the sum in targets",
    )
    rename_formula(planner, states.NAME, "Twice the sum", "double", by="ben")
    assert planner.open("P").dataset.key == before.key
    assert planner.open("P").alignment.area(WEST).targets == {"double": 5.0, "revenue": 1.0}


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("revenue", "has a measure 'revenue' of its own"),
        ("Other", "has a formula called 'other' already"),
        ("", "name"),
    ],
)
def test_a_name_that_is_taken_is_refused_and_nothing_is_renamed(
    planner: Planner, new: str, words: str
) -> None:
    add(planner, "other", "revenue")
    plan = add(planner, "double", "revenue * 2")
    with pytest.raises((Refused, BadData), match=words):
        rename_formula(planner, states.NAME, "double", new, by="ann")
    assert planner.open("P").dataset.key == plan.dataset.key


def test_targets_that_are_under_review_keep_a_formula_by_its_name(planner: Planner) -> None:
    plan = add(planner, "double", "revenue * 2")
    plan.ask(Change(WEST, {"targets": {"double": 5.0}}), by="ann")
    submit(plan, WEST, by="ann")
    with pytest.raises(Refused, match="Targets of P would be renamed as well: West"):
        rename_formula(planner, states.NAME, "double", "twice", by="ann")
    assert planner.open("P").dataset.key == plan.dataset.key
