"""Where units are on the map, and which of them a view shows."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import squares

from tp_geo.domain.dataset import Dataset
from tp_geo.geometry.clustering import MAGIC
from tp_geo.geometry.packed import unpack
from tp_geo.store import Store
from tp_geo.workflow.layers import take_in
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.points import coordinates, points_key, view_named

UNITS = {"own": "01", "swapped": "01", "signless": "02", "far": "02", "none": "05", "lost": None}
SAID = {
    "lat": {"own": "40.2", "swapped": "-99.6", "signless": "40.5", "far": "10", "zero": "0"},
    "lon": {"own": "-99.7", "swapped": "40.1", "signless": "98.5", "far": "20", "zero": "0"},
}
EVERYTHING = "-0-13-0-0-1-1"


def accounts() -> Dataset:
    return squares.dataset(UNITS, SAID)


@pytest.fixture
def planner(store: Store) -> Planner:
    found = Planner(store)
    take_in(found, squares.country())
    return found


def on_the_map(planner: Planner) -> Dataset:
    return replace(accounts(), layer=planner.store.boundary_sets()[0].key)


def test_coordinates_are_read_as_they_are_meant_else_the_container_tells():
    layer = squares.country()
    found = dict(zip(UNITS, coordinates(accounts(), layer).tolist(), strict=True))
    assert found["own"] == [-99.7, 40.2]
    assert found["swapped"] == [-99.6, 40.1]
    assert found["signless"] == [-98.5, 40.5]
    assert found["far"] == layer.xy[1].tolist()
    assert found["none"] == layer.xy[4].tolist()
    assert all(map(math.isnan, found["lost"]))


def test_units_without_columns_of_coordinates_are_at_their_container():
    layer = squares.country()
    found = coordinates(squares.dataset({"a": "03"}), layer)
    assert np.array_equal(found, layer.xy[[2]])


def test_a_view_tells_how_many_units_are_where_and_what_they_come_to(planner):
    dataset = on_the_map(planner)
    blob = view_named(planner, dataset, f"{points_key(dataset)}{EVERYTHING}")
    assert blob is not None
    head, arrays = unpack(MAGIC, blob)
    assert arrays["count"].sum() == len(UNITS) - 1
    assert arrays["sum"].sum() == len(UNITS) - 1
    assert "weight" not in arrays
    assert head["lost"] == 1
    assert len(head["names"]) == (arrays["count"] == 1).sum()


def test_of_a_mean_each_cluster_tells_the_weighted_sum_and_the_weight(planner):
    dataset = on_the_map(planner)
    blob = view_named(planner, dataset, f"{points_key(dataset)}-1-13-0-0-1-1")
    assert blob is not None
    arrays = unpack(MAGIC, blob)[1]
    assert arrays["weight"].sum() == len(UNITS) - 1
    assert np.array_equal(arrays["sum"], 10 * arrays["weight"])


@pytest.mark.parametrize(
    "rest",
    ["", "-0", "-2-13-0-0-1-1", "-0-14-0-0-0-0", "-0-13-0-0-9-9", "-0-13-0-0-1-1x"],
)
def test_a_name_that_is_no_view_is_not_answered(planner, rest):
    dataset = on_the_map(planner)
    assert view_named(planner, dataset, f"{points_key(dataset)}{rest}") is None
    assert view_named(planner, dataset, f"points-another{EVERYTHING}") is None


def test_a_dataset_without_units_has_no_points():
    assert points_key(squares.dataset()) is None
