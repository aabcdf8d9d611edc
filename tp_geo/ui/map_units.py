"""Beside the map: the units of the containers that are selected, to be moved one by one."""

from __future__ import annotations

import zlib

import numpy as np
import pandas as pd
import streamlit as st

from tp_geo.domain.alignment import Positions
from tp_geo.ui import item_actions, item_table, panel, state
from tp_geo.ui.text import count, plain, singular

PAGE = 200
HEIGHT = 320
NOTE_WIDTH = 92
ALL, ODD, HELD = "All", "Elsewhere", "Held"
HIDDEN = ["State", "County"]
NOTES = ["Exception", "Held"]


def body(now: state.Now) -> None:
    """Show the units, a page at a time, and what can be done with them."""
    inside = item_table.rows_of(now, item_table.SELECTION, item_table.UNITS)
    if not len(inside):
        one = singular(now.plan.noun)
        nothing = "No units lie in what is selected. " if len(now.selection) else ""
        st.caption(f"{nothing}Select a {one} on the map to see its units here.")
        return
    st.markdown(_said(now, inside))
    text = st.text_input(
        "Search", type="search", live="300ms", key=f"{panel.KEY}_units_search",
        placeholder="Id, name, area", label_visibility="collapsed",
    )  # fmt: skip
    rows = item_table.found(now, _which(now, inside), text)
    page = _paged(rows)
    picked = _table(now, page)
    chosen = picked if len(picked) else rows
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        item_actions.assign(now, chosen, panel.KEY)
        item_actions.keep(now, chosen, panel.KEY)
    if not len(picked):
        st.caption("Tick units to choose some; without a tick, all that are listed are meant.")


def _said(now: state.Now, inside: Positions) -> str:
    """Return how many units there are, and in what."""
    homes = np.unique(item_table.container_of(now.dataset, inside))
    code, name = now.dataset.codes[homes[0]], now.dataset.names[homes[0]]
    alone = str(code) if code == name else f"{code} {name}"
    where = plain(alone, 60) if len(homes) == 1 else count(len(homes), now.plan.noun)
    return f"{count(len(inside), 'units')} in {where}"


def _which(now: state.Now, inside: Positions) -> Positions:
    """Return all units, or those that are exceptions or held, as is asked."""
    kinds = {
        ALL: inside,
        ODD: np.intersect1d(inside, now.alignment.exceptions),
        HELD: inside[now.alignment.held[inside]],
    }
    kind = st.segmented_control(
        "Which", list(kinds), default=ALL, required=True, key=f"{panel.KEY}_units_kind",
        format_func=lambda k: f"{k} {len(kinds[k]):,}", label_visibility="collapsed",
    )  # fmt: skip
    return kinds[kind or ALL]


def _paged(rows: Positions) -> Positions:
    pages = max(-(-len(rows) // PAGE), 1)
    if pages == 1:
        return rows
    at = st.pagination(pages, key=f"{panel.KEY}_units_{_mark(rows)}")
    first = (at - 1) * PAGE
    st.caption(f"{first + 1:,} to {min(first + PAGE, len(rows)):,} of {len(rows):,}")
    return rows[first : first + PAGE]


def _table(now: state.Now, rows: Positions) -> Positions:
    """Show a page of units and return those that are ticked."""
    table = item_table.table(now, rows).drop(columns=HIDDEN, errors="ignore")
    notes = pd.concat([table.pop(name) for name in NOTES if name in table], axis=1)
    table.insert(2, "Note", [", ".join(filter(None, said)) for said in notes.to_numpy()])
    ticked = st.dataframe(
        table,
        key=f"{panel.KEY}_table_{_mark(rows)}",
        hide_index=True,
        height=min(38 + 35 * max(len(table), 1), HEIGHT),
        on_select="rerun",
        selection_mode="multi-row",
        placeholder="–",
        column_config={
            **item_table.columns(now),
            "Note": st.column_config.TextColumn(width=NOTE_WIDTH),
        },
        alt="Units with their area and figures",
    )
    return rows[[i for i in ticked["selection"]["rows"] if i < len(rows)]]


def _mark(rows: Positions) -> int:
    """Return what tells a list of rows from another, whose page and ticks are its own."""
    return zlib.crc32(np.ascontiguousarray(rows).tobytes())
