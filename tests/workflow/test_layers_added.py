"""Reference layers of a store: added, replaced, removed, and packed for each map once."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import shapely
import squares
import states

from tp_geo.errors import BadData, Refused
from tp_geo.geometry.packed import unpack
from tp_geo.geometry.reference import MAGIC, Detail, detail_of
from tp_geo.store import LayerInfo, Store
from tp_geo.workflow import reference
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.reference import (
    COLORS,
    add_layer,
    change_layer,
    detail,
    in_words,
    layer_list,
    packed_key,
    packed_layer,
    remove_layer,
    told_of,
)


@pytest.fixture
def planner(store: Store) -> Planner:
    states.keep(store)
    return Planner(store)


@pytest.fixture
def depots(tmp_path: Path) -> Path:
    return written(tmp_path / "depots.geojson", {"Reno": (-119.8, 39.5), "Bend": (-121.3, 44.1)})


def written(path: Path, places: dict[str, tuple[float, float]]) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": shapely.geometry.mapping(shapely.Point(at)),
        }
        for name, at in places.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_a_layer_is_called_like_its_file_and_gets_a_color_of_its_own(
    planner: Planner, depots: Path, tmp_path: Path
) -> None:
    added = add_layer(planner, depots, by="ann")
    other = add_layer(planner, written(tmp_path / "yards.geojson", {"A": (-100, 40)}), by="ann")
    assert (added.info.name, added.info.count, added.info.label) == ("depots", 2, "name")
    assert [added.info.color, other.info.color] == list(COLORS[:2])
    assert [i.name for i in layer_list(planner)] == ["depots", "yards"]


def test_a_layer_of_the_same_name_is_replaced_and_a_removed_one_can_come_back(
    planner: Planner, depots: Path, tmp_path: Path
) -> None:
    add_layer(planner, depots, by="ann", name=" Our  depots ", color="#AA0000")
    second = written(tmp_path / "b.geojson", {"Elko": (-115.8, 40.8)})
    add_layer(planner, second, by="bob", name="Our depots")
    ((name, count, by),) = [(i.name, i.count, i.by) for i in layer_list(planner)]
    assert (name, count, by) == ("Our depots", 1, "bob")
    remove_layer(planner, "Our depots", by="ann")
    assert layer_list(planner) == ()
    add_layer(planner, depots, by="ann", name="Our depots")
    assert [i.count for i in layer_list(planner)] == [2]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"name": "x" * 61}, "at most 60 characters"),
        ({"name": "  "}, "at most 60 characters"),
        ({"color": "red"}, "'red' is no color"),
        ({"label": "X"}, "no column 'X'"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(
    planner: Planner, depots: Path, more: dict[str, str], words: str
) -> None:
    with pytest.raises((Refused, BadData), match=words):
        add_layer(planner, depots, by="ann", **more)
    assert layer_list(planner) == ()


def test_there_are_only_so_many_but_one_more_can_replace_another(
    planner: Planner, depots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reference, "MOST", 1)
    add_layer(planner, depots, by="ann")
    with pytest.raises(Refused, match="1 reference layers already"):
        add_layer(planner, depots, by="ann", name="Another")
    assert add_layer(planner, depots, by="ann").info.count == 2


def test_another_name_or_color_needs_no_file(
    planner: Planner, depots: Path, tmp_path: Path
) -> None:
    before = add_layer(planner, depots, by="ann").info
    red = change_layer(planner, "depots", by="bob", color="#AA0000")
    assert red == replace(before, color="#aa0000", by="bob", at=red.at)
    yards = change_layer(planner, "depots", by="bob", title=" Our  yards ")
    assert layer_list(planner) == (yards,)
    assert (yards.name, yards.key, yards.color) == ("Our yards", before.key, "#aa0000")
    add_layer(planner, written(tmp_path / "b.geojson", {"Elko": (-115.8, 40.8)}), by="ann")
    with pytest.raises(Refused, match="There is a layer called b already"):
        change_layer(planner, "Our yards", by="bob", title="b")
    with pytest.raises(Refused, match="'blue' is no color"):
        change_layer(planner, "b", by="bob", color="blue")
    with pytest.raises(BadData, match="no reference layer 'roads'"):
        change_layer(planner, "roads", by="bob")


def test_a_layer_is_ready_for_the_maps_of_plans_as_it_comes_in(
    planner: Planner, depots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planner.create("West", "accounts", by="ann")
    info = add_layer(planner, depots, by="ann").info
    monkeypatch.setattr(reference, "build_reference", None)
    packed = packed_layer(planner, plan.dataset, info)
    assert detail(planner, info) == detail_of(packed) == Detail(0, 2, 2, thinned=False)


def test_a_layer_that_no_map_has_shown_has_no_detail(planner: Planner) -> None:
    unseen = LayerInfo("Roads", "layer-0", "#c2410c", "", 1, "r.zip", "ann", "")
    assert detail(planner, unseen) is None


def test_what_is_too_large_for_the_map_is_told(
    planner: Planner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        reference, "build_reference", partial(reference.build_reference, most=2_000)
    )
    places = {f"Store {i}": (-120 + i / 100, 38 + i % 37 / 10) for i in range(800)}
    added = add_layer(planner, written(tmp_path / "stores.geojson", places), by="ann")
    (said,) = told_of(added)
    assert said == (
        f"Too large for the map as it is, so there it is {added.detail.shown} of 800 points."
    )
    assert 0 < added.detail.shown < 800


def test_how_exact_a_layer_is_in_words() -> None:
    assert in_words(Detail(330, 0, 0, thinned=False)) == "exact to 330 m"
    assert in_words(Detail(2_640, 9_000, 8_000, thinned=True)) == (
        "simplified to 2.6 km, 8,000 of 9,000 points"
    )
    assert in_words(Detail(0, 5, 4, thinned=False)) == "all points"


def test_removing_what_is_not_there_tells_what_is(planner: Planner, depots: Path) -> None:
    add_layer(planner, depots, by="ann")
    with pytest.raises(BadData, match=r"no reference layer 'roads'\. Layers: depots"):
        remove_layer(planner, "roads", by="ann")


def test_a_layer_is_packed_once_for_each_map_under_names_of_their_own(
    planner: Planner, depots: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = add_layer(planner, depots, by="ann").info
    accounts, flat = states.dataset(), squares.dataset()
    head, arrays = unpack(MAGIC, packed_layer(planner, accounts, info))
    assert sorted(head["names"]) == ["Bend", "Reno"]
    down = dict(zip(head["names"], np.cumsum(arrays["mark.y"]), strict=True))
    assert down["Bend"] < down["Reno"]
    assert packed_key(planner, accounts, info) != packed_key(planner, flat, info)
    monkeypatch.setattr(reference, "build_reference", None)
    assert unpack(MAGIC, packed_layer(planner, accounts, info))[0] == head


def test_a_layer_whose_shapes_are_lost_says_so(planner: Planner) -> None:
    lost = LayerInfo("Roads", "layer-0", "#c2410c", "", 1, "r.zip", "ann", "")
    with pytest.raises(BadData, match="The shapes of Roads are not in the store"):
        packed_layer(planner, states.dataset(), lost)
