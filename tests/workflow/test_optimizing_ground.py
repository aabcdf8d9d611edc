"""Where items lie when they are optimized: water, homes, seeds, borders, barriers, roads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from optimized import PEOPLE, applied, found, give, held_by, request, row
from writing import ANA, area

from tp_geo.domain.commands import Change
from tp_geo.domain.hierarchy import Focus
from tp_geo.errors import BadData, Refused
from tp_geo.geometry.earth import distance_m
from tp_geo.workflow.optimizing import Cap, Way
from tp_geo.workflow.optimizing_ground import WATER_M, ground_of
from tp_geo.workflow.optimizing_problem import problem_of, setting_of
from tp_geo.workflow.optimizing_roads import ROADS, roads_from
from tp_geo.workflow.plan import Plan

SAN_FRANCISCO, NEW_YORK, DALLAS = (-122.4, 37.8), (-74.0, 40.7), (-96.8, 32.8)


def places(plan: Plan) -> tuple:
    return tuple(
        (area(plan, name), *at)
        for name, at in (("West", SAN_FRANCISCO), ("East", NEW_YORK), ("South", DALLAS))
    )


def position(plan: Plan, *codes: str) -> list[int]:
    return [plan.dataset.containers[c] for c in codes]


def test_distances_are_nearly_those_on_the_earth(plan: Plan) -> None:
    frame = setting_of(plan, request(plan)).frame
    xy, lonlat = ground_of(frame).xy, plan.boundaries.xy
    for one, other in (("CA", "NV"), ("WA", "FL"), ("ME", "TX")):
        i, j = position(plan, one, other)
        true = distance_m(lonlat[[i]], lonlat[[j]])[0]
        assert np.linalg.norm(xy[i] - xy[j]) == pytest.approx(true, rel=0.04)


def test_islands_far_off_are_drawn_near_unless_areas_are_pinned(plan: Plan) -> None:
    setting = setting_of(plan, request(plan))
    ground = setting.ground
    long = (ground.length == 0) & (
        np.linalg.norm(ground.xy[ground.edges[:, 0]] - ground.xy[ground.edges[:, 1]], axis=1)
        > WATER_M
    )
    i, j = ground.edges[long].T
    assert len(i) == 2  # Alaska and Hawaii
    near = np.linalg.norm(setting.problem.xy[i] - setting.problem.xy[j], axis=1)
    assert near == pytest.approx(WATER_M)
    pinned = setting_of(plan, request(plan, centers=places(plan)))
    assert np.array_equal(pinned.problem.xy, pinned.ground.xy)


def test_areas_lie_round_their_owners_homes(plan: Plan) -> None:
    for name, home in (("West", "37.8, -122.4"), ("East", "NY"), ("South", "TX")):
        plan.ask(Change(area(plan, name), {"attributes": {"home": home}}), by=ANA)
    applied(plan, homes=True)
    assert {"CA", "NV", "OR", "WA"} < held_by(plan, "West")
    assert {"NY", "NJ", "CT", "MA"} < held_by(plan, "East")
    assert {"TX", "LA", "OK"} < held_by(plan, "South")


def test_areas_begin_with_their_seeds_and_keep_them(plan: Plan) -> None:
    seeds = tuple((area(plan, n), c) for n, c in (("West", "ME"), ("East", "CA"), ("South", "MT")))
    applied(plan, seeds=seeds)
    assert "ME" in held_by(plan, "West")
    assert "CA" in held_by(plan, "East")
    assert "MT" in held_by(plan, "South")


def test_a_seed_that_is_locked_elsewhere_is_refused(plan: Plan) -> None:
    give(plan, "West", "CA")
    plan.ask(Change(area(plan, "West"), {"locked": True}), by=ANA)
    with pytest.raises(Refused, match="CA can't be a seed of East"):
        problem_of(plan, request(plan, seeds=((area(plan, "East"), "CA"),)))


def test_nothing_is_farther_from_its_center_than_it_may_be(plan: Plan) -> None:
    give(plan, "West", "CA", "NV", "OR", "WA", "ID", "AZ", "UT")
    give(plan, "East", "NY", "PA", "NJ", "CT", "MA", "VT", "OH")
    give(plan, "South", "TX", "OK", "LA", "AR", "NM")
    chosen = found(plan, focus=Focus(None, 1, False), centers=places(plan), max_distance_km=1500.0)
    assert all(r.shape[1].km < 1500 for r in chosen.rows)


def test_neighbors_apart_by_a_barrier_or_a_wall_are_no_way_through(plan: Plan) -> None:
    edges = problem_of(plan, request(plan))[0].edges
    by_pair, _ = problem_of(plan, request(plan, barriers=(("CA", "NV"),)))
    assert by_pair.barriers.sum() == 1
    assert sorted(edges[by_pair.barriers][0].tolist()) == sorted(position(plan, "CA", "NV"))
    wall = (((-100.0, 20.0), (-100.0, 55.0)),)
    parted = problem_of(plan, request(plan, walls=wall))[0].barriers
    lon = plan.boundaries.xy[:, 0]
    sides = lon[edges[parted]] < -100
    assert parted.sum() > 5
    assert (sides[:, 0] != sides[:, 1]).mean() > 0.8


def test_borders_to_respect_put_states_of_a_division_together(plan: Plan) -> None:
    problem, _ = problem_of(plan, request(plan, respect=(("division", 2.0),)))
    (border,) = problem.borders
    assert (border.name, border.weight) == ("division", 2.0)
    assert len({*border.group.tolist()}) == 9


def test_caps_take_off_what_has_to_stay(plan: Plan) -> None:
    problem, _ = problem_of(plan, request(plan, caps=(
        Cap("revenue", None, 9.0), Cap("revenue", 2.0, None, area(plan, "West")), Cap("units", 1.0)
    )))  # fmt: skip
    revenue, units = problem.limits
    assert np.array_equal(revenue.minimum, [2.0, np.nan, np.nan], equal_nan=True)
    assert np.array_equal(revenue.maximum, [np.nan, 9.0, 9.0], equal_nan=True)
    assert (units.name, units.weights.sum()) == ("units", 5)


def test_shares_and_targets_leave_the_rest_to_the_others(plan: Plan) -> None:
    west = area(plan, "West")
    half = problem_of(plan, request(plan, shares=((west, "people", 0.5),)))[0]
    assert half.targets[:, 0].tolist() == [2550.0, 1275.0, 1275.0]
    plan.ask(Change(west, {"targets": {"people": 1100.0}}), by=ANA)
    said = problem_of(plan, request(plan))[0]
    assert said.targets[:, 0].tolist() == [1100.0, 2000.0, 2000.0]


def test_targets_that_do_not_add_up_are_told_and_aimed_at_alike(plan: Plan) -> None:
    for name, goal in (("West", 2040.0), ("East", 4080.0), ("South", 4080.0)):
        plan.ask(Change(area(plan, name), {"targets": {"people": goal}}), by=ANA)
    setting = setting_of(plan, request(plan))
    assert setting.problem.targets[:, 0].tolist() == [1020.0, 2040.0, 2040.0]
    assert "add up to 10,200, and there is 5,100" in setting.issues[0].text
    assert "50.0 % of its target" in setting.issues[0].text


def test_change_may_be_limited_by_measure_units_and_items(plan: Plan) -> None:
    give(plan, "West", "CA")
    change = (("", 0.1), ("units", 0.2), ("revenue", 0.3), ("items", 0.4))
    problem, frame = problem_of(plan, request(plan, measures=PEOPLE, max_change=change))
    assert frame.columns == ("people", "revenue")
    assert problem.max_change.tolist() == [0.1, 0.3, 0.2, 0.4]
    assert np.isnan(problem.targets[:, 1:]).all()
    assert problem.importance.tolist() == [1.0, 0.0, 0.0]


def test_it_starts_from_scratch_until_every_area_holds_something(plan: Plan) -> None:
    give(plan, "West", "CA")
    assert setting_of(plan, request(plan)).way is Way.SCRATCH
    give(plan, "East", "NY")
    give(plan, "South", "TX")
    assert setting_of(plan, request(plan)).way is Way.PRESENT
    assert setting_of(plan, request(plan, max_change=(("", 0.1),))).way is Way.REBALANCE
    assert setting_of(plan, request(plan, way=Way.SCRATCH)).way is Way.SCRATCH


def stretches(*rows: tuple[float, ...]) -> pd.DataFrame:
    names = ["from_lon", "from_lat", "to_lon", "to_lat", "minutes", "oneway"]
    return pd.DataFrame(rows, columns=names[: len(rows[0])])


def test_minutes_follow_the_roads() -> None:
    roads = roads_from(
        stretches((0, 0, 1, 0, 60, 0), (1, 0, 2, 0, 30, 0), (0, 0, 2, 0, 10, 1)), "r.csv"
    )
    plane = lambda lonlat: np.asarray(lonlat) * 1e9  # noqa: E731 - no way but the roads
    centers, items = plane([[0.0, 0.0], [np.nan, 0.0]]), plane([[2.0, 0.0], [1.0, 0.0]])
    found = roads.distance(plane)(centers, items)
    assert found[:, 0].tolist() == [10.0, 40.0]
    assert np.isnan(found[:, 1]).all()
    back = roads.distance(plane)(items[:1], centers[:1])
    assert back.tolist() == [[90.0]]


def test_areas_know_minutes_where_a_road_network_is_named(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = stretches((*SAN_FRANCISCO, *DALLAS, 1500.0), (*DALLAS, *NEW_YORK, 1400.0))
    table.to_csv(tmp_path / "roads.csv", index=False)
    monkeypatch.setenv(ROADS, str(tmp_path / "roads.csv"))
    chosen = found(plan, centers=places(plan), max_minutes=6000.0)
    assert all(r.shape[1].minutes > 0 for r in chosen.rows)
    assert row(chosen, "West").shape[1].km > 0


@pytest.mark.parametrize(
    ("said", "says"),
    [("from_lon,minutes\n1,2\n", "no column 'from_lat'"), ("", "Give degrees, and minutes")],
)
def test_a_road_table_that_is_none_is_refused(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, says: str
) -> None:
    file = tmp_path / "bad.csv"
    text = said or stretches((0.0, 0.0, 1.0, 99.0, 5.0)).to_csv(index=False)
    file.write_text(text)
    monkeypatch.setenv(ROADS, str(file))
    with pytest.raises(BadData, match=says):
        problem_of(plan, request(plan, centers=places(plan)))
    monkeypatch.setenv(ROADS, str(tmp_path / "nothing.csv"))
    with pytest.raises(BadData, match="There is no file"):
        problem_of(plan, request(plan, centers=places(plan)))
