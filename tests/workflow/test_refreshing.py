"""A plan put on newer data in place: the report adds up, assignments stay, and it can go back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import states
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tp_geo.domain.alignment import AreaId, Items, frozen
from tp_geo.domain.commands import Change, HoldItems, Move
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.revision import DATA
from tp_geo.errors import Refused, Stale
from tp_geo.files.build import content_key
from tp_geo.store import Store
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.refreshing import (
    Refresh,
    apply_refresh,
    data_before,
    go_back,
    preview_refresh,
)
from tp_geo.workflow.refreshing_tables import of_accounts, of_areas, of_measures
from tp_geo.workflow.supplement import apply_supplement, preview_supplement

ANA = "ana"
Homes = dict[str, tuple[str, float]]
FIRST: Homes = {"u1": ("CA", 1.0), "u2": ("CA", 2.0), "u3": ("NV", 3.0), "u5": ("NY", 5.0)}
SECOND: Homes = {"u1": ("NY", 1.0), "u2": ("CA", 20.0), "u3": ("NV", 3.0), "u9": ("OR", 9.0)}


def data(homes: Homes, name: str = "mine") -> Dataset:
    """Accounts by id: the state each lies in ("" for none), and its revenue."""
    base = states.dataset()
    n = base.items.containers
    at = base.containers
    inside = np.array([at.get(state, -1) for state, _ in homes.values()], dtype=np.int32)
    revenue = np.array([value for _, value in homes.values()], dtype=np.float64)
    values = np.full((n + len(homes), 3), np.nan)
    values[:n, 0], values[:n, 1], values[:n, 2] = 100.0, 0.0, 50.0
    np.add.at(values[:n, 1], inside[inside >= 0], revenue[inside >= 0])
    values[n:, 0], values[n:, 1] = 0.0, revenue
    made = replace(
        base, name=name, key="", items=Items(n, frozen(inside)), values=frozen(values),
        codes=np.array([*base.codes[:n], *homes], dtype=object),
        names=np.array([*base.names[:n], *homes], dtype=object), attributes={},
    )  # fmt: skip
    return replace(made, key=content_key(made))


@pytest.fixture
def planner(store: Store) -> Planner:
    states.keep(store, data(FIRST))
    return Planner(store)


@pytest.fixture
def plan(planner: Planner) -> Plan:
    """West holds CA and NV, and u5 by itself, which is held; East holds NY and OR."""
    made = planner.create("P", "mine", by=ANA, areas=["West", "East"])
    give(made, 1, "CA", "NV", "u5")
    give(made, 2, "NY", "OR")
    made.ask(HoldItems(made.dataset.positions(["u5"])), by=ANA)
    return made


def give(plan: Plan, area: int, *codes: str) -> None:
    plan.ask(Move(plan.dataset.positions(codes), AreaId(area)), by=ANA)


def newer(planner: Planner, plan: Plan, homes: Homes = SECOND) -> Refresh:
    states.keep(planner.store, data(homes))
    return preview_refresh(planner, plan)


def test_the_report_names_what_is_new_gone_and_moved(planner: Planner, plan: Plan) -> None:
    rows = of_accounts(newer(planner, plan)).to_numpy().tolist()
    assert rows == [
        ["new", "u9", "u9", "", "OR", "", "East"],
        ["gone", "u5", "u5", "NY", "", "West", ""],
        ["moved", "u1", "u1", "CA", "NY", "West", "East"],
    ]


def test_the_report_says_what_it_comes_to_for_measures_and_areas(
    planner: Planner, plan: Plan
) -> None:
    found = newer(planner, plan)
    assert found.changed["Revenue"] == 4  # CA, NY and OR as a whole, and u2
    table = of_measures(found).set_index("measure")
    revenue = table.loc["Revenue"]
    assert (revenue["before"], revenue["after"], revenue["difference"]) == (11.0, 33.0, 22.0)
    areas = of_areas(found).set_index("area")
    assert list(areas.index) == ["West", "East"]
    west = areas.loc["West"]
    assert (west["gone"], west["moved out"], west["new"], west["moved in"]) == (1, 1, 0, 0)
    assert (west["Revenue before"], west["Revenue after"]) == (11.0, 23.0)
    assert str(found) == (
        "1 account new, 1 gone, 1 moved, 1 of them to another area; figures changed of Revenue: 4"
    )


def test_nothing_is_changed_before_it_is_applied(planner: Planner, plan: Plan) -> None:
    before = plan.info
    newer(planner, plan)
    assert planner.open("P").info == before


def test_assignments_are_kept_and_history_says_what_was_done(planner: Planner, plan: Plan) -> None:
    found = newer(planner, plan)
    made, revision = apply_refresh(planner, plan, found, by=ANA, note="monthly")
    assert made.dataset.key == found.after.key
    assert made.alignment == found.end
    owner = made.alignment.area_of[made.dataset.positions(["CA", "NV", "NY", "OR"])]
    assert owner.tolist() == [1, 1, 2, 2]
    assert (revision.kind, revision.note, revision.edits) == (DATA, "monthly", ())
    assert revision.text.startswith("refreshed the data: 1 account new")
    assert Planner(planner.store).open("P").alignment == made.alignment


def test_going_back_brings_the_data_and_what_was_assigned_by_itself(
    planner: Planner, plan: Plan
) -> None:
    first, before = plan.dataset.key, plan.alignment
    made, _ = apply_refresh(planner, plan, newer(planner, plan), by=ANA)
    give(made, 2, "NV")
    back, _ = go_back(planner, made, data_before(planner, made), by=ANA)
    assert back.dataset.key == first
    assert back.alignment.held.tolist() == before.held.tolist()
    u5, nv = back.dataset.positions(["u5", "NV"])
    assert (back.alignment.area_of[u5], back.alignment.area_of[nv]) == (1, 2)
    with pytest.raises(Refused, match="was not refreshed"):
        data_before(planner, back)


def test_undo_passes_over_a_refresh_and_taking_it_back_says_how(
    planner: Planner, plan: Plan
) -> None:
    made, revision = apply_refresh(planner, plan, newer(planner, plan), by=ANA)
    with pytest.raises(Refused, match="tp-geo refresh --back"):
        made.take_back(revision.seq, by=ANA)
    give(made, 2, "NV")
    assert made.undo(by=ANA).reverts == revision.seq + 1
    assert made.undo(by=ANA).text.startswith("undid: ")


def test_columns_that_only_the_plan_has_are_carried_along(planner: Planner, plan: Plan) -> None:
    import pandas as pd

    table = pd.DataFrame({"id": ["u1", "u5"], "score": ["7", "8"]})
    preview = preview_supplement(plan.alignment, plan.dataset, table)
    plan, _ = apply_supplement(planner, plan, preview, by=ANA, source="s.csv")
    found = newer(planner, plan)
    assert found.kept == ("score",)
    made, _ = apply_refresh(planner, plan, found, by=ANA)
    assert made.dataset.column("score")[made.dataset.units["u1"]] == 7
    assert planner.dataset("mine").key == made.dataset.key


def test_targets_by_what_is_no_more_are_told(planner: Planner, plan: Plan) -> None:
    plan.ask(Change(AreaId(1), {"targets": {"revenue": 9.0}}), by=ANA)
    newest = data(SECOND)
    bare = replace(newest, measures=newest.measures[:1], values=frozen(newest.values[:, :1].copy()))
    from tp_geo.workflow.refreshing import compared

    bare = replace(bare, key=content_key(bare))
    assert compared(planner, plan, bare, bare).lost == ("revenue",)


def test_what_changed_since_the_preview_is_looked_at_again(planner: Planner, plan: Plan) -> None:
    found = newer(planner, plan)
    give(plan, 2, "NV")
    with pytest.raises(Stale, match="has changed since the preview"):
        apply_refresh(planner, plan, found, by=ANA)


def test_a_plan_on_the_newest_data_is_told_so(planner: Planner, plan: Plan) -> None:
    with pytest.raises(Refused, match="is on the newest version of mine already"):
        preview_refresh(planner, plan)


def test_data_on_other_boundaries_are_no_refresh(planner: Planner, plan: Plan) -> None:
    states.keep(planner.store, replace(data(SECOND), layer="elsewhere"))
    with pytest.raises(Refused, match="tp-geo boundaries migrate"):
        preview_refresh(planner, plan)


HOMES = st.dictionaries(
    st.sampled_from([f"u{k}" for k in range(8)]),
    st.tuples(st.sampled_from(["CA", "NV", "NY", "OR", ""]), st.integers(0, 9).map(float)),
)


@given(before=HOMES, after=HOMES, alone=st.sets(st.sampled_from([f"u{k}" for k in range(8)])))
@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
def test_a_report_adds_up_for_every_area(
    store: Store, before: Homes, after: Homes, alone: set[str]
) -> None:
    """Units before, less those gone and moved out, with those new and moved in, are those after."""
    states.keep(store, data(before, "law"))
    planner = Planner(store)
    plan = planner.create(f"L{len(store.alignments())}", "law", by=ANA, areas=["West", "East"])
    give(plan, 1, "CA", "NV")
    if mine := sorted(alone & before.keys()):
        give(plan, 2, *mine)
    states.keep(store, data(after, "law"))
    if data(after, "law").key == plan.dataset.key:
        return
    found = preview_refresh(planner, plan)
    n, units_before, units_after = found.before.items.containers, found.start, found.end
    was = np.bincount(units_before.resolved[n:], minlength=3)
    now = np.bincount(units_after.resolved[n:], minlength=3)
    table = of_areas(found).set_index("area")
    for k, name in enumerate(["Unassigned", "West", "East"]):
        row = table.loc[name] if name in table.index else dict.fromkeys(table.columns, 0)
        change = row["new"] - row["gone"] + row["moved in"] - row["moved out"]
        assert was[k] + change == now[k]
    assert len(before) + len(found.new) - len(found.gone) == len(after)
    whole = of_measures(found).set_index("measure").loc["Revenue"]
    assert whole["before"] == sum(v for _, v in before.values())
    assert whole["after"] == sum(v for _, v in after.values())
