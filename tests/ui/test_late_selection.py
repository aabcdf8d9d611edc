"""A dialog about what is selected may be opened before the app has heard what is selected."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
import streamlit as st

from tp_geo.domain.hierarchy import Focus
from tp_geo.ui import map_view, parts, state
from tp_geo.ui.wire import encode_positions
from tp_geo.workflow.plan import Plan


@pytest.mark.parametrize(("dialog", "anew"), [("challenge", 1), ("share", 1), ("edit", 0)])
def test_a_dialog_about_the_selection_is_shown_anew_when_that_is_heard_after_it(
    plan: Plan, dialog: str, anew: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = np.array([3, 5])
    session = {
        state.ALIGNMENT: plan.info.id,
        state.SELECTION: np.zeros(0, dtype=np.intp),
        state.FOCUS: Focus(),
        state.DIALOG: (dialog, ()),
        "map": {"selection": {"items": encode_positions(items)}},
    }
    shown: list[str] = []
    monkeypatch.setattr(st, "session_state", session)
    monkeypatch.setattr(st, "query_params", {})
    monkeypatch.setattr(st, "rerun", lambda: shown.append("page"))
    monkeypatch.setattr(parts, "run", lambda *_: None)
    inspect.unwrap(map_view._on_selection)()
    assert session[state.SELECTION].tolist() == [3, 5]
    assert shown == ["page"] * anew
