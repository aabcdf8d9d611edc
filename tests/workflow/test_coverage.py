"""A plan at a glance: figures that add up, gaps that lead somewhere, changes that are told."""

from __future__ import annotations

import math

import numpy as np
import pytest
import states
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from states import at

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch, Change, Move
from tp_geo.errors import BadData
from tp_geo.store import Store
from tp_geo.workflow.coverage import Coverage, coverage
from tp_geo.workflow.coverage_change import bases
from tp_geo.workflow.coverage_gaps import Sort
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.signoff import recall, submit

WEST, EAST, SOUTH = AreaId(1), AreaId(2), AreaId(3)


@pytest.fixture
def planner(store: Store) -> Planner:
    return Planner(store)


@pytest.fixture
def plan(planner: Planner, store: Store) -> Plan:
    """West holds California, Nevada and, apart, New York; East Georgia; South nothing."""
    states.keep(store)
    made = planner.create("P", states.NAME, by="ana", areas=["West", "East", "South"])
    made.ask(Move(at("CA", "NV", "NY"), WEST), by="ana")
    made.ask(Move(at("GA", "u4"), EAST), by="ana")
    made.ask(Change(WEST, {"owner": "Ana", "targets": {"revenue": 11.0}}), by="ana")
    made.ask(Change(EAST, {"owner": "Ana"}), by="ana")
    return made


def sorts(told: Coverage) -> dict[Sort, list[str]]:
    found: dict[Sort, list[str]] = {}
    for gap in told.gaps:
        found.setdefault(gap.sort, []).append(gap.title)
    return found


def test_what_is_covered_and_what_is_not_make_the_whole(planner: Planner, plan: Plan) -> None:
    told = coverage(planner, plan, measure="revenue")
    assert (told.whole, told.unassigned) == (21.0, 6.0)
    assert told.covered == pytest.approx(15 / 21)
    assert sum(r.planned for r in told.rows) + told.unassigned == told.whole
    assert (told.on_target, told.aimed) == (1, 1)


def test_gaps_name_what_is_wrong(planner: Planner, plan: Plan) -> None:
    found = sorts(coverage(planner, plan, measure="revenue"))
    assert found[Sort.NO_OWNER] == ["South"]
    assert found[Sort.EMPTY] == ["South"]
    assert found[Sort.SEVERAL] == ["Ana"]
    assert found[Sort.CUT_OFF] == ["West"]
    assert Sort.OVERLOAD not in found
    assert "Single accounts" in found[Sort.UNASSIGNED]


def test_risks_are_the_areas_with_most_sorts_of_gaps_first(planner: Planner, plan: Plan) -> None:
    risks = coverage(planner, plan, measure="revenue").risks
    assert [(r.name, len(r.sorts)) for r in risks] == [("West", 2), ("South", 2), ("East", 1)]


def test_an_area_is_looked_into_by_itself(planner: Planner, plan: Plan) -> None:
    plan.ask(Branch(WEST, ("Coast", "Desert"), "District"), by="ana")
    told = coverage(planner, plan, level=2, scope=WEST, measure="revenue")
    assert [r.name for r in told.rows] == ["Coast", "Desert"]
    assert not [g for g in told.gaps if g.sort is Sort.UNASSIGNED]
    assert [s.level for s in told.spreads] == ["District"]


def test_a_mean_can_not_be_covered(planner: Planner, plan: Plan) -> None:
    with pytest.raises(BadData, match="Income is a mean"):
        coverage(planner, plan, measure="income")


def test_what_changes_is_told_against_a_snapshot(planner: Planner, plan: Plan) -> None:
    assert bases(planner, plan) == ()
    plan.snapshot("Before", by="ana")
    plan.ask(Change(EAST, {"owner": "Ben"}), by="ana")
    plan.ask(Move(at("NV"), EAST), by="ana")
    (base,) = bases(planner, plan)
    told = coverage(planner, plan, measure="revenue", base=base)
    assert told.change is not None
    assert told.change.area == pytest.approx(3 / 21)
    assert told.change.owner == pytest.approx((3 + 4) / 21), "Nevada, and the account of East"
    assert (told.change.lost, told.change.gained) == ({WEST: 3.0}, {EAST: 3.0})


def test_a_copy_is_compared_with_what_it_came_from(planner: Planner, plan: Plan) -> None:
    twin = planner.copy(plan, "Q", by="ana")
    twin.ask(Move(at("NV"), EAST), by="ana")
    (base,) = bases(planner, twin)
    told = coverage(planner, twin, measure="revenue", base=base)
    assert told.change is not None
    assert told.change.owner == 0.0, "both areas are Ana's"
    assert told.change.area == pytest.approx(3 / 21)


def test_what_a_submission_was_is_compared_with_after_all_else(
    planner: Planner, plan: Plan
) -> None:
    plan.snapshot("Agreed", by="ana")
    twin = planner.copy(plan, "Q", by="ana")
    twin.ask(Move(at("NV"), EAST), by="ana")
    twin.snapshot("Talks", by="ana")
    seq = submit(twin, WEST, by="ana").seq
    recall(twin, WEST, by="ana")
    names = [b.name for b in bases(planner, twin)]
    assert names == ["Talks", f"P, revision {plan.seq}", f"West submitted, revision {seq}"]


def test_a_plan_without_areas_covers_nothing(planner: Planner, store: Store) -> None:
    states.keep(store)
    told = coverage(planner, planner.create("E", states.NAME, by="ana"))
    assert (told.covered, told.rows, told.spreads, told.risks) == (0.0, (), (), ())
    assert math.isnan(told.spread)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.dictionaries(
        st.sampled_from([*states.UNITS, *["CA", "NV", "OR", "NY", "GA", "TX", "WA"]]),
        st.sampled_from([0, 1, 2, 3]),
        max_size=9,
    )
)
def test_gaps_of_what_is_unassigned_add_up_and_all_lie_in_view(
    planner: Planner, plan: Plan, moves: dict[str, int]
) -> None:
    for code, area in moves.items():
        plan.ask(Move(at(code), AreaId(area)), by="ana")
    for measure in ("people", "revenue"):
        told = coverage(planner, plan, measure=measure)
        lost = sum(g.amount for g in told.gaps if g.sort is Sort.UNASSIGNED)
        assert lost == pytest.approx(told.unassigned)
        assert sum(r.planned for r in told.rows) == pytest.approx(told.whole * told.covered)
        seen = {r.id for r in told.rows}
        for gap in told.gaps:
            assert set(gap.areas) <= seen
            assert gap.sort is Sort.UNASSIGNED or gap.areas
            assert np.all((gap.containers >= 0) & (gap.containers < 51))


def test_what_is_off_by_another_measure_has_no_amount_of_the_one_looked_at(
    planner: Planner, plan: Plan
) -> None:
    plan.ask(Change(EAST, {"targets": {"revenue": 100.0}}), by="ana")
    for measure, known in (("revenue", True), ("", False)):
        told = coverage(planner, plan, measure=measure)
        off = [g for g in told.gaps if g.sort is Sort.OFF_TARGET]
        assert [not math.isnan(g.amount) for g in off] == [known] * len(off)
        assert off
