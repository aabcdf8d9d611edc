"""The table under the map: the same work without the map."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from tp_geo.domain.alignment import UNASSIGNED, AreaId, Positions
from tp_geo.domain.commands import Follow, HoldItems, Move
from tp_geo.ui import item_filters, item_table, map_ground, state
from tp_geo.ui.area_bar import listed
from tp_geo.ui.edge import handled
from tp_geo.ui.item_table import CONTAINERS, EXCEPTIONS, UNITS
from tp_geo.ui.text import count, heading, shortened

KEY = "drawer"
TABLE = "drawer_table"
TO = "drawer_to"
SHOWN = 2_000
SELECTION, ALL, NONE = "Selection on the map", "All", "Unassigned"


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
        column_config=_columns(now),
        alt="Containers or units with their area and figures",
    )
    ticked = [i for i in state_of["selection"]["rows"] if i < len(table)]
    return rows[ticked]


def _columns(now: state.Now) -> Mapping[str, ColumnConfig]:
    return {
        heading(m): st.column_config.NumberColumn(format="localized") for m in now.dataset.measures
    } | {"Area (km²)": st.column_config.NumberColumn(format="%.1f")}


def _actions(now: state.Now, picked: Positions, listed_rows: Positions) -> None:
    items = picked if len(picked) else listed_rows
    names = {UNASSIGNED: "Unassigned", **listed(now.alignment)}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        to = st.selectbox(
            "Assign to", list(names), key=TO, width=300,
            index=min(1, len(names) - 1), format_func=lambda k: shortened(names.get(k, ""), 60),
        )  # fmt: skip
        st.button(
            f"Assign {len(items):,}" if len(items) else "Assign",
            type="primary",
            disabled=not len(items),
            on_click=_assign,
            args=(items, to),
        )
        st.button(
            f"Select {len(items):,} on map" if len(items) else "Select on map",
            disabled=not len(items),
            on_click=_select,
            args=(now, items),
        )
        held = now.alignment.held[items]
        _hold("Hold", items[~held], on=True)
        _hold("Release", items[held], on=False)
        odd = np.intersect1d(items, now.alignment.exceptions)
        if len(odd):
            st.button(
                f"Give {len(odd):,} back",
                help="Units go where the shape that surrounds them goes",
                on_click=_give_back,
                args=(odd,),
            )
    if not len(items):
        st.caption("Tick rows, search or filter to choose what is selected, assigned or held.")


def _hold(verb: str, items: Positions, *, on: bool) -> None:
    st.button(
        f"{verb} {len(items):,}" if len(items) else verb,
        disabled=not len(items),
        help="Held items stay where they are, and still count" if on else None,
        on_click=_set_held,
        args=(items, on),
    )


def _assign(items: Positions, to: AreaId) -> None:
    state.ask(Move(items, to))
    st.rerun()


def _select(now: state.Now, items: Positions) -> None:
    containers = item_table.container_of(now.dataset, items)
    state.point(np.unique(containers[containers >= 0]))
    st.rerun((map_ground.KEY, KEY))


def _set_held(items: Positions, on: bool) -> None:
    state.ask(HoldItems(items, on))
    st.rerun()


def _give_back(items: Positions) -> None:
    state.ask(Follow(items))
    st.rerun()
