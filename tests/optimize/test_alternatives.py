"""Two to four plans to choose from, none of them beaten by another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from lattices import lattice, problems

from tp_geo.optimize import MaxIterations, Problem
from tp_geo.optimize.alternatives import NAMES, alternatives, matched


def shocked() -> Problem:
    """A plan of nine areas in which the weights of one corner have doubled."""
    columns, rows = 30, 30
    x, y = np.tile(np.arange(columns), rows), np.repeat(np.arange(rows), columns)
    near = np.exp(-((x - 4) ** 2 + (y - 4) ** 2) / 60)
    current = (x // 10 + 3 * (y // 10)).astype(np.int32)
    return lattice(columns, rows, 9, (1 + near)[:, None], current=current)


def test_plans_go_from_the_fewest_changes_to_the_best_shape() -> None:
    found = alternatives(shocked())
    assert 2 <= len(found) <= 4
    assert tuple(x.label for x in found) == NAMES[len(found)]
    moved = [x.figures.moved[0] for x in found]
    assert moved == sorted(moved)
    assert all(x.figures.largest_deviation <= 0.05 + 1e-9 for x in found)
    first, last = found[0].figures, found[-1].figures
    assert last.inertia < first.inertia or last.border < first.border
    assert all(x.figures.split == () for x in found)


def test_the_same_seed_gives_the_same_plans() -> None:
    first, second = (alternatives(shocked(), seed=2) for _ in range(2))
    assert all((a.area_of == b.area_of).all() for a, b in zip(first, second, strict=True))


def test_new_areas_are_given_to_those_who_keep_most() -> None:
    problem = shocked()
    turned = np.roll(np.arange(9, dtype=np.int32), 1)[problem.current]
    assert (matched(problem, turned) == problem.current).all()


def test_areas_of_other_targets_held_items_or_places_keep_their_names() -> None:
    problem = shocked()
    held = np.zeros(problem.items, np.bool_)
    held[0] = True
    targets = problem.targets.copy()
    targets[8] *= 2
    swapped = problem.current.copy()
    swapped[problem.current == 0], swapped[problem.current == 8] = 8, 0
    for fixed in (replace(problem, held=held), replace(problem, targets=targets)):
        assert (matched(fixed, swapped) == swapped).all()


def test_a_run_that_is_stopped_gives_what_there_is() -> None:
    found = alternatives(shocked(), stop=MaxIterations(0))
    assert len(found) == 1
    assert found[0].figures.stopped == "iterations"


@settings(deadline=None, max_examples=25)
@given(problems())
def test_every_plan_keeps_what_is_held_or_locked_and_the_limit_on_changes(
    problem: Problem,
) -> None:
    locked = np.append(problem.locked, False)
    stays = problem.held | locked[problem.current]
    for found in alternatives(problem):
        figures = found.figures
        assert (found.area_of[stays] == problem.current[stays]).all()
        share = np.append(figures.moved, figures.moved_items / problem.items)
        assert not (share > problem.max_change + 1e-9).any()
