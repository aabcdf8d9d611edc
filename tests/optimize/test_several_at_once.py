"""Several measures at once: clumps, then items; areas in one piece, straight, in their bands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from countries import grid
from hypothesis import given, settings
from hypothesis import strategies as st

from tp_geo.optimize import BALANCE, MaxIterations, Objective, Problem, search, solve
from tp_geo.optimize.aims import aims_of
from tp_geo.optimize.costs import several
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.run import Run
from tp_geo.optimize.several import by_clumps, narrowed, within
from tp_geo.optimize.task import task_of

BANDED = Objective(tolerance=0.05)


def tilted(side: int, k: int, slope: float, seed: int = 0) -> Problem:
    """Return a square with a measure that grows to the east and one that grows to the west."""
    random, n = np.random.default_rng(seed), side * side
    east = (np.arange(n) % side) / (side - 1) - 0.5
    weights = np.column_stack([1 + slope * east, 1 - slope * east])
    weights *= random.lognormal(0, 0.3, weights.shape)
    return grid(side, k, weights=weights, targets=np.tile(weights.sum(axis=0) / k, (k, 1)))


def test_measures_that_agree_come_into_their_bands_and_areas_stay_round():
    problem = tilted(60, 6, 0.05)
    both = solve(problem, objective=BANDED)
    alone = solve(replace(problem, importance=np.array([1.0, 0.0])), objective=BANDED)
    assert both.figures.largest_deviation <= 0.05
    assert both.figures.split == ()
    assert cut(problem, both.area_of) < 1.5 * cut(problem, alone.area_of)


def test_measures_that_pull_apart_make_long_areas_but_not_frayed_ones():
    """Bands from west to east meet both targets: six of them part 5 x 60 pairs of neighbors."""
    problem = tilted(60, 6, 1.0)
    found = solve(problem, objective=BANDED)
    assert found.figures.largest_deviation <= 0.1
    assert found.figures.split == ()
    assert cut(problem, found.area_of) < 600


@given(st.integers(0, 99), st.sampled_from([0.0, 0.05]), st.booleans())
@settings(deadline=None, max_examples=8)
def test_nothing_is_lost_what_is_locked_stays_and_the_same_seed_gives_the_same(seed, band, locked):
    problem = tilted(24, 3, 0.8, seed)
    if locked:
        current = np.where(np.arange(problem.items) < 48, 0, -1).astype(np.int32)
        problem = replace(problem, current=current, locked=np.array([True, False, False]))
    ways = [
        solve(
            problem,
            objective=Objective(tolerance=band),
            stop=MaxIterations(200_000),
            seed=seed,
            start="scratch",
        )
        for _ in range(2)
    ]
    assert np.array_equal(ways[0].area_of, ways[1].area_of)
    assert (ways[0].area_of >= 0).all()
    assert ways[0].figures.split == ()
    if locked:
        assert (ways[0].area_of[:48] == 0).all() and (ways[0].area_of[48:] > 0).all()


@pytest.mark.parametrize(
    "asked",
    [
        {"max_change": np.full(3, 0.1)},
        {"held": np.arange(3600) < 3, "current": np.where(np.arange(3600) < 3, 0, -1)},
    ],
    ids=["what may change is limited", "some items are held"],
)
def test_there_are_no_clumps_where_items_are_not_alike(asked):
    assert not searched_by_clumps(replace(tilted(60, 6, 0.5), **asked))
    assert searched_by_clumps(tilted(60, 6, 0.5))


def test_bands_of_measures_are_narrowed_and_limits_are_not():
    problem = tilted(12, 3, 0.5)
    task = task_of(problem, BANDED, Graph.of(problem), aims_of(problem))
    assert several(task)
    assert not several(task._replace(counts=np.array([1.0, 0.0])))
    half, wide = narrowed(task, 0.5), within(task, 0.2)
    assert np.allclose((half.high - task.target)[:-1], 0.5 * (task.high - task.target)[:-1])
    assert np.allclose(wide.low[:-1], 0.8 * task.target[:-1])


def searched_by_clumps(problem: Problem) -> bool:
    graph, aims = Graph.of(problem), aims_of(problem)
    task = task_of(problem, BALANCE, graph, aims)
    label = (np.arange(problem.items) * problem.areas // problem.items).astype(np.int32)
    label[problem.held] = 0
    state = search.begin(task, label, 0)
    return by_clumps(task, BALANCE, aims, graph, state, 0, Run(MaxIterations(1000)))


def cut(problem: Problem, area_of: np.ndarray) -> int:
    sides = area_of[problem.edges]
    return int((sides[:, 0] != sides[:, 1]).sum())
