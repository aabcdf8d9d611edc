"""One sheet of a book: its head, its foot, and where what is between them goes."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.report.atlas import Atlas
from tp_geo.report.paper import BOLD, GREY, LINE, Box, fitted, wide, write

MARGIN, HEAD, FOOT, SIDE = 34.0, 46.0, 26.0, 236.0
"""Edges of a sheet, its head and foot, and the column at the right, in points."""
MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Sheet:
    """What all sheets of a book share."""

    canvas: Canvas
    size: tuple[float, float]
    atlas: Atlas
    pages: int

    @property
    def body(self) -> Box:
        """What lies between head and foot."""
        return body_of(self.size)

    @property
    def main(self) -> Box:
        """The body without the column at the right."""
        return self.body._replace(width=self.body.width - SIDE)

    @property
    def column(self) -> Box:
        """The column at the right."""
        body = self.body
        return Box(body.x + body.width - SIDE + 18, body.y, SIDE - 18, body.height)

    def head(self, title: str, above: str, key: str) -> None:
        """Write the head of a page, and make it a place that links and the outline lead to."""
        high = self.size[1] - MARGIN
        self.canvas.bookmarkPage(key)
        write(self.canvas, above, (MARGIN, high - 8), color=GREY, width=self.body.width)
        write(self.canvas, title, (MARGIN, high - 28), size=17, font=BOLD, width=self.body.width)

    def foot(self) -> None:
        """Write the foot of a page and turn it."""
        contents, right = self.atlas.contents, self.size[0] - MARGIN
        number = f"{self.canvas.getPageNumber()} / {self.pages}"
        self.canvas.setStrokeColor(HexColor(LINE))
        self.canvas.setLineWidth(0.5)
        self.canvas.line(MARGIN, MARGIN + 14, right, MARGIN + 14)
        notes = [contents.name, f"revision {contents.revision}", contents.made[:10]]
        if (shapes := contents.boundaries) is not None:
            notes.append(f"{shapes.title} {shapes.vintage}".strip())
            if shapes.approximate and "approximate" not in shapes.title.lower():
                notes.append(f"approximate {contents.dataset.boundaries} areas")
        line = fitted(" · ".join(notes), self.body.width - wide(number, 7) - 12, 7)
        write(self.canvas, line, (MARGIN, MARGIN), size=7, color=GREY)
        write(self.canvas, number, (right, MARGIN), size=7, color=GREY, align="right")
        self.canvas.showPage()

    def name(self, area: AreaId) -> str:
        """Return what an area is called."""
        return "Unassigned" if area == UNASSIGNED else self.atlas.contents.alignment.name(area)


def body_of(size: tuple[float, float]) -> Box:
    """Return what lies between head and foot of a sheet of some size."""
    width, height = size[0] - 2 * MARGIN, size[1] - 2 * MARGIN
    return Box(MARGIN, MARGIN + FOOT, width, height - HEAD - FOOT)


def key_of(area: AreaId) -> str:
    """Return the name of the place in the document where an area's page begins."""
    return f"area-{area}"


def number(value: float) -> str:
    """Return a figure as people read it, "–" for none: 12.3 M, 45,678, 0.42."""
    if isnan(value):
        return "–"
    if abs(value) >= 10 * MILLION:
        return f"{value / MILLION:,.1f} M"
    return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:,.2f}"


def share(value: float) -> str:
    """Return a deviation in percent, its sign always shown."""
    return "–" if isnan(value) else f"{100 * value:+.1f} %"
