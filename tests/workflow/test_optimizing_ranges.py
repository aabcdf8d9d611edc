"""Ranges of areas as the optimizer takes them: goals from their middle, limits it keeps to."""

from __future__ import annotations

import numpy as np
from optimized import request
from writing import ANA, area

from tp_geo.domain.hierarchy import Focus
from tp_geo.domain.targets import Aim, SetTargets
from tp_geo.workflow.optimizing import Cap, default
from tp_geo.workflow.optimizing_problem import problem_of
from tp_geo.workflow.plan import Plan


def ranged(plan: Plan, **aims: Aim) -> None:
    found = {area(plan, name.title()): aim for name, aim in aims.items()}
    plan.ask(SetTargets("people", found), by=ANA)


def test_ranges_of_what_is_balanced_are_limits_of_the_problem(plan: Plan) -> None:
    ranged(plan, west=Aim(900.0, 1000.0, 1100.0), east=Aim(maximum=2000.0))
    problem, _ = problem_of(plan, request(plan))
    (people,) = problem.limits
    assert people.name == "people"
    assert np.array_equal(people.minimum, [900.0, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(people.maximum, [1100.0, 2000.0, np.nan], equal_nan=True)


def test_a_range_without_a_target_is_aimed_at_in_its_middle(plan: Plan) -> None:
    ranged(plan, west=Aim(900.0, None, 1300.0))
    problem, _ = problem_of(plan, request(plan))
    assert problem.targets[:, 0].tolist() == [1100.0, 2000.0, 2000.0]


def test_a_cap_of_the_request_replaces_the_range_of_the_plan(plan: Plan) -> None:
    ranged(plan, west=Aim(900.0, None, 1300.0))
    west = area(plan, "West")
    problem, _ = problem_of(plan, request(plan, caps=(Cap("people", 500.0, None, west),)))
    assert (problem.limits[0].minimum[0], np.isnan(problem.limits[0].maximum[0])) == (500.0, True)


def test_a_measure_with_a_range_is_what_is_balanced_at_first(plan: Plan) -> None:
    plan.ask(SetTargets("revenue", {area(plan, "West"): Aim(maximum=9.0)}), by=ANA)
    assert default(plan, Focus()).measures == (("revenue", 1.0),)
