"""The Review page: is everything covered, on target, and do I sign it?"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import streamlit as st

from tp_geo.ui import (
    guest,
    navigation,
    review_areas,
    review_challenges,
    review_charts,
    review_comments,
    review_desk,
    review_gaps,
    review_map,
    review_paper,
    review_sign,
    review_steps,
    review_style,
    state,
)
from tp_geo.ui.review_desk import Desk
from tp_geo.ui.text import figure, percent, plain
from tp_geo.workflow import comments, overlapping, signoff
from tp_geo.workflow.coverage import Coverage
from tp_geo.workflow.signoff import Standing

UNCHANGED = "Take a snapshot in History, or copy the plan, to see what changes from there."

AHEAD_S = 0.5
"""How long a browser that opens the page has the figures and the map alone, seconds.

It draws all that has come at once: with the tables and the charts behind them, the
figures stood up to 1 s later and the map a quarter of one (``python -m benchmarks
review_page``). No longer: a map that asks for its shapes is answered when all was sent.
"""


def show(now: state.Now) -> None:
    """Show the figures, the map beside what to look at, the areas, and who signs."""
    wall = review_desk.presenting()
    review_style.apply(wall=wall)
    desk = review_desk.desk(now)
    told = review_desk.covered(now, desk)
    _figures(now, told)
    if not now.alignment.areas:
        st.info("No areas so far: add some on the **Map**, and what is covered shows here.")
        st.page_link("pages/map.py", label="Open the map", icon=":material/map:")
    _map(now, desk, told)
    if told.rows:
        left, right = st.columns([11, 7], gap="medium")
        with left:
            review_areas.show(now, desk, told)
        with right:
            review_charts.show(told)
    if not wall:
        standings = signoff.standings(now.plan)
        _sign(now, told.measure, standings)
        review_paper.show(now.plan, standings)
    if not guest.here():
        review_steps.show_dialog(now.plan)
        review_challenges.show_dialog(now.plan)


def _figures(now: state.Now, told: Coverage) -> None:
    label = plain(told.label, 40)
    still_open = len(comments.comments(now.plan, still_open=True))
    aimed = f"{told.on_target:,} of {told.aimed:,}" if told.aimed else "no targets"
    without = len(told.rows) - told.aimed
    why = f"Without target: {without:,} of {len(told.rows):,}" if without else "Within ±5 %"
    spread = "–" if math.isnan(told.spread) else percent(told.spread)
    figures = (
        (f"{label} covered", percent(math.floor(1_000 * told.covered) / 1_000),
         f"{figure(told.unassigned)} of {figure(told.whole)} unassigned"),
        ("Areas on target", aimed, why),
        _changed(told),
        (f"Spread of {label}", spread, review_charts.VARIATION),
        ("Open comments", f"{still_open:,}", "Comments that nobody has resolved"),
    )  # fmt: skip
    for column, (name, value, why) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(name, value, help=why, border=True)
    if shared := overlapping.told(now.plan, told.depth, told.measure):
        st.caption(f":material/group: {plain(shared, 300)}")


def _changed(told: Coverage) -> tuple[str, str, str]:
    """Return the share that gets another owner; where nobody owns anything, another area."""
    change, label = told.change, plain(told.label, 40)
    if change is None:
        return (f"{label} with another owner", "–", UNCHANGED)
    since = f"Against {plain(change.base.name, 60)}"
    if change.owners:
        more = f"{since}; {percent(change.area)} lies in another area"
        return (f"{label} with another owner", percent(change.owner), more)
    return (f"{label} in another area", percent(change.area), f"{since}; nobody owns an area")


def _map(now: state.Now, desk: Desk, told: Coverage) -> None:
    left, right = st.columns([11, 6], gap="medium")
    with left:
        review_map.show(desk)
        if st.session_state.get(navigation.ARRIVED):
            time.sleep(AHEAD_S)
        review_areas.picked(now, desk, told)
    with right:
        review_gaps.show(now, desk, told)


def _sign(now: state.Now, measure: str, standings: Sequence[Standing]) -> None:
    with st.container(key="review_sign"):
        left, right = st.columns([11, 7], gap="medium")
        with left:
            review_sign.show(now.plan, standings)
            review_challenges.show(now, measure)
        with right:
            review_comments.show(now)
            review_sign.gate(now.plan)
