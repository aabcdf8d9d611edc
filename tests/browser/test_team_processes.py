"""Two processes of the app on one database: each shows what is done in the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from driving import MAP, READY_MS, area_at, choose, click_at, painted, ready, settled
from playwright.sync_api import Browser, Page, expect
from serving import Server, free_port, watched
from store import postgres_server

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

KANSAS, NEVADA = (-98.2, 38.5), (-117.0, 40.0)
LOOKS = 8


@pytest.fixture(scope="module")
def database() -> Iterator[postgres_server.Server]:
    made = postgres_server.Server()
    made.sql("alter system set log_statement = 'all'")
    made.sql("select pg_reload_conf()")
    yield made
    made.remove()


@pytest.fixture(scope="module")
def apps(
    database: postgres_server.Server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Server]]:
    """Both begin on the empty database, and make the sample plan once."""
    address = database.fresh()
    with ExitStack() as stack:
        pair = [
            Server(tmp_path_factory.mktemp(name) / "none", free_port(), database=address)
            for name in ("one", "other")
        ]
        one, other = (stack.enter_context(made.running()) for made in pair)
        yield one, other


@pytest.fixture
def visits(browser: Browser, apps: tuple[Server, Server]) -> Iterator[list[Visit]]:
    with ExitStack() as stack:
        yield [stack.enter_context(watched(browser, app)) for app in apps]


def asked(database: postgres_server.Server) -> list[str]:
    """What the server was asked so far, but for signs of life of who listens: who is here, too."""
    lines = (database.folder / "data" / "log").read_text(errors="replace").splitlines()
    said = (s for line in lines if (s := line.partition("LOG:  ")[2]).startswith(("st", "ex")))
    return [s for s in said if not s.endswith((": select 1", " as here"))]


def revision(page: Page, number: int) -> None:
    expect(page.locator(".st-key-frame")).to_contain_text(f"rev {number} ")


def shows(page: Page, place: tuple[float, float], area: str) -> None:
    """Wait until a place is painted in an area, or not in it."""
    lon, lat = place
    page.wait_for_function(f"() => {MAP}?.areaAt({lon}, {lat}) {area}", timeout=READY_MS)


def test_pages_of_two_processes_show_each_others_edits_and_ask_nothing_while_nobody_edits(
    visits: list[Visit], database: postgres_server.Server
) -> None:
    here, there = (visit("/map") for visit in visits)
    for page in (here, there):
        ready(page)
        revision(page, 1)
    choose(here, "Pacific")
    here.keyboard.press("p")
    before = area_at(there, *KANSAS)
    click_at(here, *KANSAS)
    settled(here)
    revision(here, 2)
    revision(there, 2)
    shows(there, KANSAS, f"!== {before}")
    assert painted(there) == painted(here)

    # the same person, by way of the other process
    there.get_by_role("button", name="Undo", exact=True).click()
    revision(there, 3)
    revision(here, 3)
    for page in (here, there):
        shows(page, KANSAS, f"=== {before}")

    sent: list[None] = []
    there.close()
    here.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append(None)))
    here.reload()
    ready(here)
    revision(here, 3)
    sent.clear()
    known = len(asked(database))
    assert known
    while len(sent) < LOOKS:
        here.wait_for_timeout(200)
    assert asked(database)[known:] == []


def test_a_page_says_that_the_database_is_away_and_goes_on_when_it_is_back(
    visits: list[Visit], database: postgres_server.Server
) -> None:
    """What was asked for meanwhile is told; the map may ask for it again, so it may be done."""
    page, other = (visit("/map") for visit in visits)
    ready(page)
    choose(page, "Pacific")
    page.keyboard.press("p")
    database.stop("immediate")
    click_at(page, *KANSAS)
    expect(page.get_by_text("can't be reached").first).to_be_visible()
    expect(other.get_by_text("can't be reached").first).to_be_visible()
    database.start()
    for each in (page, other):
        expect(each.get_by_test_id("stAlert")).to_have_count(0)
        ready(each)
    settled(page)

    nevada = area_at(page, *NEVADA)
    choose(page, "New England")
    page.keyboard.press("p")
    click_at(page, *NEVADA)
    settled(page)
    for each in (page, other):
        shows(each, NEVADA, f"!== {nevada}")
    assert area_at(page, *KANSAS) == area_at(other, *KANSAS)
