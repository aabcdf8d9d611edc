"""What every plan keeps, whatever is asked: no item lost, nothing held moved, no area in pieces."""

from __future__ import annotations

import numpy as np
import pytest
from countries import grid, problems
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from tp_geo.optimize import BALANCE, BAND, KEEP, MaxIterations, MaxRuntime, Problem, solve
from tp_geo.optimize.stop import Progress

QUICK = MaxIterations(3000)
objectives = st.sampled_from([BALANCE, BAND, KEEP])
starts = st.sampled_from(["auto", "present", "scratch", "centers"])


def pieces(problem: Problem, area_of: np.ndarray) -> np.ndarray:
    """Return in how many pieces each area is, by a routine that the optimizer does not use."""
    edges = problem.edges[~problem.barriers]
    kept = edges[area_of[edges[:, 0]] == area_of[edges[:, 1]]]
    n = problem.items
    links = coo_matrix((np.ones(len(kept)), (kept[:, 0], kept[:, 1])), shape=(n, n))
    piece = connected_components(links, directed=False)[1]
    owner = area_of[np.unique(piece, return_index=True)[1]]
    return np.bincount(owner[owner >= 0], minlength=problem.areas)


@given(problems(), objectives, starts, st.integers(0, 3))
@settings(deadline=None, max_examples=60)
def test_nothing_is_lost_and_what_is_held_or_locked_stays(problem, objective, start, seed):
    found = solve(problem, objective=objective, stop=QUICK, seed=seed, start=start).area_of
    locked = np.append(problem.locked, False)
    stays = problem.held | locked[problem.current]
    assert (found[stays] == problem.current[stays]).all()
    assert found.min() >= -1
    assert found.max() < problem.areas
    if (~problem.locked).any():
        assert (found[~stays] >= 0).all()
        assert not locked[found[~stays]].any()
    else:
        assert (found == problem.current).all()


@given(problems(connected=True, free=True), objectives, starts, st.integers(0, 3))
@settings(deadline=None, max_examples=60)
def test_every_area_of_a_connected_country_is_in_one_piece(problem, objective, start, seed):
    solution = solve(problem, objective=objective, stop=QUICK, seed=seed, start=start)
    assert (pieces(problem, solution.area_of) <= 1).all()
    assert solution.figures.split == ()
    assert (np.bincount(solution.area_of, minlength=problem.areas) > 0).sum() == min(
        problem.areas, problem.items
    )


@given(problems(), objectives)
@settings(deadline=None, max_examples=40)
def test_figures_and_names_say_what_the_plan_says(problem, objective):
    solution = solve(problem, objective=objective, stop=QUICK)
    assert (solution.figures.parts == pieces(problem, solution.area_of)).all()
    split = np.flatnonzero(solution.figures.parts > 1).tolist()
    named = [i.areas for i in solution.figures.issues if i.name == "not-connected"]
    assert len(problem.edges) == 0 or problem.barriers.all() or (named or [()])[0] == tuple(split)
    deviation = np.abs(solution.figures.deviation)
    for q in range(problem.measures):
        known = deviation[np.isfinite(deviation[:, q]), q]
        assert known.max(initial=np.inf) >= solution.figures.lower_bounds[q] - 1e-9


@given(problems(), objectives, starts, st.integers(0, 9))
@settings(deadline=None, max_examples=25)
def test_the_same_seed_gives_the_same_plan(problem, objective, start, seed):
    first = solve(problem, objective=objective, stop=QUICK, seed=seed, start=start)
    again = solve(problem, objective=objective, stop=QUICK, seed=seed, start=start)
    assert (first.area_of == again.area_of).all()
    assert first.figures.cost == again.figures.cost


@given(problems(free=True), st.floats(0, 0.5))
@settings(deadline=None, max_examples=30)
def test_no_more_moves_than_allowed_where_areas_are_in_one_piece(problem, share):
    whole = solve(problem, stop=QUICK).area_of
    asked = Problem(
        problem.edges,
        problem.xy,
        problem.weights,
        np.roll(problem.targets, 1, axis=0),
        whole,
        problem.held,
        barriers=problem.barriers,
        max_change=np.full(problem.measures + 1, share),
    )
    figures = solve(asked, stop=QUICK).figures
    if not any(i.name == "too-much-moves" for i in figures.issues):
        assert (figures.moved <= share + 1e-9).all()
        assert figures.moved_items <= share * problem.items + 1e-9
    elif (pieces(asked, whole) <= 1).all():
        raise AssertionError(figures.issues)


def test_a_grid_is_cut_into_equal_areas():
    solution = solve(grid(12, 4))
    assert solution.figures.largest_deviation == 0
    assert solution.figures.split == ()
    assert solution.figures.cut_edges <= 30
    assert solution.figures.stopped == "done"


def test_a_run_ends_soon_after_its_time_is_up():
    class Clock:
        def __init__(self) -> None:
            self.calls = 0

        max_runtime_s, max_iterations = 0.5, None

        def reached(self, progress: Progress) -> str:
            self.calls += 1
            return "time" if self.calls >= 3 else ""

    clock = Clock()
    solution = solve(grid(20, 10), stop=clock)
    assert clock.calls == 3
    assert solution.figures.stopped == "time"
    assert (solution.area_of >= 0).all()
    assert solution.figures.split == ()


def test_a_run_of_no_time_still_gives_a_whole_plan():
    solution = solve(grid(10, 5), stop=MaxRuntime(1e-9))
    assert solution.figures.stopped == "time"
    assert solution.figures.split == ()
    assert (np.bincount(solution.area_of, minlength=5) > 0).all()


def test_what_is_told_can_abandon_a_run_and_sees_the_cost_fall():
    class Enough(Exception):
        pass

    costs: list[float] = []

    def told(progress: Progress, area_of: np.ndarray) -> None:
        assert len(area_of) == 400
        costs.append(progress.best)
        if len(costs) == 15:
            raise Enough

    with pytest.raises(Enough):
        solve(grid(20, 10), told=told)
    assert costs == sorted(costs, reverse=True)
