"""Two small charts: the best objective as the run goes on, and what balance costs in moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from tp_geo.ui.optimize_run import Point
from tp_geo.ui.text import percent

DRAWN = 200
FEW = 24
HEIGHT, LOW = 150, 140
ROOM = 1.35
"""Axes go so much beyond the largest value, so that names of points have room."""
QUIET = {"grid": False, "tickCount": 4, "labelFontSize": 11, "titleFontSize": 11}
NOW, CHOSEN, OTHER = "now", "chosen", "other"
SHAPES = {NOW: "cross", CHOSEN: "diamond", OTHER: "circle"}
GRAY = "#8a939b"


@dataclass(frozen=True, slots=True)
class Place:
    """A plan between balance and what that costs."""

    name: str
    kind: str
    cost: float
    largest: float


def progress(points: Sequence[Point]) -> None:
    """Draw the best objective by seconds, one line for each plan that was looked for."""
    thinned = points[:: max(len(points) // DRAWN, 1)]
    mark = {
        "type": "line",
        "interpolate": "step-after",
        "strokeWidth": 2,
        "color": _color("primaryColor"),
        "point": {"size": 18, "color": _color("primaryColor")} if len(points) < FEW else False,
    }
    encoding = {
        "x": {**_axis("seconds", "Seconds"), "scale": {"nice": False}},
        "y": {**_axis("best", None), "scale": {"zero": False}},
        "detail": {"field": "what", "type": "nominal"},
    }
    st.caption("Objective of the best plan so far; less is better")
    _draw(
        pd.DataFrame(thinned, columns=["seconds", "what", "best"]),
        {"mark": mark, "encoding": encoding},
        HEIGHT,
        f"The best objective so far is {points[-1][2]:,.4g}, after {points[-1][0]:.1f} s",
    )


def front(places: Sequence[Place], cost: str, *, share: bool) -> None:
    """Draw plans by what they cost, a share or not, and the largest deviation that is left."""
    table = pd.DataFrame(
        {
            "name": [p.name for p in places],
            "kind": [p.kind for p in places],
            "cost": [p.cost for p in places],
            "largest": [p.largest for p in places],
        }
    )
    x = _axis("cost", cost, ".1~%" if share else "~s")
    x["scale"] = {"domain": [0, _end(table["cost"])]} if share else {"zero": False, "padding": 30}
    y = _axis("largest", "Off target", ".1~%")
    y["scale"] = {"domain": [0, _end(table["largest"])]}
    colors = {NOW: GRAY, CHOSEN: _color("primaryColor"), OTHER: GRAY}
    dot = {
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
        "encoding": {"x": x, "y": y, "color": _by_kind(colors), "shape": _by_kind(SHAPES)},
    }
    name = {
        "mark": {"type": "text", "dy": -12, "fontSize": 12, "color": _color("textColor")},
        "encoding": {"x": x, "y": y, "text": {"field": "name", "type": "nominal"}},
    }
    said = ", ".join(f"{p.name}: largest deviation {percent(p.largest)}" for p in places)
    _draw(table, {"layer": [dot, name]}, LOW, said)


def _end(values: pd.Series) -> float:
    return ROOM * (float(values.max()) or 0.01)


def _axis(field: str, title: str | None, form: str = "") -> dict[str, Any]:
    axis = {**QUIET, "title": title, **({"format": form} if form else {})}
    return {"field": field, "type": "quantitative", "axis": axis}


def _by_kind(of: dict[str, str]) -> dict[str, Any]:
    scale = {"domain": list(of), "range": list(of.values())}
    return {"field": "kind", "type": "nominal", "legend": None, "scale": scale}


def _draw(table: pd.DataFrame, spec: dict[str, Any], height: int, said: str) -> None:
    st.vega_lite_chart(table, spec, height=height, width="stretch", alt=said)


def _color(option: str) -> str:
    """Return a color of the page as it is, light or dark."""
    return str(st.get_option(f"theme.{st.context.theme.type or 'light'}.{option}"))
