"""The Compare page: two sides chosen, what moves shown on the map and in figures."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import states
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.commands import Change, Move
from tp_geo.errors import Refused
from tp_geo.ui import compare_map, compare_matrix, compare_sides, compare_view
from tp_geo.ui.compare_picture import moves
from tp_geo.workflow.compare import compare_sides as compared
from tp_geo.workflow.compare import exported, exports_of
from tp_geo.workflow.differences import Side
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.signoff import submit

Opened = Callable[..., AppTest]
WEST, EAST = AreaId(1), AreaId(2)


@pytest.fixture
def plan(planner: Planner) -> Plan:
    """West has two postal codes and East one, then a snapshot; one of West's goes to East."""
    made = planner.create("North", by="anna", areas=("West", "East"))
    found = made.dataset.positions(["94103", "94110", "10001"])
    made.ask(Change(WEST, {"owner": "wes"}), by="anna")
    made.ask(Change(EAST, {"owner": "<b>ed</b>"}), by="anna")
    made.ask(Move(found[:2], WEST), by="anna")
    made.ask(Move(found[2:], EAST), by="anna")
    made.snapshot("Agreed", by="anna")
    made.ask(Move(found[:1], EAST), by="anna")
    return made


def contents(planner: Planner, plan: Plan) -> tuple[Any, tuple[Side, Side]]:
    sides = Side(plan, plan.seq - 1), Side(plan, plan.seq)
    return exports_of(compared(planner, *sides), *sides), sides


def told(at: AppTest) -> dict[str, Any]:
    """What the map was given."""
    found: dict[str, Any] = json.loads(at.get("bidi_component")[0].proto.json)
    return found


def flows(at: AppTest) -> pd.DataFrame:
    """What goes from where to where."""
    found: pd.DataFrame = next(d.value for d in at.dataframe if "From" in d.value.columns)
    return found


def test_the_plan_now_is_compared_with_its_newest_snapshot_first(
    opened: Opened, plan: Plan
) -> None:
    at = opened("compare", alignment="North")
    assert not at.exception
    assert not at.error
    assert at.selectbox(key=compare_sides.BEFORE).value == f"{plan.info.id}@Agreed"
    figures = {m.label: m.value for m in at.metric}
    assert figures["Postal codes that move"] == "1"
    assert figures["Postal codes keep their owner"] == "66.7 %"
    shown = flows(at)
    assert shown[["From", "To", "Postal codes"]].to_numpy().tolist() == [["West", "East", 1.0]]
    assert told(at)["name"] == "compare_map"


def test_sides_are_swapped(opened: Opened, plan: Plan) -> None:
    at = opened("compare", alignment="North")
    at.button(key="compare_swap").click().run()
    assert flows(at)[["From", "To"]].to_numpy().tolist() == [["East", "West"]]


def test_any_revision_can_be_typed(opened: Opened, plan: Plan) -> None:
    opened("compare", alignment="North")
    assert compare_sides.side(plan, " 2 ").revision == 2
    assert compare_sides.side(plan, "North@Agreed").revision == 5
    assert compare_sides.title(compare_sides.side(plan, "2")) == "North, revision 2"
    with pytest.raises(Refused, match="no revision or snapshot '99'"):
        compare_sides.side(plan, "99")


def test_a_plan_compared_with_itself_says_that_nothing_moves(opened: Opened, plan: Plan) -> None:
    at = opened("compare", alignment="North")
    at.selectbox(key=compare_sides.BEFORE).select_index(0).run()
    assert not at.exception
    assert any("Nothing changes its area" in c.value for c in at.caption)


