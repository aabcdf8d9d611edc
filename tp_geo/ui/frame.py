"""The frame of every page: which plan, how it stands, undo and redo, who is here."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import streamlit as st

from tp_geo.domain.revision import Revision
from tp_geo.domain.rights import Level
from tp_geo.store import AlignmentInfo
from tp_geo.ui import (
    access,
    draft_dialogs,
    guest,
    navigation,
    notices,
    printing,
    signing_in,
    state,
    team_view,
    work,
)
from tp_geo.ui.edge import handled
from tp_geo.ui.text import ago, plain, shortened
from tp_geo.workflow import clock, presence
from tp_geo.workflow.effective import period_text
from tp_geo.workflow.plan import Plan

PICKER = "frame_picker"
KEY = "frame_line"
WINDOW = "frame_window"
NAMED = 2
"""Others who are named in the line; of more their number."""

POLL_S = 1.5
"""How often the line looks for what others have done: so it is there within two seconds.

Looking asks the store nothing as long as nobody commits, see `Store.follow`.
"""


def show() -> state.Now | None:
    """Show the line under the navigation and return what the page works on."""
    navigation.ensure()
    state.turn_to(st.session_state[navigation.HERE])
    now = state.now()
    work.leave()
    with st.container(key="frame", border=False):
        if now is None:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                st.caption("No alignment is open.", width="stretch")
                _person(state.user())
            printing.head("TP Geo", state.user(), clock.now()[:10])
        else:
            st.session_state[state.SEEN] = now.plan.info.id, now.plan.seq
            picker, rest = st.columns([3, 7], vertical_alignment="center")
            with picker:
                _picker(now)
            with rest:
                st.fragment(_line, key=KEY, run_every=POLL_S)()
    notices.show("frame")
    team_view.show()
    return now


def seen(now: state.Now) -> None:
    """Note that this session shows the newest revision."""
    st.session_state[state.SEEN] = now.plan.info.id, now.plan.seq


def meant(history: tuple[Revision, ...], seq: int) -> str:
    """Return what a revision is about: of an undo, what was undone."""
    revision = history[seq - 1]
    return meant(history, revision.reverts) if revision.reverts else revision.text


def _picker(now: state.Now) -> None:
    if guest.here():
        st.markdown(f"**{plain(now.plan.info.name, 80)}**")
        return
    plans = list(state.planner().plans())
    st.session_state[PICKER] = now.plan.info.id
    names = {i.id: i.name for i in plans}
    st.selectbox(
        "Alignment",
        list(names),
        key=PICKER,
        format_func=lambda k: shortened(names.get(k, ""), 80),
        label_visibility="collapsed",
        on_change=_pick,
        args=(plans,),
    )


def _pick(plans: list[AlignmentInfo]) -> None:
    found = next((i for i in plans if i.id == st.session_state[PICKER]), None)
    if found is not None:
        state.enter(found)


@handled
def _line() -> None:
    now = state.now()
    if now is None:
        return
    if (
        st.session_state.get(state.SEEN) != (now.plan.info.id, now.plan.seq)
        and not state.in_dialog()
    ):
        st.rerun()
    history = now.plan.history()
    printing.head(_headed(now.plan), now.user, clock.now()[:10])
    row = st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="right", gap="small"
    )
    with row:
        st.caption(_standing(now.plan.info, history), width="stretch")
        if guest.here():
            st.caption(":material/visibility: Read only", width="content")
            _way_in()
            return
        _others(now)
        if access.edits(now.plan):
            stack = now.plan.stack(now.user)
            _button("Undo", ":material/undo:", history, stack.undo, state.undo)
            _button("Redo", ":material/redo:", history, stack.redo, state.redo)
        else:
            st.caption(":material/visibility: Read only", width="content")
        _person(now.user)


def _others(now: state.Now) -> None:
    """Say who else looks at this alignment."""
    window: str = st.session_state.setdefault(WINDOW, uuid.uuid4().hex)
    if names := presence.others(now.plan, window=window, by=now.user):
        with st.container(key="others", horizontal=True, gap="xxsmall", width="content"):
            shown = ", ".join(shortened(n, 24) for n in names[:NAMED])
            more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
            here = "Looking at this alignment, too: " + ", ".join(plain(n, 60) for n in names[:40])
            st.caption(":material/group:", width="content", help=here)
            st.text(shown + more, width="content")


def _way_in() -> None:
    """Offer a guest to sign in, where the link then gives more than reading."""
    if not signing_in.wanted() or (level := state.linked_level()) is Level.VIEW:
        return
    for provider in signing_in.providers():
        st.button(
            f"Sign in to {level}", key=f"guest_in_{provider}", icon=":material/login:",
            help=f"With {plain(provider, 40)}" if provider else "You come back to this page",
            type="tertiary", on_click=st.login, args=(provider or None,),
        )  # fmt: skip


def _person(name: str) -> None:
    """Say who is here, with the way out where people sign in."""
    with st.container(key="person", horizontal=True, gap="xxsmall", width="content"):
        st.caption(":material/person:", width="content")
        st.text(shortened(name, 32), width="content")
    if team_view.offered():
        st.button(
            "Team", key="frame_team", icon=":material/groups:", type="tertiary",
            help="Who may do what", on_click=state.enter_dialog, args=(team_view.TEAM,),
        )  # fmt: skip
    if signing_in.done():
        st.button("Sign out", key="sign_out", type="tertiary", on_click=st.logout)


def _button(
    verb: str,
    icon: str,
    history: tuple[Revision, ...],
    stack: tuple[int, ...],
    action: object,
) -> None:
    what = meant(history, stack[-1]) if stack else ""
    st.button(
        verb,
        key=f"frame_{verb.lower()}",
        icon=icon,
        help=f"{verb}: {plain(what)}" if stack else f"There is nothing to {verb.lower()}",
        disabled=not stack,
        type="tertiary",
        on_click=action,  # type: ignore[arg-type]
    )


def _headed(plan: Plan) -> str:
    """Return which alignment, as it is, a page was printed of."""
    period = period_text(plan.info, clock.today())
    said = (plan.info.name, f"rev {plan.seq:,}", period)
    return " · ".join(s for s in said if s)


def _standing(info: AlignmentInfo, history: tuple[Revision, ...]) -> str:
    of = draft_dialogs.said(info)
    return f"{_saved(history)} · :blue-badge[{plain(of, 120)}]" if of else _saved(history)


def _saved(history: tuple[Revision, ...]) -> str:
    if not history:
        return "rev 0 · nothing done yet"
    return f"rev {len(history):,} · saved {ago(history[-1].at, datetime.now(UTC))}"
