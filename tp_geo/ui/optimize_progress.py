"""A run that is under way: how good the best is so far, to be ended or cancelled at once."""

from __future__ import annotations

import streamlit as st

from tp_geo.ui import optimize_chart, panel, parts, state
from tp_geo.ui.optimize_desk import at_hand
from tp_geo.ui.optimize_run import Run
from tp_geo.ui.text import plain
from tp_geo.ui.work import CANCELLED, POLL_S


def show(run: Run) -> None:
    """Show how a run stands, with the buttons that end it."""
    with st.container(key="optimize_body", gap="small"):
        st.fragment(_watch, run_every=POLL_S)(run)
    with st.container(key="optimize_foot", horizontal=True, gap="small"):
        st.button(
            "Stop and keep the best", key="optimize_halt", icon=":material/stop:",
            disabled=run.halted, on_click=_halt, args=(run,),
        )  # fmt: skip
        st.button("Cancel", key="optimize_cancel", icon=":material/close:", on_click=_cancel)


def _watch(run: Run) -> None:
    if not run.under_way and not state.in_dialog():
        st.rerun()
    seconds = f" · {run.points[-1][0]:.1f} s" if run.points else ""
    doing = "Ending with the best so far" if run.halted else plain(run.what)
    st.markdown(f":material/hourglass_top: {doing}{seconds}")
    if run.points:
        optimize_chart.progress(run.points)
    st.caption("The plan and the map stay as they are. You can go on working meanwhile.")


def _halt(run: Run) -> None:
    run.halt()
    parts.run(panel.KEY)


def _cancel() -> None:
    now = state.now()
    if now is not None:
        at_hand(now.plan).clear()
        state.tell(CANCELLED)
    parts.run(*panel.BOTH)
