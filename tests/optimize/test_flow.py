"""What must cross borders, on plans small enough to work out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from lattices import lattice, problems

from tp_geo.optimize import Problem
from tp_geo.optimize.flow import flow_bound
from tp_geo.optimize.rebalance import rebalance


def row(*weights: float) -> Problem:
    """Areas in a row of one item each, which should be equal."""
    k = len(weights)
    return lattice(k, 1, k, np.array(weights)[:, None])


def test_what_goes_from_one_end_to_the_other_crosses_every_border() -> None:
    found = flow_bound(row(14, 10, 10, 6), tolerance=0.0)
    assert found.leaves.tolist() == pytest.approx([4 / 40])
    assert found.crosses.tolist() == pytest.approx([12 / 40])
    assert found.missed.tolist() == [0.0]


def test_a_tolerance_lets_areas_keep_some_of_it() -> None:
    found = flow_bound(row(14, 10, 10, 6), tolerance=0.2)
    assert found.leaves.tolist() == pytest.approx([2 / 40])
    assert found.crosses.tolist() == pytest.approx([2 / 40 + 2 / 40])


def test_nothing_crosses_where_everything_is_in_its_band() -> None:
    found = flow_bound(row(10.1, 9.9, 10), tolerance=0.05)
    assert found.crosses.tolist() == [0.0]


def test_what_a_locked_area_keeps_out_is_missed() -> None:
    problem = replace(row(14, 10, 6), locked=np.array([False, True, False]))
    found = flow_bound(problem, tolerance=0.0)
    assert found.crosses.tolist() == [0.0]
    assert found.missed.tolist() == pytest.approx([8 / 30])


def test_a_barrier_is_no_way() -> None:
    problem = replace(row(14, 6), barriers=np.array([True]))
    assert flow_bound(problem, tolerance=0.0).missed.tolist() == pytest.approx([8 / 20])


def test_each_measure_has_its_own_bound() -> None:
    problem = lattice(2, 1, 2, np.array([[3.0, 5.0], [1.0, 5.0]]))
    found = flow_bound(problem, tolerance=0.0)
    assert found.crosses.tolist() == pytest.approx([0.25, 0.0])


@settings(deadline=None, max_examples=40)
@given(problems())
def test_no_rebalance_moves_less_than_must_leave(problem: Problem) -> None:
    whole = replace(
        problem,
        current=np.maximum(problem.current, 0),
        locked=np.zeros(problem.areas, np.bool_),
        max_change=np.full(problem.measures + 1, np.nan),
    )
    figures = rebalance(whole).figures
    tolerance = figures.largest_deviation + 1e-9
    leaves = flow_bound(whole, tolerance=tolerance).leaves
    known = np.isfinite(figures.deviation).all(axis=0)
    assert (figures.moved >= leaves - 1e-9)[known].all()
