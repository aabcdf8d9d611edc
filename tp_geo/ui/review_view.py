"""The Review page: is everything covered, on target, and do I sign it?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import streamlit as st

from tp_geo.domain.signoff import Asks, Status
from tp_geo.ui import review_comments, review_steps, state
from tp_geo.ui.text import count, percent, plain
from tp_geo.workflow import signoff
from tp_geo.workflow.checking import TITLES
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.reviewing import Headline, headline
from tp_geo.workflow.signoff import Standing

SHOWN = 30
"""Branches at most on the page; those under way come first."""

ASKS = {
    Asks.NOTHING: "No approval",
    Asks.ALIGNMENT: "Approval of the alignment",
    Asks.BRANCHES: "Approval of every branch at the top",
}
ASKED = "review_asks"


def show(now: state.Now) -> None:
    """Show the figures, then the branches beside what there is to look at."""
    plan = now.plan
    found = signoff.standings(plan)
    told = _headline(plan.info.id, plan.seq, plan.dataset.key, plan)
    _figures(told, found)
    left, right = st.columns([11, 6], gap="medium")
    with left:
        _branches(plan, found)
        review_comments.show(plan)
    with right:
        _attention(told)
        _gate(plan)
    review_steps.show_dialog(plan)


def _figures(told: Headline, found: Sequence[Standing]) -> None:
    tops = [s for s in found if s.top]
    approved = sum(s.status is Status.APPROVED for s in tops)
    label = plain(told.label, 40)
    aimed = f"{told.on_target:,} of {told.aimed:,}" if told.aimed else "no targets"
    figures = (
        (f"{label} covered", percent(told.covered)),
        ("Areas on target", aimed),
        (f"Spread of {label}", "–" if math.isnan(told.spread) else percent(told.spread)),
        ("To look at", f"{sum(told.findings.values()):,}"),
        ("Branches approved", f"{approved:,} of {len(tops):,}"),
    )
    for column, (name, value) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(name, value, border=True)


def _branches(plan: Plan, found: Sequence[Standing]) -> None:
    st.subheader("Sign-off", anchor=False)
    whole, *branches = found
    _row(plan, whole)
    under_way = sorted(branches, key=lambda s: not s.revision)
    for standing in under_way[:SHOWN]:
        _row(plan, standing)
    if len(branches) > SHOWN:
        st.caption(f"{count(len(branches) - SHOWN, 'branches')} more, never submitted.")


def _row(plan: Plan, standing: Standing) -> None:
    alignment = plan.alignment
    key = f"branch_{standing.area or 0}"
    above = alignment.area(standing.area).parent if standing.area else None
    closed = bool(standing.area) and bool(alignment.sealed(above))
    with st.container(border=True, key=key):
        name, steps = st.columns([6, 5], vertical_alignment="center")
        badge = review_steps.BADGES[standing.status]
        about = review_steps.said(standing)
        void = f"  \n:small[:orange[:material/warning: {standing.void}]]" if standing.void else ""
        name.markdown(f"**{plain(standing.name, 60)}** {badge}  \n:small[{about}]{void}")
        with steps:
            review_steps.buttons(plan, standing, closed, key)


def _attention(told: Headline) -> None:
    st.subheader("To look at", anchor=False)
    if not told.findings:
        st.caption("Nothing: no gaps, no pieces cut off, every area has an owner.")
        return
    lines = (f"- {TITLES[kind]}: **{n:,}**" for kind, n in told.findings.items())
    st.markdown("\n".join(lines))
    st.page_link("pages/map.py", label="See them under Check on the map", icon=":material/map:")


def _gate(plan: Plan) -> None:
    st.subheader("Before publishing", anchor=False)
    st.session_state[ASKED] = plan.alignment.asks
    st.selectbox(
        "Publishing asks for", list(Asks), key=ASKED, format_func=ASKS.__getitem__,
        on_change=_require,
    )  # fmt: skip
    reasons = signoff.publish_gate(plan, None)
    for reason in reasons[:5]:
        st.caption(f":material/block: {plain(reason, 300)}")
    if len(reasons) > 5:
        st.caption(f"and {len(reasons) - 5:,} more")
    if plan.alignment.asks is not Asks.NOTHING and not reasons:
        st.caption(":material/check: Everything that is asked for is approved.")


def _require() -> None:
    asks = Asks(st.session_state[ASKED])
    plan = state.open_plan()
    state.attempt(lambda: signoff.require(plan, asks, by=state.user()))


@st.cache_data(show_spinner=False, max_entries=8)
def _headline(plan_id: str, seq: int, dataset: str, _plan: Plan) -> Headline:
    return headline(_plan)
