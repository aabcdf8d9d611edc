"""Designs from nothing: starts of any seed, clumps that are stirred, chains for what is left."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from countries import grid
from lattices import lattice

from tp_geo.optimize import BAND, search
from tp_geo.optimize.aims import aims_of
from tp_geo.optimize.chains import mend_worst
from tp_geo.optimize.coarse import clumps_for, clumps_of
from tp_geo.optimize.costs import costs_of
from tp_geo.optimize.graph import Graph
from tp_geo.optimize.newton import Points
from tp_geo.optimize.schedule import starts_of
from tp_geo.optimize.seeds import halved
from tp_geo.optimize.state import add_up, cost_of
from tp_geo.optimize.stir import of_clumps, stirred
from tp_geo.optimize.task import task_of


def _inertia(xy: np.ndarray, label: np.ndarray) -> float:
    return sum(
        float(((xy[label == j] - xy[label == j].mean(axis=0)) ** 2).sum()) for j in set(label)
    )


@pytest.mark.parametrize("seed", range(1, 9))
def test_no_seed_cuts_areas_into_ribbons(seed):
    xy = np.random.default_rng(0).random((4000, 2)) * [2.0, 1.0]
    weight, share = np.full(4000, 1 / 4000), np.full(256, 1 / 256)
    plain, turned = (_inertia(xy, halved(xy, weight, share, s)) for s in (0, seed))
    assert turned < 2 * plain


def _clumped() -> tuple[Any, Any, np.ndarray]:
    problem = grid(60, 8)
    graph, aims = Graph.of(problem), aims_of(problem)
    task = task_of(problem, BAND, graph, aims)
    n = len(task.xy)
    away = np.full(n, -1, np.int32)
    points = Points(
        graph.indptr,
        graph.indices,
        task.xy,
        aims.mass / aims.mass.sum(),
        task.fixed,
        away,
        away * 0.0,
    )
    found = clumps_of(points, 8)
    assert found is not None
    coarse, clump = found
    return task, of_clumps(task, np.arange(n, dtype=np.int32), clump, coarse), clump


def test_a_plan_of_clumps_costs_what_it_costs_as_one_of_items():
    task, few, clump = _clumped()
    label = halved(few.xy, np.ones(len(few.xy)), np.full(8, 1 / 8), 0)
    costs = costs_of(task, BAND, label[clump], 1.0)
    assert math.isclose(
        search.value(few, costs, search.begin(few, label, 0)),
        search.value(task, costs, search.begin(task, label[clump], 0)),
        rel_tol=1e-9,
    )


def test_stirring_makes_a_poor_plan_of_clumps_rounder():
    _, few, _ = _clumped()
    label = (np.argsort(np.argsort(few.xy[:, 0])) * 8 // len(few.xy)).astype(np.int32)
    stirring = list(stirred(few, label, 1))
    assert _inertia(few.xy, stirring[-1]) < 0.7 * _inertia(few.xy, label)


def test_chains_carry_what_is_too_much_over_an_area_that_is_full():
    problem = lattice(30, 8, 3)
    task = task_of(problem, BAND, Graph.of(problem), aims_of(problem))
    x = np.arange(240) % 30
    label = np.where(x < 11, 0, np.where(x < 21, 1, 2)).astype(np.int32)
    label[[2 * 30 + 21, 3 * 30 + 21]] = 1
    costs = costs_of(task, BAND, label, 1.0)
    state = search.begin(task, label, 5)
    search.restart(task, costs, state)
    before = cost_of(task, costs, state)
    assert mend_worst(task, costs, state, 0, 0.06, 300, 100.0) == 0
    sizes = np.bincount(state.label, minlength=3)
    assert np.abs(sizes / 80 - 1).max() <= 0.06
    now = float(state.values[0])
    add_up(task, costs, state)
    after = cost_of(task, costs, state)
    assert math.isclose(before + now, after, rel_tol=1e-9)
    assert after < before
    assert Graph.of(problem).pieces(state.label)[0] == 3


@pytest.mark.parametrize(
    ("items", "held", "areas", "drafts"),
    [(3_330, 0, 5, 1), (133, 0, 4, 4), (3_330, 1, 5, 4), (600, 0, 60, 4), (33_300, 0, 50, 1)],
)
def test_few_items_and_held_ones_get_several_drafts(items, held, areas, drafts):
    kept = np.arange(items) < held
    assert starts_of(items, clumps_for(kept, areas)) == drafts
