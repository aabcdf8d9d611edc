"""What takes part when a plan is optimized: which items, which units go along, what stays."""

from __future__ import annotations

import numpy as np
import pytest
from optimized import applied, found, give, held_by, request
from states import at
from writing import ANA, area, holder

from tp_geo.domain.commands import Branch, Change, HoldItems, Move
from tp_geo.domain.hierarchy import Focus
from tp_geo.errors import BadData, Refused
from tp_geo.workflow.optimizing_problem import problem_of, scope
from tp_geo.workflow.plan import Plan


def test_items_are_the_states_of_the_focus(plan: Plan) -> None:
    give(plan, "West", "CA", "OR")
    give(plan, "East", "NY")
    problem, frame = problem_of(plan, request(plan, focus=Focus(None, 1, False)))
    assert plan.dataset.codes[frame.items].tolist() == ["CA", "NY", "OR"]
    assert problem.current.tolist() == [0, 1, 0]
    assert problem.weights[:, 0].tolist() == [100.0] * 3
    assert len(problem_of(plan, request(plan))[1].items) == 51


def test_an_exception_stays_and_counts_where_it_is(plan: Plan) -> None:
    give(plan, "West", "CA", "NV")
    give(plan, "East", "NY")
    plan.ask(Move(at("u2"), area(plan, "East")), by=ANA)
    measures = (("revenue", 1.0),)
    problem, frame = problem_of(plan, request(plan, measures=measures))
    of = dict(zip(plan.dataset.codes[frame.items].tolist(), problem.weights[:, 0], strict=True))
    assert (of["CA"], of["NV"], of["NY"]) == (1.0, 3.0, 5.0)
    assert frame.fixed[:, 0].tolist() == [0.0, 2.0, 0.0]
    applied(plan, measures=measures)
    assert holder(plan, "u2") == "East"


def test_a_held_unit_stays_when_its_state_goes(plan: Plan) -> None:
    give(plan, "West", "CA", "NV", "OR")
    plan.ask(HoldItems(at("u1")), by=ANA)
    told = applied(plan, seeds=((area(plan, "East"), "CA"),))
    assert (holder(plan, "CA"), holder(plan, "u2"), holder(plan, "u1")) == ("East", "East", "West")
    assert [i.name for i in told.issues] == []


def test_units_moved_by_themselves_go_along_when_they_are_home(plan: Plan) -> None:
    give(plan, "West", "CA")
    plan.ask(Move(at("u1"), area(plan, "East")), by=ANA)
    give(plan, "East", "CA")
    applied(plan, seeds=((area(plan, "South"), "CA"),))
    assert holder(plan, "u1") == "South"
    assert len(plan.alignment.exceptions) == 0


def test_locked_areas_neither_take_nor_give_and_their_share_is_theirs(plan: Plan) -> None:
    give(plan, "West", "CA", "NV", "OR")
    plan.ask(Change(area(plan, "West"), {"locked": True}), by=ANA)
    chosen = applied(plan)
    assert held_by(plan, "West") == {"CA", "NV", "OR"}
    assert sorted(len(held_by(plan, name)) for name in ("East", "South")) == [24, 24]
    assert [r.locked for r in chosen.rows] == [True, False, False]
    assert np.isnan(chosen.rows[0].figures[0].target)


def test_a_divided_area_takes_what_lies_beside_a_part_that_is_open(plan: Plan) -> None:
    give(plan, "West", "WA", "CA", "NV", "OR")
    plan.ask(Branch(area(plan, "West"), ("Upper", "Lower")), by=ANA)
    give(plan, "Lower", "CA", "NV")
    plan.ask(Change(area(plan, "Upper"), {"locked": True}), by=ANA)
    applied(plan)
    assert held_by(plan, "Upper") == {"WA", "OR"}
    assert len(held_by(plan, "Lower")) == 15


