"""Read-only links to a plan: made, copied, listed and revoked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import streamlit as st

from tp_geo.ui import state
from tp_geo.ui.text import ago, plain
from tp_geo.workflow import clock, links
from tp_geo.workflow.links import Link

MADE, UNTIL = "links_made", "links_until"
"""The address just made, told once, with the plan it is of; and the day the next one ends."""


def show(now: state.Now) -> None:
    """Show the button, and behind it the way to a new link and those there are."""
    with st.popover("Copy read-only link", icon=":material/link:", key="links", width="content"):
        st.caption(
            "Whoever has the link sees Review, Compare and Map of this alignment, and can "
            "change nothing. No sign-in is asked for: send it only to whom it is for."
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.date_input(
                "Ends after (optional)", value=None, min_value=clock.today(), key=UNTIL,
                format="YYYY-MM-DD",
            )  # fmt: skip
            st.button("New link", type="primary", key="links_new", on_click=_make)
        of, address = st.session_state.get(MADE, ("", ""))
        if of == now.plan.info.id:
            st.code(address, language=None, wrap_lines=True)
            st.caption("Copy it now: it is not kept and can't be shown again.")
        for link in reversed(links.links(now.plan)):
            _row(link)


def _row(link: Link) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"Link {link.number:,}: {said(link, clock.today())}  \n"
            f":small[made by {plain(link.by, 40)}, {ago(link.at, datetime.now(UTC))}]",
            width="stretch",
        )
        if not link.ended(clock.today()):
            st.button(
                "Revoke", type="tertiary", key=f"links_revoke_{link.number}",
                on_click=_revoke, args=(link.number,),
            )  # fmt: skip


def said(link: Link, today: date) -> str:
    """Return how long a link is good for, or why it no longer is."""
    return link.ended(today) or (f"until {link.until}" if link.until else "without end")


def _make() -> None:
    plan = state.open_plan()
    made = links.new_link(plan, by=state.user(), until=st.session_state.get(UNTIL))
    st.session_state[MADE] = plan.info.id, made.address(_base(), plan.info.name)


def _revoke(number: int) -> None:
    links.revoke_link(state.open_plan(), number, by=state.user())
    st.session_state.pop(MADE, None)


def _base() -> str:
    """Return where this app is, without the page."""
    at = urlsplit(str(st.context.url or ""))
    return f"{at.scheme}://{at.netloc}{at.path.rpartition('/')[0]}"
