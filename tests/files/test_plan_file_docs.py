"""What docs/plan-format.md says is so."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from tp_geo.domain.alignment import Area, AreaId
from tp_geo.domain.challenges import Wish
from tp_geo.domain.signoff import Status
from tp_geo.files import plan_file
from tp_geo.files.plan_areas import area_from_json
from tp_geo.files.plan_assignment import Place, assignment_from_csv
from tp_geo.files.plan_file import Ground, loads
from tp_geo.files.plan_log import log_from_json, marks_from_json
from tp_geo.files.plan_talk import challenges_from_json, comments_from_json

PAGE = (Path(__file__).parents[2] / "docs" / "plan-format.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_plan_in_ten_lines_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(blocks("python")[0], "docs/plan-format.md", "exec"), {})  # noqa: S102
    plan = loads((tmp_path / "mine.tpgeo").read_bytes())
    assert plan.areas[AreaId(1)] == Area(AreaId(1), "West", targets={"population": 1e6})
    assert plan.containers == {"90001": Place(1, False), "10001": Place(2, True)}


def test_every_part_and_field_is_described() -> None:
    for part in plan_file.LARGEST:
        assert f"`{part}`" in PAGE
    for field in fields(Area):
        assert f"| `{field.name}` |" in PAGE
    assert set(json.loads(blocks("json")[0])["dataset"]) == set(Ground.__slots__)
    assert f"version {plan_file.VERSION}\n" in PAGE


def test_the_examples_read() -> None:
    line = log_from_json(blocks("json")[1].encode(), "log.jsonl")[0]
    assert (line.seq, line.by, line.kind) == (1, "ann", "branch")
    rows = blocks("csv")[0]
    containers, units = assignment_from_csv(rows.encode(), "assignment.csv", {1, 2})
    assert (containers["00544"], len(units)) == (Place(1, True), 1)
    said = re.search(r"`(\[\{\"name\": \"before review\".*?\])`", PAGE)
    assert said
    assert marks_from_json(said[1].encode(), "snapshots.json")[0].seq == 12
    spoken = comments_from_json(blocks("json")[2].encode(), "comments.json", {1, 2})
    assert [(c.area, c.code) for c in spoken] == [(None, "94103"), (1, "")]
    asked = challenges_from_json(blocks("json")[3].encode(), "challenges.json", {1, 2}, 13)
    assert (asked[0].wish, asked[0].revision) == (Wish.TAKE, 13)


def test_what_is_left_out_is_as_shown() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| `([^`]*)` \|", PAGE, re.MULTILINE))
    area = area_from_json({"id": 1, "name": "A"}, "areas.json")
    assert json.loads(rows.pop("status")) == Status.DRAFT
    assert {k: json.loads(v) for k, v in rows.items()} == {
        k: getattr(area, k) for k in rows if k not in ("id", "name")
    }
    assert set(rows) == {f.name for f in fields(Area)} - {"id", "name"}
