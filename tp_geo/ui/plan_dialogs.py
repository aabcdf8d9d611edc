"""Dialogs about whole alignments: new, copy, rename, export, bring in; what is archived."""

from __future__ import annotations

import streamlit as st

from tp_geo.domain.alignment import Profile
from tp_geo.domain.rights import Action
from tp_geo.errors import TpGeoError
from tp_geo.ui import area_fields, effective_dialog, export_view, new_alignment, state, target_tree
from tp_geo.ui.edge import handled
from tp_geo.ui.text import plain


def show() -> None:
    """Show the dialog that is open, if any."""
    wanted = state.wanted_dialog()
    match wanted:
        case ("new", _):
            state.show_dialog("New alignment", new_alignment.body)
        case ("copy", (str(alignment),)):
            state.show_dialog("Copy", _copy, alignment)
        case ("rename", (str(alignment),)):
            state.show_dialog("Name and description", _rename, alignment)
        case ("targets", (str(alignment),)):
            state.show_dialog("Targets", _targets, alignment, width="large")
        case ("valid", (str(alignment),)):
            state.show_dialog("Valid from", effective_dialog.body, alignment)
        case ("export", (str(alignment),)):
            state.show_dialog("Export", export_view.body, alignment)
        case ("bring", _):
            state.show_dialog("Import plan", export_view.bring)


def archived() -> None:
    """List what was archived, with a way back."""
    planner = state.planner()
    known = (i for i in planner.store.alignments() if i.archived)
    away = [i for i in known if planner.actor.may(Action.MANAGE, i)]
    if not away:
        return
    with st.expander(f"Archived ({len(away):,})"):
        for info in away[:50]:
            left, right = st.columns([6, 1], vertical_alignment="center")
            left.markdown(plain(info.name))
            right.button("Bring back", key=f"back_{info.id}", on_click=_bring_back, args=(info.id,))


@handled
def _copy(alignment: str) -> None:
    planner = state.planner()
    plan = planner.open(alignment)
    name = st.text_input("Name of the copy", f"{plan.info.name[:240]} (copy)", max_chars=255)
    if st.button("Copy", type="primary"):
        try:
            made = planner.copy(plan, name, by=state.user())
        except TpGeoError as fault:
            st.error(plain(fault, 400))
            return
        state.enter(made.info)
        state.tell(f"Copied {plan.info.name} at revision {plan.seq}.")
        state.leave_dialog()


@handled
def _rename(alignment: str) -> None:
    planner = state.planner()
    plan = planner.open(alignment)
    name = st.text_input("Name", plan.info.name, max_chars=255)
    about = st.text_area("Description (optional)", plan.info.note, max_chars=1_000, height=90)
    profile = area_fields.ask_profile(
        "Geographic profile of areas made later", Profile(plan.info.profile)
    )
    if st.button("Save", type="primary"):
        try:
            if name.strip() != plan.info.name:
                planner.rename(plan, name)
            planner.describe(plan, description=about, profile=profile)
        except TpGeoError as fault:
            st.error(plain(fault, 400))
            return
        if st.session_state.get(state.ALIGNMENT) == plan.info.id:
            st.query_params[state.ADDRESS] = plan.info.name
        state.leave_dialog()


@handled
def _targets(alignment: str) -> None:
    plan = state.planner().open(alignment)
    st.markdown(f"**{plain(plan.info.name, 80)}**")
    target_tree.body(plan, None)


def _bring_back(alignment: str) -> None:
    planner = state.planner()
    plan = planner.open(alignment)
    if any(i.name == plan.info.name for i in planner.plans()):
        state.tell(
            f"Another alignment is called {plan.info.name!r} now; rename it first.", bad=True
        )
        return
    planner.archive(plan, archived=False)
