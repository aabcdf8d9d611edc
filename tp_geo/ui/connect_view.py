"""Connecting to an org: the demo one click away, a real one by settings; secrets never shown."""

from __future__ import annotations

import os

import streamlit as st

from tp_geo.ui import publish_progress, state
from tp_geo.ui.publish_desk import Desk
from tp_geo.ui.text import plain
from tp_geo.workflow.connecting import URL, WAYS, Connection, missing

CARDS = 340


def show(desk: Desk, now: state.Now | None) -> None:
    """Show the ways to connect."""
    if desk.joining and desk.joining.under_way:
        publish_progress.show(desk.joining, "Connecting", pausing=False)
        return
    if desk.joining and desk.joining.fault:
        st.error(plain(desk.joining.fault, 1_000), icon=":material/error:")
    grid = st.grid(2, min_column_width=CARDS, border=True, gap="medium")
    with grid.cell():
        _demo(desk, now)
    with grid.cell():
        _real(desk, now)


def chip(desk: Desk, org: Connection) -> None:
    """Show which org is connected, and what is known of it."""
    label = f"{plain(org.name, 40)} · {org.left:,} calls left"
    with st.popover(label, icon=":material/cloud_done:", width="stretch"):
        for name, value in _facts(org).items():
            left, right = st.columns([2, 3])
            left.caption(name)
            right.markdown(plain(value, 200))
        st.button(
            "Disconnect", icon=":material/logout:", on_click=desk.leave, width="stretch",
            disabled=desk.busy is not None,
        )  # fmt: skip


def _facts(org: Connection) -> dict[str, str]:
    return {
        "Org": org.name,
        "Address": org.address,
        "Edition": org.edition,
        "Signed in as": org.user or "not told by the org",
        "Calls left today": f"{org.left:,} of {org.calls:,}",
    }


def _demo(desk: Desk, now: state.Now | None) -> None:
    st.markdown("##### :material/science: Demo org")
    st.markdown(
        "A simulated Salesforce org on this computer, with people, accounts and a territory "
        "model to look at. Try everything: nothing leaves this machine."
    )
    st.caption("What you publish to it is kept beside your plans.")
    st.space("stretch")
    st.button(
        "Connect demo org", type="primary", icon=":material/play_arrow:", width="stretch",
        on_click=_join, args=(desk, now), kwargs={"demo": True},
    )  # fmt: skip


def _real(desk: Desk, now: state.Now | None) -> None:
    st.markdown("##### :material/cloud: Your Salesforce org")
    lacking = missing(os.environ)
    if ready := next((way for way, names in lacking.items() if not names), None):
        st.markdown(f"**{plain(os.environ[URL], 200)}**")
        st.caption(f"{ready}. Its settings are complete.")
        st.space("stretch")
        st.button(
            "Connect your org", icon=":material/login:", width="stretch",
            on_click=_join, args=(desk, now), kwargs={"demo": False},
        )  # fmt: skip
        return
    st.markdown("Set these where the app is started; one of the three ways is enough.")
    for way, names in WAYS.items():
        st.markdown(f"**{way}**  \n" + " ".join(_setting(n, lacking[way]) for n in names))
    st.caption("Passwords and keys are never typed, shown or kept here.")


def _setting(name: str, lacking: tuple[str, ...]) -> str:
    if name in lacking:
        return f":gray-badge[:material/radio_button_unchecked: {name}]"
    return f":green-badge[:material/check_circle: {name}]"


def _join(desk: Desk, now: state.Now | None, *, demo: bool) -> None:
    plan = now.plan if now else None
    desk.join(plan, str(state.planner().store.beside), demo=demo)
