"""What is selected on the map challenged: to be kept by an area, given away, or taken."""

from __future__ import annotations

import streamlit as st

from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.challenges import MAX_REASON, Wish
from tp_geo.domain.periods import day_text
from tp_geo.ui import state
from tp_geo.ui.area_bar import listed
from tp_geo.ui.text import count, shortened
from tp_geo.workflow import challenging

WISHES = {Wish.TAKE: "Take", Wish.GIVE: "Give away", Wish.KEEP: "Keep"}


def body(now: state.Now, area: AreaId | None) -> None:
    """Ask what an area should keep, give or take of the selection, and why."""
    until = challenging.last_day(now.plan)
    if until is not None:
        st.caption(f"Challenges are heard until {day_text(until)}.")
    n = now.dataset.items.containers
    containers = int((now.selection < n).sum())
    what = [count(containers, now.plan.noun)] if containers else []
    if len(now.selection) > containers:
        what.append(count(len(now.selection) - containers, "units"))
    if not what:
        st.caption(f"Select {now.plan.noun} or units on the map first.")
        return
    st.markdown(f"**{' and '.join(what)}** selected")
    names = {k: shortened(n.strip(), 60) for k, n in listed(now.alignment).items()}
    left, right = st.columns(2)
    with left:
        whose = st.selectbox(
            "Area", list(names), format_func=names.__getitem__, key="challenge_area",
            index=list(names).index(area) if area in names else 0,
        )  # fmt: skip
    with right:
        wish = st.selectbox(
            "Should", list(WISHES), format_func=WISHES.__getitem__, key="challenge_wish"
        )
    to = UNASSIGNED
    if wish is Wish.GIVE:
        others = {UNASSIGNED: "Nobody: unassigned", **names}
        to = st.selectbox("To", list(others), format_func=others.__getitem__, key="challenge_to")
    why = st.text_area("Reason", max_chars=MAX_REASON, height=90, key="challenge_why")
    if st.button("Ask", type="primary"):
        codes = now.dataset.codes[now.selection].tolist()
        made = challenging.challenge(
            now.plan, wish, whose, codes, by=state.user(), reason=why, to=to
        )
        state.tell(f"Challenge {made.number:,} is asked. {shortened(who(made), 200)} decides.")
        state.leave_dialog()


def who(made: challenging.Challenge) -> str:
    """Return who decides a challenge."""
    return " or ".join(made.decides) if made.decides else "Anybody but who asked"
