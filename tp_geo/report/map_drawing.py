"""Maps of a book: all areas, or one among its neighbors."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.report.atlas import Atlas
from tp_geo.report.paper import (
    GREY,
    GROUND,
    INK,
    LINE,
    Box,
    View,
    draw,
    one_line,
    paler,
    view_of,
    wide,
    write,
)

NAME_PT, CODE_PT = 6.5, 4.5
MAX_CODES = 400
"""An area of more containers shows their borders only."""
LOCATOR = (118.0, 76.0)
"""Width and height of the small map in the corner, in points."""
GROUND_OF_ALL = "all"


def map_of_all(canvas: Canvas, atlas: Atlas, box: Box) -> None:
    """Draw every area in its color, the largest with their names."""
    shapes = atlas.plane.shapes
    if not len(shapes) or shapely.is_empty(shapes).all():
        return
    view = view_of(box, shapely.total_bounds(shapes), 0.01)
    for i, shape in enumerate(shapes):
        draw(canvas, shape, view, fill=atlas.plane.colors[i], stroke="#FFFFFF", width=0.4)
    largest = np.argsort(-shapely.area(shapes)).tolist()
    assigned = (i for i in largest if atlas.plane.ids[i] != UNASSIGNED)
    _names(_Labels(canvas, view), atlas, assigned, INK)


def map_of_area(canvas: Canvas, atlas: Atlas, area: AreaId, box: Box) -> None:
    """Draw one area with its containers among its neighbors, and where it lies."""
    shapes, at = atlas.plane.shapes, atlas.place.get(area)
    canvas.saveState()
    frame = canvas.beginPath()
    frame.rect(*box)
    canvas.clipPath(frame, stroke=0, fill=0)
    canvas.setFillColor(HexColor(GROUND))
    canvas.rect(*box, stroke=0, fill=1)
    if at is None or shapes[at].is_empty:
        middle = box.x + box.width / 2, box.y + box.height / 2
        write(canvas, "Holds no containers.", middle, size=10, color=GREY, align="middle")
    else:
        _neighborhood(canvas, atlas, at, view_of(box, shapes[at].bounds))
        _locator(canvas, atlas, at, box)
    canvas.restoreState()
    canvas.setStrokeColor(HexColor(LINE))
    canvas.setLineWidth(0.6)
    canvas.rect(*box, stroke=1, fill=0)


def _neighborhood(canvas: Canvas, atlas: Atlas, at: int, view: View) -> None:
    plane = atlas.plane
    near = sorted(set(atlas.tree.query(shapely.box(*view.bounds)).tolist()) - {at})
    for i in near:
        pale = paler(plane.colors[i], 0.72)
        draw(canvas, plane.shapes[i], view, fill=pale, stroke="#FFFFFF", width=0.8)
    draw(canvas, plane.shapes[at], view, fill=plane.colors[at])
    held = atlas.held(plane.ids[at])
    for i in held.tolist():
        draw(canvas, atlas.containers[i], view, stroke="#FFFFFF", width=0.3)
    draw(canvas, plane.shapes[at], view, stroke=INK, width=1.1)
    labels = _Labels(canvas, view)
    _names(labels, atlas, near, GREY)
    if len(held) <= MAX_CODES:
        _codes(labels, atlas, held.tolist())


class _Labels:
    """Texts on a map of which none lies over another."""

    def __init__(self, canvas: Canvas, view: View) -> None:
        self.canvas, self.view = canvas, view
        self.taken: list[shapely.Geometry] = []

    def put(self, text: str, shape: shapely.Geometry, size: float, color: str) -> None:
        """Write a text in the middle of what is seen of a shape, unless another is there."""
        view = self.view
        seen = shapely.get_parts(shapely.clip_by_rect(shape, *view.bounds))
        seen = seen[shapely.get_dimensions(seen) == 2]
        if not len(seen):
            return
        middle = shapely.point_on_surface(seen[np.argmax(shapely.area(seen))])
        (x, y) = view.paper(np.array([[middle.x, middle.y]]))[0]
        half = wide(text, size) / 2 + 1, size / 2 + 0.5
        room = shapely.box(x - half[0], y - half[1], x + half[0], y + half[1])
        right, top = view.box.x + view.box.width, view.box.y + view.box.height
        frame = shapely.box(view.box.x, view.box.y, right, top)
        if shapely.contains(frame, room) and not shapely.intersects(room, self.taken).any():
            self.taken.append(room)
            write(self.canvas, text, (x, y - 0.36 * size), size=size, color=color, align="middle")


def _names(labels: _Labels, atlas: Atlas, which: Iterable[int], color: str) -> None:
    """Write names of areas where there is room."""
    for i in which:
        area = atlas.plane.ids[i]
        text = "Unassigned" if area == UNASSIGNED else atlas.contents.alignment.name(area)
        labels.put(one_line(text), atlas.plane.shapes[i], NAME_PT, color)


def _codes(labels: _Labels, atlas: Atlas, held: list[int]) -> None:
    """Write the codes of containers that are large enough on paper for them."""
    for i in held:
        shape, code = atlas.containers[i], one_line(str(atlas.labels[i]))
        if shape.is_empty:
            continue
        west, south, east, north = shape.bounds
        scale = labels.view.scale
        if wide(code, CODE_PT) < (east - west) * scale and (north - south) * scale > CODE_PT:
            labels.put(code, shape, CODE_PT, INK)


def keep_locator(canvas: Canvas, atlas: Atlas) -> None:
    """Keep the ground of the small map, so that each page only refers to it."""
    if len(atlas.plane.shapes) and not atlas.all.is_empty:
        canvas.beginForm(GROUND_OF_ALL)
        draw(canvas, atlas.all, _small(atlas, Box(0, 0, *LOCATOR)), fill="#C9D1D9")
        canvas.endForm()


def _locator(canvas: Canvas, atlas: Atlas, at: int, box: Box) -> None:
    """Draw where an area lies, small, in the lower right corner."""
    small = Box(box.x + box.width - LOCATOR[0] - 6, box.y + 6, *LOCATOR)
    canvas.setFillColor(HexColor("#FFFFFF"))
    canvas.setStrokeColor(HexColor(LINE))
    canvas.setLineWidth(0.6)
    canvas.rect(*small, stroke=1, fill=1)
    canvas.saveState()
    canvas.translate(small.x, small.y)
    canvas.doForm(GROUND_OF_ALL)
    canvas.restoreState()
    draw(canvas, atlas.plane.shapes[at], _small(atlas, small), fill=INK, stroke=INK, width=0.8)


def _small(atlas: Atlas, box: Box) -> View:
    return view_of(box, atlas.all.bounds, 0.04)
