"""What a proposal does to each area: target, before, after, what comes and goes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.balance import TOLERANCE
from tp_geo.ui import optimize_map, panel, parts, state
from tp_geo.ui.optimize_desk import at_hand
from tp_geo.ui.text import heading
from tp_geo.workflow.optimizing_proposal import (
    Alternative,
    AreaRow,
    Figure,
    OwnerRow,
    Proposal,
)

HEIGHT = 246
ROW = 35
MARK = "!"


def show(now: state.Now, proposal: Proposal, alternative: Alternative, turn: int) -> None:
    """Show the areas; one that is picked is shown on the map."""
    measures = [name for name, _ in proposal.request.measures]
    measure = measures[0]
    if len(measures) > 1:
        measure = st.segmented_control(
            "Measure", measures, default=measure, required=True, key="optimize_measure",
            format_func=lambda name: now.dataset.measure(name).label,
            label_visibility="collapsed",
        ) or measure  # fmt: skip
    rows = alternative.rows
    st.dataframe(
        table(now, alternative, measure),
        key=f"optimize_table_{turn}",
        hide_index=True,
        height=min(ROW * (len(rows) + 1) + 3, HEIGHT),
        on_select=_picked,
        selection_mode="single-row",
        placeholder="–",
        column_config=_columns(now, measure),
        alt="What the proposal does to each area",
    )
    st.caption("Tick an area to see it on the map. **!**: off target by more than is wanted.")


def table(now: state.Now, alternative: Alternative, measure: str) -> pd.DataFrame:
    """Return a row for each area, the largest deviation first as they come."""
    figures = [_figure(row, measure) for row in alternative.rows]
    tolerance = alternative.command.request.objective.tolerance or TOLERANCE
    return pd.DataFrame(
        {
            "Area": [row.name for row in alternative.rows],
            "Off": [_off(f.deviation_after, tolerance) for f in figures],
            "Before": [_percent(f.deviation_before) for f in figures],
            "After": [_percent(f.deviation_after) for f in figures],
            "In": [_moved(alternative, row.id, measure, into=True) for row in alternative.rows],
            "Out": [_moved(alternative, row.id, measure, into=False) for row in alternative.rows],
            "Target": [f.target for f in figures],
            "Held": [f.before for f in figures],
            "Would hold": [f.after for f in figures],
        }
    )


def owners(rows: Sequence[OwnerRow]) -> None:
    """Show what owners get from others and give to others."""
    table = pd.DataFrame(
        {
            "Owner": [row.owner for row in rows],
            "Gets": [row.units_in or row.containers_in for row in rows],
            "Gives": [row.units_out or row.containers_out for row in rows],
        }
    )
    st.dataframe(table, hide_index=True, alt="What owners get and give")


def _columns(now: state.Now, measure: str) -> dict[str, ColumnConfig]:
    of = heading(now.dataset.measure(measure))
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    share = {name: number(name, format="%+.1f %%", width=62) for name in ("Before", "After")}
    amounts = ("In", "Out", "Target", "Held", "Would hold")
    return {
        "Area": text(width=92),
        "Off": text("", width=20, help="Off target by more than is wanted"),
        **share,
        **{name: number(name, format="compact", width=54, help=of) for name in amounts},
    }


def _figure(row: AreaRow, measure: str) -> Figure:
    return next(f for f in row.figures if f.measure == measure)


def _percent(share: float | None) -> float | None:
    return None if share is None or np.isnan(share) else 100 * share


def _off(share: float | None, tolerance: float) -> str:
    return MARK if share is not None and abs(share) > tolerance else ""


def _moved(alternative: Alternative, area: AreaId, measure: str, *, into: bool) -> float:
    """Return how much of a measure comes to an area, or leaves it."""
    ends = ((move.target if into else move.source, move) for move in alternative.moves)
    return sum(move.amounts[measure] for end, move in ends if end == area)


def _picked() -> None:
    """Have the map go to the area of the row that was picked."""
    now = state.now()
    desk = at_hand(now.plan) if now else None
    if now is None or desk is None or desk.proposal is None or desk.alternative is None:
        return
    rows = st.session_state[f"optimize_table_{desk.turn}"]["selection"]["rows"]
    if rows:
        area = desk.alternative.rows[rows[0]].id
        after = optimize_map.outcome(now.plan, desk.proposal, desk.alternative)
        inside = np.isin(after.area_of[: after.items.containers], list(after.subtree(area)))
        state.point(np.flatnonzero(inside), selected=False)
        state.choose(area)
    parts.run(*panel.BOTH)
