"""The figures of plans that benchmarks print, on plans small enough to work out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.optimize import partitioners
from benchmarks.optimize.evaluate import border_flow, dispersion, evaluate, matched, moment, parts
from benchmarks.optimize.instances import Instance
from benchmarks.optimize.tables import Check


def strip(*weights: float) -> Instance:
    """Squares of one metre in a row, each beside the next."""
    n = len(weights)
    edges = np.column_stack([np.arange(n - 1), np.arange(1, n)]).astype(np.int32)
    xy = np.column_stack([np.arange(n), np.zeros(n)]).astype(float)
    measured = np.array(weights)[:, None]
    one = np.ones(n)
    return Instance(
        "strip", xy, edges, np.ones(n - 1), one, 4 * one, measured, ("w",), xy.astype(str)
    )


def plan(*areas: int) -> np.ndarray:
    return np.array(areas, np.int32)


def test_deviations_count_in_both_directions() -> None:
    found = evaluate(strip(1, 1, 1, 5), plan(0, 0, 0, 1), 2)
    assert found.largest == pytest.approx(0.25)
    assert found.mean == pytest.approx(0.25)
    assert found.inside == 0


def test_an_area_in_two_parts_is_split_and_an_empty_one_is_empty() -> None:
    found = evaluate(strip(1, 1, 1, 1), plan(0, 1, 0, 0), 3)
    assert (found.split, found.parts, found.empty) == (1, 1, 1)
    assert not found.sound
    assert parts(strip(1, 1, 1, 1), plan(0, 1, 0, 0), 3).tolist() == [2, 1, 0]


def test_borders_cut_edges_and_roundness_are_those_of_the_outline() -> None:
    found = evaluate(strip(1, 1, 1, 1), plan(0, 0, 1, 1), 2)
    assert (found.cut, found.border) == (1, 0.001)
    assert found.round_mean == pytest.approx(4 * np.pi * 2 / 6**2)


def test_the_radius_is_the_root_of_the_mean_squared_distance_to_the_middle() -> None:
    found = evaluate(strip(1, 1, 2), plan(0, 0, 1), 2)
    assert found.radius == pytest.approx(np.sqrt(2 * 0.25 / 4) / 1000)


def test_what_had_no_area_does_not_move_and_what_is_held_may_not() -> None:
    held = np.array([True, False, True, False])
    found = evaluate(strip(1, 1, 1, 1), plan(0, 1, 1, 1), 2, before=plan(1, -1, 1, 0), held=held)
    assert (found.moved, found.moved_units, found.wrong_locks) == (0.5, 0.5, 1)


def test_a_plan_with_unknown_areas_is_refused() -> None:
    with pytest.raises(ValueError, match="areas 0 to 1"):
        evaluate(strip(1, 1), plan(0, 2), 2)


def test_numbers_are_matched_so_that_most_weight_stays() -> None:
    weight = np.array([1.0, 1.0, 5.0])
    assert matched(plan(0, 0, 1), plan(1, 0, 0), weight, 2).tolist() == [1, 1, 0]


def test_border_flow_counts_what_crosses_each_border_it_crosses() -> None:
    weight = np.array([3.0, 1.0, 1.0, 1.0, 1.0, 2.0])
    line = strip(*weight)
    thirds = np.full(3, 3.0)
    assert border_flow(line, plan(0, 0, 1, 1, 2, 2), weight, thirds, 0) == pytest.approx(1 / 9)
    ends = np.array([6.0, 0, 0, 0, 0, 0])
    assert border_flow(line, plan(0, 0, 1, 1, 2, 2), ends, np.full(3, 2.0), 0) == pytest.approx(1)


def test_dispersion_and_moment_are_taken_to_the_best_place() -> None:
    line = strip(1, 1, 1, 4)
    assert dispersion(line.xy, plan(0, 0, 0, 1), 2) == 2
    assert moment(line.xy, line.weights[:, 0], plan(0, 0, 1, 1), 2) == 2


def test_halving_gives_areas_of_about_equal_weight() -> None:
    xy = np.random.default_rng(0).uniform(0, 1, (900, 2))
    found = partitioners.halved(xy, np.ones(900), 9)
    assert np.bincount(found).tolist() == pytest.approx([100] * 9, abs=2)


def test_a_goal_is_judged_by_the_figure_that_is_printed() -> None:
    assert Check("R", 141.04, 141.0, " km", 1).reached
    assert Check("R", 141.06, 141.0, " km", 1).ours == "**R 141.1 km**"
    assert not Check("in band", 99.4, 100, " %", 1, least=True).reached