def test_areas_that_are_not_divided_join_when_asked(plan: Plan) -> None:
    give(plan, "West", "WA", "CA", "NV", "OR")
    give(plan, "East", "NY", "PA")
    plan.ask(Branch(area(plan, "West"), ("Upper", "Lower")), by=ANA)
    focus = Focus(None, 2, False)
    two = problem_of(plan, request(plan, focus=focus))[1]
    assert [two.name(i) for i in range(len(two.areas))] == ["Upper", "Lower"]
    four = problem_of(plan, request(plan, focus=focus, placeholders=True))[1]
    assert [four.name(i) for i in range(4)] == ["Upper", "Lower", "East", "South"]


def test_only_what_is_unassigned_is_given_out(plan: Plan) -> None:
    give(plan, "West", "WA", "CA", "NV", "OR")
    give(plan, "East", "NY", "PA")
    give(plan, "South", "TX")
    applied(plan, only_unassigned=True)
    assert {"WA", "CA", "NV", "OR"} < held_by(plan, "West")
    assert {"NY", "PA"} < held_by(plan, "East")
    assert plan.totals().containers[0] == 0


def test_units_without_a_place_are_told_and_left(plan: Plan) -> None:
    from tp_geo.workflow.optimizing_run import propose

    proposal = propose(plan, request(plan))
    assert "1 unassigned unit" in proposal.issues[0].text
    applied(plan)
    assert holder(plan, "stray") == "Unassigned"


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"measures": ()}, "nothing to balance"),
        ({"measures": (("people", 1.0), ("people", 2.0))}, "given twice"),
        ({"measures": (("people", float("nan")),)}, "a number of 0 or more, not nan"),
        ({"measures": (("income", 1.0),)}, "a mean and can't be balanced"),
        ({"max_change": (("people", 1.5),)}, "a share from 0 to 1"),
        ({"max_runtime_s": 0.0}, "seconds above 0"),
        ({"focus": Focus(None, 1, False)}, "Include what is unassigned"),
        ({"homes": True}, "No area of this focus says where its owner lives"),
        ({"max_minutes": 10.0}, "needs pinned centers"),
        ({"walls": (((0.0, 0.0),),)}, "two or more places"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(plan: Plan, said, says: str) -> None:
    with pytest.raises(Refused, match=says):
        problem_of(plan, request(plan, **said))


def test_a_measure_that_is_not_there_is_named(plan: Plan) -> None:
    with pytest.raises(BadData, match="no measure 'sales'"):
        problem_of(plan, request(plan, measures=(("sales", 1.0),)))


def test_a_measure_of_nothing_is_refused(plan: Plan) -> None:
    give(plan, "West", "TX", "FL")
    give(plan, "East", "ME")
    with pytest.raises(Refused, match="Revenue is 0 everywhere in this focus"):
        problem_of(plan, request(plan, measures=(("revenue", 1.0),), focus=Focus(None, 1, False)))


def test_nothing_that_may_move_is_refused(plan: Plan) -> None:
    give(plan, "West", "TX", "FL")
    plan.ask(HoldItems(at("TX", "FL")), by=ANA)
    inside = Focus(None, 1, False)
    with pytest.raises(Refused, match="held or locked"):
        problem_of(plan, request(plan, focus=inside))
    for name in ("West", "East", "South"):
        plan.ask(Change(area(plan, name), {"locked": True}), by=ANA)
    with pytest.raises(Refused, match="locked"):
        found(plan)


def test_a_scope_tells_what_takes_part_and_what_would_be_refused(plan: Plan) -> None:
    give(plan, "West", "TX", "FL")
    plan.ask(HoldItems(at("TX")), by=ANA)
    told = scope(plan, request(plan))
    assert (told.items, told.held, told.unassigned, told.locked) == (51, 1, 49, 0)
    assert told.problems == ()
    assert "a mean" in scope(plan, request(plan, measures=(("income", 1.0),))).problems[0]
