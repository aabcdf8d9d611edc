"""What bad or hard input gets: a named issue and the best that can be done, never a hang."""

from __future__ import annotations

import numpy as np
import pytest
from countries import grid, grid_edges

from tp_geo.optimize import BAND, Border, Limit, MaxIterations, Objective, Problem, solve
from tp_geo.optimize.costs import moves_of

QUICK = MaxIterations(20_000)


def named(solution) -> set[str]:
    return {issue.name for issue in solution.figures.issues}


def test_no_items_and_no_areas_are_said():
    empty = Problem(
        np.empty((0, 2), np.int32),
        np.empty((0, 2)),
        np.empty((0, 1)),
        np.ones((3, 1)),
        np.empty(0, np.int32),
        np.empty(0, np.bool_),
    )
    assert named(solve(empty)) == {"no-items"}
    assert "no-areas" in named(solve(grid(3, 0)))


def test_one_area_takes_everything():
    solution = solve(grid(4, 1))
    assert (solution.area_of == 0).all()
    assert solution.figures.largest_deviation == 0
    assert solution.figures.issues == ()


def test_more_areas_than_items_leaves_some_empty():
    solution = solve(grid(2, 7))
    assert len(set(solution.area_of.tolist())) == 4
    assert "more-areas-than-items" in named(solution)


def test_targets_that_do_not_add_up_are_named_and_met_by_their_shares():
    solution = solve(grid(8, 2, targets=np.array([[30.0], [90.0]])), stop=QUICK)
    assert named(solution) == {"targets-do-not-add-up"}
    assert solution.figures.totals.ravel().tolist() == [16, 48]


def test_targets_that_do_not_matter_take_the_rest():
    targets = np.array([[10.0], [np.nan], [np.nan]])
    solution = solve(grid(8, 3, targets=targets), stop=QUICK)
    assert solution.figures.totals[0] == 10
    assert solution.figures.totals.min() > 0
    assert solution.figures.issues == ()


def test_an_area_without_any_target_is_only_shaped():
    solution = solve(grid(8, 3, targets=np.full((3, 1), np.nan)), stop=QUICK)
    assert solution.figures.split == ()
    assert (np.bincount(solution.area_of) > 5).all()
    assert solution.figures.largest_deviation == 0


def test_a_measure_of_nothing_is_named():
    weights = np.column_stack([np.ones(36), np.zeros(36)])
    solution = solve(grid(6, 3, weights=weights, targets=np.full((3, 2), 12.0)), stop=QUICK)
    assert "all-zero" in named(solution)
    assert solution.figures.totals[:, 0].tolist() == [12, 12, 12]


def test_a_giant_item_is_named_with_the_target_that_could_be_met():
    weights = np.ones((36, 1))
    weights[7] = 100
    targets = np.full((3, 1), 135 / 3)
    solution = solve(grid(6, 3, weights=weights, targets=targets), stop=QUICK)
    (issue,) = (i for i in solution.figures.issues if i.name == "item-too-large")
    assert issue.items == (7,)
    assert "100" in issue.text
    assert solution.figures.lower_bounds[0] == pytest.approx(100 / 45 - 1)
    assert solution.figures.largest_deviation >= 100 / 45 - 1


def test_held_items_above_a_target_are_named():
    current, held = np.full(36, -1, np.int32), np.zeros(36, np.bool_)
    current[:18], held[:18] = 0, True
    solution = solve(grid(6, 3, current=current, held=held), stop=QUICK)
    assert "held-too-much" in named(solution)
    assert solution.figures.totals.ravel().tolist() == [18, 9, 9]
    assert solution.figures.lower_bounds[0] == pytest.approx(0.5)


def test_what_is_locked_neither_takes_nor_gives_and_the_rest_is_balanced():
    current = np.full(64, -1, np.int32)
    current[:8] = 2
    solution = solve(grid(8, 3, current=current, locked=np.array([False, False, True])), stop=QUICK)
    assert (np.flatnonzero(solution.area_of == 2) == np.arange(8)).all()
    assert solution.figures.totals.ravel().tolist() == [28, 28, 8]


