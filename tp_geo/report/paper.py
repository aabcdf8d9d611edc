"""Paper: sheets of a PDF with letters that are embedded, texts that fit, and shapes of a map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

import matplotlib
import numpy as np
import shapely
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, LETTER, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tp_geo.files.exports_tables import clean
from tp_geo.geometry.earth import Floats

PlainPaper: TypeAlias = Literal["letter", "a4"]
SIZES = {"letter": landscape(LETTER), "a4": landscape(A4)}

PLAIN, BOLD = "TPGeoSans", "TPGeoSansBold"
INK, GREY, LINE, GROUND = "#1F2933", "#66727F", "#D5DBE1", "#F3F5F7"
OVER, UNDER = "#C2410C", "#1D5FA8"
"""Beyond the tolerance above and below a target, as on the map; a mark says it, too."""
EVEN_ODD = 0
"""How shapes with holes are filled."""

DETAIL_PT = 0.35
"""Corners of shapes nearer to a line than this are left out."""


class Box(NamedTuple):
    """A rectangle on paper, in points from the lower left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class View:
    """How metres of the map come to lie in a box on paper: what is shown, and the scale."""

    box: Box
    west: float
    south: float
    scale: float
    """Points for each metre."""

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """What is shown, in metres: west, south, east, north."""
        wide, high = self.box.width / self.scale, self.box.height / self.scale
        return self.west, self.south, self.west + wide, self.south + high

    def paper(self, xy: Floats) -> Floats:
        """Return points in metres, (n, 2), as points on paper."""
        found: Floats = (xy - (self.west, self.south)) * self.scale + (self.box.x, self.box.y)
        return found


def view_of(box: Box, bounds: Sequence[float], margin: float = 0.08) -> View:
    """Return the view that has bounds (west, south, east, north, in metres) in its middle."""
    west, south, east, north = bounds
    wide, high = max(east - west, 1.0), max(north - south, 1.0)
    scale = min(box.width / wide, box.height / high) / (1 + 2 * margin)
    return View(
        box,
        (west + east - box.width / scale) / 2,
        (south + north - box.height / scale) / 2,
        scale,
    )


def canvas_of(path: Path, size: tuple[float, float], title: str) -> Canvas:
    """Return an empty document; the letters it uses are embedded."""
    _fonts()
    canvas = Canvas(str(path), pagesize=size, pageCompression=1, lang="en")
    canvas.setTitle(clean(title))
    canvas.setCreator("TP Geo")
    return canvas


def write(
    canvas: Canvas,
    text: str,
    at: tuple[float, float],
    *,
    size: float = 8.0,
    font: str = PLAIN,
    color: str = INK,
    width: float | None = None,
    align: Literal["left", "right", "middle"] = "left",
) -> None:
    """Write one line; one that is wider than ``width`` is cut and ends in dots."""
    text = one_line(text)
    if width is not None:
        text = fitted(text, width, size, font)
    canvas.setFont(font, size)
    canvas.setFillColor(HexColor(color))
    put = {
        "left": canvas.drawString,
        "right": canvas.drawRightString,
        "middle": canvas.drawCentredString,
    }[align]
    put(at[0], at[1], text)


def one_line(text: str) -> str:
    """Return a text without breaks and without what a file can't hold."""
    return " ".join(clean(text).split())


def wide(text: str, size: float, font: str = PLAIN) -> float:
    """Return how wide a text is, in points."""
    return float(pdfmetrics.stringWidth(text, font, size))


def fitted(text: str, width: float, size: float, font: str = PLAIN) -> str:
    """Return as much of a text as fits into a width, with dots where it was cut."""
    if wide(text, size, font) <= width:
        return text
    least, most = 0, len(text)
    while least < most:
        middle = (least + most + 1) // 2
        if wide(f"{text[:middle]}…", size, font) <= width:
            least = middle
        else:
            most = middle - 1
    return f"{text[:least].rstrip()}…"


def lines_of(words: Sequence[str], width: float, size: float) -> Iterator[str]:
    """Yield words as lines of a width, parted by commas."""
    line = ""
    for word in words:
        longer = f"{line}, {word}" if line else word
        if line and wide(f"{longer},", size) > width:
            yield f"{line},"
            line = word
        else:
            line = longer
    if line:
        yield line


def draw(
    canvas: Canvas,
    shape: shapely.Geometry,
    view: View,
    *,
    fill: str | None = None,
    stroke: str | None = None,
    width: float = 0.5,
) -> None:
    """Draw a shape of the plane, as fine as the paper shows it."""
    near = shapely.clip_by_rect(shape, *_grown(view.bounds))
    rings = shapely.get_rings(shapely.get_parts(shapely.simplify(near, DETAIL_PT / view.scale)))
    if not len(rings):
        return
    outline = canvas.beginPath()
    for ring in rings:
        corners = view.paper(shapely.get_coordinates(ring)).round(2).tolist()
        outline.moveTo(*corners[0])
        for x, y in corners[1:-1]:
            outline.lineTo(x, y)
        outline.close()
    if fill is not None:
        canvas.setFillColor(HexColor(fill))
    if stroke is not None:
        canvas.setStrokeColor(HexColor(stroke))
        canvas.setLineWidth(width)
    canvas.drawPath(
        outline, stroke=int(stroke is not None), fill=int(fill is not None), fillMode=EVEN_ODD
    )


def paler(color: str, share: float) -> str:
    """Return a color with so much white in it."""
    parts = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)])
    red, green, blue = (parts + (255 - parts) * share).round().astype(int).tolist()
    return f"#{red:02X}{green:02X}{blue:02X}"


def _grown(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return bounds a little wider, so that edges of what is cut are not seen."""
    west, south, east, north = bounds
    edge = 0.02 * (east - west)
    return west - edge, south - edge, east + edge, north + edge


@cache
def _fonts() -> None:
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    pdfmetrics.registerFont(TTFont(PLAIN, str(folder / "DejaVuSans.ttf")))
    pdfmetrics.registerFont(TTFont(BOLD, str(folder / "DejaVuSans-Bold.ttf")))