def test_the_picture_of_what_moved_has_an_area_for_each_flow(planner: Planner, plan: Plan) -> None:
    made, sides = contents(planner, plan)
    seen = moves(made, plan.adjacency)
    at = plan.dataset.positions(["94103", "94110", "10001", "60601"])
    names = [seen.alignment.name(AreaId(k)) for k in seen.alignment.area_of[at].tolist()]
    assert names == ["West → East", "West", "East", "Unassigned"]
    arrived, stays = (seen.colors[AreaId(int(seen.alignment.area_of[k]))] for k in at[[0, 2]])
    assert arrived == dict(compare_map.still(made, sides, compare_map.AFTER, None).colors)[EAST]
    assert arrived != stays
    marked = compare_map.still(made, sides, compare_map.BEFORE, 0).marked
    assert marked.tolist() == at[:1].tolist()


def test_what_is_taken_from_all_areas_is_a_flow_too(planner: Planner, plan: Plan) -> None:
    plan.ask(Move(plan.dataset.positions(["10001"]), UNASSIGNED), by="anna")
    made, _ = contents(planner, plan)
    names = {a.name for a in moves(made, plan.adjacency).alignment.areas.values()}
    assert "East → Unassigned" in names


def test_a_matrix_puts_those_together_that_move_least(planner: Planner, plan: Plan) -> None:
    made, _ = contents(planner, plan)
    whole = compare_matrix.matrix(made.found.areas, ["-", "West", "East"], 0)
    assert (whole.rows, whole.columns) == (("West", "All"), ("East", "All"))
    assert whole.values.tolist() == [[1, 1], [1, 1]]
    few = compare_matrix.matrix(made.found.areas, ["-", "West", "East"], 0, most=1)
    assert (few.rows, few.columns) == (("West", "All"), ("Others", "All"))
    assert "rgba" in compare_matrix.heated(whole).to_html()


def test_the_hand_over_is_a_workbook_or_csv_tables(planner: Planner, plan: Plan) -> None:
    made, _ = contents(planner, plan)
    book = load_workbook(io.BytesIO(exported(made, ".xlsx")))
    rows = list(book["What moves"].values)
    assert rows[1][:2] == ("container", "94103")
    with zipfile.ZipFile(io.BytesIO(exported(made, ".zip"))) as tables:
        assert set(tables.namelist()) == {
            "areas.csv", "owners.csv", "flows.csv", "owner-flows.csv", "items.csv",
        }  # fmt: skip


def test_every_choice_means_a_side(planner: Planner, opened: Opened, plan: Plan) -> None:
    copy = planner.copy(plan, "Copy", by="anna")
    opened("compare", alignment="Copy")
    options = compare_sides.offered(copy)
    assert any("copied from" in said for said in options.values())
    for text in options:
        assert compare_sides.side(copy, text).plan.info.name in ("Copy", "North", copy.info.name)
    assert compare_view.LEVEL != compare_view.FIGURE
    assert np.all([len(said) <= compare_sides.LONGEST for said in options.values()])


def test_it_begins_with_what_somebody_kept_and_not_with_what_was_submitted(
    planner: Planner, opened: Opened, plan: Plan
) -> None:
    seen = list(compare_sides.offered(plan))
    submit(plan, WEST, by="anna")
    after = list(compare_sides.offered(plan))
    assert after[:2] == seen[:2]
    assert f"{plan.info.id}@West submitted, revision {plan.seq}" in after


def test_accounts_that_move_and_keep_their_owner_are_told(opened: Opened, planner: Planner) -> None:
    states.keep(planner.store)
    made = planner.create("Accounts", states.NAME, by="anna", areas=("West", "East"))
    made.ask(Change(WEST, {"owner": "wes"}), by="anna")
    made.ask(Move(made.dataset.positions(["CA", "NV"]), WEST), by="anna")
    made.snapshot("Agreed", by="anna")
    made.ask(Move(made.dataset.positions(["u1"]), EAST), by="anna")
    at = opened("compare", alignment="Accounts")
    assert not at.exception
    assert not at.error
    figures = {m.label: m.value for m in at.metric}
    assert figures["Accounts that move"] == "1"
    assert figures["Accounts keep their owner"] == "66.7 %"
    assert flows(at)["Units"].tolist() == [1.0]
    assert any("Nothing of it goes" in c.value for c in at.caption)
