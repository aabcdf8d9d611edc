"""The table under the map: the same work without the map."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from tp_geo.domain.alignment import AreaId, Positions
from tp_geo.ui import (
    access,
    item_actions,
    item_filters,
    item_table,
    map_ground,
    parts,
    state,
)
from tp_geo.ui.area_bar import listed
from tp_geo.ui.edge import handled
from tp_geo.ui.item_table import CONTAINERS, EXCEPTIONS, SELECTION, UNITS
from tp_geo.ui.text import count

KEY = "drawer"
TABLE = "drawer_table"
SHOWN = 2_000
ALL, NONE = "All", "Unassigned"


@st.fragment(key=KEY)
@handled
def show() -> None:
    """Show the table and what can be done with its rows."""
    now = state.now()
    if now is None or not st.toggle("Table", key=state.DRAWER, persist_state="session"):
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        source = _source(now)
        kind = _kind(now)
        search = st.text_input(
            "Search", type="search", live="300ms", placeholder="Code, name, state, county, area",
            key="drawer_search", width=300,
        )  # fmt: skip
        filters = item_filters.show(now)
    rows = item_table.found(now, item_table.rows_of(now, source, kind), search)
    rows = item_filters.kept(now, rows, filters)
    table = item_table.table(now, rows[:SHOWN])
    picked = _table(now, table, rows)
    narrowed = search or filters.number or source in (SELECTION, EXCEPTIONS)
    _actions(now, picked, rows if narrowed else rows[:0])


def _source(now: state.Now) -> AreaId | str:
    names = listed(now.alignment)
    odd = [EXCEPTIONS] if len(now.alignment.exceptions) else []
    options: list[AreaId | str] = [SELECTION, NONE, *odd, ALL, *names]
    chosen = state.chosen(now.alignment)
    index = 0 if len(now.selection) else options.index(chosen if chosen is not None else ALL)
    found: AreaId | str = st.selectbox(
        "Rows", options, index=index, width=300,
        key=f"drawer_source_{chosen}_{bool(len(now.selection))}",
        format_func=lambda s: s if isinstance(s, str) else names.get(s, ""),
    )  # fmt: skip
    return found


def _kind(now: state.Now) -> str:
    if not len(now.dataset.items.container_of):
        return CONTAINERS
    kind = st.segmented_control(
        "Items", [CONTAINERS, UNITS], default=CONTAINERS, required=True, key="drawer_kind",
        format_func=lambda k: now.plan.noun.capitalize() if k == CONTAINERS else "Units",
    )  # fmt: skip
    return kind or CONTAINERS


def _table(now: state.Now, table: pd.DataFrame, rows: Positions) -> Positions:
    cut = f"; the first {SHOWN:,} are shown, search to find others" * (len(rows) > SHOWN)
    st.caption(f"{count(len(rows), 'rows')}{cut}")
    state_of = st.dataframe(
        table,
        key=f"{TABLE}_{now.plan.info.id}",
        hide_index=True,
        height=min(38 + 35 * max(len(table), 1), 420),
        on_select="rerun",
        selection_mode="multi-row",
        placeholder="–",
        column_config=item_table.columns(now),
        alt="Containers or units with their area and figures",
    )
    ticked = [i for i in state_of["selection"]["rows"] if i < len(table)]
    return rows[ticked]


def _actions(now: state.Now, picked: Positions, listed_rows: Positions) -> None:
    items = picked if len(picked) else listed_rows
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        if access.edits(now.plan):
            item_actions.assign(now, items, KEY)
        st.button(
            f"Select {len(items):,} on map" if len(items) else "Select on map",
            key=f"{KEY}_select",
            disabled=not len(items),
            on_click=_select,
            args=(now, items),
        )
        if access.edits(now.plan):
            item_actions.keep(now, items, KEY)
    if not len(items):
        st.caption("Tick rows, search or filter to choose what is selected, assigned or held.")


def _select(now: state.Now, items: Positions) -> None:
    containers = item_table.container_of(now.dataset, items)
    state.point(np.unique(containers[containers >= 0]))
    parts.run(map_ground.KEY, KEY)
