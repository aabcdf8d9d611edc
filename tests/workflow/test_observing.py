"""Every change is counted and written down: who asked for what, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import states

from tp_geo import logs, metrics
from tp_geo.domain.commands import Branch, Command
from tp_geo.domain.rights import FREE
from tp_geo.errors import Refused, Stale, TpGeoError, Unavailable
from tp_geo.store import open_store
from tp_geo.workflow.observing import observed
from tp_geo.workflow.planner import Planner


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was written down."""
    found: list[dict[str, Any]] = []
    monkeypatch.setattr(logs, "event", lambda name, **facts: found.append({"event": name, **facts}))
    return found


def test_an_edit_is_one_line_with_its_outcome(tmp_path: Path, told: list[dict[str, Any]]) -> None:
    store = open_store(str(tmp_path / "plans.duckdb"))
    states.keep(store)
    plan = Planner(store).create("North", states.NAME, by="ann", areas=2)
    told.clear()
    plan.ask(Branch(None, ("Third",)), by="ben", origin="map:1")
    with pytest.raises(Refused):
        plan.ask(Branch(None, ("",)), by="ben")
    plan.undo(by="ben")
    store.close()
    said = [(e["kind"], e["outcome"], e["by"], e["seq"], e["origin"]) for e in told]
    assert said == [
        ("branch", "done", "ben", 2, "map:1"),
        ("branch", "refused", "ben", None, None),
        ("undo", "done", "ben", 3, None),
    ]
    assert all(e["alignment"] == plan.info.id and e["ms"] >= 0 for e in told)


class Asked:
    """A plan that answers an edit as a test wants."""

    def __init__(self, answer: Callable[[], Any]) -> None:
        self.answer = answer
        self.info = type("Info", (), {"id": "a"})()
        self.actor = FREE

    @observed
    def ask(self, command: Command, *, by: str) -> Any:
        return self.answer()


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Refused("no"), "refused"),
        (Stale("again"), "stale"),
        (Unavailable("away"), "unavailable"),
        (ZeroDivisionError(), "failed"),
    ],
)
def test_what_went_wrong_is_told_and_goes_on(
    told: list[dict[str, Any]], error: Exception, outcome: str
) -> None:
    def fail() -> None:
        raise error

    with pytest.raises((TpGeoError, ZeroDivisionError)):
        Asked(fail).ask(Branch(None, ("A",)), by="ann")
    assert [e["outcome"] for e in told] == [outcome]
    assert f'outcome="{outcome}"' in metrics.text()


def test_what_changes_nothing_is_told_as_nothing(told: list[dict[str, Any]]) -> None:
    assert Asked(lambda: None).ask(Branch(None, ("A",)), by="ann") is None
    assert [e["outcome"] for e in told] == ["nothing"]
