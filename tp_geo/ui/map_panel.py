"""Beside the map: walk through what there is to look at, and more."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.geometry.findings import Kind
from tp_geo.ui import (
    access,
    guest,
    map_comments,
    map_ground,
    map_split,
    map_units,
    optimize_panel,
    panel,
    parts,
    state,
)
from tp_geo.ui.edge import handled
from tp_geo.ui.text import figure, plain
from tp_geo.workflow.checking import TITLES, Told, check

SHOWN = 25
WIDTH, WIDER = 330, 410

Found: TypeAlias = dict[Kind, list[Told]]
"""What there is to look at, by its kind."""

_KIND = "map_panel_kind"
_AT = "map_panel_at"


@st.fragment(key=panel.KEY)
@handled
def show() -> None:
    """Show the panel, if it is open."""
    now, which = state.now(), panel.shown()
    if now is None or which not in _PARTS or not _offered(now, which):
        return
    width = WIDER if which == panel.OPTIMIZE else WIDTH
    with st.container(key="map_panel_box", width=width, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{which.capitalize()}**", width="stretch")
            st.button(
                "Close", icon=":material/close:", key="map_panel_close", type="tertiary",
                on_click=_close,
            )  # fmt: skip
        _PARTS[which](now)


@st.cache_resource(max_entries=16, show_spinner="Looking")
def checked(
    state_of: tuple[str, str, int],
    focus: tuple[tuple[AreaId, ...] | None, int, bool],
    measure: str,
    _now: state.Now,
) -> tuple[Told, ...]:
    """Return what there is to look at in a version of a plan; known while it stays the newest."""
    return check(_now.plan, focus=_now.focus, measure=measure)


def _offered(now: state.Now, which: str) -> bool:
    """Whether whoever is here has a use for a panel."""
    if which == panel.OPTIMIZE:
        return access.edits(now.plan)
    return which == panel.CHECK or not guest.here()


def _close() -> None:
    panel.show(None)
    st.rerun()


def _check(now: state.Now) -> None:
    focus = now.focus
    told = checked(
        (now.plan.info.id, now.dataset.seen_key, now.plan.seq),
        (focus.areas, focus.level, focus.unassigned),
        map_ground.measure(now),
        now,
    )
    found = {kind: [t for t in told if t.kind is kind] for kind in Kind}
    kinds = [kind for kind in Kind if found[kind]]
    if not kinds:
        st.success("Nothing to look at in this focus.", icon=":material/check:")
        return
    if st.session_state.get(_KIND) not in kinds:
        st.session_state[_KIND] = kinds[0]
    st.pills(
        "What", kinds, key=_KIND, required=True, label_visibility="collapsed",
        format_func=lambda k: f"{TITLES[k]} {len(found[k]):,}",
    )  # fmt: skip
    clean = [TITLES[k].lower() for k in Kind if not found[k]]
    if clean:
        st.caption(f":material/check: None {', '.join(clean)}.")
    _walk(now, found)


def _at(found: Found) -> tuple[list[Told], int]:
    """Return the findings of the kind looked at, and which of them one is at; -1 before the first.

    Both are read when they are needed: a key pressed right after another kind was picked, or twice
    before the page has answered, goes on from there.
    """
    kind = st.session_state[_KIND]
    told = found.get(kind, [])
    of, at = st.session_state.get(_AT, (kind, -1))
    return told, at if of == kind and at < len(told) else -1


def _walk(now: state.Now, found: Found) -> None:
    """Show findings of one kind a page at a time, with buttons to go from one to the next."""
    told, at = _at(found)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for label, icon, by, keys in (
            ("Previous", ":material/arrow_upward:", -1, "Alt+ArrowUp"),
            ("Next", ":material/arrow_downward:", 1, "Alt+ArrowDown"),
        ):
            st.button(
                label, icon=icon, key=f"map_panel_{label}", on_click=_step, args=(found, by),
                shortcut=keys,
            )  # fmt: skip
        st.caption(f"{max(at + 1, 0):,} of {len(told):,}", width="content")
    first = max(at, 0) // SHOWN * SHOWN
    with st.container(key="map_panel_list"):
        for i in range(first, min(first + SHOWN, len(told))):
            _row(now, told, i, shown=i == at)
    if len(told) > SHOWN:
        last = min(first + SHOWN, len(told))
        st.caption(f"{first + 1:,} to {last:,} of {len(told):,}; Next goes on.")


def _row(now: state.Now, told: list[Told], i: int, *, shown: bool) -> None:
    one = told[i]
    st.button(
        f"**{plain(one.title, 40)}**  \n:gray[{plain(one.text + _size(now, one), 120)}]",
        key=f"map_panel_finding_{i}",
        type="secondary" if shown else "tertiary",
        width="stretch",
        on_click=_visit,
        args=(told, i),
    )


def _size(now: state.Now, one: Told) -> str:
    """Return what a clump holds of the measure that is looked at."""
    if one.kind not in (Kind.UNASSIGNED, Kind.CUT_OFF, Kind.ENCLAVE) or math.isnan(one.amount):
        return ""
    measure = now.dataset.measure(map_ground.measure(now))
    return f" · {figure(one.amount)} {measure.unit or measure.label.lower()}"


def _step(found: Found, by: int) -> None:
    """Go to the finding so many further on, or stay at the first or last."""
    told, at = _at(found)
    if told:
        _visit(told, min(max(at + by, 0), len(told) - 1))


def _visit(told: list[Told], at: int) -> None:
    """Go to a finding and select what it is about; an area without a place is chosen only."""
    one = told[at]
    st.session_state[_AT] = one.kind, at
    if len(one.containers):
        state.point(one.containers)
    elif one.area is not None:
        state.choose(AreaId(one.area))
        st.rerun()
    parts.run(*panel.BOTH)


_PARTS: dict[str, Callable[[state.Now], None]] = {
    panel.CHECK: _check,
    panel.UNITS: map_units.body,
    panel.SPLIT: map_split.body,
    panel.OPTIMIZE: optimize_panel.body,
    panel.COMMENTS: map_comments.body,
}
