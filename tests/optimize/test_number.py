"""The number of areas that a capacity takes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from lattices import lattice, problems

from tp_geo.optimize import MaxIterations, Problem
from tp_geo.optimize.number import Capacity, lower_bound, number


def country() -> Problem:
    """Two hundred squares of one each, in two areas."""
    return lattice(20, 10, 2)


def test_areas_are_as_few_as_hold_all_there_is() -> None:
    found = number(country(), capacity=Capacity(most=42))
    assert (found.areas, found.bound, found.fits) == (5, 5, True)
    assert np.bincount(found.solution.area_of).max() <= 42
    assert found.solution.figures.split == ()


def test_an_ideal_is_met_as_nearly_as_can_be() -> None:
    found = number(country(), capacity=Capacity(ideal=48))
    assert found.areas == 4
    assert {t.areas for t in found.trials} == {4, 5}


def test_an_ideal_gives_way_to_what_an_area_can_hold() -> None:
    found = number(country(), capacity=Capacity(most=30, ideal=48))
    assert found.areas >= found.bound == 7
    assert found.fits


def test_the_number_stays_between_the_least_and_the_most() -> None:
    assert number(country(), capacity=Capacity(ideal=48), least=6).areas == 6
    found = number(country(), capacity=Capacity(most=10), most=3)
    assert (found.areas, found.bound, found.fits) == (3, 20, False)


def test_items_that_cannot_share_an_area_count_one_each() -> None:
    weights = np.ones((200, 1))
    weights[:7] = 60
    problem = lattice(20, 10, 2, weights)
    assert lower_bound(problem, Capacity(most=100)) == 7


def test_what_may_not_move_takes_no_part() -> None:
    problem = country()
    held = problem.current == 0
    found = number(replace(problem, held=held), capacity=Capacity(most=55))
    assert found.areas == 2
    assert (found.solution.area_of[held] == -1).all()
    assert (found.solution.area_of[~held] >= 0).all()


def test_nothing_to_distribute_is_an_error() -> None:
    problem = replace(country(), locked=np.ones(2, np.bool_))
    with pytest.raises(ValueError, match="unlock"):
        number(problem, capacity=Capacity(most=10))


@pytest.mark.parametrize(
    ("given", "says"),
    [({}, "most or ideal"), ({"most": 0.0}, "most"), ({"ideal": float("nan")}, "ideal")],
)
def test_a_capacity_that_is_none_is_an_error(given: dict[str, float], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Capacity(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"least": 0}, {"least": 3, "most": 2}])
def test_a_least_above_the_most_is_an_error(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="least"):
        number(country(), capacity=Capacity(most=10), **wrong)


@settings(deadline=None, max_examples=20)
@given(problems())
def test_no_plan_is_said_to_fit_that_does_not(problem: Problem) -> None:
    able = ~(problem.held | np.append(problem.locked, False)[problem.current])
    if not able.any():
        return
    most = float(problem.weights[able, 0].sum()) / 2.5 + 0.1
    found = number(problem, capacity=Capacity(most=most), stop=MaxIterations(3000))
    total = np.bincount(found.solution.area_of[able], problem.weights[able, 0])
    assert found.fits == bool(total.max() <= most * (1 + 1e-9))
    assert found.areas >= min(found.bound, int(able.sum()))
