"""What alternatives are called is true of their figures, whatever was looked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from optimized import found, request
from writing import area

from tp_geo.domain.commands import Change
from tp_geo.optimize import BALANCE, BAND, KEEP
from tp_geo.workflow.optimizing_labels import BALANCED, KEPT, MORE, ROUND, labelled, missed
from tp_geo.workflow.optimizing_proposal import Alternative
from tp_geo.workflow.optimizing_run import propose
from tp_geo.workflow.plan import Plan


@pytest.fixture
def one(plan: Plan) -> Alternative:
    """A plan of the states, to be given other figures."""
    return found(plan)


def told(
    one: Alternative, label: str, largest: float, changes: float, roundness: float
) -> Alternative:
    """Return an alternative of such figures that was looked for under a name."""
    rows = tuple(
        replace(r, shape=(r.shape[0], replace(r.shape[1], roundness=roundness))) for r in one.rows
    )
    moved = replace(one.moved, shares={"people": changes})
    return replace(one, label=label, largest=largest, moved=moved, rows=rows)


def names(*plans: Alternative) -> list[str]:
    return [a.label for a in labelled(plans)]


def test_the_roundest_is_not_called_so_where_what_was_asked_for_is_rounder(one):
    asked = told(one, "As asked", 0.05, 0.2, 0.5)
    assert names(asked, told(one, ROUND, 0.04, 0.3, 0.4)) == ["As asked", BALANCED]
    assert names(asked, told(one, ROUND, 0.05, 0.3, 0.4)) == ["As asked"]
    assert names(asked, told(one, ROUND, 0.05, 0.3, 0.6)) == ["As asked", ROUND]


def test_what_is_rounder_but_not_the_roundest_is_called_rounder(one):
    asked = told(one, "As asked", 0.05, 0.2, 0.3)
    balanced, round_ = told(one, BALANCED, 0.01, 0.3, 0.5), told(one, ROUND, 0.05, 0.3, 0.4)
    assert names(asked, balanced, round_) == ["As asked", BALANCED, MORE[ROUND]]


def test_the_command_is_called_as_the_plan_is(one):
    asked = told(one, "As asked", 0.05, 0.2, 0.5)
    (_, other) = labelled([asked, told(one, ROUND, 0.01, 0.2, 0.5)])
    assert other.command.label == other.label == BALANCED


FIGURE = st.sampled_from([0.0, 0.1, 0.2, 0.3])


@given(st.lists(st.tuples(FIGURE, FIGURE, FIGURE), min_size=4, max_size=4))
@settings(deadline=None)
def test_names_differ_and_are_true(figures):
    one = FOUND[0]
    plans = [
        told(one, x, *f) for x, f in zip(("asked", BALANCED, KEPT, ROUND), figures, strict=True)
    ]
    kept = labelled(plans)
    assert len({a.label for a in kept}) == len(kept)
    for a in kept[1:]:
        (way,) = (x for x in MORE if a.label in (x, MORE[x]))
        assert missed(a)[way] < missed(kept[0])[way]
        if a.label == way:
            assert missed(a)[way] == min(missed(x)[way] for x in plans)


FOUND: list[Alternative] = []


@pytest.fixture(autouse=True)
def _found(one: Alternative):
    FOUND[:] = [one]


@pytest.mark.parametrize("objective", [BALANCE, BAND, KEEP])
def test_runs_call_plans_by_their_figures(plan: Plan, objective) -> None:
    plan.ask(Change(area(plan, "East"), {"owner": "ben"}), by="ana")
    proposal = propose(plan, request(plan, objective=objective, alternatives=4))
    for a in proposal.alternatives[1:]:
        if a.label in MORE:
            assert (
                missed(a)[a.label] <= min(missed(x)[a.label] for x in proposal.alternatives) + 1e-4
            )
