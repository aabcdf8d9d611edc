"""The challenges to a plan: what is asked and what it would change; accepted or declined."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from tp_geo.domain.challenges import MAX_REASON, Verdict
from tp_geo.domain.periods import day_text
from tp_geo.domain.rights import Action
from tp_geo.errors import TpGeoError
from tp_geo.ui import access, state
from tp_geo.ui.area_challenge import who
from tp_geo.ui.edge import handled
from tp_geo.ui.text import ago, count, figure, plain
from tp_geo.ui.visiting import visit
from tp_geo.workflow import challenging
from tp_geo.workflow.challenging import Challenge
from tp_geo.workflow.plan import Plan

SHOWN = 20
DECIDED, UNTIL = "challenges_decided", "challenges_until"
DECLINE = "decline a challenge"
BADGES = {
    Verdict.OPEN: ":blue-badge[open]",
    Verdict.ACCEPTED: ":green-badge[:material/check: accepted]",
    Verdict.DECLINED: ":orange-badge[:material/close: declined]",
    Verdict.WITHDRAWN: ":gray-badge[withdrawn]",
}


def show(now: state.Now, measure: str) -> None:
    """Show the open challenges with what each would change of a measure, decided ones on demand."""
    every = challenging.challenges(now.plan)
    still_open = [c for c in every if c.open]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader("Challenges", anchor=False, width="content")
        st.space("stretch")
        if len(every) > len(still_open):
            st.toggle("Decided too", key=DECIDED)
        if access.may(Action.MANAGE, now.plan):
            _round(now.plan)
    found = every if st.session_state.get(DECIDED) else still_open
    if not found:
        st.caption("Nothing is asked. On the Map, select what it is about: **Assign › Challenge…**")
    for challenge in found[:SHOWN]:
        _row(now, challenge, measure)
    if len(found) > SHOWN:
        st.caption(f"{count(len(found) - SHOWN, 'challenges')} more, older.")


def show_dialog(plan: Plan) -> None:
    """Show the dialog that asks why a challenge is declined, if it is open."""
    name, about = state.wanted_dialog() or ("", ())
    if name == DECLINE and about and isinstance(number := about[0], int):
        state.show_dialog(f"Decline challenge {number:,}", handled(_declining), number)


def _round(plan: Plan) -> None:
    """Show until when challenges are heard, and change it."""
    until = challenging.last_day(plan)
    label = f"Heard until {day_text(until)}" if until else "Heard without end"
    with st.popover(label, icon=":material/event:", key="challenges_round", width="content"):
        st.caption("After the last day nobody can ask; what was asked can still be decided.")
        st.session_state[UNTIL] = until
        st.date_input("Last day", key=UNTIL, format="YYYY-MM-DD", on_change=_put_last_day)


def _put_last_day() -> None:
    try:
        challenging.put_last_day(state.open_plan(), st.session_state.get(UNTIL))
    except TpGeoError as why:
        state.tell(str(why), bad=True)


def _row(now: state.Now, challenge: Challenge, measure: str) -> None:
    with st.container(border=True, key=f"challenge_{challenge.number}"):
        told, steps = st.columns([7, 5], vertical_alignment="center")
        told.markdown(_said(now, challenge, measure))
        with (
            steps,
            st.container(horizontal=True, horizontal_alignment="right", gap="small"),
        ):
            if st.button("Show", key=f"challenge_show_{challenge.number}", type="tertiary"):
                visit(now, challenge.area, challenge.codes)
            if challenge.open:
                _steps(now, challenge)


def _said(now: state.Now, challenge: Challenge, measure: str) -> str:
    """Return in lines what is asked, what it changes, why, and what was decided."""
    asked = f"{plain(challenge.by, 40)} · {ago(challenge.at, datetime.now(UTC))}"
    text = challenge.text[:1].upper() + challenge.text[1:]
    lines = [
        f"**{plain(text, 160)}** {BADGES[challenge.verdict]}",
        f"{plain(challenge.reason, MAX_REASON)}",
        f":small[{asked} · {plain(', '.join(challenge.codes[:6]), 120)}"
        + (f" and {len(challenge.codes) - 6:,} more]" if len(challenge.codes) > 6 else "]"),
    ]
    if challenge.open:
        lines.append(_would(now, challenge, measure))
    else:
        why = f": {plain(challenge.answer, MAX_REASON)}" if challenge.answer else ""
        seq = f", revision {challenge.revision:,}" if challenge.revision else ""
        lines.append(f":small[{challenge.verdict} by {plain(challenge.decided_by, 40)}{seq}{why}]")
    return "  \n".join(line for line in lines if line)


def _would(now: state.Now, challenge: Challenge, measure: str) -> str:
    if challenge.stale:
        return f":small[:orange[:material/warning: {plain(challenge.stale, 240)}]]"
    decides = f" · {plain(who(challenge), 120)} decides" if challenge.decides else ""
    if not measure:
        return f":small[{decides.removeprefix(' · ')}]" if decides else ""
    try:
        found = challenging.effects(now.plan, challenge.number, measure)
    except TpGeoError as why:
        return f":small[:orange[:material/warning: {plain(str(why), 240)}]]"
    label = plain(now.dataset.measure(measure).label, 40)
    parts = [
        f"{plain(e.name, 40)} {figure(e.before)} → {figure(e.after)}"
        + (f" of {figure(e.target)}" if e.target is not None else "")
        for e in found
        if e.before != e.after
    ]
    changes = (
        f"{label}: {' · '.join(parts)}" if parts else "Nothing moves, what is asked for is held"
    )
    return f":small[{changes}{decides}]"


def _steps(now: state.Now, challenge: Challenge) -> None:
    number = challenge.number
    if access.edits(now.plan) and challenging.decides(now.plan, number, by=now.user):
        _decisions(challenge)
    if access.may(Action.COMMENT, now.plan) and challenge.by == now.user:
        st.button(
            "Withdraw", key=f"challenge_withdraw_{number}", on_click=_withdraw, args=(number,)
        )


def _decisions(challenge: Challenge) -> None:
    number = challenge.number
    st.button(
        "Accept", key=f"challenge_accept_{number}", type="primary", on_click=_accept,
        args=(number,), disabled=bool(challenge.stale),
    )  # fmt: skip
    st.button(
        "Decline…", key=f"challenge_decline_{number}",
        on_click=state.open_dialog, args=(DECLINE, number),
    )  # fmt: skip


def _accept(number: int) -> None:
    _take(lambda plan, by: challenging.accept(plan, number, by=by))


def _withdraw(number: int) -> None:
    _take(lambda plan, by: challenging.withdraw(plan, number, by=by))


def _declining(number: int) -> None:
    why = st.text_area("Reason", max_chars=MAX_REASON, height=110, key="challenge_refusal")
    if st.button("Decline", type="primary"):
        made = challenging.decline(state.open_plan(), number, by=state.user(), reason=why)
        state.tell(f"Challenge {made.number:,} is declined.")
        state.leave_dialog()


def _take(step: Callable[[Plan, str], Challenge]) -> None:
    """Decide in the open plan and tell it; a refusal is told as well."""
    try:
        made = step(state.open_plan(), state.user())
    except TpGeoError as why:
        state.tell(str(why), bad=True)
        return
    state.tell(f"Challenge {made.number:,} is {made.verdict}.")
