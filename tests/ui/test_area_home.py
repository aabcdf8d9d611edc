"""The owner's home in *Edit area*: checked before it is kept, then offered to the map."""

from __future__ import annotations

import pytest
from area_dialog import dialog, saved
from streamlit.testing.v1 import AppTest

from tp_geo.domain.commands import Change
from tp_geo.ui import reference_view, state
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.reference import HOMES


def typed(at: AppTest, home: str) -> str:
    """Type a home, save, and return what was said against it."""
    next(w for w in at.text_input if w.label == "Owner's home").input(home)
    return saved(at)


def test_a_home_is_refused_in_words_or_kept_in_one_form(plan: Plan) -> None:
    at = AppTest.from_function(dialog, default_timeout=60).run()
    assert "write latitude first: 39.5, -119.8" in typed(at, "-119.8, 39.5")
    assert "write a code of the boundaries" in typed(at, "Narnia")
    plan.refresh()
    assert plan.seq == 1
    assert typed(at, "ca") == ""
    plan.refresh()
    assert plan.history()[-1].text == "changed owner's home of East to CA"


def test_the_map_offers_homes_only_while_an_area_says_one(
    planner: Planner, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "planner", lambda: planner)
    assert reference_view.offered(plan) == []
    first = next(iter(plan.alignment.areas))
    plan.ask(Change(first, {"attributes": {"home": "CA"}}), by="anna")
    (shown,) = reference_view.offered(plan)
    assert shown["name"] == HOMES
    assert list(reference_view.blobs(plan)) == [shown["key"]]
    plan.undo(by="anna")
    assert reference_view.offered(plan) == []
    assert reference_view.blobs(plan) == {}
