"""How what is planned is spread over the areas: a histogram, and fairness level by level."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from tp_geo.domain.dataset import Floats
from tp_geo.ui import printing
from tp_geo.ui.text import count, figure, percent, plain
from tp_geo.workflow.coverage import Coverage, Spread

HEIGHT = 190
BINS = 24
LIMITS = (5, 8, 12, 18, BINS)
"""A histogram has one of so many bars: the first number whose square is enough for its areas."""
AXIS = {"grid": False, "tickCount": 5, "labelFontSize": 11, "titleFontSize": 11}
VARIATION = "Coefficient of variation: standard deviation / mean. 0: all alike."
GINI = "Gini coefficient: half the mean difference of two areas / mean. 0: all alike."
RATIO = "What the area with most holds, as a multiple of what the area with least holds."


def show(told: Coverage) -> None:
    """Show the distribution on the level, and the fairness of every level."""
    st.subheader("Distribution and fairness", anchor=False)
    spread = next((s for s in told.spreads if s.depth == told.depth), None)
    if spread is None or not spread.figures.count:
        st.caption("Nothing to compare on this level.")
        return
    _histogram(told, spread)
    _fairness(told)


def bins(values: Floats) -> pd.DataFrame:
    """Return a histogram: where each bar begins and ends, and how many areas are in it."""
    n = next((b for b in LIMITS if b * b >= 4 * len(values)), BINS)
    counts, edges = np.histogram(values, bins=n)
    return pd.DataFrame({"from": edges[:-1], "to": edges[1:], "areas": counts})


def _histogram(told: Coverage, spread: Spread) -> None:
    aimed = spread.against == "targets"
    values = np.array([r.planned / r.target if aimed else r.planned for r in told.rows])
    title = f"{told.label} of target" if aimed else _titled(told)
    form = ".0%" if aimed else "~s"
    x = {"field": "from", "type": "quantitative", "bin": {"binned": True},
         "axis": {**AXIS, "title": title, "format": form}}  # fmt: skip
    tips = [
        {"field": "from", "format": form, "title": "From"},
        {"field": "to", "format": form, "title": "To"},
        {"field": "areas", "title": "Areas"},
    ]
    bars = {
        "mark": {"type": "bar", "color": _color("primaryColor"), "opacity": 0.85},
        "encoding": {
            "x": x,
            "x2": {"field": "to"},
            "y": {"field": "areas", "type": "quantitative",
                  "axis": {**AXIS, "title": "Areas", "tickMinStep": 1}},
            "tooltip": tips,
        },
    }  # fmt: skip
    middle = 1.0 if aimed else spread.figures.mean
    line = {
        "data": {"values": [{"at": middle}]},
        "mark": {"type": "rule", "strokeDash": [4, 3], "strokeWidth": 2,
                 "color": _color("textColor")},
        "encoding": {"x": {"field": "at", "type": "quantitative"}},
    }  # fmt: skip
    said = (
        f"{count(len(values), 'areas')} by {title}; the line is the {'target' if aimed else 'mean'}"
    )
    st.vega_lite_chart(
        bins(values), {"layer": [bars, line]}, height=HEIGHT, width="stretch", alt=said
    )
    st.caption(f"{said}.")


def _fairness(told: Coverage) -> None:
    of_targets = {s.depth for s in told.spreads if s.against == "targets"}
    rows = [
        {
            "Level": f"{s.level}{' *' if s.depth in of_targets else ''}",
            "Areas": s.figures.count,
            "Variation": _percent(s.figures.variation),
            "Gini": _known(s.figures.gini),
            "Max / min": ratio(s.figures.ratio),
            "Least": _value(s, s.figures.lowest),
            "Most": _value(s, s.figures.highest),
        }
        for s in told.spreads
    ]
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    printing.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            "Variation": number(format="%.1f %%", help=VARIATION),
            "Gini": number(format="%.3f", help=GINI),
            "Max / min": text(help=RATIO, alignment="right"),
            "Least": text(alignment="right"),
            "Most": text(alignment="right"),
        },
        alt="Fairness of each level",
    )
    if of_targets:
        st.caption(f"\\* of what areas hold against their target of {plain(told.label, 40)}.")


def ratio(value: float) -> str:
    """Return how many times the least the most is."""
    if math.isnan(value):
        return "–"
    return "one holds nothing" if math.isinf(value) else f"{value:,.2f}"


def _value(spread: Spread, value: float) -> str:
    return percent(value, 0) if spread.against == "targets" else figure(value)


def _titled(told: Coverage) -> str:
    return f"{told.label} ({told.unit})" if told.unit else told.label


def _percent(share: float) -> float | None:
    return None if math.isnan(share) else 100 * share


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _color(option: str) -> Any:
    """Return a color of the page as it is, light or dark."""
    return st.get_option(f"theme.{st.context.theme.type or 'light'}.{option}")
