"""The map book: what stands on its pages, whoever named the areas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from planned import hostile, plan, planned
from squares import dataset

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import Branch, Change, Move
from tp_geo.domain.dataset import Formula, Level
from tp_geo.domain.formulas import with_formula
from tp_geo.errors import Cancelled
from tp_geo.report.atlas import Changes, Handed
from tp_geo.report.book import write_book
from tp_geo.report.sheet import number


def pages(path: Path) -> list[str]:
    """The text of every page."""
    book = pypdfium2.PdfDocument(path.read_bytes())
    return [page.get_textpage().get_text_range() for page in book]


def test_a_book_has_an_overview_a_table_and_a_page_for_each_area(tmp_path: Path) -> None:
    write_book(plan(), tmp_path / "book.pdf")
    found = pages(tmp_path / "book.pdf")
    assert len(found) == 2 + 3
    assert all(name in found[1] for name in ("West", "North", "South"))
    assert all(n in text for n, text in zip(("West", "North", "South"), found[2:], strict=True))
    assert all(f"{i + 1} / 5" in text for i, text in enumerate(found))


def test_a_page_tells_owner_figures_and_containers(tmp_path: Path) -> None:
    contents = plan()
    write_book(contents, tmp_path / "book.pdf")
    west = pages(tmp_path / "book.pdf")[2]
    held = contents.totals.of(AreaId(1), "people")
    assert "wes" in west
    assert "01, 02, 05" in west
    assert f"{held:,.0f}" in west
    assert "40" in west
    assert f"{100 * (held - 40) / 40:+.1f} %" in west


def test_an_area_above_the_level_has_a_page_and_those_below_have_none(tmp_path: Path) -> None:
    write_book(plan(), tmp_path / "book.pdf", depth=1)
    assert [text.splitlines()[1] for text in pages(tmp_path / "book.pdf")[2:]] == ["West", "East"]


def test_what_was_gained_and_lost_is_told(tmp_path: Path) -> None:
    gained = {AreaId(1): (Handed("East/North", 2, 1),)}
    lost = {AreaId(1): tuple(Handed(f"Area {i}", 1, 0) for i in range(9))}
    write_book(plan(), tmp_path / "book.pdf", changes=Changes("Q1", gained, lost))
    west, north = pages(tmp_path / "book.pdf")[2:4]
    assert "Gained since Q1" in west
    assert "East/North" in west
    assert "2 containers, 1 unit" in west
    assert "and 2 more" in west
    assert north.count("nothing") == 2


@pytest.mark.parametrize("depth", [None, 1])
def test_whatever_areas_are_called_there_is_a_book(depth: int | None, tmp_path: Path) -> None:
    contents = hostile()
    write_book(contents, tmp_path / "book.pdf", depth=depth)
    found = pages(tmp_path / "book.pdf")
    assert any("<script>alert(1)</script>" in text for text in found)


def test_a_plan_without_areas_and_an_area_without_containers_are_books(tmp_path: Path) -> None:
    write_book(planned(dataset(), []), tmp_path / "none.pdf")
    assert len(pages(tmp_path / "none.pdf")) == 1
    bare = planned(dataset(), [Branch(None, ("Full", "Bare")), Move(np.arange(8), AreaId(1))])
    write_book(bare, tmp_path / "bare.pdf")
    assert "Holds no containers." in pages(tmp_path / "bare.pdf")[3]


def test_the_map_of_an_area_has_its_color(tmp_path: Path) -> None:
    write_book(plan(), tmp_path / "book.pdf")
    book = pypdfium2.PdfDocument((tmp_path / "book.pdf").read_bytes())
    image = book[2].render(scale=1).to_pil().convert("RGB")
    colors = {color for _, color in image.getcolors(1 << 24)}
    assert (0x11, 0x22, 0x33) in colors


def test_a_book_that_is_cancelled_ends_at_the_next_page(tmp_path: Path) -> None:
    told: list[str] = []

    def stop(what: str, _share: float) -> None:
        told.append(what)
        if what.startswith("Page 2"):
            raise Cancelled

    with pytest.raises(Cancelled):
        write_book(plan(), tmp_path / "book.pdf", told=stop)
    assert told[-1] == "Page 2 of 3"
    assert not (tmp_path / "book.pdf").exists()


def test_fonts_are_in_the_file(tmp_path: Path) -> None:
    write_book(plan(), tmp_path / "book.pdf")
    assert b"/FontFile2" in (tmp_path / "book.pdf").read_bytes()


def test_a_page_tells_ranges_and_what_formulas_of_areas_come_to(tmp_path: Path) -> None:
    data = dataset()
    formula = Formula("per square", "people / containers", Level.AREA)
    data = with_formula(data, formula)
    ranged = {"minimums": {"people": 3.0}, "maximums": {"people": 777.0}}
    contents = planned(
        data, [Branch(None, ("West", "East")), Move(np.arange(4), AreaId(1)),
               Change(AreaId(1), ranged), Change(AreaId(2), {"minimums": {"people": 55.0}})],
    )  # fmt: skip
    write_book(contents, tmp_path / "book.pdf")
    west, east = pages(tmp_path / "book.pdf")[2:4]
    assert "3 to 777" in west
    assert "at least 55" in east
    held = contents.totals.of(AreaId(1), "people") / 4
    assert "per square" in west
    assert number(held) in west
