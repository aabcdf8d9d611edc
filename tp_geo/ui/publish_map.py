"""The changes of a publish on the map: each area in the color of what becomes of its territory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.hierarchy import depths
from tp_geo.geometry import palette
from tp_geo.ui import map_ground, state
from tp_geo.ui.component import territory_map
from tp_geo.ui.edge import handled
from tp_geo.ui.publish_tree_view import COLORS, MARKS
from tp_geo.ui.text import count
from tp_geo.ui.wire import Picture, full_state
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
    territory_map(
        _payload(now, shown, changes, seq),
        key=KEY,
        height=HEIGHT,
        on_edit=_ignored,
        on_need=_on_need,
        on_resync=_ignored,
        on_selection=_ignored,
        on_focus=_ignored,
        on_act=_ignored,
        on_choose=_ignored,
        on_find=_ignored,
    )
    map_ground.feeds(now)


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


def _payload(
    now: state.Now, shown: Alignment, changes: Mapping[AreaId, Change], seq: int
) -> dict[str, Any]:
    colors = {k: COLORS[changes[k]] if k in changes else OUTSIDE for k in shown.areas}
    nothing = {"can": False, "label": ""}
    deepest = max((depth for depth, _ in depths(shown)), default=1)
    return {
        **map_ground.ground(now),
        "name": KEY,
        "alignment": f"{now.plan.info.id}:{KEY}:{hash(tuple(sorted(changes.items())))}",
        "rev": seq,
        "since": None,
        "full": full_state(Picture.of(shown, now.dataset, colors)),
        "delta": None,
        "ack": {},
        "refused": [],
        "focus": {"areas": None, "level": deepest, "unassigned": True},
        "readonly": True,
        "bare": True,
        "acts": [],
        "undo": nothing,
        "redo": nothing,
    }


def _on_need() -> None:
    map_ground.note_needs(KEY)


def _ignored() -> None:
    """Nothing can be done on this map."""
