"""Plans as a table: accounts without a place are given out by what they weigh alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import states
from optimized import EVERYTHING, request
from writing import ANA, area

from tp_geo.domain.alignment import UNASSIGNED, Items, frozen
from tp_geo.domain.commands import Change, HoldItems, Move
from tp_geo.store import Store
from tp_geo.workflow.optimizing_problem import problem_of
from tp_geo.workflow.optimizing_run import propose
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

REVENUE = (("revenue", 1.0),)
N = 60


@pytest.fixture
def table(store: Store) -> Plan:
    """Sixty accounts, worth 1 to 60, of which nobody knows where they are; three areas."""
    n = len(states.layer())
    values = np.zeros((n + N, 3))
    values[n:, 1] = np.arange(1.0, N + 1)
    codes = np.array([*states.layer().codes, *(f"a{i}" for i in range(N))], dtype=object)
    data = replace(
        states.dataset(),
        items=Items(n, frozen(np.full(N, -1, dtype=np.int32))),
        codes=codes,
        names=codes,
        values=values,
        attributes={},
    )
    states.keep(store, data)
    return Planner(store).create("T", states.NAME, by=ANA, areas=["West", "East", "South"])


def accounts(*numbers: int) -> np.ndarray:  # type: ignore[type-arg]
    return len(states.layer()) + np.array(numbers, dtype=np.intp)


def test_accounts_without_a_place_are_balanced_by_themselves(table: Plan) -> None:
    proposal = propose(table, request(table, measures=REVENUE))
    chosen = proposal.alternatives[0]
    assert chosen.largest < 0.02
    assert (chosen.assigned.containers, chosen.assigned.units) == (0, N)
    revision = table.ask(chosen.command, by=ANA)
    assert revision is not None
    assert revision.text == "optimized 3 areas for Revenue: assigned 60 units"
    figures = table.totals()
    assert sum(figures.units[k] for k in table.alignment.areas) == N
    assert figures.units[UNASSIGNED] == 0
    assert figures.containers[UNASSIGNED] == 51
    table.undo(by=ANA)
    assert table.totals().units[UNASSIGNED] == N


def test_held_accounts_and_locked_areas_stay_and_count(table: Plan) -> None:
    table.ask(Move(accounts(59, 58, 57, 56, 55), area(table, "West")), by=ANA)
    table.ask(Move(accounts(0, 1), area(table, "East")), by=ANA)
    table.ask(HoldItems(accounts(59, 58)), by=ANA)
    table.ask(Change(area(table, "East"), {"locked": True}), by=ANA)
    problem, frame = problem_of(table, request(table, measures=REVENUE))
    assert frame.table
    assert (len(problem.edges), problem.contiguous.any()) == (0, False)
    table.ask(propose(table, request(table, measures=REVENUE)).alternatives[0].command, by=ANA)
    resolved = table.alignment.resolved
    assert {*resolved[accounts(59, 58)].tolist()} == {area(table, "West")}
    assert int((resolved == area(table, "East")).sum()) == 2
    goal = (N * (N + 1) / 2 - 3) / 2
    for name in ("West", "South"):
        assert table.totals().of(area(table, name), "revenue") == pytest.approx(goal, rel=0.02)


def test_little_moves_between_areas_that_are_nearly_balanced(table: Plan) -> None:
    for i, name in enumerate(("West", "East", "South")):
        table.ask(Move(accounts(*range(i, N, 3)), area(table, name)), by=ANA)
    again = propose(
        table, request(table, measures=REVENUE, focus=EVERYTHING, max_change=(("", 0.1),))
    ).alternatives[0]
    assert again.moved.shares["revenue"] <= 0.1
    assert again.largest <= again.largest_before