def test_held_pieces_of_an_area_are_joined_by_a_way():
    current, held = np.full(64, -1, np.int32), np.zeros(64, np.bool_)
    current[[0, 63]], held[[0, 63]] = 0, True
    solution = solve(grid(8, 3, current=current, held=held), stop=QUICK)
    assert solution.figures.split == ()
    assert (solution.area_of[[0, 63]] == 0).all()


def test_what_is_held_unassigned_stays_unassigned():
    held = np.zeros(64, np.bool_)
    held[27:29] = True
    solution = solve(grid(8, 2, held=held), stop=QUICK)
    assert (solution.area_of[held] == -1).all()
    assert (solution.area_of[~held] >= 0).all()
    assert solution.figures.totals.ravel().tolist() == [31, 31]


def test_a_country_in_two_parts_is_named_and_no_area_spans_them_without_need():
    edges = grid_edges(8)
    apart = edges[(edges[:, 0] < 32) == (edges[:, 1] < 32)]
    solution = solve(grid(8, 4, edges=apart), stop=QUICK)
    assert "disconnected" in named(solution)
    assert solution.figures.split == ()
    assert solution.figures.largest_deviation == 0


def test_a_barrier_is_not_crossed():
    edges = grid_edges(8)
    wall = (edges[:, 0] < 32) & (edges[:, 1] >= 32)
    solution = solve(grid(8, 2, barriers=wall), stop=QUICK)
    assert len(set(solution.area_of[:32].tolist())) == 1
    assert len(set(solution.area_of[32:].tolist())) == 1


def test_points_without_borders_are_balanced_by_nearness():
    solution = solve(grid(10, 4, edges=np.empty((0, 2), np.int32)), stop=QUICK)
    assert solution.figures.largest_deviation == 0
    assert solution.figures.radius_m < 2400


def test_items_without_a_place_are_balanced_all_the_same():
    random = np.random.default_rng(3)
    weights = random.lognormal(0, 1, (100, 2))
    problem = grid(
        10,
        5,
        edges=np.empty((0, 2), np.int32),
        xy=np.zeros((100, 2)),
        weights=weights,
        targets=np.tile(weights.sum(axis=0) / 5, (5, 1)),
        contiguous=np.zeros(5, np.bool_),
    )
    assert solve(problem, stop=QUICK).figures.largest_deviation < 0.02


def test_limits_are_met_together_with_the_balance():
    count = np.zeros(100)
    count[:40] = 1
    limit = Limit("branches", count, np.full(4, 2.0), np.full(4, 16.0))
    solution = solve(grid(10, 4, limits=(limit,)), objective=BAND)
    held = np.bincount(solution.area_of, count, 4)
    assert held.min() >= 2
    assert held.max() <= 16
    assert solution.figures.split == ()
    assert "limit-not-met" not in named(solution)


def test_a_limit_that_cannot_be_met_is_named():
    limit = Limit("rooms", np.ones(36), np.full(3, np.nan), np.full(3, 10.0))
    solution = solve(grid(6, 3, limits=(limit,)), stop=QUICK)
    assert "limit-not-met" in named(solution)
    assert solution.figures.binding == ("rooms",)


def test_areas_lie_about_their_pinned_centers():
    centers = np.array([[0.0, 0.0], [9000.0, 9000.0], [np.nan, np.nan]])
    solution = solve(grid(10, 3, centers=centers), stop=QUICK)
    assert solution.area_of[0] == 0
    assert solution.area_of[99] == 1


