"""Reference layers from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def stores(tmp_path: Path) -> Path:
    path = tmp_path / "stores.csv"
    path.write_text("Store,Latitude,Longitude\nReno,39.5,-119.8\nBend,44.1,-121.3\nLost,,\n")
    return path


def test_a_layer_is_added_listed_and_removed(do, refused, stores: Path) -> None:
    added = do("layers", "add", stores, "--name", "Our stores", "--label", "Store")
    assert (added["name"], added["count"], added["left_out"]) == ("Our stores", 2, 1)
    (found,) = do("layers")["layers"]
    assert (found["label"], found["source"], found["by"]) == ("Store", "stores.csv", "tess")
    assert do("layers", "list")["layers"] == [found]
    assert added["on_maps"] == {"metres": 0, "points": 2, "shown": 2, "thinned": False}
    changed = do("layers", "change", "Our stores", "--name", "Yards", "--color", "#0000AA")
    assert (changed["name"], changed["color"], changed["count"]) == ("Yards", "#0000aa", 2)
    assert "no reference layer 'Our stores'" in refused("layers", "change", "Our stores")
    do("layers", "change", "Yards", "--name", "Our stores")
    assert do("layers", "remove", "Our stores") == {"removed": "Our stores"}
    assert do("layers")["layers"] == []
    assert "no reference layer 'Our stores'" in refused("layers", "remove", "Our stores")


def test_a_layer_in_words(say, stores: Path) -> None:
    said = say("layers", "add", stores, "--label", "", "--color", "#112233")
    assert said.code == 0
    assert "stores: 2 shapes, named by nothing" in said.out
    assert "1 row without a place left out." in said.out
    assert (
        "stores is drawn in #445566" in say("layers", "change", "stores", "--color", "#445566").out
    )
