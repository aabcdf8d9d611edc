"""An app that is told to stop brings a commit that is under way to its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from driving import choose, click_at, ready
from playwright.sync_api import Browser
from serving import Server, free_port
from store.network import Network
from store.postgres_server import Server as Database
from store.postgres_server import shared

from tp_geo.store import open_store

pytestmark = pytest.mark.browser

KANSAS = (-98.2, 38.5)
LATE_S = 0.2
WRITING = "select count(*) from pg_stat_activity where backend_xid is not null"


@pytest.fixture
def database() -> Database:
    return shared()


@pytest.fixture
def network(database: Database) -> Iterator[Network]:
    made = Network(database.port)
    yield made
    made.close()


def test_an_edit_that_is_being_saved_is_saved_before_the_app_ends(
    browser: Browser, database: Database, network: Network, tmp_path: Path
) -> None:
    address = database.fresh()
    app = Server(tmp_path / "none", free_port(), database=network.through(address))
    app.start()
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{app.url}/map")
    ready(page)
    choose(page, "Pacific")
    page.keyboard.press("p")
    network.delay_s = LATE_S
    click_at(page, *KANSAS)
    while database.sql(WRITING) == [(0,)]:
        page.wait_for_timeout(10)
    assert app.process is not None
    app.process.terminate()
    assert app.process.wait(60) is not None
    page.close()
    store = open_store(address)
    (plan,) = store.alignments()
    assert [e.kind for e in store.entries(plan.id)][1:] == ["move"]
    store.close()
    said = (tmp_path / "server.log").read_text(encoding="utf-8")
    assert '"event": "stopping"' in said
    assert "Traceback" not in said
