from __future__ import annotations

import streamlit as st

from tp_geo.domain.rights import Action
from tp_geo.ui import access, cards, frame, new_alignment, plan_dialogs, state

frame.show()
plans = state.planner().plans()

head, search, new, bring = st.columns([5, 3, 1.6, 1.6], vertical_alignment="bottom")
head.title("Alignments", anchor=False)
wanted = search.text_input(
    "Search", placeholder="Search by name", label_visibility="collapsed", type="search"
)
if access.may(Action.CREATE):
    new.button(
        "New alignment",
        type="primary",
        icon=":material/add:",
        width="stretch",
        on_click=state.open_dialog,
        args=("new",),
    )
    bring.button(
        "Import plan",
        icon=":material/upload:",
        width="stretch",
        on_click=state.open_dialog,
        args=("bring",),
    )

new_alignment.welcome(plans)
found = [i for i in plans if wanted.casefold() in i.name.casefold()]
if plans and not found:
    st.info("No alignment has a name like that.")
cards.show(found)
plan_dialogs.archived()
plan_dialogs.show()
