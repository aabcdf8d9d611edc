"""What holds of every optimized plan: what is outside or held stays, and nothing is lost."""

from __future__ import annotations

import numpy as np
import pytest
import states
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from writing import ANA, area

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.commands import Branch, Change, HoldItems, Move
from tp_geo.domain.hierarchy import Focus
from tp_geo.domain.problems import problems
from tp_geo.errors import Refused
from tp_geo.geometry.contiguity import parts
from tp_geo.store import open_store
from tp_geo.workflow.optimizing import Request
from tp_geo.workflow.optimizing_run import propose
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

PEOPLE = (("people", 1.0),)


@pytest.fixture(scope="module")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Planner:
    store = open_store(str(tmp_path_factory.mktemp("laws") / "store.duckdb"))
    states.keep(store)
    return Planner(store)


def people(plan: Plan) -> float:
    """Return what all leaves and the unassigned hold."""
    held = [UNASSIGNED, *plan.alignment.leaves]
    return sum(plan.totals().of(k, "people") for k in held)


@st.composite
def plans(draw, planner: Planner) -> Plan:
    """West (perhaps divided), East and South, with items of each, some held, one area locked."""
    name = f"P{len(planner.plans())}"
    plan = planner.create(name, states.NAME, by=ANA, areas=["West", "East", "South"])
    if draw(st.booleans()):
        plan.ask(Branch(area(plan, "West"), ("North West", "South West")), by=ANA)
    size = plan.alignment.items.count
    leaves = [UNASSIGNED, *sorted(plan.alignment.leaves)]
    goes = np.array(draw(st.lists(st.sampled_from(leaves), min_size=size, max_size=size)))
    for k in leaves[1:]:
        if (goes == k).any():
            plan.ask(Move(np.flatnonzero(goes == k), AreaId(k)), by=ANA)
    held = draw(st.lists(st.integers(0, size - 1), max_size=6))
    if held:
        plan.ask(HoldItems(np.array(sorted({*held}), dtype=np.intp)), by=ANA)
    if draw(st.booleans()):
        locked = draw(st.sampled_from(["East", "South"]))
        plan.ask(Change(area(plan, locked), {"locked": True}), by=ANA)
    return plan


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.booleans(), st.sampled_from([1, 2]), st.integers(0, 9))
def test_every_plan_keeps_what_has_to_stay(planner, data, unassigned, level, seed) -> None:
    plan = data.draw(plans(planner))
    tops = data.draw(st.sampled_from([None, ("West",), ("West", "South")]))
    focus = Focus(None if tops is None else tuple(area(plan, t) for t in tops), level, unassigned)
    before, whole = plan.alignment, people(plan)
    try:
        proposal = propose(plan, Request(PEOPLE, focus, seed=seed, alternatives=1))
    except Refused:
        return
    plan.ask(proposal.alternatives[0].command, by=ANA)
    after = plan.alignment
    inside = set(proposal.setting.frame.areas)
    inside |= {leaf for k in inside for leaf in after.subtree(k)}
    inside |= {UNASSIGNED} if unassigned else set()

    assert problems(after) == ()
    assert np.array_equal(after.held, before.held)
    assert after.areas == before.areas
    changed = before.resolved != after.resolved
    assert not (changed & before.held).any()
    touched = {*before.resolved[changed].tolist(), *after.resolved[changed].tolist()}
    assert touched <= inside
    assert all(k == UNASSIGNED or before.lock(AreaId(k)) is None for k in touched)
    assert not (after.resolved[changed] == UNASSIGNED).any()
    assert people(plan) == whole


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.integers(0, 3))
def test_it_is_one_revision_that_undo_takes_back(planner, data, seed) -> None:
    plan = data.draw(plans(planner))
    before, seq = plan.alignment, plan.seq
    try:
        proposal = propose(plan, Request(PEOPLE, Focus(None, 1, True), seed=seed, alternatives=1))
    except Refused:
        return
    assert plan.seq == seq
    if plan.ask(proposal.alternatives[0].command, by=ANA):
        assert plan.seq == seq + 1
        plan.undo(by=ANA)
        assert plan.alignment == before


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_is_told_is_what_happens(planner, data) -> None:
    plan = data.draw(plans(planner))
    try:
        proposal = propose(plan, Request(PEOPLE, Focus(None, 1, True), alternatives=2))
    except Refused:
        return
    for told in proposal.alternatives:
        if plan.ask(told.command, by=ANA):
            figures, shown = plan.totals(), plan.alignment
            n = shown.items.containers
            tops = {k: i for i, k in enumerate(shown.children(None), start=1)}
            top_of = np.array(
                [0, *(tops[[*shown.ancestry(k)][-1].id] for k in sorted(shown.areas))]
            )
            pieces = parts(top_of[shown.area_of[:n]].astype(np.int32), plan.adjacency)
            for row in told.rows:
                assert row.figures[0].after == figures.of(row.id, "people")
                assert row.containers[1] == figures.containers[row.id]
                assert row.units[1] == figures.units[row.id]
                assert row.shape[1].parts == pieces.get(AreaId(tops[row.id]), 0)
            plan.undo(by=ANA)
