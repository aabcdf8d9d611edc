"""The map book: an overview, a table of areas, and a page for each area, as a PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from tp_geo.domain.hierarchy import levels
from tp_geo.files.exports_tables import Contents
from tp_geo.geometry.combining import JOINT
from tp_geo.report.area_page import area_page
from tp_geo.report.atlas import Atlas, Changes
from tp_geo.report.map_drawing import keep_locator
from tp_geo.report.overview_page import ROW_PT, areas_page, overview_page, table_key
from tp_geo.report.paper import SIZES, PlainPaper, canvas_of, one_line
from tp_geo.report.sheet import Sheet, body_of, key_of

Told: TypeAlias = Callable[[str, float], None]
"""Hears what is being done and how much of all is; what it raises ends the work."""

LETTER_COUNTRIES = ("US", "CA", "MX")


def write_book(
    contents: Contents,
    path: Path,
    *,
    depth: int | None = None,
    changes: Changes | None = None,
    paper: PlainPaper | None = None,
    told: Told = lambda _what, _share: None,
) -> None:
    """Write a plan as a book of maps, a page for each area of a level (without one: the lowest).

    With ``changes`` each page tells what the area gained and lost. Without
    ``paper`` it is that of the country.
    """
    named = levels(contents.alignment)
    atlas = Atlas(contents, min(depth or len(named), len(named)) or 1, changes)
    size = SIZES[paper or _paper(contents)]
    told("Dissolving areas", 0.0)
    rows = int(body_of(size).height / ROW_PT) - 2
    tables = [atlas.areas[i : i + rows] for i in range(0, len(atlas.areas), rows)]
    canvas = canvas_of(path, size, f"{contents.name}: map book")
    sheet = Sheet(canvas, size, atlas, 1 + len(tables) + len(atlas.areas))
    keep_locator(canvas, atlas)
    overview_page(sheet)
    for at, some in enumerate(tables):
        areas_page(sheet, some, at)
    if tables:
        canvas.addOutlineEntry("Areas", table_key(0), 0)
    for i, area in enumerate(atlas.areas):
        told(f"Page {i + 1:,} of {len(atlas.areas):,}", 0.05 + 0.9 * i / len(atlas.areas))
        canvas.addOutlineEntry(one_line(sheet.name(area)), key_of(area), 0)
        area_page(sheet, area)
    told("Writing the file", 0.95)
    canvas.save()


def _paper(contents: Contents) -> PlainPaper:
    country = contents.boundaries.country if contents.boundaries is not None else ""
    return "letter" if country.split(JOINT)[0] in LETTER_COUNTRIES else "a4"
