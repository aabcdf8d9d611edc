"""What the map asks for draws the map again, whatever else it draws."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from tp_geo.ui import map_view, panel


def asked(
    monkeypatch: pytest.MonkeyPatch, event: dict[str, Any], callback: Callable[[], object]
) -> tuple[str, ...]:
    """Return the parts of the page that are drawn when the map says something."""
    drawn: list[tuple[str, ...]] = []
    plan = SimpleNamespace(
        alignment=SimpleNamespace(areas={1: None}),
        dataset=SimpleNamespace(items=SimpleNamespace(containers=9)),
    )
    monkeypatch.setattr(map_view.map_ground, "event", lambda *_: event)
    for name, does in {
        "open_plan": lambda: plan,
        "select": lambda _: None,
        "choose": lambda _: None,
        "look": lambda _: None,
    }.items():
        monkeypatch.setattr(map_view.state, name, does)
    monkeypatch.setattr(map_view.parts, "run", lambda *keys: drawn.append(keys))
    callback()
    return drawn[0]


@pytest.mark.parametrize("beside", [None, panel.UNITS, panel.OPTIMIZE, panel.SPLIT])
def test_a_selection_draws_the_map_too_so_that_nothing_on_its_way_is_lost(
    monkeypatch: pytest.MonkeyPatch, beside: str | None
) -> None:
    monkeypatch.setattr(panel, "shown", lambda: beside)
    parts = asked(monkeypatch, {"items": [3, 1]}, map_view._on_selection)
    assert map_view.KEY in parts
    assert map_view.drawer.KEY in parts


def test_a_chosen_area_and_a_focus_draw_the_map_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert map_view.KEY in asked(monkeypatch, {"area": 1}, map_view._on_choose)
    focus = {"areas": [1], "level": 1, "unassigned": True}
    assert map_view.KEY in asked(monkeypatch, focus, map_view._on_focus)
