"""What pages say while the database can't be reached, and after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import states
import streamlit as st
from said import notices
from store.network import Network
from store.postgres_server import shared
from streamlit.testing.v1 import AppTest

from tp_geo.store import open_store
from tp_geo.store.postgres_home import PostgresHome
from tp_geo.store.sql_store import SqlStore
from tp_geo.ui.state import NOTICES
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def network() -> Iterator[Network]:
    made = Network(shared().port)
    yield made
    made.close()


@pytest.fixture
def plan(network: Network, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plan]:
    """West and East on the states, as somebody sees them whose network is good."""
    direct = shared().fresh()
    address = network.through(direct)
    monkeypatch.setenv("TP_GEO_STORE", address)
    monkeypatch.setenv("TP_GEO_USER", "anna")
    st.cache_resource.clear()
    st.cache_data.clear()
    home = PostgresHome(direct)
    states.keep(SqlStore(home))
    yield Planner(SqlStore(home)).create("North", states.NAME, by="anna", areas=("West", "East"))
    network.down = False
    open_store(address).close()  # the one of the app
    st.cache_resource.clear()
    home.close()


def test_what_is_asked_for_while_the_database_is_away_is_refused_in_words_and_goes_on_after(
    plan: Plan, network: Network
) -> None:
    """A page alone, without the frame that shows errors of the whole page: see the browser test."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    at = at.switch_page("pages/history.py").run()
    assert not at.exception

    network.cut()
    at.button(key="frame_undo").click().run()
    ((text, bad, _),) = at.session_state[NOTICES]
    assert bad
    assert "can't be reached" in text
    assert "then try again" in text
    plan.refresh()
    assert plan.seq == 1

    network.down = False
    at.run()
    assert not at.exception
    assert len(notices(at)) == 1
    at.button(key="frame_undo").click().run()
    assert not at.exception
    plan.refresh()
    assert [r.kind for r in plan.history()][1:] == ["undo"]
