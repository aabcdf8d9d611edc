"""Areas leave, join, are split and combined with the least change elsewhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from lattices import lattice, pieces, problems

from tp_geo.optimize import Problem
from tp_geo.optimize.change import combine, fill, join, leave, split


def plain(areas: int = 4) -> Problem:
    return lattice(24, 12, areas)


def with_room(areas: int = 4) -> Problem:
    """Areas in balance, and one more that has nothing yet but a place to be."""
    problem = plain(areas)
    targets = np.full((areas + 1, 1), problem.items / (areas + 1))
    return replace(
        problem,
        targets=targets,
        locked=np.zeros(areas + 1, np.bool_),
        contiguous=np.ones(areas + 1, np.bool_),
        centers=np.concatenate([np.full((areas, 2), np.nan), [[0.0, 0.0]]]),
    )


def test_who_stays_takes_over_what_an_area_that_leaves_had() -> None:
    problem = plain()
    found = leave(problem, 1)
    after = found.area_of
    assert set(after.tolist()) == {0, 2, 3}
    assert np.ptp(np.bincount(after, minlength=4)[[0, 2, 3]]) <= 0.1 * problem.items / 3
    assert (pieces(problem, after) <= 1).all()
    gone = problem.current == 1
    assert (after != problem.current)[~gone].mean() < 0.3


def test_what_is_held_stays_with_an_area_that_leaves() -> None:
    problem = plain()
    held = np.zeros(problem.items, np.bool_)
    held[np.flatnonzero(problem.current == 1)[:3]] = True
    after = leave(replace(problem, held=held), 1).area_of
    assert np.flatnonzero(after == 1).tolist() == np.flatnonzero(held).tolist()


def test_an_area_that_joins_gets_its_share_around_its_home() -> None:
    problem = with_room()
    found = join(problem, 4)
    assert found.figures.largest_deviation <= 0.05
    assert found.area_of[0] == 4
    assert found.figures.split == ()
    assert found.figures.moved[0] < 0.6


def test_an_area_is_split_in_two_and_no_other_changes() -> None:
    problem = with_room()
    targets = np.array([72.0, 36, 72, 72, 36])[:, None]
    found = split(replace(problem, targets=targets, centers=None), 1, 4)
    before, after = problem.current, found.area_of
    assert (after[before != 1] == before[before != 1]).all()
    assert set(after[before == 1].tolist()) == {1, 4}
    assert np.bincount(after, minlength=5)[[1, 4]].tolist() == pytest.approx([36, 36], abs=2)
    assert found.figures.split == ()


def test_a_split_keeps_what_is_held() -> None:
    problem = with_room()
    held = problem.current == 1
    held[np.flatnonzero(held)[5:]] = False
    found = split(replace(problem, held=held, centers=None), 1, 4)
    assert (found.area_of[held] == 1).all()


def test_a_split_needs_an_empty_area() -> None:
    with pytest.raises(ValueError, match="empty area"):
        split(plain(), 1, 2)


def test_two_areas_are_combined_and_no_other_changes() -> None:
    problem = plain()
    found = combine(problem, 1, 2)
    before, after = problem.current, found.area_of
    assert (after[before == 2] == 1).all()
    assert (after[before != 2] == before[before != 2]).all()
    assert found.figures.deviation[1, 0] == 0


def test_an_area_is_not_combined_with_itself() -> None:
    with pytest.raises(ValueError, match="two areas"):
        combine(plain(), 1, 1)


@pytest.mark.parametrize("change", [leave, join])
def test_a_locked_area_does_not_change(change: object) -> None:
    problem = replace(plain(), locked=np.array([False, True, False, False]))
    with pytest.raises(ValueError, match="unlock"):
        change(problem, 1)  # type: ignore[operator]


def test_an_area_that_is_not_there_is_named() -> None:
    with pytest.raises(ValueError, match="0 to 3, got 4"):
        leave(plain(), 4)


@settings(deadline=None, max_examples=30)
@given(problems())
def test_leaving_loses_nothing_and_moves_nothing_held(problem: Problem) -> None:
    open_ = np.flatnonzero(~problem.locked)
    if len(open_) < 2:
        return
    area, free = int(open_[0]), np.full(problem.measures + 1, np.nan)
    problem = replace(problem, max_change=free, max_distance=None)
    after = leave(problem, area).area_of
    locked = np.append(problem.locked, False)
    stays = problem.held | locked[problem.current]
    assert (after[stays] == problem.current[stays]).all()
    assert (after[~stays] != area).all()
    assert (after[~stays] >= 0).all()


@settings(deadline=None, max_examples=30)
@given(problems())
def test_filling_gives_every_free_item_an_area(problem: Problem) -> None:
    if problem.locked.all():
        return
    after = fill(replace(problem, max_distance=None)).area_of
    assert (after[~problem.held] >= 0).all()
