"""Review and Compare on paper: printed to PDF in light and dark, turned into pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from driving import READY_MS
from playwright.sync_api import Page, expect
from serving import cli

from tp_geo.store.embedded import load_boundaries

pytestmark = pytest.mark.browser

PAPER_PX = 1047
"""What a sheet of A4 across is wide between its margins."""

SIGNED = (
    "Sign-off: 0 of 2 branches approved",
    "submitted",
    "Publishing asks for: No approval",
    "Challenges: 1 open of 1",
    "Nearer to us",
    "Comments: 1 open of 1",
    "Is <b>Reno</b> in?",
)
"""What a printed Review says of who signs, what is asked and what is said."""

WRONG = """() => {
  const shown = (e) => e.checkVisibility() && e.getClientRects().length > 0;
  const named = (e) => `${e.tagName} ${e.className} ${(e.textContent ?? '').slice(0, 40)}`;
  const said = [];
  for (const e of document.querySelectorAll('.stApp *')) {
    if (!shown(e)) continue;
    const box = e.getBoundingClientRect();
    if (box.right > innerWidth + 1 && box.width > 0) said.push(`outside: ${named(e)}`);
    if (e.matches('button, input, header, [role=combobox]')) said.push(`to press: ${named(e)}`);
  }
  return said;
}"""


@pytest.fixture(scope="module")
def prepared(store: Path) -> None:
    cli(store, "new", "P", "--names", "West,East")
    postal = load_boundaries("postal")
    for name, code in (("West", "OR"), ("East", "NY"), ("East", "ID")):
        if code == "ID":
            cli(store, "snapshot", "P", "Spring")
        codes = postal.codes[postal.within["state"].astype(str) == code]
        listed = store.with_name(f"{code}.csv")
        listed.write_text("\n".join(["code", *codes]))
        cli(store, "assign", "P", str(listed), "--to", name)
    cli(store, "assign", "P", str(store.with_name("OR.csv")), "--to", "East")
    cli(store, "owner", "P", "West", "Ana Ruiz")
    cli(store, "target", "P", "West", "population=4000000")
    cli(store, "comment", "P", "Is <b>Reno</b> in?", "--area", "West")
    cli(store, "challenge", "P", "East", "take", "89501", "--why", "Nearer to us")
    cli(store, "submit", "P", "West")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "heading", "last", "more"),
    [
        ("review", "Distribution and fairness", "Stands", SIGNED),
        ("compare", "Winners and losers", "Lost", ()),
    ],
)
def test_a_page_prints_whole_on_white_paper_without_what_can_be_pressed(
    visit: Callable[..., Page],
    tmp_path: Path,
    theme: str,
    name: str,
    heading: str,
    last: str,
    more: tuple[str, ...],
) -> None:
    page = visit(f"/{name}?alignment=P", color_scheme=theme)
    page.wait_for_function(
        f"() => window.__tpMaps?.{name}_map?.stats().paints > 0", timeout=READY_MS
    )
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator("table.tp-paper").first).to_be_hidden()
    file = tmp_path / f"{name}.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    with_map(file, "P · rev", "planner · ", heading, last, *more)
    page.set_viewport_size({"width": PAPER_PX, "height": 740})
    page.emulate_media(media="print", color_scheme=theme)  # type: ignore[arg-type]
    expect(page.get_by_role("columnheader", name=last, exact=True).last).to_be_visible()
    assert page.evaluate(WRONG) == []


def with_map(file: Path, *texts: str) -> None:
    """Check that a PDF says texts, that its first page is white, and that the map is on it."""
    document: Any = pypdfium2.PdfDocument(str(file))
    said = "\n".join(page.get_textpage().get_text_range() for page in document)
    assert [text for text in texts if text not in said] == []
    picture = np.asarray(document[0].render(scale=1).to_pil().convert("RGB")).astype(int)
    assert (picture.min(axis=2) > 250).mean() > 0.5, "the paper is white"
    colored = picture.max(axis=2) - picture.min(axis=2) > 40
    assert colored.sum() > 1_500, "the areas of the map are on it"
