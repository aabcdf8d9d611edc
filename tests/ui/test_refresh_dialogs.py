"""The Data page's dialogs that change what a plan stands on: told first, then done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely
import states
from streamlit.testing.v1 import AppTest
from test_data_page import Dialog

from tp_geo.domain.alignment import AreaId, frozen
from tp_geo.domain.commands import Move
from tp_geo.files.build import content_key
from tp_geo.geometry.boundaries import build_boundaries
from tp_geo.workflow import rolling_up
from tp_geo.workflow.importing import ImportReport
from tp_geo.workflow.layers import take_in
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]


def newer(planner: Planner) -> str:
    """Keep a newer version of the accounts: u5 is gone, all revenue is ten times."""
    first = planner.dataset(states.NAME)
    values = first.values.copy()
    values[:, 1] *= 10
    made = replace(first, values=frozen(values))
    made = replace(made, key=content_key(made))
    states.keep(planner.store, made)
    return made.key


def tables(at: AppTest) -> list[pd.DataFrame]:
    return [frame.value for frame in at.dataframe]


@pytest.fixture
def given(planner: Planner, plan: object) -> Planner:
    """The plan North stands on accounts of which there are newer ones."""
    made = planner.open("North")
    made.ask(Move(states.at("CA", "NV"), AreaId(1)), by="anna")
    newer(planner)
    return planner


def test_a_plan_is_put_on_newer_data_and_back(opened: Opened, given: Planner) -> None:
    before = given.open("North").dataset.key
    dialog = Dialog(opened("data"), "refresh", states.NAME)
    table = next(t for t in tables(dialog.at) if "measure" in t.columns)
    revenue = table.set_index("measure").loc["Revenue"]
    assert revenue["after"] == 10 * revenue["before"]
    assert given.open("North").dataset.key == before
    dialog.press("Put it on these data")
    assert given.open("North").dataset.key == given.dataset(states.NAME).key
    assert given.open("North").history()[-1].kind == "data"
    back = Dialog(opened("data"), "refresh", states.NAME)
    back.press("Put it on these data")
    assert given.open("North").dataset.key == before


def test_where_all_plans_are_on_the_newest_data_there_is_no_way_in(
    opened: Opened, planner: Planner, plan: object
) -> None:
    at = opened("data")
    assert not [b for b in at.button if b.label == "Refresh plans"]
    dialog = Dialog(at, "refresh", states.NAME)
    assert any("stand on its newest version" in c.value for c in dialog.at.caption)


def test_a_plan_is_moved_to_newer_boundaries(opened: Opened, given: Planner) -> None:
    layer = given.layer("state")
    codes = np.array([c if c != "NV" else "N1" for c in layer.codes], dtype=object)
    made = build_boundaries(
        codes, layer.names, shapely.set_precision(layer.polygons, 0.01), kind="state",
        title="States 2030",
    )  # fmt: skip
    take_in(given, made)
    dialog = Dialog(opened("data"), "migrate")
    boxes = {s.label: s for s in dialog.at.selectbox}
    boxes["Alignment"].select("North")
    boxes["To the boundaries"].select_index(
        next(k for k, o in enumerate(boxes["To the boundaries"].options) if "2030" in o)
    )
    dialog.run()
    dialog.upload("walk.csv", b"old,new\nNV,N1\n")
    dialog.press("Look what becomes of it")
    codes_table = next(t for t in tables(dialog.at) if "old code" in t.columns)
    assert ["NV", "N1", "renamed"] in codes_table[["old code", "new code", "what"]].values.tolist()
    dialog.press("Make the copy")
    moved = given.open("North on States 2030")
    area = dict(zip(moved.dataset.codes, moved.alignment.resolved, strict=True))
    assert (area["CA"], area["N1"]) == (1, 1)


def test_accounts_are_rolled_up_in_the_warehouse_of_the_settings(
    opened: Opened, given: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not [b for b in opened("data").button if b.label == "Roll up"]
    monkeypatch.setenv(rolling_up.ADDRESS, "postgresql://ann:geheim7@127.0.0.1:9/dwh")
    asked: list[object] = []

    def rolled(*given_to: object, **named: object) -> ImportReport:
        asked.extend([*given_to[1:4], named["boundaries"]])
        return ImportReport("sold", "k", 12, 11, 1, 0, {}, {"revenue": 5.0}, {}, codes=3)

    from tp_geo.ui import roll_up_view

    monkeypatch.setattr(roll_up_view, "columns_at", lambda *_: ("id", "zip", "revenue"))
    monkeypatch.setattr(roll_up_view, "roll_up_warehouse", rolled)
    at = opened("data")
    assert [b for b in at.button if b.label == "Roll up"]
    dialog = Dialog(at, "roll_up")
    assert not any("geheim7" in str(e) for e in (*dialog.at.caption, *dialog.at.markdown))
    dialog.at.text_input(key="roll_up_table").input("sales.accounts")
    dialog.run()
    dialog.at.multiselect(key="roll_up_measures_sales.accounts").select("revenue")
    dialog.run()
    dialog.press("Roll up")
    assert asked[1:] == ["sales.accounts", rolling_up.Choice("zip", "", ("revenue",)), "postal"]
    assert any("11 of 12 accounts placed, by 3 codes" in s.value for s in dialog.at.success)


def test_totals_of_accounts_that_were_rolled_up_are_those_of_the_source(
    opened: Opened, given: Planner, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from tp_geo.workflow.importing import Order, import_dataset

    file = tmp_path_factory.mktemp("roll") / "answer.csv"
    file.write_text("tp_code,tp_accounts,sold\nCA,70,5\nNV,20,6\nZZ,10,7\n")
    order = Order("sold", "anna", "2026-01-01T00:00:00Z")
    import_dataset(given.store, file, order, boundaries="state")
    at = opened("data")
    shown = [t for t in tables(_with(at, "sold")) if "Total" in t.columns and "Spread" in t.columns]
    assert shown[0].set_index("Measure")["Total"].to_dict() == {"Accounts": 100, "sold": 18}
    assert {m.label: m.value for m in at.metric}["Accounts"] == "100"


def _with(at: AppTest, dataset: str) -> AppTest:
    from tp_geo.ui import state

    at.session_state[state.DATASET] = dataset
    return at.run()
