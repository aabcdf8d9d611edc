"""Work with an org that is under way: how far it is, to be paused, gone on with, ended."""

from __future__ import annotations

import streamlit as st

from tp_geo.ui.publish_run import Run
from tp_geo.ui.text import plain
from tp_geo.ui.work import POLL_S


def show(run: Run, title: str, *, pausing: bool) -> None:
    """Show how a run stands, with the buttons that stop it."""
    with st.container(border=True, key="publish_progress"):
        st.markdown(f"##### {plain(title)}")
        st.fragment(_watch, run_every=POLL_S)(run)
        with st.container(horizontal=True, gap="small"):
            if pausing:
                _pause(run)
            st.button(
                "Stop" if pausing else "Cancel", key="publish_cancel", icon=":material/close:",
                on_click=run.cancel,
            )  # fmt: skip
        if pausing:
            st.caption("What is written when you stop stays; go on with it later, or undo it.")


def _pause(run: Run) -> None:
    if run.paused:
        st.button("Go on", key="publish_go_on", icon=":material/play_arrow:", on_click=run.go_on)
    else:
        st.button("Pause", key="publish_pause", icon=":material/pause:", on_click=run.pause)


def _watch(run: Run) -> None:
    if not run.under_way:
        st.rerun()
    said = "Paused before the next call" if run.paused else run.what
    st.progress(run.share, plain(said))
