"""The map as one web page: everything is in it, and nothing in it runs but its own script."""

from __future__ import annotations

import json
import re
from pathlib import Path

from planned import hostile, plan, planned
from squares import dataset

from tp_geo.files.exports_tables import Contents
from tp_geo.report.web import write_map


def data_of(contents: Contents, folder: Path, **asked: int) -> dict:  # type: ignore[type-arg]
    """What the page holds."""
    write_map(contents, folder / "map.html", **asked)
    text = (folder / "map.html").read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])  # type: ignore[no-any-return]


def test_a_web_map_has_the_areas_of_every_level_with_their_figures(tmp_path: Path) -> None:
    contents = plan()
    found = data_of(contents, tmp_path)
    assert [one["name"] for one in found["levels"]] == ["Region", "District"]
    assert found["first"] == 1
    named = {a["name"]: a for a in found["levels"][1]["areas"]}
    assert set(named) == {"Unassigned", "West", "North", "South"}
    assert named["West"]["owner"] == "wes"
    assert named["North"]["owner"] == "eve"
    planned_, target, off = named["West"]["figures"][found["measures"].index("People")]
    assert target == 40
    assert off == round((planned_ - 40) / 40, 6)
    assert all(a["d"].startswith("M") and a["d"].endswith("z") for a in named.values())


def test_a_level_may_be_shown_first(tmp_path: Path) -> None:
    assert data_of(plan(), tmp_path, depth=1)["first"] == 0


def test_neighbors_share_their_corners(tmp_path: Path) -> None:
    found = data_of(plan(), tmp_path)
    (region,) = [a for a in found["levels"][0]["areas"] if a["name"] == "East"]
    assert region["d"].count("M") >= 1
    assert found["height"] > 0


def test_no_name_becomes_markup(tmp_path: Path) -> None:
    found = data_of(hostile(), tmp_path)
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert text.count("<script") == 2
    assert "<b>" not in text.partition("<script")[0]
    assert any(a["name"] == "<script>alert(1)</script>" for a in found["levels"][0]["areas"])


def test_the_page_asks_for_nothing_from_elsewhere(tmp_path: Path) -> None:
    write_map(plan(), tmp_path / "map.html")
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert not re.search(r'(?:src|href)="', text)


def test_a_plan_without_areas_is_a_map(tmp_path: Path) -> None:
    assert (
        data_of(planned(dataset(), []), tmp_path)["levels"][0]["areas"][0]["name"] == "Unassigned"
    )
