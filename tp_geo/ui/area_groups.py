"""Bottom-up: areas that lie side by side put under new ones."""

from __future__ import annotations

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.errors import Refused
from tp_geo.ui import state
from tp_geo.ui.asking import finish
from tp_geo.ui.text import shortened
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
    level = right.text_input("Name of its level", "Region", max_chars=60).strip()
    st.caption("The group takes their place; they lie below it from then on.")
    if st.button("Group", type="primary"):
        if not (members and name and level):
            raise Refused("Choose the areas of the group, and give it a name and a level.")
        finish(Group(dict.fromkeys(members, (name,)), (level,)))
