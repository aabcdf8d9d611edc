"""Operations of the map are done once each, in order, and answered."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tp_geo.errors import BadData
from tp_geo.ui.edits import Answers
from tp_geo.ui.wire import encode_positions
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

ME = "anna"


@pytest.fixture
def plan(planner: Planner) -> Plan:
    return planner.create("Two", by=ME, areas=("West", "East"))


def assign(seq: int, to: int, *items: int) -> dict[str, Any]:
    return {"seq": seq, "kind": "assign", "to": to, "items": encode_positions(list(items))}


def message(*ops: dict[str, Any], client: str = "c1") -> dict[str, Any]:
    return {"client": client, "alignment": "x", "have": 1, "ops": list(ops)}


def test_an_operation_sent_again_is_done_once(plan: Plan) -> None:
    answers = Answers()
    op = assign(1, 1, 0, 1, 2)
    assert answers.take(message(op), plan, by=ME) == 1
    assert answers.take(message(op), plan, by=ME) == 0
    assert plan.seq == 2
    assert answers.acks(plan) == {"c1": 1}


def test_another_session_knows_what_was_done(plan: Plan) -> None:
    Answers().take(message(assign(1, 1, 0)), plan, by=ME)
    later = Answers()
    assert later.take(message(assign(1, 1, 0), assign(2, 2, 1)), plan, by=ME) == 1
    assert plan.alignment.area_of[:2].tolist() == [1, 2]


def test_an_undo_sent_again_takes_back_one_step(plan: Plan) -> None:
    answers = Answers()
    answers.take(message(assign(1, 1, 0), assign(2, 1, 1)), plan, by=ME)
    undo = {"seq": 3, "kind": "undo"}
    answers.take(message(undo), plan, by=ME)
    Answers().take(message(undo), plan, by=ME)
    assert plan.alignment.area_of[:2].tolist() == [1, 0]


def test_what_the_gate_refuses_is_answered_with_its_reason(plan: Plan) -> None:
    answers = Answers()
    answers.take(message(assign(1, 77, 0), assign(2, 2, 0)), plan, by=ME)
    assert [r["seq"] for r in answers.refused] == [1]
    assert "77" in answers.refused[0]["reason"]
    assert answers.acks(plan) == {"c1": 2}
    assert plan.alignment.area_of[0] == 2


def test_what_is_held_is_let_go_again(plan: Plan) -> None:
    hold = {"seq": 1, "kind": "hold", "held": True, "items": [0, 2]}
    answers = Answers()
    answers.take(message(hold, assign(2, 1, 0), assign(3, 1, 1)), plan, by=ME)
    assert np.flatnonzero(plan.alignment.held).tolist() == [0, 2]
    assert plan.alignment.area_of[:3].tolist() == [0, 1, 0]
    assert [r["seq"] for r in answers.refused] == [2]
    Answers().take(message(hold | {"seq": 4, "held": False}), plan, by=ME)
    assert not plan.alignment.held.any()


def test_operations_out_of_order_are_done_in_order(plan: Plan) -> None:
    Answers().take(message(assign(2, 2, 0), assign(1, 1, 0)), plan, by=ME)
    assert plan.alignment.area_of[0] == 2


@pytest.mark.parametrize(
    "op",
    [
        {"seq": 1, "kind": "drop tables"},
        {"seq": 1, "kind": "assign", "to": 1, "items": [-5]},
        {"seq": 1, "kind": "assign", "to": "1", "items": [0]},
        {"seq": 1},
    ],
)
def test_an_operation_that_makes_no_sense_is_refused_in_words(
    plan: Plan, op: dict[str, Any]
) -> None:
    answers = Answers()
    answers.take(message(op), plan, by=ME)
    assert answers.refused
    assert plan.seq == 1


@pytest.mark.parametrize("seq", [-1, 0, 2**60, 1.5, "1", True, None])
def test_an_operation_without_a_number_of_its_own_is_left_alone(plan: Plan, seq: object) -> None:
    answers = Answers()
    assert answers.take(message(assign(1, 1, 0) | {"seq": seq}), plan, by=ME) == 0
    assert answers.take(message(assign(1, 1, 0)), plan, by=ME) == 1


@pytest.mark.parametrize(
    "said", [{}, {"client": "c1"}, {"client": "a:b", "ops": []}, {"client": "c" * 65, "ops": []}]
)
def test_a_message_that_is_no_edit_is_bad_data(plan: Plan, said: dict[str, Any]) -> None:
    with pytest.raises(BadData, match="no edit"):
        Answers().take(said, plan, by=ME)
