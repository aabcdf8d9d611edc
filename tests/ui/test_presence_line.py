"""The line under the navigation says who else looks at the alignment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.presence import others

Opened = Callable[..., AppTest]


def texts(at: AppTest) -> list[str]:
    return [str(t.value) for t in at.text]


def test_who_else_looks_at_the_alignment_is_named_and_oneself_is_not(
    opened: Opened, plan: Plan, planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened("history", alignment="North")
    assert texts(at) == ["anna"]
    for name in ("carl", "ben", "dora"):
        others(plan, window=name, by=name)
    assert "ben, carl and 1 more" in texts(at.run())
    monkeypatch.setenv("TP_GEO_USER", "ben")
    assert "anna, carl and 1 more" in texts(opened("history", alignment="North"))


def test_who_looks_at_another_alignment_is_not_here(
    opened: Opened, plan: Plan, planner: Planner
) -> None:
    others(planner.create("South", by="ben"), window="b", by="ben")
    assert texts(opened("history", alignment="North")) == ["anna"]
