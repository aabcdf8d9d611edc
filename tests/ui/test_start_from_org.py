"""*New alignment* from Sales Territories: it leads to the import, which asks for the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from streamlit.testing.v1 import AppTest

from tp_geo.ui import new_alignment
from tp_geo.workflow.demo_org import demo_org
from tp_geo.workflow.planner import Planner

Opened = Callable[..., AppTest]


@pytest.fixture
def demo(planner: Planner) -> Iterator[None]:
    """End the demo org that a page started."""
    yield
    demo_org(planner.store.address).stop()


def press(at: AppTest, label: str) -> None:
    next(b for b in at.button if b.label == label).click().run()
    assert not at.exception


def test_it_leads_to_the_import_even_while_a_plan_is_open(
    opened: Opened, planner: Planner, demo: None
) -> None:
    planner.create("North", by="anna", areas=("West", "East"))
    at = opened("alignments", alignment="North")
    press(at, "New alignment")
    at.segmented_control(key="new_how").set_value(new_alignment.ORG).run()
    assert "Create alignment" not in [b.label for b in at.button]
    press(at, "Go to Import")
    assert not at.get("dialog")
    at.switch_page("pages/publish.py").run()
    press(at, "Connect demo org")
    for _ in range(200):
        if "import_model" in [s.key for s in at.selectbox]:
            break
        at.run()
    assert at.selectbox(key="import_model").label == "Territory model"
    assert at.segmented_control(key="publish_view").value == "Import"
