"""The areas of the level as a table: target, planned, deviation, owner, change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache, partial
from typing import Any
from urllib.parse import quote

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from tp_geo.domain.balance import TOLERANCE
from tp_geo.domain.formula_areas import areas_worked
from tp_geo.ui import printing, review_desk, review_gaps, state
from tp_geo.ui.review_desk import Desk
from tp_geo.ui.text import count, deviation, figure, percent, plain
from tp_geo.workflow.coverage import Coverage, Row

KEY = "review_table"
MARK = "!"
ROWS, ROW = 10, 35
WIDE, HIGH = 90, 18
STEPS = 20
"""A bar has so many lengths on either side of the target."""
FULL = 4 * TOLERANCE
"""Deviations from here on fill their side."""
STYLED = 200
"""Of longer tables the browser writes all figures: styling each cell takes a third of the page."""
LESS, MORE, WITHIN, LINE = "#4f8fd0", "#d5762b", "#8a939b", "#8a939b"


def show(now: state.Now, desk: Desk, told: Coverage) -> None:
    """Show the areas, those furthest from their targets first; a tick looks into one."""
    st.subheader(f"{plain(told.level, 40)}: {count(len(told.rows), 'areas')}", anchor=False)
    rows = sorted(told.rows, key=_urgency)
    key = f"{KEY}_{now.plan.seq}_{desk.level}_{desk.scope}_{desk.area}"
    worked = areas_worked(now.plan.dataset, now.alignment, now.plan.totals())
    found = table(told, rows)
    calculated = {
        f"{name} (calculated)" if name in found else name: w.values[[r.id for r in rows]]
        for name, w in worked.items()
    }
    number = st.column_config.NumberColumn(format="localized")
    texts: dict[Any, Any] = {"Deviation": _deviation} if "Deviation" in found else {}
    whole, styled = found.assign(**calculated), len(rows) <= STYLED
    printing.dataframe(
        whole.style.format(texts) if styled else whole,
        texts=texts,
        hide_index=True,
        height=ROW * min(len(rows) + 1, ROWS + 1) + 3,
        column_config={**dict.fromkeys(calculated, number), **_columns(told, styled=styled)},
        key=key,
        on_select=partial(_pick, now, rows, key),
        selection_mode="single-row",
        alt=f"{count(len(rows), 'areas')} with target, planned, deviation, owner and change",
    )
    with st.container(horizontal=True, gap="xxsmall"):
        st.caption(f"{MARK} marks areas outside ±{100 * TOLERANCE:g} % of their target.")
        with st.container(key=f"{printing.SCREEN}_tick"):
            st.caption("Tick an area to look into it.")


def picked(now: state.Now, desk: Desk, told: Coverage) -> None:
    """Show the one area that was picked on the map or in the table, and the way to it."""
    row = next((r for r in told.rows if r.id == desk.area), None)
    if row is None:
        return
    said = [f"**{plain(row.name, 60)}**", plain(row.owner, 60) or "without owner"]
    said.append(f"{figure(row.planned)} {plain(told.unit or told.label.lower(), 40)}")
    if not math.isnan(row.deviation):
        off = f" {MARK}" if row.off else ""
        said.append(f"{deviation(row.deviation)}{off} of {figure(row.target)}")
    if not math.isnan(row.change):
        said.append(f"{percent(row.change)} changed")
    with st.container(
        horizontal=True, vertical_alignment="center", border=True, key="review_picked"
    ):
        st.markdown(" · ".join(said), width="stretch")
        if st.button("Show on the map", icon=":material/pin_drop:", key="review_picked_go"):
            review_gaps.visit_area(now, desk, row.id)
        st.button(
            "Close", icon=":material/close:", type="tertiary", key="review_picked_close",
            on_click=_let_go,
        )  # fmt: skip


def table(told: Coverage, rows: Sequence[Row]) -> pd.DataFrame:
    """Return areas as a table; columns that no area has anything for are left out."""
    found = pd.DataFrame(
        {
            "Area": [r.name for r in rows],
            "Target": [r.target for r in rows],
            "Planned": [r.planned for r in rows],
            "Off": [MARK if r.off else "" for r in rows],
            "Deviation": [100 * r.deviation for r in rows],
            "Bar": [bar(r.deviation) for r in rows],
            "Owner": [r.owner or "–" for r in rows],
            "Change": [100 * r.change for r in rows],
        }
    )
    empty = [c for c in ("Target", "Deviation", "Change") if found[c].isna().all()]
    if "Deviation" in empty:
        empty += ["Bar", "Off"]
    return found.drop(columns=empty)


def bar(share: float) -> str | None:
    """Return a deviation as a picture: a bar from the target's line, no longer than its side."""
    if math.isnan(share):
        return None
    steps = round(min(abs(share) / FULL, 1.0) * STEPS)
    return _bar(math.copysign(steps, share), abs(share) > TOLERANCE)


@cache
def _bar(steps: float, off: bool) -> str:
    middle, size = WIDE / 2, abs(steps) / STEPS * (WIDE / 2 - 3)
    color = (LESS if steps < 0 else MORE) if off else WITHIN
    left = middle - size if steps < 0 else middle
    return "data:image/svg+xml," + quote(
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{WIDE}' height='{HIGH}'>"
        f"<path d='M{left:.0f} 5h{size:.0f}v8h-{size:.0f}z' fill='{color}'/>"
        f"<path d='M{middle:.0f} 1v16' stroke='{LINE}' stroke-width='1.5'/></svg>",
        safe="<>='/:. ",
    )


def _columns(told: Coverage, *, styled: bool) -> dict[str, ColumnConfig]:
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    unit = f" ({told.unit})" if told.unit else ""
    amount = {
        name: number(f"{name}{unit}", format="localized", help=f"{name} {told.label}")
        for name in ("Target", "Planned")
    }
    form = None if styled else "%+.1f %%"
    return {
        "Area": text(pinned=True),
        **amount,
        "Off": text("", width=28, help=f"Outside ±{TOLERANCE * 100:.0f} % of a target"),
        "Deviation": number(format=form, width=92, help="(planned - target) / target"),
        "Bar": st.column_config.ImageColumn("", width=110),
        "Change": number(format="%.1f %%", width=84, help="Gained and lost, of what it holds"),
    }


def _deviation(value: object) -> str:
    return deviation(value / 100) if isinstance(value, float) else ""


def _urgency(row: Row) -> tuple[float, float]:
    return (0.0 if math.isnan(row.deviation) else -abs(row.deviation), -row.planned)


def _pick(now: state.Now, rows: Sequence[Row], key: str) -> None:
    if chosen := st.session_state[key]["selection"]["rows"]:
        review_desk.look_into(now, rows[chosen[0]].id)


def _let_go() -> None:
    st.session_state[review_desk.CHOSEN] = None
