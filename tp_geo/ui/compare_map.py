"""The map of the Compare page: what moved in its new colors, and the plan before and after."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from tp_geo.domain.alignment import Positions
from tp_geo.files.exports_compare import Compared
from tp_geo.geometry import palette
from tp_geo.ui import map_still, state
from tp_geo.ui.compare_picture import before_colors, containers_of, moves
from tp_geo.ui.edge import handled
from tp_geo.ui.map_still import Still
from tp_geo.workflow.differences import Side

KEY = "compare_map"
HEIGHT = 470
MOVED, BEFORE, AFTER = "What moves", "Before", "After"


@st.fragment(key=KEY)
@handled
def show(contents: Compared, sides: tuple[Side, Side], flow: int | None) -> None:
    """Show the map; the containers of a flow that is looked at are outlined."""
    now = state.now()
    if now is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        way = st.segmented_control(
            "Shown on the map", (MOVED, BEFORE, AFTER), default=MOVED, required=True,
            key="compare_way", label_visibility="collapsed",
        )  # fmt: skip
        st.caption(_hint(str(way), any_=contents.found.areas.flows.count > 0))
    here = sides[0] if way == BEFORE else sides[1]
    shown = still(contents, sides, str(way), flow)
    map_still.show(replace(now, plan=here.plan), shown, HEIGHT)


def still(
    contents: Compared,
    sides: tuple[Side, Side],
    way: str,
    flow: int | None,
) -> Still:
    """Return what the map shows."""
    before, after = sides
    marked = _marked(contents, flow, before=way == BEFORE)
    version = f"{way}:{before.plan.info.id}:{before.revision}:{contents.found.level}"
    adjacency = after.plan.adjacency
    if way == MOVED:
        made = moves(contents, adjacency)
        return Still(KEY, made.alignment, made.colors, 1, after.revision, version, marked)
    if way == BEFORE:
        colors = before_colors(contents, before.plan.adjacency)
        shown, rev = contents.before.alignment, before.revision
    else:
        colors = dict(palette.colors(contents.after.alignment, adjacency))
        shown, rev = contents.after.alignment, after.revision
    return Still(KEY, shown, colors, contents.found.level, rev, version, marked)


def _marked(contents: Compared, flow: int | None, *, before: bool) -> Positions:
    if flow is None:
        return np.zeros(0, dtype=np.intp)
    containers = containers_of(contents, flow)
    if not before:
        return containers
    was = np.full(contents.after.dataset.items.count, -1, dtype=np.intp)
    was[contents.found.items] = contents.found.was
    found = was[containers]
    return found[found >= 0]


def _hint(way: str, *, any_: bool) -> str:
    if not any_:
        return "Nothing changes its area on this level"
    if way == MOVED:
        return "In the color of the area it goes to; what stays is pale"
    return "Areas that were found again have one color before and after"
