"""Official boundaries through the page, to their end: progress, cancel, resume, plans on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from census_server import CensusServer, census_table, serving, zipped
from driving import MAP, READY_MS, painted, ready
from playwright.sync_api import Page, expect

from tp_geo.store.embedded import load_boundaries
from tp_geo.workflow.boundaries import CENSUS_ADDRESS, OFFICIAL

pytestmark = pytest.mark.browser
ZCTA = OFFICIAL["zcta2020"]
HELD = 3_000_000


@pytest.fixture(scope="module")
def census() -> Iterator[CensusServer]:
    """The Census with a file of the areas that are built in: the same codes, by another way."""
    postal = load_boundaries("postal")
    table = census_table(postal, np.ones(len(postal), dtype=bool))
    with serving({ZCTA.path: zipped(table)}) as server:
        yield server


@pytest.fixture(scope="module")
def prepared(census: CensusServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as env:
        env.setenv(CENSUS_ADDRESS, census.url)
        env.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


def test_official_boundaries_come_in_and_plans_keep_what_they_assign(
    visit: Callable[..., Page], census: CensusServer
) -> None:
    page = visit("/map")
    ready(page)
    expect(page.get_by_text("Approximate postal areas")).to_be_visible()
    before = painted(page)
    page.get_by_role("link", name="Data").click()
    page.get_by_role("button", name="Get official boundaries").click()
    dialog = page.get_by_role("dialog")
    _cancels_in_the_middle(page, census)
    dialog.get_by_role("button", name="Get them").click()
    _comes_to_its_end(page, census)
    page.get_by_role("link", name="Map").click()
    ready(page)
    page.wait_for_function(f"() => !{MAP}.stats().pending", timeout=READY_MS)
    expect(page.get_by_text("Approximate postal areas")).not_to_be_visible()
    assert painted(page) == before


def _cancels_in_the_middle(page: Page, census: CensusServer) -> None:
    """The server says nothing more; the dialog and a second try don't wait for it."""
    dialog = page.get_by_role("dialog")
    census.hold_after = HELD
    dialog.get_by_role("button", name="Get them").click()
    expect(dialog.get_by_text("Fetching 3 of")).to_be_visible(timeout=READY_MS)
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog.get_by_text("Cancelled. Nothing has changed.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Get them")).to_be_visible(timeout=READY_MS)
    assert not census.go.is_set()
    census.hold_after = None


def _comes_to_its_end(page: Page, census: CensusServer) -> None:
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("progressbar")).to_be_visible()
    expect(dialog.get_by_text("Plans carried over")).to_be_visible(timeout=2 * READY_MS)
    (first, _), (_, resumed) = census.asked
    assert first == f"/{ZCTA.path}"
    assert resumed is not None and int(resumed[len("bytes=") : -1]) >= HELD // 2
    expect(dialog.get_by_text(f"{ZCTA.about['title']}: ")).to_be_visible()
    dialog.get_by_role("button", name="Done").click()
    expect(dialog).not_to_be_visible()
    expect(page.get_by_text("Approximate postal areas are built")).not_to_be_visible()
