"""Who signs: where the plan and its branches stand, and what publishing asks for."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from tp_geo.domain.rights import Action
from tp_geo.domain.signoff import Asks, Status
from tp_geo.ui import access, review_steps, state
from tp_geo.ui.text import count, plain
from tp_geo.workflow import signoff
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.signoff import Standing

UNDER_WAY = 30
"""Branches at most on the page that somebody has submitted."""

SHOWN = 8
"""Rows of branches on the page, where fewer are under way; any other can be picked."""

ASKS = {
    Asks.NOTHING: "No approval",
    Asks.ALIGNMENT: "Approval of the alignment",
    Asks.BRANCHES: "Approval of every branch at the top",
}
ASKED = "review_asks"
PICKED = "review_branch"


def show(plan: Plan, standings: Sequence[Standing]) -> None:
    """Show where the whole and its branches stand, and the steps from there."""
    whole, *branches = standings
    tops = [s for s in branches if s.top]
    approved = sum(s.status is Status.APPROVED for s in tops)
    st.subheader("Sign-off", anchor=False)
    if tops:
        st.caption(f"{approved:,} of {len(tops):,} branches approved")
    _row(plan, whole)
    in_order = sorted(branches, key=lambda s: not s.revision)
    shown = min(max(SHOWN, sum(bool(s.revision) for s in branches)), UNDER_WAY)
    for standing in in_order[:shown]:
        _row(plan, standing)
    if rest := in_order[shown:]:
        _another(plan, rest)


def _another(plan: Plan, rest: Sequence[Standing]) -> None:
    """Let one of the branches be picked that have no row."""
    named = {s.area: s for s in rest}
    if st.session_state.get(PICKED) not in named:
        st.session_state[PICKED] = None
    st.selectbox(
        f"{count(len(rest), 'more branches')}", list(named), key=PICKED,
        format_func=lambda area: named[area].name, placeholder="Pick a branch",
    )  # fmt: skip
    if picked := named.get(st.session_state[PICKED]):
        _row(plan, picked)


def gate(plan: Plan) -> None:
    """Show what publishing asks for, and what is missing to it."""
    st.subheader("Before publishing", anchor=False)
    if not access.may(Action.MANAGE, plan):
        st.caption(f"Publishing asks for: {ASKS[plan.alignment.asks]}")
    else:
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


def _require() -> None:
    asks = Asks(st.session_state[ASKED])
    plan = state.open_plan()
    state.attempt(lambda: signoff.require(plan, asks, by=state.user()))
