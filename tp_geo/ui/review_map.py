"""The coverage map of the Review page: areas of a level in colors that say how they stand."""

from __future__ import annotations

import html
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from tp_geo.domain.alignment import AreaId, Positions
from tp_geo.domain.hierarchy import shown_at
from tp_geo.geometry import palette
from tp_geo.ui import map_ground, review_desk, state
from tp_geo.ui.component import territory_map
from tp_geo.ui.edge import handled
from tp_geo.ui.review_colors import Class, first_way, painted, ways
from tp_geo.ui.review_desk import Desk
from tp_geo.ui.text import count
from tp_geo.ui.wire import Picture, decode_positions, encode_positions, full_state
from tp_geo.workflow.coverage import Coverage

KEY = "review_map"
HEIGHT = 470
WAY, WISH = "review_way", "review_wish"
"""What areas are colored by, and what was chosen last, on whatever level that has it."""

CLEARED = "review_cleared"
"""When a click was last answered: the browser lets go of what it picked."""


@st.fragment(key=KEY)
@handled
def show(desk: Desk) -> None:
    """Show the areas of the level; a click looks into one."""
    now = state.now()
    if now is None:
        return
    if (desk.scope, desk.area) != (review_desk.scope(now), review_desk.area(now)):
        st.rerun()  # the rows and figures around the map are of the area looked into, too
    told = review_desk.covered(now, desk)
    offered = ways(told)
    wish = st.session_state.get(WISH)
    st.session_state[WAY] = wish if wish in offered else first_way(told)
    with st.container(horizontal=True, vertical_alignment="center", key="review_ways"):
        st.segmented_control(
            "Color by",
            offered,
            key=WAY,
            required=True,
            label_visibility="collapsed",
            on_change=_wish,
        )
        st.caption(_hint(told), width="content")
    colors, key = painted(told, st.session_state[WAY])
    _key(key, unassigned=told.unassigned > 0 and desk.scope is None)
    territory_map(
        _payload(now, desk, colors),
        key=KEY,
        height=HEIGHT,
        on_edit=_ignored,
        on_need=_on_need,
        on_resync=_ignored,
        on_selection=partial(_on_selection, desk.level),
        on_focus=_on_focus,
        on_act=_ignored,
        on_choose=_ignored,
        on_find=_ignored,
    )
    map_ground.feeds(now)


def places(now: state.Now, area: AreaId) -> Positions:
    """Return the containers of an area and all below it."""
    entries = now.alignment.area_of[: now.dataset.items.containers]
    return np.flatnonzero(np.isin(entries, list(now.alignment.subtree(area))))


def area_under(now: state.Now, container: int, level: int) -> AreaId | None:
    """Return the area that a container shows on a level."""
    leaf = now.alignment.area_of[container]
    return AreaId(int(shown_at(now.alignment, level)[leaf])) or None


def _hint(told: Coverage) -> str:
    if not told.rows:
        return "No areas so far"
    into = "looks into an area" if any(r.divided for r in told.rows) else "picks an area"
    return f"{count(len(told.rows), 'areas')}; a click {into}"


def _key(classes: Sequence[Class], *, unassigned: bool) -> None:
    """Say what the colors mean, with how many areas wear each: never by color alone."""
    dark = st.context.theme.type == "dark"
    parts = [
        f"<span><i style='background:{_toned(c.color, dark=dark)}'></i>"
        f"{html.escape(c.words)} <b>{c.count:,}</b></span>"
        if c.color
        else f"<span>{html.escape(c.words)} <b>{c.count:,}</b></span>"
        for c in classes
    ]
    if unassigned:
        parts.append("<span><i class='tp-none'></i>unassigned</span>")
    st.html(f"<div class='tp-review-key'>{''.join(parts)}</div>")


def _toned(color: str, *, dark: bool) -> str:
    """Return a color as the map draws it on the page."""
    share = palette.DARK if dark else 1.0
    return "#" + "".join(f"{round(int(color[i : i + 2], 16) * share):02x}" for i in (1, 3, 5))


def _payload(now: state.Now, desk: Desk, colors: Mapping[AreaId, str]) -> dict[str, Any]:
    every = {k: colors.get(k, palette.UNASSIGNED) for k in now.alignment.areas}
    nothing = {"can": False, "label": ""}
    marked = places(now, desk.area) if desk.area is not None else np.zeros(0, dtype=np.intp)
    return {
        **map_ground.ground(now),
        "name": KEY,
        "alignment": f"{now.plan.info.id}:{KEY}",
        "rev": now.plan.seq,
        "since": None,
        "full": full_state(Picture.of(now.alignment, now.dataset, every)),
        "delta": None,
        "ack": {},
        "refused": [],
        "focus": {
            "areas": None if desk.scope is None else [int(desk.scope)],
            "level": desk.level,
            "unassigned": desk.scope is None,
        },
        "look": {
            "seq": st.session_state.setdefault(CLEARED, 0), "items": [], "select": True, "go": False
        },
        "mark": encode_positions(marked),
        "measure": desk.measure or map_ground.measure(now),
        "readonly": True,
        "bare": "pick",
        "acts": [],
        "undo": nothing,
        "redo": nothing,
    }  # fmt: skip


@handled
def _on_selection(level: int) -> None:
    now, steps = state.now(), map_ground.event(KEY, "selection").get("items")
    if now is None or not steps:
        return
    at = decode_positions(steps, now.dataset.items.containers)[0]
    _clear()
    if (area := area_under(now, int(at), level)) is not None:
        review_desk.look_into(now, area)


@handled
def _on_focus() -> None:
    now, areas = state.now(), map_ground.event(KEY, "focus").get("areas")
    if now is not None and isinstance(areas, list) and areas[:1]:
        _clear()
        if isinstance(areas[0], int) and areas[0] in now.alignment.areas:
            review_desk.look_into(now, AreaId(areas[0]))


def _wish() -> None:
    st.session_state[WISH] = st.session_state[WAY]


def _clear() -> None:
    st.session_state[CLEARED] = time.time_ns() // 1_000_000


def _on_need() -> None:
    map_ground.note_needs(KEY)


def _ignored() -> None:
    """Nothing can be changed on this map."""
