"""The dialog that says from which day on an alignment is valid."""

from __future__ import annotations

import streamlit as st

from tp_geo.errors import TpGeoError
from tp_geo.ui import state
from tp_geo.ui.edge import handled
from tp_geo.ui.text import plain
from tp_geo.workflow import clock
from tp_geo.workflow.effective import line_of, period_in, period_text, set_period


@handled
def body(alignment: str) -> None:
    """Ask for the first and the last day; refuse days of two of a line that overlap."""
    planner = state.planner()
    plan = planner.open(alignment)
    period, today = period_in(plan.info), clock.today()
    st.markdown(f"**{plain(plan.info.name, 80)}**")
    for other in line_of(planner, plan.info).dated:
        if other.id != plan.info.id:
            st.caption(f"{plain(other.name, 80)}: {period_text(other, today)}")
    left, right = st.columns(2)
    start = left.date_input(
        "Valid from", period.start if period else None, key="valid_from", format="YYYY-MM-DD"
    )
    end = right.date_input(
        "Until (optional)", period.end if period else None, key="valid_until", format="YYYY-MM-DD"
    )
    others = st.checkbox(
        "End what is valid before it the day before", key="valid_end_others",
        help="Alignments that were copied from one another can't be valid on the same day",
    )  # fmt: skip
    if not st.button("Save", type="primary", key="valid_save"):
        return
    days = (day.isoformat() if day else "" for day in (start, end))
    try:
        plan, ended = set_period(planner, plan, *days, ending_others=others)
    except TpGeoError as fault:
        st.error(plain(fault, 600))
        return
    state.tell(f"{plan.info.name}: {period_text(plan.info, today) or 'valid from no day'}.")
    for other in ended:
        state.tell(f"{other.name}: {period_text(other, today)}.")
    state.leave_dialog()
