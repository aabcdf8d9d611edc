"""No page keeps anybody out or cuts anything off, whatever is open, in light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from barriers import barriers
from playwright.sync_api import Page
from scenes import PAGES, prepare

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]

SETTLED_MS = 600

CUT_OFF = """() => {
  const found = [], shown = (e) => e.checkVisibility() && e.getBoundingClientRect().width > 0;
  const outside = (e, box, name) => {
    const r = e.getBoundingClientRect();
    if (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1
      || r.bottom > box.bottom + 1) found.push(`${name}: ${JSON.stringify(r)}`);
  };
  const page = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  const main = document.querySelector('[data-testid=stMain]');
  if (main.scrollWidth > main.clientWidth) found.push('the page scrolls sideways');
  for (const e of document.querySelectorAll('[role=dialog], [role=menu]')) {
    if (shown(e)) outside(e, page, e.ariaLabel ?? e.textContent.slice(0, 40));
  }
  for (const host of document.querySelectorAll('*')) {
    const map = host.shadowRoot?.querySelector('.tp-map');
    if (!map) continue;
    const parts = '.stage > :not(canvas), .tools > *, .corner > *, .legend > :not(.grip)';
    for (const e of map.querySelectorAll(parts)) {
      if (shown(e)) outside(e, map.getBoundingClientRect(), e.className);
    }
    for (const e of map.querySelectorAll('button, select, label, h4, h5, dt, dd, .hint')) {
      if (!shown(e) || e.closest('.row, .crumbs')) continue;
      if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow !== 'visible') {
        found.push(`${e.textContent || e.ariaLabel} is cut off`);
      }
    }
  }
  return found; }"""

FRESH = """() => [...document.querySelectorAll('[data-stale]')].every(
  (e) => e.dataset.stale === 'false' && getComputedStyle(e).opacity === '1')"""
"""Nothing on the page is pale because its answer is still on the way, or has just come."""


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    prepare(store)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("scenes", list(PAGES), ids=lambda scenes: scenes.__name__)
def test_nobody_is_kept_out_and_nothing_is_cut_off(
    visit: Visit, scenes: Callable[[Page], Any], scheme: str
) -> None:
    page = visit(PAGES[scenes], width=1280, height=720, color_scheme=scheme)
    wrong = {}
    for name, play in scenes(page):
        play(page)
        page.wait_for_timeout(SETTLED_MS)
        page.locator("[data-test-script-state='notRunning']").wait_for()
        page.wait_for_function(FRESH)
        if found := [*barriers(page), *page.evaluate(CUT_OFF)]:
            wrong[name] = found
    assert not wrong
