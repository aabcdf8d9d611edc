"""A session that was opened by a read-only link, and every way round it that a browser has."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Change, Move
from tp_geo.domain.reader import READ_ONLY
from tp_geo.errors import Refused
from tp_geo.ui import guest, map_view, state
from tp_geo.workflow import links
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]
WEST = AreaId(1)


@pytest.fixture
def token(plan: Plan) -> str:
    plan.ask(Move(np.array([0, 1]), WEST), by="anna")
    return links.new_link(plan, by="anna").token


def labels(at: AppTest) -> set[str]:
    return {str(b.label) for b in at.button}


@pytest.mark.parametrize("page", guest.PAGES)
def test_a_guest_sees_the_plan_and_nothing_that_edits(
    opened: Opened, token: str, page: str
) -> None:
    at = opened(page, alignment="North", link=token)
    assert not at.exception
    assert not at.error
    assert any("Read only" in str(c.value) for c in at.caption)
    edits = {"Undo", "Redo", "Edit area", "Add areas", "Optimize", "Submit", "Approve", "Comment",
             "New link", "Resolve", "Units"}  # fmt: skip
    assert not labels(at) & edits
    assert not any(s.label in ("Publishing asks for", "Alignment") for s in at.selectbox)


def test_once_a_guest_always_a_guest(opened: Opened, planner: Planner, token: str) -> None:
    planner.create("Other", "accounts", by="anna", areas=("A",))
    at = opened("review", alignment="North", link=token)
    del at.query_params["link"]
    at.query_params["alignment"] = "Other"
    at.run()
    assert at.query_params["link"] == [token] or at.query_params["link"] == token
    assert at.session_state[state.ALIGNMENT] == planner.find("North").id
    assert "Submit" not in labels(at)


@pytest.mark.parametrize("wrong", ["", "nothing", "a.1.b"])
def test_a_link_that_opens_nothing_shows_nothing(opened: Opened, plan: Plan, wrong: str) -> None:
    at = opened("review", alignment="North", link=wrong)
    assert not (at.metric or at.button or at.selectbox)
    with pytest.raises(Refused, match="opens nothing"):
        links.opened(plan.store, wrong)


def test_a_link_that_is_revoked_shows_nothing_more(opened: Opened, plan: Plan, token: str) -> None:
    at = opened("review", alignment="North", link=token)
    assert at.metric
    links.revoke_link(plan, 1, by="anna")
    at.run()
    assert not (at.metric or at.button or at.selectbox)


def test_commands_and_forged_events_of_a_guest_change_nothing(
    planner: Planner, plan: Plan, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The callbacks are called as they would be by whatever a browser sends."""
    session: dict[str, Any] = {guest.SEEN_BY: token, state.ALIGNMENT: plan.info.id}
    monkeypatch.setattr(st, "session_state", session)
    monkeypatch.setattr(st, "query_params", {})
    before = plan.seq
    assert state.ask(Change(WEST, {"name": "Mine"})) is None
    state.undo()
    state.redo()
    assert next(text for text, *_ in session[state.NOTICES]) == READ_ONLY
    op = {"seq": 1, "kind": "assign", "to": 1, "items": [3]}
    session["map"] = {"edit": {"client": "c", "alignment": plan.info.id, "have": 1, "ops": [op]}}
    map_view.screen().answers.take(session["map"]["edit"], state.open_plan(), by=state.user())
    assert map_view.screen().answers.refused[0]["reason"] == READ_ONLY
    with pytest.raises(Refused, match="reading"):
        inspect.unwrap(map_view._done)({"kind": "lock", "area": 1, "at": 1})
    planner.create("Other", "accounts", by="anna", areas=("A",))
    with pytest.raises(Refused, match="no alignment called"):
        state.planner().open("Other")
    plan.refresh()
    assert plan.seq == before


def test_a_link_is_made_shown_once_listed_and_revoked(opened: Opened, plan: Plan) -> None:
    at = opened("review", alignment="North")
    at.button(key="links_new").click().run()
    address = at.code[0].value
    assert "/review?alignment=North&link=" in address
    secret = address.rpartition(".")[2]
    assert secret not in str(plan.store.setting(f"link:{plan.info.id}:1"))
    at.button(key="links_revoke_1").click().run()
    assert not at.code
    assert links.links(plan)[0].revoked_by == "anna"
