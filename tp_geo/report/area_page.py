"""The page of one area: its map, its figures, what it gained and lost, and what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from reportlab.lib.colors import HexColor

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.balance import TOLERANCE
from tp_geo.domain.hierarchy import path
from tp_geo.domain.targets import Aim
from tp_geo.report.atlas import Figure, Handed
from tp_geo.report.map_drawing import map_of_area
from tp_geo.report.paper import (
    BOLD,
    GREY,
    GROUND,
    INK,
    LINE,
    OVER,
    UNDER,
    lines_of,
    one_line,
    write,
)
from tp_geo.report.sheet import Sheet, key_of, number, share

LINE_PT, FAR = 11.0, 0.25
"""Height of a line, and the deviation at which a bar is as long as it gets."""
MAX_HANDED = 7


def area_page(sheet: Sheet, area: AreaId) -> None:
    """Draw the page of an area."""
    alignment = sheet.atlas.contents.alignment
    found = alignment.areas[area]
    above = path(alignment, area).rpartition("/")[0]
    sheet.head(found.name, " · ".join(t for t in (found.level, above) if t), key_of(area))
    map_of_area(sheet.canvas, sheet.atlas, area, sheet.main)
    y = sheet.column.y + sheet.column.height - 8
    y = _who(sheet, area, y)
    y = _figures(sheet, [*sheet.atlas.figures(area), *sheet.atlas.calculated(area)], y - 8)
    if (changes := sheet.atlas.changes) is not None:
        y = _handed(sheet, f"Gained since {changes.since}", changes.gained.get(area, ()), y - 8)
        y = _handed(sheet, f"Lost since {changes.since}", changes.lost.get(area, ()), y - 8)
    _codes(sheet, area, y - 8)
    sheet.foot()


def _who(sheet: Sheet, area: AreaId, y: float) -> float:
    alignment, totals = sheet.atlas.contents.alignment, sheet.atlas.contents.totals
    owner = next((a.owner for a in alignment.ancestry(area) if a.owner), "") or "none"
    facts = [("Owner", owner), ("Status", str(alignment.signoff(area).status))]
    facts.append(("Containers", f"{totals.containers[area]:,}"))
    if len(sheet.atlas.contents.dataset.items.container_of):
        facts.append(("Units", f"{totals.units[area]:,}"))
    column = sheet.column
    for name, text in facts:
        write(sheet.canvas, name, (column.x, y), color=GREY)
        write(sheet.canvas, text, (column.x + 62, y), width=column.width - 62)
        y -= LINE_PT + 1
    return y


def _figures(sheet: Sheet, figures: Sequence[Figure], y: float) -> float:
    canvas, column = sheet.canvas, sheet.column
    right = column.x + column.width
    ends = right - 96, right - 46, right
    for title, x in zip(("planned", "target", "off"), ends, strict=True):
        write(canvas, title, (x, y), size=7, color=GREY, align="right")
    _rule(sheet, y - 4)
    y -= LINE_PT + 4
    for figure in figures:
        write(canvas, figure.label, (column.x, y), width=column.width - 144)
        write(canvas, number(figure.planned), (ends[0], y), align="right")
        write(canvas, number(figure.target), (ends[1], y), align="right")
        color = INK if not figure.mark else OVER if figure.deviation > 0 else UNDER
        off = f"{figure.mark} {share(figure.deviation)}".strip()
        write(canvas, off, (ends[2], y), color=color, align="right", size=7)
        if figure.aim.ranged:
            y -= 9
            write(canvas, _range(figure.aim), (right, y), align="right", size=7, color=GREY)
        if not isnan(figure.deviation):
            y -= 7
            _bar(sheet, figure.deviation, y, color)
        y -= LINE_PT
    return y


def _range(aim: Aim) -> str:
    """Return the limits of an area: from, to, or both."""
    if aim.minimum is None or aim.maximum is None:
        low = aim.minimum is not None
        limit = aim.minimum if low else aim.maximum
        return f"{'at least' if low else 'at most'} {number(limit or 0.0)}"
    return f"{number(aim.minimum)} to {number(aim.maximum)}"


def _bar(sheet: Sheet, deviation: float, y: float, color: str) -> None:
    """Draw how far an area is off: a bar from the line of the target, within its tolerance."""
    canvas, column = sheet.canvas, sheet.column
    middle, half = column.x + column.width / 2, column.width / 2
    canvas.setFillColor(HexColor(GROUND))
    canvas.rect(column.x, y, column.width, 3, 0, 1)
    canvas.setFillColor(HexColor(LINE))
    canvas.rect(middle - half * TOLERANCE / FAR, y, 2 * half * TOLERANCE / FAR, 3, 0, 1)
    length = half * max(-1.0, min(1.0, deviation / FAR))
    canvas.setFillColor(HexColor(GREY if color == INK else color))
    canvas.rect(min(middle, middle + length), y + 0.5, abs(length), 2, 0, 1)
    canvas.setStrokeColor(HexColor(INK))
    canvas.setLineWidth(0.6)
    canvas.line(middle, y - 1, middle, y + 4)


def _handed(sheet: Sheet, title: str, handed: Sequence[Handed], y: float) -> float:
    y = _title(sheet, title, y)
    if not handed:
        write(sheet.canvas, "nothing", (sheet.column.x, y), color=GREY)
        return y - LINE_PT
    for one in handed[:MAX_HANDED]:
        counted = [(one.containers, "containers"), (one.units, "units")]
        what = ", ".join(f"{n:,} {name[:-1] if n == 1 else name}" for n, name in counted if n)
        right = sheet.column.x + sheet.column.width
        write(sheet.canvas, what, (right, y), align="right", size=7)
        write(sheet.canvas, one.other, (sheet.column.x, y), width=sheet.column.width - 96)
        y -= LINE_PT
    if len(handed) > MAX_HANDED:
        rest = f"and {len(handed) - MAX_HANDED:,} more"
        write(sheet.canvas, rest, (sheet.column.x, y), color=GREY)
        y -= LINE_PT
    return y


def _codes(sheet: Sheet, area: AreaId, y: float) -> None:
    """Write the codes of the containers, as many lines as there is room for."""
    held, labels = sheet.atlas.held(area), sheet.atlas.labels
    lines = list(lines_of([one_line(str(labels[i])) for i in held.tolist()], sheet.column.width, 7))
    if not lines:
        return
    y = _title(sheet, "Containers", y)
    room = max(0, int((y - sheet.column.y) / 9.5))
    for line in lines if len(lines) <= room else lines[: max(0, room - 1)]:
        write(sheet.canvas, line, (sheet.column.x, y), size=7)
        y -= 9.5
    if len(lines) > room:
        write(sheet.canvas, f"… {len(held):,} in all", (sheet.column.x, y), size=7, color=GREY)


def _title(sheet: Sheet, text: str, y: float) -> float:
    write(sheet.canvas, text, (sheet.column.x, y), font=BOLD, width=sheet.column.width)
    _rule(sheet, y - 4)
    return y - LINE_PT - 4


def _rule(sheet: Sheet, y: float) -> None:
    sheet.canvas.setStrokeColor(HexColor(LINE))
    sheet.canvas.setLineWidth(0.5)
    sheet.canvas.line(sheet.column.x, y, sheet.column.x + sheet.column.width, y)
