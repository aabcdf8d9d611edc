"""Links to a plan: made, copied, listed and revoked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.rights import Level
from tp_geo.ui import signing_in, state
from tp_geo.ui.access import LEVELS
from tp_geo.ui.area_bar import listed
from tp_geo.ui.text import ago, plain, shortened
from tp_geo.workflow import clock, links
from tp_geo.workflow.kept_links import Link

MADE, UNTIL = "links_made", "links_until"
"""The address just made, told once, with the plan it is of; and the day the next one ends."""
LEVEL, AREA = "links_level", "links_area"
"""What the next one gives to those who sign in."""
WHOLE = AreaId(-1)
"""The choice of all areas: a box that holds nothing could be cleared."""
SHOWN = 20
"""Links at most in the list; the command line lists all."""


def show(now: state.Now) -> None:
    """Show the button, and behind it the way to a new link and those there are."""
    with st.popover("Copy link", icon=":material/link:", key="links", width="content"):
        st.caption(
            "Whoever has the link sees Review, Compare and Map of this alignment. No sign-in is "
            "asked for, and nothing can be changed without one: send it only to whom it is for."
        )
        _new(now)
        of, address = st.session_state.get(MADE, ("", ""))
        if of == now.plan.info.id:
            st.code(address, language=None, wrap_lines=True)
            st.caption("Copy it now: it is not kept and can't be shown again.")
        found = links.links(now.plan)[::-1]
        for link in found[:SHOWN]:
            _row(now, link)
        if len(found) > SHOWN:
            st.caption(f"{len(found) - SHOWN:,} more; `tp-geo link` lists all.")


def only_reading() -> str:
    """Return why links are for reading alone here, "" when they can give more."""
    if not signing_in.wanted():
        return "Links are for reading here: to comment or edit by one, people have to sign in."
    if not state.planner().rights.on:
        return "Links are for reading: whoever signs in may do everything until there is a team."
    return ""


def _new(now: state.Now) -> None:
    if why := only_reading():
        st.caption(why)
    else:
        level, area = st.columns(2)
        level.selectbox(
            "Who signs in may", list(Level), key=LEVEL, format_func=LEVELS.__getitem__,
            help="As their role allows, and as long as you may share this alignment",
        )  # fmt: skip
        names = listed(now.alignment)
        area.selectbox(
            "What", [WHOLE, *now.alignment.areas], key=AREA,
            format_func=lambda k: names.get(k, "The whole"),
        )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.date_input(
            "Ends after (optional)", value=None, min_value=clock.today(), key=UNTIL,
            format="YYYY-MM-DD",
        )  # fmt: skip
        st.button("New link", type="primary", key="links_new", on_click=_make)


def _row(now: state.Now, link: Link) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"Link {link.number:,}: {said(link, clock.today())}{_gives(now, link)}  \n"
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


def _gives(now: state.Now, link: Link) -> str:
    """Return what a link gives beyond reading."""
    if link.level is Level.VIEW:
        return ""
    area = now.alignment.areas.get(link.area) if link.area is not None else None
    what = plain(shortened(area.name, 40)) if area else "an area that is gone"
    return f", **{LEVELS[link.level]}**: {'the whole' if link.area is None else what}"


def _make() -> None:
    plan = state.open_plan()
    level, area = Level.VIEW, None
    if not only_reading():
        level = Level(st.session_state.get(LEVEL) or Level.VIEW)
        chosen = st.session_state.get(AREA)
        area = None if chosen in (None, WHOLE) else AreaId(chosen)
    until = st.session_state.get(UNTIL)
    made = links.new_link(plan, by=state.user(), until=until, level=level, area=area)
    st.session_state[MADE] = plan.info.id, made.address(_base(), plan.info.name)


def _revoke(number: int) -> None:
    links.revoke_link(state.open_plan(), number, by=state.user())
    st.session_state.pop(MADE, None)


def _base() -> str:
    """Return where this app is, without the page."""
    at = urlsplit(str(st.context.url or ""))
    return f"{at.scheme}://{at.netloc}{at.path.rpartition('/')[0]}"
