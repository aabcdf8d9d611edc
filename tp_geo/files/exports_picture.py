"""A picture of an alignment: its areas in colors, named, with a legend of what they hold."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.path import Path as Outline

from tp_geo.domain.alignment import UNASSIGNED
from tp_geo.files.exports_plane import Plane, plane_of
from tp_geo.files.exports_tables import Contents, clean
from tp_geo.geometry.earth import Polygons

SVG = ".svg"
SIZE_IN, DPI = (14.0, 9.0), 130
MAX_LEGEND, MAX_LABELS, MAX_TEXT = 40, 200, 36
LABEL_PT = 7


def write_picture(contents: Contents, path: Path, *, depth: int | None = None) -> None:
    """Draw the areas shown on a level (without one: the lowest) to a PNG or SVG file."""
    plane = plane_of(contents, depth)
    figure = Figure(figsize=SIZE_IN, dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    _draw(axes, plane.shapes, plane.colors)
    _label(axes, contents, plane)
    _legend(axes, contents, plane)
    _caption(axes, contents, plane.level)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # shown as a box; no need to say so
        if path.suffix.lower() == SVG:
            FigureCanvasSVG(figure).print_svg(  # type: ignore[no-untyped-call]
                str(path), metadata={"Date": None}
            )
        else:
            FigureCanvasAgg(figure).print_png(str(path))  # type: ignore[no-untyped-call]


def _draw(axes: Axes, shapes: Polygons, colors: Sequence[str]) -> None:
    there = [i for i, s in enumerate(shapes) if not s.is_empty]
    drawn = PathCollection(
        [_outline(shapes[i]) for i in there],
        facecolors=[colors[i] for i in there],
        edgecolors="white",
        linewidths=0.6,
    )
    axes.add_collection(drawn)
    axes.autoscale_view()
    axes.set_aspect("equal")
    axes.set_axis_off()


def _outline(shape: shapely.Geometry) -> Outline:
    rings = shapely.get_rings(shapely.get_parts(shape))
    corners = [shapely.get_coordinates(ring) for ring in rings]
    codes = [_codes(len(c)) for c in corners]
    return Outline(np.concatenate(corners), np.concatenate(codes))


def _codes(corners: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    codes = np.full(corners, Outline.LINETO, dtype=np.uint8)
    codes[0], codes[-1] = Outline.MOVETO, Outline.CLOSEPOLY
    return codes


def _label(axes: Axes, contents: Contents, plane: Plane) -> None:
    """Write the names of areas in their middles, the largest first, none over another."""
    ids, shapes = plane.ids, plane.shapes
    taken: list[shapely.Geometry] = []
    point = _metres_to_a_point(axes)
    for i in np.argsort(-shapely.area(shapes)).tolist():
        if ids[i] == UNASSIGNED or shapes[i].is_empty or len(taken) == MAX_LABELS:
            continue
        parts = shapely.get_parts(shapes[i])
        middle = shapely.point_on_surface(parts[np.argmax(shapely.area(parts))])
        name = _short(contents.alignment.name(ids[i]))
        half = (0.31 * LABEL_PT * len(name) + 1.0) * point, (0.6 * LABEL_PT + 1.0) * point
        box = shapely.box(
            middle.x - half[0], middle.y - half[1], middle.x + half[0], middle.y + half[1]
        )
        if shapely.intersects(box, taken).any():
            continue
        taken.append(box)
        text = axes.text(middle.x, middle.y, name, ha="center", va="center", fontsize=LABEL_PT)
        text.set_parse_math(False)
        text.set_bbox({"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 1.0})


def _metres_to_a_point(axes: Axes) -> float:
    """Return about how many metres of the map are as long as a typographic point."""
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    width, height = 0.8 * SIZE_IN[0] * 72, 0.85 * SIZE_IN[1] * 72
    return max((right - left) / width, (top - bottom) / height)


def _legend(axes: Axes, contents: Contents, plane: Plane) -> None:
    alignment, figures, ids = contents.alignment, contents.totals, plane.ids
    measure = figures.names[0] if figures.names else None
    handles = []
    for k, color in list(zip(ids, plane.colors, strict=True))[:MAX_LEGEND]:
        held = f"  {figures.of(k, measure):,.0f}" if measure else ""
        handles.append(Patch(facecolor=color, label=f"{_short(alignment.name(k))}{held}"))
    if len(ids) > MAX_LEGEND:
        handles.append(Patch(alpha=0.0, label=f"and {len(ids) - MAX_LEGEND:,} more"))
    if not handles:
        return
    label = contents.dataset.measure(measure).label if measure else ""
    legend = axes.legend(
        handles=handles, title=_short(label), loc="center left", bbox_to_anchor=(1.0, 0.5),
        fontsize=8, frameon=False,
    )  # fmt: skip
    for text in (*legend.get_texts(), legend.get_title()):
        text.set_parse_math(False)


def _caption(axes: Axes, contents: Contents, level: str) -> None:
    title = axes.set_title(_short(contents.name, 2 * MAX_TEXT), fontsize=15, loc="left")
    title.set_parse_math(False)
    shapes = contents.boundaries
    notes = [_short(level), f"revision {contents.revision}", contents.made]
    if shapes is not None:
        notes.append(f"{shapes.title} {shapes.vintage}".strip())
        if shapes.approximate and "approximate" not in shapes.title.lower():
            notes.append(f"approximate {contents.dataset.boundaries} areas")
    line = " · ".join(n for n in notes if n)
    note = axes.text(0.0, -0.02, line, transform=axes.transAxes, fontsize=8, color="#555555")
    note.set_parse_math(False)


def _short(text: str, most: int = MAX_TEXT) -> str:
    text = " ".join(clean(text).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
