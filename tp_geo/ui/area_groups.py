"""Bottom-up: areas that lie side by side put under new ones."""

from __future__ import annotations

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.naming import TOP, level_above
from tp_geo.errors import Refused
from tp_geo.ui import state
from tp_geo.ui.asking import finish
from tp_geo.ui.text import plain, shortened
from tp_geo.workflow.grouping import Group


def body(now: state.Now, area: AreaId | None) -> None:
    """Show the dialog."""
    parents: list[AreaId | None] = [
        None,
        *(k for k in now.alignment.areas if now.alignment.children(k)),
    ]
    above = now.alignment.area(area).parent if area is not None else None
    parent = st.selectbox(
        "Areas below", parents, index=parents.index(above) if above in parents else 0,
        format_func=lambda k: "The top" if k is None else now.alignment.name(k),
    )  # fmt: skip
    members = st.multiselect(
        "Areas of the group", now.alignment.children(parent),
        default=[area] if area in now.alignment.children(parent) else [],
        format_func=lambda k: shortened(now.alignment.name(k), 60),
    )  # fmt: skip
    left, right = st.columns(2)
    name = left.text_input("Name of the group", max_chars=255).strip()
    usual = level_above(now.alignment.area(members[0]).level) if members else TOP
    level = right.text_input("Name of its level", usual, max_chars=60).strip()
    st.caption("The group takes their place; they lie below it from then on.")
    others = [k for k in now.alignment.children(parent) if k not in members]
    rest = _rest(now, others, level) if members else ""
    if st.button("Group", type="primary"):
        if not (members and name and level):
            raise Refused("Choose the areas of the group, and give it a name and a level.")
        places = dict.fromkeys(members, (name,))
        finish(Group(places | dict.fromkeys(others, (rest,)) if rest else places, (level,)))


def _rest(now: state.Now, others: list[AreaId], level: str) -> str:
    """Ask for a group of the areas that are left; say what it means when they have none."""
    if not others:
        return ""
    names = ", ".join(plain(now.alignment.name(k), 40) for k in others[:3])
    listed = f"{names} …" if len(others) > len(others[:3]) else names
    rest = st.text_input(
        f"Name of a second group, for {listed} (optional)", max_chars=255,
        placeholder="Leave as it is",
    ).strip()  # fmt: skip
    if not rest:
        own = plain(now.alignment.area(others[0]).level, 40)
        stay = "stays" if len(others) == 1 else "stay"
        st.caption(
            f":material/info: {listed} {stay} beside the group: "
            f"one level then has areas called {own} and {plain(level, 40)}."
        )
    return rest
