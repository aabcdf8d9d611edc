"""Where a branch stands, as pages say it, and the steps that can be taken from there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.revision import Revision
from tp_geo.domain.rights import Action
from tp_geo.domain.signing import called
from tp_geo.domain.signoff import OPEN, Status
from tp_geo.ui import access, guest, state
from tp_geo.ui.edge import handled
from tp_geo.ui.text import ago, plain, sentence
from tp_geo.workflow import signoff
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.signoff import Standing

MAX_REASON = 1_000
BADGES = {
    Status.DRAFT: ":gray-badge[draft]",
    Status.SUBMITTED: ":blue-badge[:material/lock_clock: submitted]",
    Status.APPROVED: ":green-badge[:material/verified: approved]",
    Status.SENT_BACK: ":orange-badge[:material/undo: sent back]",
    Status.REVOKED: ":orange-badge[:material/lock_open: approval revoked]",
}
SUBMIT, SEND_BACK, REVOKE = "submit", "send back", "revoke"
TITLES = {
    SUBMIT: "Submit {} for review",
    SEND_BACK: "Send {} back",
    REVOKE: "Revoke approval of {}",
}


def said(standing: Standing) -> str:
    """Return who brought a branch where it stands, when and why."""
    if not standing.revision:
        return "never submitted"
    now = datetime.now(UTC)
    who = f"{plain(standing.by, 40)}, {ago(standing.at, now)}"
    match standing.status:
        case Status.SUBMITTED:
            text = f"by {who}"
        case Status.APPROVED:
            own = " (who submitted it, too)" if standing.by == standing.submitted_by else ""
            text = f"by {who}{own}, at revision {standing.approved:,}"
        case Status.DRAFT:
            text = f"recalled by {who}"
        case _:
            text = f"by {who}"
    why = standing.reason or standing.note
    return f"{text}: {plain(why, 400)}" if why else text


def buttons(plan: Plan, standing: Standing, closed: bool, key: str) -> None:
    """Show what can be done from where a branch stands; nothing while one above it is closed."""
    area, status = standing.area, standing.status
    with st.container(
        horizontal=True, horizontal_alignment="right", gap="small", key=f"{key}_steps"
    ):
        if closed or guest.here():
            return
        edits = access.within(Action.EDIT, plan, area)
        reviews = access.within(Action.REVIEW, plan, area)
        if status in OPEN and edits:
            _button("Submit", key, _open, SUBMIT, area, disabled=not plan.alignment.areas)
        if status is Status.SUBMITTED and reviews:
            _button("Approve", key, _approve, area, plan.seq, primary=True)
            _button("Send back…", key, _open, SEND_BACK, area)
        if status is Status.SUBMITTED and edits:
            _button("Recall", key, _recall, area)
        if status is Status.APPROVED and reviews:
            _button("Revoke…", key, _open, REVOKE, area)


def show_dialog(plan: Plan) -> None:
    """Show the dialog of a step that was asked for, if any."""
    name, about = state.wanted_dialog() or ("", ())
    if name not in TITLES:
        return
    area = about[0] if about else None
    branch = AreaId(area) if isinstance(area, int) and area in plan.alignment.areas else None
    whose = "the alignment" if branch is None else plain(plan.alignment.name(branch), 40)
    body = submitting if name == SUBMIT else reasoning
    state.show_dialog(TITLES[name].format(whose), handled(body), name, branch)


def of_area(now: state.Now, area: AreaId) -> None:
    """Show where an area stands on the map's page, and what its owner can do about it."""
    standing = signoff.standing(now.plan, area)
    st.markdown(f"{BADGES[standing.status]} :small[{said(standing)}]")
    if seal := now.alignment.sealed(now.alignment.area(area).parent):
        name = called(now.alignment, seal[0], first=True)
        st.caption(f"{plain(name, 60)} is {now.alignment.signoff(seal[0]).status} as a whole.")
    elif standing.status in OPEN:
        submitting(SUBMIT, area)
        return
    elif standing.status is Status.SUBMITTED and st.button("Recall", type="primary"):
        _finish(lambda plan, by: signoff.recall(plan, area, by=by))
    st.page_link("pages/review.py", label="Open Review", icon=":material/rate_review:")


def submitting(_name: str, area: AreaId | None) -> None:
    """Ask for a note and submit a branch."""
    st.write(
        "Nothing in it can be changed until it is sent back, recalled or its approval revoked."
    )
    note = st.text_area("Note for the reviewer (optional)", max_chars=MAX_REASON, height=90)
    if st.button("Submit for review", type="primary"):
        _finish(lambda plan, by: signoff.submit(plan, area, by=by, note=note))


def reasoning(name: str, area: AreaId | None) -> None:
    """Ask why a branch has to be worked on again, and give it back."""
    reason = st.text_area("Reason", max_chars=MAX_REASON, height=110)
    verb, step = (
        ("Send back", signoff.send_back) if name == SEND_BACK else ("Revoke", signoff.revoke)
    )
    if st.button(verb, type="primary"):
        _finish(lambda plan, by: step(plan, area, by=by, reason=reason))


def take(step: Callable[[Plan, str], Revision]) -> None:
    """Take a step in the open plan and tell it; a refusal is told as well."""
    plan = state.open_plan()
    revision = state.attempt(lambda: step(plan, state.user()))
    if revision is not None:
        state.tell(f"{sentence(revision.text)}.")


def _finish(step: Callable[[Plan, str], Revision]) -> None:
    """Take a step and close the dialog; a refusal is raised, to be told in it."""
    revision = step(state.open_plan(), state.user())
    state.tell(f"{sentence(revision.text)}.")
    state.leave_dialog()


def _approve(area: AreaId | None, seen: int) -> None:
    take(lambda plan, by: signoff.approve(plan, area, by=by, seen=seen))


def _recall(area: AreaId | None) -> None:
    take(lambda plan, by: signoff.recall(plan, area, by=by))


def _open(step: str, area: AreaId | None) -> None:
    state.open_dialog(step, area)


def _button(
    label: str,
    key: str,
    action: Callable[..., None],
    *args: object,
    primary: bool = False,
    disabled: bool = False,
) -> None:
    st.button(
        label,
        key=f"{key}_{label}",
        type="primary" if primary else "secondary",
        on_click=action,
        args=args,
        disabled=disabled,
    )
