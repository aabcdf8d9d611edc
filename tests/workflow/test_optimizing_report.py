"""What is told of a plan before it is applied: figures, moves, owners, reasons."""

from __future__ import annotations

import numpy as np
import pytest
from optimized import EVERYTHING, PEOPLE, applied, found, give, request, row
from states import at
from writing import ANA, area

from tp_geo.domain.commands import Change, HoldItems
from tp_geo.errors import Cancelled
from tp_geo.geometry.compactness import polsby_popper
from tp_geo.geometry.outline import outlines
from tp_geo.optimize import BALANCE, KEEP
from tp_geo.workflow.optimizing_explain import explain
from tp_geo.workflow.optimizing_run import Step, propose
from tp_geo.workflow.plan import Plan


@pytest.fixture
def shocked(plan: Plan) -> Plan:
    """A balanced plan with owners, out of which East has got four states of South."""
    for name, owner in (("West", "ana"), ("East", "ben")):
        plan.ask(Change(area(plan, name), {"owner": owner}), by=ANA)
    applied(plan)
    n = plan.alignment.items.containers
    mine = plan.alignment.area_of[:n] == area(plan, "South")
    touching = plan.adjacency.pairs
    beside = {int(i) for p in touching for i in p if mine[i]}
    give(plan, "East", *plan.dataset.codes[sorted(beside)[:4]])
    return plan


def test_moves_add_up_to_what_areas_lose_and_get(shocked: Plan) -> None:
    chosen = found(shocked, objective=BALANCE)
    for r in chosen.rows:
        (f,) = r.figures
        got = sum(m.amounts["people"] for m in chosen.moves if m.target == r.id)
        lost = sum(m.amounts["people"] for m in chosen.moves if m.source == r.id)
        assert f.after - f.before == got - lost
        assert r.containers[1] - r.containers[0] == sum(
            m.containers * ((m.target == r.id) - (m.source == r.id)) for m in chosen.moves
        )
    moved = sum(m.amounts["people"] for m in chosen.moves)
    assert chosen.moved.shares["people"] == pytest.approx(moved / 5100)
    assert chosen.assigned.containers == 0


def test_owners_are_told_what_they_give_and_get(shocked: Plan) -> None:
    chosen = found(shocked, objective=BALANCE)
    assert {o.owner for o in chosen.owners} <= {"ana", "ben", "South"}
    assert sum(o.containers_in for o in chosen.owners) == chosen.moved.containers
    assert sum(o.containers_out for o in chosen.owners) == chosen.moved.containers
    assert sum(o.units_out for o in chosen.owners) == chosen.moved.units
    shocked.ask(Change(area(shocked, "East"), {"owner": "ana"}), by=ANA)
    shocked.ask(Change(area(shocked, "South"), {"owner": "ana"}), by=ANA)
    assert found(shocked, objective=BALANCE).owners == ()


def test_roundness_is_that_of_the_outlines(plan: Plan) -> None:
    chosen = applied(plan)
    n = plan.alignment.items.containers
    drawn = outlines(plan.boundaries.polygons, plan.alignment.area_of[:n])
    for r in chosen.rows:
        true = polsby_popper(np.array([drawn[r.id]], dtype=object))[0]
        assert r.shape[1].roundness == pytest.approx(true, rel=0.05)


def test_alternatives_differ_and_the_first_is_what_was_asked(shocked: Plan) -> None:
    proposal = propose(shocked, request(shocked, objective=KEEP, alternatives=3))
    labels = [a.label for a in proposal.alternatives]
    assert labels[0] == "As asked"
    assert len({*labels}) == len(labels)
    keys = {a.solution.area_of.tobytes() for a in proposal.alternatives}
    assert len(keys) == len(labels)
    for a in proposal.alternatives:
        assert a.lower_bound <= a.largest + 1e-12
        assert a.parts == 1
        assert a.text.startswith("every area within")
        assert a.largest > 0.05 or a.moved.shares["people"] >= proposal.least_moved["people"] - 1e-9
    assert proposal.seq == shocked.seq
    assert proposal.least_moved["people"] > 0


def test_a_reason_names_both_sides_and_what_going_back_costs(shocked: Plan) -> None:
    proposal = propose(shocked, request(shocked, objective=BALANCE, alternatives=1))
    chosen = proposal.alternatives[0]
    moving = proposal.setting.frame.items[chosen.command.moving]
    said = " ".join(explain(proposal, 0, int(moving[0])))
    source, target = (
        proposal.setting.frame.name(int(numbers[chosen.command.moving][0]))
        for numbers in (proposal.setting.frame.number, chosen.solution.area_of)
    )
    assert f"moves from {source} to {target}." in said
    assert f"{source} was " in said
    assert "Put back, " in said
    assert "of people" in said


def test_what_stays_is_told_why(shocked: Plan) -> None:
    shocked.ask(HoldItems(at("CA")), by=ANA)
    shocked.ask(Change(area(shocked, "East"), {"locked": True}), by=ANA)
    proposal = propose(shocked, request(shocked, objective=KEEP, alternatives=1))
    (why,) = explain(proposal, 0, int(at("CA")[0]))
    assert "it is held" in why or "which is locked" in why
    (stray,) = explain(proposal, 0, int(at("stray")[0]))
    assert "is not among what was optimized" in stray
    assert explain(proposal, 0, int(at("u1")[0]))[0].startswith("Account u1 (u1) ")


def test_a_run_tells_how_far_it_is_and_can_be_abandoned(plan: Plan) -> None:
    steps: list[Step] = []
    propose(plan, request(plan), told=steps.append)
    assert steps
    assert {s.what for s in steps} == {"As asked"}
    shown = steps[-1].area_of()
    assert len(shown) == plan.alignment.items.count
    assert {*shown[:51].tolist()} == {1, 2, 3}

    def leave(_: Step) -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        propose(plan, request(plan), told=leave)


def test_a_run_that_is_halted_keeps_the_best_so_far(plan: Plan) -> None:
    proposal = propose(plan, request(plan, alternatives=3), halted=lambda: True)
    (chosen,) = proposal.alternatives
    assert chosen.stopped == "it was stopped by hand"
    assert (chosen.solution.area_of >= 0).all()


def test_the_same_seed_gives_the_same_plan(plan: Plan) -> None:
    one, other = (found(plan, seed=5).solution.area_of for _ in range(2))
    assert one.tolist() == other.tolist()


def test_several_measures_are_told_one_by_one(plan: Plan) -> None:
    chosen = found(plan, measures=(*PEOPLE, ("revenue", 0.5)), focus=EVERYTHING)
    assert [f.measure for f in row(chosen, "West").figures] == ["people", "revenue"]
    assert sum(f.after for r in chosen.rows for f in r.figures if f.measure == "revenue") == 15.0
