"""Beside the map: an area split along a line that was drawn across it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.errors import BadData, Refused
from tp_geo.ui import area_split, panel, parts, state
from tp_geo.ui.asking import done
from tp_geo.ui.text import plain
from tp_geo.workflow.splitting import Half, Halves, Line, halves_on_map

CORNERS = 1_000
"""A line has at most so many: each is measured against every container."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A line across an area of a plan, in metres of the map; ``seq`` tells it from any other."""

    plan: str
    area: AreaId
    line: Line
    seq: int


def drawn(area: AreaId, said: object) -> None:
    """Take a line from the map: open the panel on both parts, or tell why there are none."""
    now = state.now()
    if now is None:
        return
    before: Cut | None = st.session_state.get(state.CUT)
    cut = Cut(now.plan.info.id, area, _line(said), before.seq + 1 if before else 1)
    try:
        pair = _halves(now, cut)
    except Refused as why:
        state.tell(str(why), bad=True)
        return
    st.session_state[state.CUT] = cut
    panel.show(panel.SPLIT)
    _mark(pair[1])


def body(now: state.Now) -> None:
    """Show both parts, and split when that is wanted."""
    cut: Cut | None = st.session_state.get(state.CUT)
    if cut is None or cut.plan != now.plan.info.id or cut.area not in now.alignment.areas:
        st.caption("Choose an area and draw a line across it with the tool Split (K).")
        return
    st.markdown(plain(now.alignment.name(cut.area)))
    pair = _halves(now, cut)
    command = area_split.offered(
        now, cut.area, pair, f"map_split_{cut.seq}", partial(_chosen, cut.seq)
    )
    st.caption("What is selected on the map becomes the new area. Draw again for another line.")
    if command is not None and done(command):
        panel.show(None)
        state.point([], go=False)
        st.rerun()


def _halves(now: state.Now, cut: Cut) -> Halves:
    plan, alignment = now.plan, now.alignment
    if by := alignment.lock(alignment.area(cut.area).id):
        raise Refused(f"{by} is locked. Unlock it, or choose another area.")
    return halves_on_map(alignment, plan.boundaries, plan.adjacency, cut.area, cut.line)


def _chosen(seq: int, half: Half) -> None:
    """Show another part for the new area, of the line that is being looked at.

    A browser that has not heard yet that the panel was closed tells what its list
    showed, which is heard as a choice: after a split it would select what was split.
    """
    cut: Cut | None = st.session_state.get(state.CUT)
    if panel.shown() == panel.SPLIT and cut is not None and cut.seq == seq:
        _mark(half)
        parts.run(*panel.BOTH)


def _mark(half: Half) -> None:
    """Select on the map what the new area would take."""
    state.point(half.items, go=False)


def _line(said: object) -> Line:
    """Return the corners of a line as the map sent them."""
    if isinstance(said, list) and 1 < len(said) <= CORNERS and all(map(_is_place, said)):
        return tuple((float(x), float(y)) for x, y in said)
    raise BadData("The map sent something that is no line. Reload the page.")


def _is_place(said: object) -> bool:
    return (
        isinstance(said, list)
        and len(said) == 2
        and all(isinstance(v, int | float) and math.isfinite(v) for v in said)
    )
