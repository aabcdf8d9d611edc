"""What a plan on the map can be compared with, and what travels then."""

from __future__ import annotations

import numpy as np
import pytest
import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Move
from tp_geo.geometry.packed import unpack
from tp_geo.ui import map_base
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner


@pytest.fixture
def plan(planner: Planner) -> Plan:
    return planner.create("North", by="anna", areas=("West", "East"))


def test_a_new_plan_has_nothing_to_be_compared_with(plan: Plan) -> None:
    assert map_base.offered(plan) == []
    assert map_base.chosen(plan) is None
    assert map_base.blobs(plan) == {}


def test_snapshots_come_first_the_newest_before_all(plan: Plan) -> None:
    plan.ask(Move(np.array([1]), AreaId(1)), by="anna")
    plan.snapshot("First", by="anna")
    plan.ask(Move(np.array([2]), AreaId(1)), by="anna")
    plan.snapshot("Second", by="anna")
    assert [b["name"] for b in map_base.offered(plan)][:3] == ["Second", "First", "the start"]


def test_the_entries_of_a_revision_come_back_as_they_were(plan: Plan) -> None:
    plan.ask(Move(np.array([5, 9]), AreaId(2)), by="anna")
    was = plan.alignment.area_of[: plan.dataset.items.containers].copy()
    plan.ask(Move(np.array([5, 6]), AreaId(1)), by="anna")
    head, arrays = unpack(map_base.MAGIC, map_base.entries(plan, 2))
    assert head["seq"] == 2
    assert np.cumsum(arrays["assign"]).tolist() == was.tolist()
    assert [(a["id"], a["name"]) for a in head["areas"]] == [(1, "West"), (2, "East")]


def test_only_what_is_offered_can_be_chosen(plan: Plan) -> None:
    st.session_state.clear()
    plan.ask(Move(np.array([5]), AreaId(2)), by="anna")
    plan.ask(Move(np.array([6]), AreaId(2)), by="anna")
    for wrong in (1, "@99", None, "@1 ", "@", plan.info.id):
        map_base.choose(plan, wrong)
    assert map_base.chosen(plan) is None
    map_base.choose(plan, "@1")
    base = map_base.chosen(plan)
    assert base is not None
    assert set(map_base.blobs(plan)) == {base["key"]}
    st.session_state.clear()


def test_the_revisions_before_the_last_changes_are_offered_in_words(plan: Plan) -> None:
    for item in range(9):
        plan.ask(Move(np.array([item]), AreaId(1)), by="anna")
    names = [b["name"] for b in map_base.offered(plan)]
    assert [name.split(":")[0] for name in names] == [
        "the start", "rev 9", "rev 8", "rev 7", "rev 6", "rev 5",
    ]  # fmt: skip
    assert names[1].startswith("rev 9: moved 1")


def test_another_alignment_is_compared_as_it_was_when_it_was_chosen(
    planner: Planner, plan: Plan
) -> None:
    st.session_state.clear()
    other = planner.create("South", by="bob", areas=("East", "Third"))
    other.ask(Move(np.array([3]), AreaId(2)), by="bob")
    assert {"id": other.info.id, "name": "alignment South"} in map_base.offered(plan)
    map_base.choose(plan, other.info.id)
    other.ask(Move(np.array([4]), AreaId(2)), by="bob")
    base = map_base.chosen(plan)
    assert base is not None
    assert (base["own"], base["key"]) == (False, f"base-{other.info.id}-2")
    (blob,) = map_base.blobs(plan).values()
    head, arrays = unpack(map_base.MAGIC, blob())
    assert [a["name"] for a in head["areas"]] == ["East", "Third"]
    assert np.flatnonzero(np.cumsum(arrays["assign"])).tolist() == [3]
    st.session_state.clear()
