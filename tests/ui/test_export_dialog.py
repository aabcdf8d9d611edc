"""The dialog *Export*: what it asks depends on the form, and the file is what was asked for."""

from __future__ import annotations

import time

import pypdfium2
import pytest
import states
from streamlit.testing.v1 import AppTest

from tp_geo.domain.commands import Move
from tp_geo.ui import work
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

WAIT_S = 60


@pytest.fixture
def plan(planner: Planner) -> Plan:
    states.keep(planner.store)
    plan = planner.create("North", states.NAME, by="anna", areas=("West", "East"))
    plan.snapshot("Start", by="anna")
    east = max(plan.alignment.areas)
    plan.ask(Move(plan.dataset.positions(["CA"]), east), by="anna")
    return plan


def dialog() -> None:
    """The body of the dialog on a page of its own."""
    import streamlit as st

    from tp_geo.ui import export_view

    export_view.body(st.query_params["alignment"])


def opened(plan: Plan, form: str) -> AppTest:
    at = AppTest.from_function(dialog, default_timeout=WAIT_S)
    at.query_params["alignment"] = plan.info.id
    at.run()
    return at.selectbox[0].select(form).run()


def made(at: AppTest, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Press *Make the file* and return what came of it."""
    kept: list[bytes] = []
    result = work.result
    monkeypatch.setattr(work, "result", lambda task: kept.append(result(task)) or kept[-1])
    at.button[0].click().run()
    until = time.monotonic() + WAIT_S
    while not (kept and kept[-1]) and time.monotonic() < until:
        at.run()
    assert not at.exception
    assert not at.error
    return kept[-1]


def test_a_map_book_asks_for_a_level_and_since_when_changes_are_told(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(plan, ".pdf")
    assert [box.label for box in at.selectbox] == ["Form", "Level", "What changed since"]
    at.selectbox[2].select_index(0).run()
    book = pypdfium2.PdfDocument(made(at, monkeypatch))
    pages = [page.get_textpage().get_text_range() for page in book]
    assert "Gained since Start" in pages[-1]
    assert "1 container" in pages[-1]


@pytest.mark.parametrize(
    ("form", "asked", "head"),
    [
        (".html", ["Form", "Level"], b"<!doctype html>"),
        (".svg", ["Form", "Level"], b"<?xml"),
        (".csv", ["Form", "Table"], b"kind,code"),
        (".xlsx", ["Form"], b"PK"),
    ],
)
def test_each_form_asks_what_it_needs(
    plan: Plan, monkeypatch: pytest.MonkeyPatch, form: str, asked: list[str], head: bytes
) -> None:
    at = opened(plan, form)
    assert [box.label for box in at.selectbox] == asked
    assert made(at, monkeypatch).startswith(head)
