"""A rebalance brings areas into their bands with few changes, and honors all that is asked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from lattices import lattice, pieces, problems

from tp_geo.optimize import KEEP, Limit, MaxIterations, Objective, Problem
from tp_geo.optimize.flow import flow_bound
from tp_geo.optimize.rebalance import rebalance


def shaken(strength: float = 0.5, **more: object) -> Problem:
    """A lattice in balance whose weights went up on one side and down on the other."""
    columns, rows = 24, 10
    x = np.tile(np.arange(columns), rows) / columns
    return lattice(columns, rows, 4, (1 + strength * x)[:, None], **more)


@settings(deadline=None, max_examples=60)
@given(problems())
def test_nothing_is_lost_and_nothing_moves_that_may_not(problem: Problem) -> None:
    found = rebalance(problem).area_of
    locked = np.append(problem.locked, False)
    stays = problem.held | locked[problem.current]
    assert found.shape == (problem.items,)
    assert (found[stays] == problem.current[stays]).all()
    assert not problem.locked[found[(found != problem.current) & (found >= 0)]].any()
    if not problem.locked.all() and problem.max_distance is None:
        assert (found[~problem.held] >= 0).all()


@settings(deadline=None, max_examples=60)
@given(problems())
def test_no_more_moves_than_asked(problem: Problem) -> None:
    figures = rebalance(problem).figures
    share = np.append(figures.moved, figures.moved_items / problem.items)
    assert not (share > problem.max_change + 1e-9).any()


@settings(deadline=None, max_examples=60)
@given(problems())
def test_no_area_in_one_piece_falls_apart(problem: Problem) -> None:
    problem = replace(problem, current=np.maximum(problem.current, 0), max_distance=None)
    before, after = pieces(problem, problem.current), pieces(problem, rebalance(problem).area_of)
    one = problem.contiguous & (before == 1) & ~problem.locked
    assert (after[one] <= 1).all()


def test_held_pieces_are_not_joined_through_the_middle_of_an_area_that_is_held_at_both_ends() -> (
    None
):
    problem = lattice(3, 3, 2, np.ones((9, 1)))
    problem = replace(
        problem,
        current=np.array([0, 1, 0, 0, 1, 0, 0, 1, 0], np.int32),
        held=np.array([0, 1, 0, 1, 0, 1, 0, 1, 0], bool),
        contiguous=np.ones(2, bool),
    )
    assert pieces(problem, problem.current).tolist() == [2, 1]
    assert pieces(problem, rebalance(problem).area_of).tolist() == [2, 1]


@settings(deadline=None, max_examples=20)
@given(problems())
def test_the_same_seed_gives_the_same_plan(problem: Problem) -> None:
    assert (rebalance(problem, seed=3).area_of == rebalance(problem, seed=3).area_of).all()


def test_areas_come_back_into_their_bands_with_little_more_than_must_cross() -> None:
    problem = shaken()
    bound = flow_bound(problem)
    figures = rebalance(problem).figures
    assert figures.largest_deviation <= 0.05
    assert bound.missed[0] == 0
    assert bound.leaves[0] - 1e-9 <= figures.moved[0] <= 1.35 * bound.crosses[0]


def test_nothing_moves_where_everything_is_in_its_band() -> None:
    problem = shaken(0.03)
    found = rebalance(problem)
    assert (found.area_of == problem.current).all()
    assert found.figures.moved_items == 0


def test_what_touches_no_other_area_stays_where_it_is() -> None:
    problem = shaken(0.0)
    island = problem.items - 1
    apart = (problem.edges == island).any(axis=1)
    current = problem.current.copy()
    current[island] = 0
    found = rebalance(replace(problem, current=current, barriers=apart))
    assert (found.area_of == current).all()


def test_what_is_unassigned_gets_an_area() -> None:
    problem = shaken(0.0)
    gaps = problem.current.copy()
    gaps[[5, 6, 100]] = -1
    found = rebalance(replace(problem, current=gaps))
    assert (found.area_of >= 0).all()
    assert found.figures.moved_items == 0


def test_caps_are_met_together_with_the_balance() -> None:
    problem = shaken(0.0)
    doors = np.zeros(problem.items)
    doors[problem.current == 1] = 1.0
    most = np.full(4, 40.0)
    cap = Limit("doors", doors, np.full(4, np.nan), most)
    wide = replace(KEEP, tolerance=0.4)
    found = rebalance(replace(problem, limits=(cap,)), objective=wide)
    assert np.bincount(found.area_of, doors, 4).max() <= 40
    assert found.figures.largest_deviation <= 0.4


def test_two_measures_come_into_their_bands_at_once() -> None:
    columns, rows = 24, 16
    x, y = np.tile(np.arange(columns), rows) / columns, np.repeat(np.arange(rows), columns) / rows
    weights = np.column_stack([1 + 0.4 * x, 1.2 - 0.3 * x + 0.1 * y])
    found = rebalance(lattice(columns, rows, 4, weights), objective=replace(KEEP, tolerance=0.1))
    assert found.figures.largest_deviation <= 0.1


def test_a_measure_that_counts_nothing_does_not_matter() -> None:
    columns, rows = 12, 6
    weights = np.column_stack([np.ones(72), np.arange(72.0)])
    problem = lattice(columns, rows, 3, weights, importance=np.array([1.0, 0.0]))
    assert rebalance(problem).figures.moved_items == 0


def test_items_out_of_reach_of_a_center_are_not_taken() -> None:
    problem = shaken(centers=np.array([[3.0, 5], [9, 5], [15, 5], [21, 5]]), max_distance=8.0)
    found = rebalance(problem)
    away = np.sqrt(((problem.xy - problem.centers[found.area_of]) ** 2).sum(axis=1))
    assert away.max() <= 8.0


def test_a_run_ends_when_the_rule_says_so_and_keeps_the_best() -> None:
    found = rebalance(shaken(), stop=MaxIterations(0))
    assert found.figures.stopped == "iterations"
    assert (found.area_of == shaken().current).all()


def test_what_is_told_may_abandon_the_run() -> None:
    def told(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebalance(shaken(), told=told)


def test_every_slice_of_work_is_told() -> None:
    heard: list[int] = []
    found = rebalance(shaken(), told=lambda progress, _: heard.append(progress.iterations))
    assert heard == sorted(heard)
    assert heard[-1] == found.figures.iterations


def test_a_plan_without_a_map_is_balanced_too() -> None:
    n = 60
    problem = lattice(n, 1, 3, np.random.default_rng(1).integers(1, 9, (n, 1)).astype(float))
    table = replace(
        problem,
        edges=np.zeros((0, 2), np.int32),
        length=np.zeros(0),
        barriers=np.zeros(0, np.bool_),
        contiguous=np.zeros(3, np.bool_),
        xy=np.zeros((n, 2)),
    )
    found = rebalance(table, objective=Objective(continuity=1.0, tolerance=0.05))
    assert found.figures.largest_deviation <= 0.06
