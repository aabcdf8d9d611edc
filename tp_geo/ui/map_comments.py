"""Beside the map: what is said of the area at hand and of places in it, and a form for more."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import streamlit as st

from tp_geo.domain.alignment import AreaId, Positions
from tp_geo.domain.comments import MAX_TEXT
from tp_geo.errors import TpGeoError
from tp_geo.ui import item_table, panel, parts, review_map, state
from tp_geo.ui.text import count, plain, shortened
from tp_geo.workflow import comments
from tp_geo.workflow.comments import Remark

SHOWN = 20
OFFERED = 20
"""How many of the selected places the form offers at most."""

TEXT = "map_comment_text"

About: TypeAlias = tuple[AreaId | None, str]
"""What a comment is of: an area, or the code of a place; neither is the alignment."""


def body(now: state.Now) -> None:
    """Show the open comments, newest first, each with a way to its place, and the form."""
    area = state.chosen(now.alignment)
    found = heard(now, area)
    where = f"in {plain(now.alignment.name(area), 60)}" if area else "in all areas"
    st.caption(f"{count(len(found), 'open comments')} {where}" if found else f"None open {where}.")
    with st.container(key="map_panel_list"):
        for remark in found[:SHOWN]:
            _row(now, remark)
    if len(found) > SHOWN:
        st.caption(f"{count(len(found) - SHOWN, 'comments')} more on Review.")
    _form(now, area)


def heard(now: state.Now, area: AreaId | None) -> list[Remark]:
    """Return the open comments of an area, of those below it and of places in them; or all."""
    every = comments.comments(now.plan, still_open=True)
    if area is None:
        return list(every)
    inside = set(now.alignment.subtree(area))
    return [r for r in every if r.area in inside or _holder(now, r) in inside]


def places(now: state.Now, remark: Remark) -> Positions:
    """Return the containers a comment is about; none when it is of no place, or that is gone."""
    if remark.area in now.alignment.areas:
        return review_map.places(now, AreaId(int(remark.area or 0)))
    at = now.dataset.find(remark.code) if remark.code else None
    if at is None:
        return np.zeros(0, dtype=np.intp)
    homes = item_table.container_of(now.dataset, np.array([at], dtype=np.intp))
    return homes[homes >= 0]


def go(now: state.Now, remark: Remark) -> None:
    """Have the map show the place of a comment, and choose its area."""
    area = remark.area if remark.area in now.alignment.areas else _holder(now, remark)
    state.choose(area)
    found = places(now, remark)
    if len(found):
        state.point(found, selected=bool(remark.code))


def _holder(now: state.Now, remark: Remark) -> AreaId | None:
    """Return the area that holds the place a comment is about."""
    at = now.dataset.find(remark.code) if remark.code else None
    return None if at is None else AreaId(int(now.alignment.area_of[at])) or None


def _row(now: state.Now, remark: Remark) -> None:
    about = f"{plain(remark.by, 40)} · {plain(remark.about, 60)}"
    st.markdown(f"{plain(remark.text, MAX_TEXT)}  \n:small[{about}]")
    with st.container(horizontal=True, gap="small"):
        if len(places(now, remark)):
            st.button(
                "Show on map", key=f"map_comment_go_{remark.number}", type="tertiary",
                on_click=_go, args=(now, remark),
            )  # fmt: skip
        st.button(
            "Resolve", key=f"map_comment_{remark.number}", type="tertiary",
            on_click=_resolve, args=(remark.number,),
        )  # fmt: skip


def _form(now: state.Now, area: AreaId | None) -> None:
    """Ask for a comment on what is selected, the area at hand or the alignment."""
    names = _offered(now, area)
    first = next(iter(names))
    key = f"map_comment_about_{first[0]}_{first[1]}_{len(names)}"
    with st.form("map_comment", clear_on_submit=True, border=False):
        st.selectbox("About", list(names), key=key, format_func=lambda k: names.get(k, ""))
        st.text_area("Comment", max_chars=MAX_TEXT, height=80, key=TEXT)
        st.form_submit_button("Comment", on_click=_say, args=(now.plan.info.id, key))


def _say(alignment: str, key: str) -> None:
    """Keep a comment on what was shown with it, also when another area is chosen right after."""
    area, code = st.session_state[key]
    try:
        plan = state.planner().open(alignment)
        comments.comment(plan, st.session_state[TEXT], by=state.user(), area=area, code=code)
    except TpGeoError as why:
        state.tell(str(why), bad=True)
    st.rerun()


def _offered(now: state.Now, area: AreaId | None) -> dict[About, str]:
    """Return what a comment can be about, the nearest first: places selected, area, alignment."""
    codes, titles = now.dataset.codes, now.dataset.names
    names: dict[About, str] = {}
    for at in now.selection[:OFFERED]:
        code, title = str(codes[at]), str(titles[at])
        names[(None, code)] = shortened(code if code == title else f"{code} {title}", 60)
    if area is not None:
        names[(area, "")] = shortened(now.alignment.name(area), 60)
    names[(None, "")] = comments.WHOLE
    return names


def _go(now: state.Now, remark: Remark) -> None:
    go(now, remark)
    st.rerun()


def _resolve(number: int) -> None:
    comments.resolve(state.open_plan(), number, by=state.user())
    parts.run(panel.KEY)
