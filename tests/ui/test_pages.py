"""Every page runs on a new store, says what it is for, and breaks in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.ui import first_run
from tp_geo.workflow.planner import Planner

PAGES = ("data", "alignments", "map", "history")
Opened = Callable[..., AppTest]


def texts(at: AppTest) -> str:
    return " ".join(e.value for e in [*at.markdown, *at.caption, *at.title, *at.subheader])


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_on_a_store_that_is_new(opened: Opened, page: str) -> None:
    at = opened(page)
    assert not at.exception
    assert not at.error
    assert at.session_state["alignment"]


def test_a_new_user_finds_the_sample(opened: Opened, planner: Planner) -> None:
    at = opened()
    assert [i.name for i in planner.plans()] == [first_run.NAME]
    assert "Welcome" in texts(at)
    assert "100.0 %" in texts(at)


def test_the_sample_holds_every_postal_code_under_nine_divisions(
    opened: Opened, planner: Planner
) -> None:
    opened()
    plan = planner.open(first_run.NAME)
    assert len(plan.alignment.children(None)) == 9
    assert plan.totals().containers[0] == 0
    assert {a.level for a in plan.alignment.areas.values()} == {"Division", "State"}


def test_an_archived_sample_does_not_come_back(opened: Opened, planner: Planner) -> None:
    opened()
    planner.archive(planner.open(first_run.NAME))
    at = opened()
    assert not planner.plans()
    assert "no alignment yet" in " ".join(i.value for i in at.info)


def test_the_address_names_the_plan(opened: Opened, planner: Planner) -> None:
    opened()
    other = planner.create("Northwest", by="anna", areas=2)
    at = opened("map", alignment="Northwest")
    assert at.session_state["alignment"] == other.info.id


def test_the_last_plan_opens_without_an_address(opened: Opened, planner: Planner) -> None:
    opened()
    other = planner.create("Northwest", by="anna", areas=2)
    opened("map", alignment="Northwest")
    assert opened("history").session_state["alignment"] == other.info.id


def test_a_name_that_is_markup_is_shown_letter_by_letter(opened: Opened, planner: Planner) -> None:
    opened()
    planner.create("![x](https://example.com/x.png) <b>A</b>", by="anna")
    at = opened("alignments")
    assert not at.exception
    assert "\\!\\[x\\]\\(https\\:" in texts(at)
    assert "<b>" not in texts(at)
