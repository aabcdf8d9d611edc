"""The Publish page: connect, choose, dry run, publish; what was published; import from the org."""

from __future__ import annotations

import streamlit as st

from tp_geo.domain.rights import Action
from tp_geo.ui import (
    access,
    connect_view,
    import_model_view,
    publish_form,
    publish_past,
    publish_preview,
    publish_progress,
    publish_result,
    state,
)
from tp_geo.ui.cards import map_of
from tp_geo.ui.edge import handled
from tp_geo.ui.publish_desk import Desk, at_hand
from tp_geo.ui.publish_result import PAST, PUBLISH, VIEW
from tp_geo.ui.text import plain
from tp_geo.workflow.signoff import publish_gate

IMPORT = "Import"


def show(now: state.Now | None) -> None:
    """Show the page for a plan; without one, a model can be imported."""
    if not _offered(now):
        st.title("Publish", anchor=False)
        takes = "the role publisher, and an alignment that is shared with you"
        st.info(f"Publishing takes {takes}. Ask {plain(state.planner().rights.helper(), 80)}.")
        return
    desk = at_hand(now.plan if now else None)
    view = _head(desk, now)
    if desk.connection is None:
        st.caption("Choose which org. Nothing is written before you say so.")
        connect_view.show(desk, now)
    elif view == IMPORT or now is None:
        import_model_view.show(desk.connection)
    elif view == PAST:
        publish_past.show(desk, now)
    else:
        _publish(desk, now)


def _offered(now: state.Now | None) -> bool:
    """Whether whoever is here can publish what is open, or import a model."""
    return access.may(Action.CREATE) or access.may(Action.PUBLISH, now.plan if now else None)


def _head(desk: Desk, now: state.Now | None) -> str:
    title, views, org = st.columns([4, 5, 4], vertical_alignment="bottom", gap="medium")
    title.title("Publish", anchor=False)
    if desk.connection is None:
        return PUBLISH
    with org:
        connect_view.chip(desk, desk.connection)
    if now is None:
        return IMPORT
    st.session_state.setdefault(VIEW, PUBLISH)
    with views:
        chosen = st.segmented_control(
            "View", (PUBLISH, PAST, IMPORT), required=True, key=VIEW,
            label_visibility="collapsed",
        )  # fmt: skip
    return chosen or PUBLISH


@handled
def _publish(desk: Desk, now: state.Now) -> None:
    form, found = st.columns([4, 9], gap="medium")
    with form:
        request = publish_form.show(desk, now)
        dry = desk.dry.result if desk.dry else None
        st.button(
            "Dry run again" if dry else "Dry run", type="secondary" if dry else "primary",
            icon=":material/fact_check:", width="stretch", on_click=desk.try_out,
            args=(now.plan, request), disabled=desk.busy is not None,
        )  # fmt: skip
    with found:
        if desk.writing and desk.writing.under_way:
            publish_progress.show(desk.writing, _title(desk, now), pausing=True)
        elif desk.dry and desk.dry.under_way:
            publish_progress.show(desk.dry, "Dry run", pausing=False)
        elif desk.writing and not desk.dry:
            publish_result.show(desk, now)
        elif dry is not None:
            publish_result.broken(desk, now)
            publish_preview.show(desk, now, dry, request)
        else:
            _empty(desk, now, publish_gate(now.plan, request.focus))


def _title(desk: Desk, now: state.Now) -> str:
    """Return what is being written, which may be another plan."""
    here = desk.plan == now.plan.info.id
    what = "Undoing a publish of" if desk.undoing else "Publishing"
    return f"{what} {now.plan.info.name if here else state.planner().open(desk.plan).info.name}"


def _empty(desk: Desk, now: state.Now, closed: tuple[str, ...]) -> None:
    if desk.dry and desk.dry.fault:
        st.error(plain(desk.dry.fault, 1_000), icon=":material/error:")
    for reason in closed:
        st.warning(plain(reason, 600), icon=":material/lock:")
    with st.container(border=True, horizontal_alignment="center"):
        st.markdown(
            "The **dry run** reads the org and shows record by record what a publish would create, "
            "change and delete. It writes nothing."
        )
        st.image(map_of(now.plan), width=480, alt=f"Map of {now.plan.info.name}")
