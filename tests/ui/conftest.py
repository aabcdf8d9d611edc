"""The app in a test: on a store of its own that nobody has used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import states
import streamlit as st
from streamlit.testing.v1 import AppTest

from tp_geo.store import open_store
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

ROOT = Path(__file__).resolve().parents[2]
Opened = Callable[..., AppTest]


@pytest.fixture
def planner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Planner]:
    """The planner the app under test will use, over a store in its own file."""
    address = str(tmp_path / "plans.duckdb")
    monkeypatch.setenv("TP_GEO_STORE", address)
    monkeypatch.setenv("TP_GEO_USER", "anna")
    st.cache_resource.clear()
    st.cache_data.clear()
    store = open_store(address)
    yield Planner(store)
    st.cache_resource.clear()
    store.close()


@pytest.fixture
def plan(planner: Planner) -> Plan:
    """West and East on the states, nothing assigned."""
    states.keep(planner.store)
    return planner.create("North", states.NAME, by="anna", areas=("West", "East"))


@pytest.fixture
def opened(planner: Planner) -> Opened:
    """Open a page by its address."""

    def opened(page: str = "alignments", **query: str) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        for name, value in query.items():
            at.query_params[name] = value
        at.run()
        return at.switch_page(f"pages/{page}.py").run()

    return opened
