"""Few items an area: trees, cut borders, centers at items, and what can't be better."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lattices import lattice, problems

from tp_geo.optimize import MaxIterations, Objective, Problem, Solution, solve
from tp_geo.optimize.aims import aims_of
from tp_geo.optimize.bounds import lower_bounds
from tp_geo.optimize.exact import shares
from tp_geo.optimize.figures import measured, parts_of, totals_of
from tp_geo.optimize.fresh import drafted
from tp_geo.optimize.granular import fewest_cuts, least_dispersion, least_inertia
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.mixing import Mix, anneal, strict_cost, within
from tp_geo.optimize.proof import prove
from tp_geo.optimize.run import Run
from tp_geo.optimize.task import task_of

FEW = MaxIterations(3000)


def every_plan(problem: Problem) -> list[np.ndarray]:
    """Return all plans of a tiny problem that are in one piece and keep what is held."""
    graph = Graph.of(problem)
    found = []
    for plan in itertools.product(range(problem.areas), repeat=problem.items):
        area_of = np.array(plan, np.int32)
        if (area_of[problem.held] != problem.current[problem.held]).any():
            continue
        if (parts_of(graph, area_of, problem.areas) <= 1).all():
            found.append(area_of)
    return found


@given(problems(), st.integers(0, 9))
@settings(deadline=None, max_examples=25)
def test_annealing_with_trees_keeps_all_that_must_be_kept(problem: Problem, seed: int) -> None:
    graph, aims = Graph.of(problem), aims_of(problem)
    task = task_of(problem, Objective(tolerance=0.1), graph, aims)
    costs = within(task, 100.0, shape=1.0, border=1.0)
    label = drafted(task, aims, graph, seed)
    before = parts_of(graph, np.where(label == problem.areas, -1, label), problem.areas)
    mix = Mix(60, 5, 1.0, 0.1)
    after, cost = anneal(task, costs, label, mix, seed, Run())
    assert cost <= strict_cost(task, costs, label)
    assert cost == pytest.approx(strict_cost(task, costs, after))
    assert (after[task.fixed] == label[task.fixed]).all()
    pieces = parts_of(graph, np.where(after == problem.areas, -1, after), problem.areas)
    assert (pieces[problem.contiguous] <= np.maximum(before, 1)[problem.contiguous]).all()
    again, _ = anneal(task, costs, label, mix, seed, Run())
    assert (again == after).all()


@given(st.integers(0, 2**16))
@settings(deadline=None, max_examples=15)
def test_bounds_are_never_above_the_best_plan(seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.choice([1.0, 2.0, 3.0, 7.0, 20.0], (9, 1))
    held = rng.random(9) < 0.2
    problem = lattice(3, 3, 2, weights, held=held)
    share = rng.uniform(0.3, 0.7)
    total = weights.sum()
    problem = replace(problem, targets=np.array([[share * total], [(1 - share) * total]]))
    best = min(measured(problem, plan).largest_deviation for plan in every_plan(problem))
    assert lower_bounds(problem)[0] <= best + 1e-12


def test_an_item_heavier_than_a_target_is_the_bound() -> None:
    weights = np.ones((12, 1))
    weights[5] = 13.0
    problem = lattice(4, 3, 4, weights)
    assert lower_bounds(problem)[0] == pytest.approx(13 / 6 - 1)


def test_whole_items_that_cannot_be_divided_evenly_are_the_bound() -> None:
    problem = lattice(5, 1, 2, np.full((5, 1), 4.0))
    assert lower_bounds(problem)[0] == pytest.approx(0.2)


def test_parts_of_the_map_that_do_not_touch_are_the_bound() -> None:
    problem = lattice(6, 1, 2)
    cut = replace(problem, barriers=np.array([False, True, False, False, False]))
    assert lower_bounds(cut)[0] == pytest.approx(1 / 3)


def test_what_may_change_is_the_bound() -> None:
    current = np.array([0, 0, 0, 0, 0, 0, 0, 1], np.int32)
    problem = lattice(8, 1, 2, current=current, max_change=np.array([0.125, np.nan]))
    assert lower_bounds(problem)[0] == pytest.approx(0.5)


def test_fewest_cuts_divides_a_square_straight() -> None:
    problem = lattice(6, 6, 2)
    plan = fewest_cuts(problem, tolerance=0.0, stop=MaxIterations(20_000))
    assert plan.figures.cut_edges == 6
    assert plan.figures.largest_deviation == 0.0
    assert not plan.figures.split


@pytest.mark.parametrize("find", [fewest_cuts, least_dispersion, least_inertia])
def test_plans_keep_bands_and_pieces_and_are_the_same_by_seed(find) -> None:
    rng = np.random.default_rng(1)
    problem = lattice(8, 6, 4, rng.integers(5, 9, (48, 1)).astype(float))
    plans = [find(problem, tolerance=0.1, stop=MaxIterations(60_000), seed=3) for _ in range(2)]
    assert (plans[0].area_of == plans[1].area_of).all()
    assert plans[0].figures.largest_deviation <= 0.1 + 1e-9
    assert not plans[0].figures.split


def test_least_inertia_finds_the_best_of_all_plans() -> None:
    rng = np.random.default_rng(4)
    problem = lattice(4, 2, 2, rng.integers(3, 6, (8, 1)).astype(float))

    def cost(plan: np.ndarray) -> float:
        way = ((problem.xy[:, None] - problem.xy[None]) ** 2).sum(axis=2) * problem.weights
        return sum(way[np.ix_(own, own)].sum(axis=0).min() for own in groups(plan))

    def groups(plan: np.ndarray) -> list[np.ndarray]:
        return [np.flatnonzero(plan == j) for j in range(2) if (plan == j).any()]

    fit = [p for p in every_plan(problem) if measured(problem, p).largest_deviation <= 0.25]
    plan = least_inertia(problem, tolerance=0.25)
    assert cost(plan.area_of) == pytest.approx(min(cost(p) for p in fit))


@given(st.integers(0, 2**16))
@settings(deadline=None, max_examples=10)
def test_the_proof_is_never_above_the_best_plan(seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = lattice(4, 2, 2, rng.integers(1, 9, (8, 1)).astype(float))
    plans = every_plan(problem)
    start = min(plans, key=lambda p: measured(problem, p).largest_deviation)
    figures = measured(problem, start)
    gap = prove(problem, Solution(start, figures), stop=MaxIterations(600))
    way = ((problem.xy[:, None] - problem.xy[None]) ** 2).sum(axis=2) * problem.weights
    fit = [p for p in plans if measured(problem, p).largest_deviation <= figures.largest_deviation]
    best = min(
        sum(way[:, own][own].sum(axis=0).min() for own in (p == 0, p == 1) if own.any())
        for p in fit
    )
    assert gap.bound <= best * (1 + 1e-9)
    assert 0 <= gap.share <= 1


def test_a_proof_tells_how_far_it_is_and_ends_when_asked() -> None:
    problem = lattice(8, 8, 4)
    heard: list[float] = []
    gap = prove(
        problem,
        solve(problem, stop=FEW),
        stop=MaxIterations(30),
        told=lambda progress, _: heard.append(progress.best),
    )
    assert len(heard) == gap.steps <= 30
    assert heard == sorted(heard, reverse=True)


def test_shares_keep_bands_and_held_items() -> None:
    held = np.zeros(12, np.bool_)
    held[0] = True
    problem = lattice(4, 3, 2, held=held)
    task = task_of(problem, Objective(tolerance=0.1), Graph.of(problem), aims_of(problem))
    way = ((problem.xy[:, None] - problem.xy[None, [3, 8]]) ** 2).sum(axis=2)
    found = shares(task, way)
    assert found is not None
    assert found.label[0] == problem.current[0]
    assert abs(totals_of(problem.weights, found.label, 2)[:, 0] - 6).max() <= 1
