"""The first pages of a book: everything on one map, and a table that leads to each area."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from reportlab.lib.colors import HexColor

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.report.atlas import Atlas, Figure
from tp_geo.report.map_drawing import map_of_all
from tp_geo.report.paper import BOLD, GREY, INK, LINE, OVER, UNDER, write
from tp_geo.report.sheet import Sheet, key_of, number, share

ROW_PT = 15.0
MAX_MEASURES = 2
"""So many measures have columns in the table; those with targets come first."""


def overview_page(sheet: Sheet) -> None:
    """Draw the page with everything on one map."""
    atlas, contents = sheet.atlas, sheet.atlas.contents
    since = f", with changes since {atlas.changes.since}" if atlas.changes else ""
    valid = f", valid {contents.valid}" if contents.valid else ""
    sheet.head(contents.name, f"Map book, {atlas.level or 'areas'}{valid}{since}", "overview")
    sheet.canvas.addOutlineEntry("Overview", "overview", 0)
    map_of_all(sheet.canvas, atlas, sheet.main)
    column = sheet.column
    y = column.y + column.height - 8
    for name, text in _headlines(atlas):
        write(sheet.canvas, text, (column.x, y - 12), size=17, font=BOLD, width=column.width)
        write(sheet.canvas, name, (column.x, y - 25), color=GREY, width=column.width)
        y -= 42
    sheet.foot()


def areas_page(sheet: Sheet, areas: Sequence[AreaId], at: int) -> None:
    """Draw a page of the table of areas; a row is a link to the page of its area."""
    atlas, canvas, body = sheet.atlas, sheet.canvas, sheet.body
    names = _measures(atlas)
    sheet.head("Areas", atlas.contents.name, table_key(at))
    right = body.x + body.width
    ends = [right - 210 * (len(names) - 1 - i) for i in range(len(names))]
    y = body.y + body.height - ROW_PT
    write(canvas, "area", (body.x, y), size=7, color=GREY)
    write(canvas, "owner", (body.x + 190, y), size=7, color=GREY)
    for name, end in zip(names, ends, strict=True):
        label = f"{atlas.contents.dataset.measure(name).label}: planned"
        write(canvas, label, (end - 108, y), size=7, color=GREY, align="right", width=98)
        for title, x in (("target", end - 54), ("off", end)):
            write(canvas, title, (x, y), size=7, color=GREY, align="right")
    for area in areas:
        _rule(sheet, y - 4)
        y -= ROW_PT
        canvas.linkAbsolute("", key_of(area), (body.x, y - 4, right, y + ROW_PT - 4))
        _row(sheet, area, names, ends, y)
    sheet.foot()


def table_key(at: int) -> str:
    """Return the name of the place where a page of the table is."""
    return f"areas-{at}"


def _headlines(atlas: Atlas) -> list[tuple[str, str]]:
    """Return what leaders ask first, each as (what, figure)."""
    contents, totals = atlas.contents, atlas.contents.totals
    found = [("areas", f"{len(atlas.areas):,}")]
    figures = {k: atlas.figures(k) for k in atlas.areas}
    aimed = [k for k, some in figures.items() if not all(isnan(f.target) for f in some)]
    if aimed:
        on = sum(not any(f.mark for f in figures[k]) for k in aimed)
        found.append(("on target", f"{on:,} of {len(aimed):,}"))
    owned = sum(any(a.owner for a in contents.alignment.ancestry(k)) for k in atlas.areas)
    found.append(("with an owner", f"{owned:,}"))
    every = int(totals.containers[UNASSIGNED]) + sum(
        int(totals.containers[k]) for k in contents.alignment.children(None)
    )
    if every:
        assigned = 1 - int(totals.containers[UNASSIGNED]) / every
        found.append(("of the containers are assigned", f"{100 * assigned:.1f} %"))
    return found


def _measures(atlas: Atlas) -> list[str]:
    aimed = {m for a in atlas.contents.alignment.areas.values() for m in a.targets}
    names = atlas.contents.totals.names
    return sorted(names, key=lambda n: (n not in aimed, names.index(n)))[:MAX_MEASURES]


def _row(sheet: Sheet, area: AreaId, names: Sequence[str], ends: Sequence[float], y: float) -> None:
    atlas, canvas, body = sheet.atlas, sheet.canvas, sheet.body
    owner = next((a.owner for a in atlas.contents.alignment.ancestry(area) if a.owner), "")
    color = dict(zip(atlas.plane.ids, atlas.plane.colors, strict=True)).get(area)
    if color is not None:
        canvas.setFillColor(HexColor(color))
        canvas.rect(body.x, y - 1, 8, 8, 0, 1)
    write(canvas, sheet.name(area), (body.x + 13, y), width=170)
    write(canvas, owner or "–", (body.x + 190, y), width=100, color=INK if owner else OVER)
    figures = dict(zip(atlas.contents.totals.names, atlas.figures(area), strict=True))
    for name, end in zip(names, ends, strict=True):
        _cells(sheet, figures[name], end, y)


def _cells(sheet: Sheet, figure: Figure, end: float, y: float) -> None:
    canvas = sheet.canvas
    write(canvas, number(figure.planned), (end - 108, y), align="right")
    write(canvas, number(figure.target), (end - 54, y), align="right")
    color = INK if not figure.mark else OVER if figure.deviation > 0 else UNDER
    off = f"{figure.mark} {share(figure.deviation)}".strip()
    write(canvas, off, (end, y), color=color, align="right", size=7.5)


def _rule(sheet: Sheet, y: float) -> None:
    sheet.canvas.setStrokeColor(HexColor(LINE))
    sheet.canvas.setLineWidth(0.4)
    sheet.canvas.line(sheet.body.x, y, sheet.body.x + sheet.body.width, y)
