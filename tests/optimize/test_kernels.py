"""The parts below a run: arithmetic, graphs, cuts, diagrams and the search's bookkeeping."""

from __future__ import annotations

import math

import numpy as np
from countries import grid, grid_edges, problems
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.optimize import BAND, search
from tp_geo.optimize.aims import aims_of
from tp_geo.optimize.arithmetic import below, exp_minus, fraction, log_of, seeded
from tp_geo.optimize.costs import costs_of
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.pieces import can_leave
from tp_geo.optimize.run import POINTS, Run
from tp_geo.optimize.search import Phase, area_of, begin
from tp_geo.optimize.seeds import halved
from tp_geo.optimize.start import drafts
from tp_geo.optimize.state import add_up, cost_of, find_rim
from tp_geo.optimize.task import task_of
from tp_geo.optimize.warm import problems as warming


@given(st.floats(0, 690))
@settings(deadline=None)
def test_exponentials_are_those_of_the_library(x):
    assert math.isclose(exp_minus(x), math.exp(-x), rel_tol=1e-13)


@given(st.floats(1e-6, 1e6))
@settings(deadline=None)
def test_logarithms_are_those_of_the_library(x):
    assert math.isclose(log_of(x), math.log(x), rel_tol=1e-12, abs_tol=1e-12)


def test_random_numbers_start_at_their_seed_and_fill_their_range():
    state = seeded(7)
    drawn = [below(state, 6) for _ in range(600)]
    assert set(drawn) == set(range(6))
    assert drawn[:5] == [below(again, 6) for again in [seeded(7)] for _ in range(5)]
    assert 0 <= min(fraction(state) for _ in range(100)) < 0.1


def test_pairs_given_twice_are_one_border_and_barriers_none():
    edges = np.array([[0, 1], [1, 0], [1, 2], [2, 2]], np.int32)
    graph = Graph.from_edges(4, edges, np.array([1.0, 2.0, 5.0, 9.0]))
    assert graph.indptr.tolist() == [0, 1, 3, 4, 4]
    assert graph.indices.tolist() == [1, 0, 2, 1]
    assert graph.length.tolist() == [3, 3, 5, 5]
    assert graph.pieces()[0] == 2
    barred = grid(2, 1, barriers=np.array([True, False, False, False]))
    assert len(Graph.of(barred).indices) == 6


@given(st.integers(1, 40), st.integers(0, 5))
@settings(deadline=None, max_examples=20)
def test_links_hold_pieces_together(n, seed):
    xy = np.random.default_rng(seed).integers(0, 4, (n, 2)).astype(np.float64)
    alone = Graph.from_edges(n, np.empty((0, 2), np.int32), np.empty(0))
    assert alone.with_links(xy).pieces()[0] == 1


@given(st.integers(1, 9), st.integers(0, 99))
@settings(deadline=None, max_examples=20)
def test_cuts_have_the_shares_asked_for(k, seed):
    random = np.random.default_rng(seed)
    share = random.uniform(1, 3, k)
    found = halved(random.random((2000, 2)), np.full(2000, 1 / 2000), share / share.sum(), seed)
    part = np.bincount(found, minlength=k) / 2000
    assert np.abs(part - share / share.sum()).max() < 0.005


def test_a_diagram_is_balanced_and_rounder_than_the_cuts_it_starts_from():
    problem = grid(30, 7)
    aims, graph = aims_of(problem), Graph.of(problem)
    task = task_of(problem, BAND, graph, aims)
    plans = list(drafts(task, aims, graph, 3))
    sizes = np.bincount(plans[-1].label, minlength=7)
    assert np.abs(sizes / (900 / 7) - 1).max() < 0.06
    assert graph.pieces(plans[-1].label)[0] <= 9


@given(problems(), st.integers(0, 99))
@settings(deadline=None, max_examples=40)
def test_the_sums_a_search_keeps_are_those_of_its_labels(problem, seed):
    graph, aims = Graph.of(problem), aims_of(problem)
    task = task_of(problem, BAND, graph, aims)
    given = np.where(task.fixed, task.home, np.maximum(problem.current, 0))
    label = given.astype(np.int32)
    costs = costs_of(task, BAND, label, 1.0)
    state = begin(task, label, seed)
    add_up(task, costs, state)
    start = cost_of(task, costs, state)
    search.anneal(task, state, Phase(costs, 999, 5.0, 1.0, swaps=0.5), costs, Run())
    kept = state.totals.copy(), state.balance.copy(), state.shape.copy(), state.rim.copy()
    size, now = int(state.numbers[0]), float(state.values[0])
    add_up(task, costs, state)
    assert np.allclose(kept[0], state.totals)
    assert np.allclose(kept[1], state.balance)
    assert np.allclose(kept[2], state.shape, atol=1e-6)
    assert math.isclose(start + now, cost_of(task, costs, state), rel_tol=1e-6, abs_tol=1e-6)
    find_rim(task, state)
    assert set(kept[3][:size].tolist()) == set(state.rim[: int(state.numbers[0])].tolist())


@given(problems(connected=True, free=True), st.integers(0, 99))
@settings(deadline=None, max_examples=40)
def test_an_item_may_leave_exactly_where_its_piece_stays_whole(problem, seed):
    graph, aims = Graph.of(problem), aims_of(problem)
    task = task_of(problem, BAND, graph, aims)
    random = np.random.default_rng(seed)
    label = random.integers(0, problem.areas, problem.items).astype(np.int32)
    state = begin(task, label, 0)
    add_up(task, costs_of(task, BAND, label, 1.0), state)
    for i in range(problem.items):
        rest = label.copy()
        rest[i] = -1
        beside = graph.indices[graph.indptr[i] : graph.indptr[i + 1]]
        around = graph.pieces(rest)[1][beside[label[beside] == label[i]]]
        whole = len(set(around.tolist())) <= 1 and (label == label[i]).sum() > 1
        assert can_leave(task, state, i) == whole


def test_a_trace_stays_short_and_ends_at_the_end():
    run = Run()
    for turn in range(5 * POINTS):
        assert run.goes_on(np.zeros(1, np.int32), 1e6 - turn, 10)
    assert len(run.trace) <= POINTS + 1
    assert run.trace[-1][1] == 50 * POINTS
    assert run.trace[0][1] == 10


def test_labels_of_nobody_are_unassigned():
    problem = grid(2, 2)
    task = task_of(problem, BAND, Graph.of(problem), aims_of(problem))
    assert area_of(task, np.array([0, 1, 2, 2], np.int32)).tolist() == [0, 1, -1, -1]


def test_the_problems_that_compile_kernels_are_sound():
    for problem in warming():
        assert len(problem.edges) == len(grid_edges(6))
