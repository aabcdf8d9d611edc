"""The changes of a publish on the map: each area in the color of what becomes of its territory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.hierarchy import depths
from tp_geo.geometry import palette
from tp_geo.ui import map_still, state
from tp_geo.ui.edge import handled
from tp_geo.ui.map_still import Still
from tp_geo.ui.publish_tree_view import COLORS, MARKS
from tp_geo.ui.text import count
from tp_geo.workflow.publishing_tree import Change, Node

KEY = "publish_map"
HEIGHT = 460
OUTSIDE = palette.UNASSIGNED


@st.fragment(key=KEY)
@handled
def show(nodes: Sequence[Node], seq: int) -> None:
    """Show the plan as it was at the dry run, colored by change."""
    now = state.now()
    if now is None or seq > now.plan.seq:
        return
    shown = now.plan.at(seq)
    changes = leaf_changes(shown, nodes)
    _key(changes, nodes)
    map_still.show(now, still(shown, changes, seq), HEIGHT)


def leaf_changes(alignment: Alignment, nodes: Sequence[Node]) -> Mapping[AreaId, Change]:
    """Return what becomes of the territory each leaf of a plan stands for, parts put together."""
    found: dict[AreaId, Change] = {}
    for node in nodes:
        if node.area in alignment.leaves and node.area is not None:
            before = found.get(node.area, node.change)
            found[node.area] = node.change if before == node.change else Change.UPDATE
    return found


def _key(changes: Mapping[AreaId, Change], nodes: Sequence[Node]) -> None:
    counts = Counter(changes.values())
    parts = [
        f"<span style='color:{COLORS[c]}'>■</span> {MARKS[c][2:]} {counts[c]:,}"
        for c in Change
        if counts[c]
    ]
    st.html(f"<div class='tp-key'>{' &nbsp; '.join(parts)}</div>")
    gone = sum(n.change is Change.DELETE for n in nodes)
    if gone:
        st.caption(f"{count(gone, 'territories')} that go are not in the plan any more.")


def still(shown: Alignment, changes: Mapping[AreaId, Change], seq: int) -> Still:
    """Return a plan as the map shows it, colored by change."""
    return Still(
        key=KEY,
        alignment=shown,
        colors={k: COLORS[changes[k]] if k in changes else OUTSIDE for k in shown.areas},
        level=max((depth for depth, _ in depths(shown)), default=1),
        rev=seq,
        version=f"{hash(tuple(sorted(changes.items())))}",
    )