def test_nothing_is_given_to_a_center_that_is_too_far():
    centers = np.array([[0.0, 0.0], [9000.0, 9000.0]])
    problem = grid(10, 2, centers=centers, max_distance=9500.0)
    solution = solve(problem, stop=QUICK)
    away = np.hypot(*(problem.xy - centers[solution.area_of]).T)
    assert (away[solution.area_of >= 0] <= 9500.0).all()
    near = grid(10, 2, centers=centers, max_distance=4000.0)
    solution = solve(near, stop=QUICK)
    (issue,) = (i for i in solution.figures.issues if i.name == "beyond-distance")
    assert (solution.area_of[list(issue.items)] == -1).all()


def test_distances_of_ones_own_decide_who_is_near():
    centers = np.array([[0.0, 4500.0], [9000.0, 4500.0]])

    def only_up_and_down(to: np.ndarray, items: np.ndarray) -> np.ndarray:
        return np.abs(items[:, None, 1] - to[None, :, 1] * [[0.0, 2.0]])

    objective = Objective(balance=0, compactness=1)
    solution = solve(grid(10, 2, centers=centers, distance=only_up_and_down), objective=objective)
    assert (solution.area_of[:40] == 0).all()
    assert (solution.area_of[60:] == 1).all()


def test_borders_that_are_to_be_kept_are_kept():
    group = (np.arange(144) % 12 < 5).astype(np.int32)
    border = Border("state", group, weight=5.0)
    free = solve(grid(12, 2), objective=BAND)
    kept = solve(grid(12, 2, borders=(border,), targets=np.array([[60.0], [84.0]])), objective=BAND)
    assert free.figures.largest_deviation <= 0.05
    assert len(set(kept.area_of[group == 1].tolist())) == 1


def test_an_area_that_need_not_be_in_one_piece_may_have_several():
    current, held = np.full(64, -1, np.int32), np.zeros(64, np.bool_)
    current[[0, 7, 56, 63]], held[[0, 7, 56, 63]] = 0, True
    solution = solve(
        grid(
            8,
            3,
            current=current,
            held=held,
            targets=np.array([[4.0], [30.0], [30.0]]),
            contiguous=np.array([False, True, True]),
        ),
        stop=QUICK,
    )
    assert solution.figures.totals.ravel().tolist() == [4, 30, 30]
    assert solution.figures.parts.tolist()[1:] == [1, 1]
    assert "not-connected" not in named(solution)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("weights", np.full((9, 1), -1.0), "weights of 0 or more"),
        ("weights", np.full((9, 1), np.nan), "weights of 0 or more"),
        ("targets", np.full((2, 1), np.inf), "targets of 0 or more"),
        ("current", np.full(9, 2, np.int32), "current areas of -1 to 1"),
        ("edges", np.array([[0, 9]], np.int32), "edges between items 0 to 8"),
        ("max_change", np.array([-0.1, 0.1]), "max_change of 0 or more"),
        ("max_distance", 0.0, "max_distance above 0"),
        ("held", np.zeros(8, np.bool_), "held of shape"),
        ("limits", (Limit("x", np.ones(9), np.ones(2), np.zeros(2)),), "minimum below maximum"),
        ("borders", (Border("x", np.zeros(3, np.int32)),), "Expected border x"),
    ],
)
def test_wrong_input_is_refused_by_the_name_of_its_field(field, value, says):
    with pytest.raises(ValueError, match=says):
        grid(3, 2, **{field: value})


@pytest.mark.parametrize("times", [1.5, 3.0])
def test_what_one_giant_item_keeps_from_its_target_is_not_searched_for_again_and_again(times):
    """The giant's area is too heavy in every plan, so dearer targets would mend nothing."""
    weights = np.ones((400, 1))
    weights[210] = times * 100
    targets = np.full((4, 1), weights.sum() / 4)
    problem = grid(20, 4, weights=weights, targets=targets)
    for tolerance in (0.0, 0.05):
        objective = Objective(tolerance=tolerance)
        solution = solve(problem, objective=objective)
        assert solution.figures.iterations <= moves_of(400, 4)
        rest = np.delete(solution.figures.totals.ravel(), solution.area_of[210])
        assert np.ptp(rest) <= 0.1 * rest.mean()
