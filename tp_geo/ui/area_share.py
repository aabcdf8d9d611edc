"""What is selected shared with another area, or no longer; and whether areas may overlap."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from tp_geo.domain.alignment import UNASSIGNED, AreaId, Positions
from tp_geo.domain.shares import Overlap
from tp_geo.domain.sharing import AllowOverlap, ShareWith, StopSharing
from tp_geo.ui import state
from tp_geo.ui.area_bar import listed
from tp_geo.ui.asking import done, finish
from tp_geo.ui.text import count, shortened

RULES = {
    Overlap.NONE: "No: each belongs to one area",
    Overlap.FULL: "Yes, counted in full for each area",
    Overlap.EVEN: "Yes, split evenly between them",
}


def body(now: state.Now, _area: AreaId | None) -> None:
    """Show the dialog."""
    _rule(now)
    if now.alignment.overlap is Overlap.NONE:
        return
    items = now.selection[now.selection < now.dataset.items.containers]
    if not len(items):
        st.caption(f"Select {now.plan.noun} on the map to share them.")
        return
    st.markdown(f"**{count(len(items), now.plan.noun)}** selected")
    _holders(now, items)
    names = {k: n for k, n in listed(now.alignment).items() if not now.alignment.children(k)}
    to = st.selectbox(
        "Area", list(names), key="share_with", format_func=lambda k: shortened(names[k].strip(), 60)
    )
    with st.container(horizontal=True):
        if st.button("Share with it", type="primary"):
            finish(ShareWith(items, to))
        if st.button("Stop sharing with it"):
            finish(StopSharing(items, to))
        if st.button("Stop sharing"):
            finish(StopSharing(items))


def _rule(now: state.Now) -> None:
    """Ask whether areas may overlap; what is chosen holds at once."""
    chosen = ask_rule(f"May areas share {now.plan.noun}?", now.alignment.overlap)
    if chosen is not now.alignment.overlap and done(AllowOverlap(chosen)):
        st.rerun()


def ask_rule(label: str, index: Overlap = Overlap.NONE, key: str | None = None) -> Overlap:
    """Return the rule of overlap that is chosen."""
    return st.selectbox(
        label, list(RULES), index=list(RULES).index(index), key=key, format_func=RULES.__getitem__
    )


def _holders(now: state.Now, items: Positions) -> None:
    """Show how much of what is selected each area holds, as main area and beside another."""
    alignment = now.alignment
    main = alignment.area_of[items]
    shared = alignment.shared.where(pd.Series(alignment.shared.items).isin(items).to_numpy())
    held = pd.DataFrame(
        {
            "Main area": pd.Series(main[main != UNASSIGNED]).value_counts(),
            "Shares": pd.Series(shared.areas).value_counts(),
        }
    )
    held = held.fillna(0).astype(int)
    held.insert(0, "Area", [alignment.name(AreaId(int(k))) for k in held.index])
    st.dataframe(held, hide_index=True, alt="How much of what is selected each area holds")
