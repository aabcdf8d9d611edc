"""The Publish page without a browser: what it offers before it is connected, and its parts."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.crm.journal import Written
from tp_geo.crm.rows import TERRITORY, Key, Verb
from tp_geo.domain.alignment import AreaId
from tp_geo.ui import publish_map, publish_result, publish_tree_view
from tp_geo.ui.publish_run import Run
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.publishing_tree import Cell, Change, Entry, Node

Opened = Callable[..., AppTest]
WEST, EAST = AreaId(1), AreaId(2)
HIDDEN = "shh-very-secret"


def node(name: str, change: Change, area: AreaId | None = None, *entries: Entry) -> Node:
    return Node(name, change, 0, area, entries)


def test_settings_are_told_by_name_and_secrets_never(
    opened: Opened, planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner.create("North", by="anna", areas=("West", "East"))
    monkeypatch.setenv("TP_GEO_ORG_URL", "https://acme.my.salesforce.com")
    monkeypatch.setenv("TP_GEO_ORG_CLIENT_SECRET", HIDDEN)
    at = opened("publish", alignment="North")
    assert not at.exception
    shown = " ".join(m.value for m in at.markdown)
    assert "gray-badge[:material/radio_button_unchecked: TP_GEO_ORG_CLIENT_ID]" in shown
    assert "green-badge[:material/check_circle: TP_GEO_ORG_CLIENT_SECRET]" in shown
    assert HIDDEN not in str(at.main)
    assert [b.label for b in at.button if b.label.startswith("Connect")] == ["Connect demo org"]


def test_a_complete_way_to_sign_in_offers_the_own_org(
    opened: Opened, planner: Planner, monkeypatch: pytest.MonkeyPatch
) -> None:
    planner.create("North", by="anna", areas=("West", "East"))
    monkeypatch.setenv("TP_GEO_ORG_URL", "https://acme.my.salesforce.com")
    monkeypatch.setenv("TP_GEO_ORG_TOKEN", HIDDEN)
    at = opened("publish", alignment="North")
    labels = [b.label for b in at.button if b.label.startswith("Connect")]
    assert labels == ["Connect demo org", "Connect your org"]
    assert HIDDEN not in str(at.main)


def test_a_row_says_what_changes_in_a_few_words() -> None:
    renamed = Entry("Territory", "West", Change.UPDATE, (Cell("Name", "West", "Pacific"),))
    left = Entry("Person", "Ana", Change.DELETE, ())
    same = Entry("Rule", "West", Change.UNCHANGED, ())
    made = node("Pacific", Change.UPDATE, None, renamed, left, same)
    assert publish_tree_view.said(made) == "name, − Ana"
    assert publish_tree_view.said(node("East", Change.UNCHANGED, None, same)) == ""


def test_an_area_in_several_territories_has_their_change_on_the_map(planner: Planner) -> None:
    plan = planner.create("North", by="anna", areas=("West", "East"))
    nodes = (
        node("West", Change.UPDATE, WEST),
        node("West, part 2", Change.CREATE, WEST),
        node("East", Change.UNCHANGED, EAST),
    )
    found = publish_map.leaf_changes(plan.alignment, nodes)
    assert found == {WEST: Change.UPDATE, EAST: Change.UNCHANGED}


def test_the_result_has_a_row_for_each_record() -> None:
    key = Key(TERRITORY, "P_West")
    table = publish_result.told([Written(Verb.CREATE, key, "0MI1")], lambda _: "West")
    assert table.to_dict("records") == [
        {"Done": "created", "What": "Territory", "Name": "West", "Object": TERRITORY,
         "Key": "P_West", "Id": "0MI1"}
    ]  # fmt: skip


def test_a_paused_run_goes_on_where_it_was_and_a_cancelled_one_does_not() -> None:
    steps: list[str] = []
    begun = threading.Event()

    def job(told: Callable[[str, float], None]) -> str:
        begun.wait(5)
        for step in "abc":
            told(step, 0.0)
            steps.append(step)
            run.pause()
        return "done"

    run = Run("test", job)
    begun.set()
    while steps != ["a"]:
        run.wait(0.01)
    assert run.paused
    run.go_on()
    while len(steps) < 2:
        run.wait(0.01)
    run.cancel()
    run.wait(5)
    assert run.cancelled
    assert steps == ["a", "b"]
