"""One revision on the map: the plan before and after it, what it changed outlined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, Positions
from tp_geo.domain.contrast import marked, telling_level
from tp_geo.domain.hierarchy import shown_at
from tp_geo.geometry import palette
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.ui import map_still, state
from tp_geo.ui.edge import handled
from tp_geo.ui.map_still import Still
from tp_geo.ui.text import count
from tp_geo.workflow.plan import Plan

KEY = "history"
HEIGHT = 440
BEFORE, AFTER = "Before", "After"


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A revision as two states, the containers it changed, the level on which that shows."""

    before: Alignment
    after: Alignment
    marked: Positions
    level: int

    @property
    def whole(self) -> bool:
        """Whether it changed everything: then there is nothing to outline."""
        return len(self.marked) == self.after.items.containers


def change_of(plan: Plan, seq: int) -> Change:
    """Return what a revision did."""
    before, after = plan.at(seq - 1), plan.at(seq)
    found = marked(before, after)
    return Change(before, after, found, telling_level(before, after, found))


@st.fragment(key=KEY)
@handled
def show(seq: int) -> None:
    """Show the map before or after a revision."""
    now = state.now()
    if now is None or seq > now.plan.seq:
        return
    change = change_of(now.plan, seq)
    with st.container(horizontal=True, vertical_alignment="center"):
        side = st.segmented_control(
            "Shown on the map", (BEFORE, AFTER), default=AFTER, required=True,
            key="history_side", label_visibility="collapsed",
        )  # fmt: skip
        changed = count(len(change.marked), now.plan.noun)
        st.caption(
            f"All {changed} changed" if change.whole else f"Outlined: {changed} that changed"
        )
    map_still.show(now, still(change, seq, now.plan, before=side == BEFORE), HEIGHT)


def still(change: Change, seq: int, plan: Plan, *, before: bool) -> Still:
    """Return one side as the map shows it."""
    return Still(
        key=KEY,
        alignment=change.before if before else change.after,
        colors=colors(change, plan.adjacency),
        level=change.level,
        rev=seq - before,
        marked=change.marked[:0] if change.whole else change.marked,
    )


def colors(change: Change, adjacency: Adjacency) -> Mapping[AreaId, str]:
    """Return one color for each area of either side: what changes color changed areas."""
    before, after = (palette.colors(a, adjacency) for a in (change.before, change.after))
    return {**before, **after}


def key(plan: Plan, change: Change) -> Mapping[AreaId, str]:
    """Return the color each area of either side is shown in on the level of the map."""
    found = colors(change, plan.adjacency)
    shown = {
        AreaId(k): found[AreaId(stands)]
        for side in (change.before, change.after)
        for k, stands in enumerate(shown_at(side, change.level).tolist())
        if k in side.areas
    }
    return {**shown, UNASSIGNED: palette.UNASSIGNED}
