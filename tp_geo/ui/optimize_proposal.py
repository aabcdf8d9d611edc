"""What is proposed: alternatives to choose from, what each does, and one press to have it."""

from __future__ import annotations

import streamlit as st

from tp_geo.errors import TpGeoError
from tp_geo.ui import optimize_chart, optimize_table, optimize_words, panel, parts, state
from tp_geo.ui.optimize_chart import CHOSEN, NOW, OTHER, Place
from tp_geo.ui.optimize_desk import Desk, Shown, at_hand
from tp_geo.ui.optimize_form import preview_again
from tp_geo.ui.text import plain
from tp_geo.workflow.optimizing_explain import explain
from tp_geo.workflow.optimizing_note import noted
from tp_geo.workflow.optimizing_proposal import Alternative, Proposal

EXPLAINED = 3
"""Containers of a selection that are explained one by one."""


def show(now: state.Now, desk: Desk, proposal: Proposal, alternative: Alternative) -> None:
    """Show a proposal, and the alternative that is looked at."""
    stale = now.plan.seq != proposal.seq
    with st.container(key="optimize_body", gap="small"):
        if stale:
            _say_stale(now, proposal)
        _alternatives(proposal, desk)
        _on_map(desk)
        st.markdown("  \n".join(optimize_words.summary(now, alternative)))
        optimize_table.show(now, proposal, alternative, desk.turn)
        _details(now, proposal, alternative)
        _explained(now, desk, proposal)
    with st.container(key="optimize_foot", horizontal=True, gap="small"):
        if stale:
            st.button("Preview again", type="primary", key="optimize_again", on_click=preview_again)
        st.button(
            "Apply", type="secondary" if stale else "primary", key="optimize_apply",
            on_click=_apply,
        )  # fmt: skip
        st.button("Change…", key="optimize_change", on_click=_leave)
        st.button("Discard", key="optimize_discard", on_click=_discard)


def _say_stale(now: state.Now, proposal: Proposal) -> None:
    since = now.plan.history()[proposal.seq :]
    who = ", ".join(sorted({plain(r.by, 40) for r in since}))
    what = plain(since[-1].text, 120)
    st.warning(
        f"The plan went on while this was worked out: {who} {what}. Preview again.",
        icon=":material/history:",
    )


def _alternatives(proposal: Proposal, desk: Desk) -> None:
    found = proposal.alternatives
    if len(found) < 2:
        return
    _front(found, desk.at)
    st.radio(
        "Alternative", range(len(found)), index=desk.at, key=f"optimize_at_{proposal.seq}",
        format_func=lambda i: f"{i + 1} · {plain(found[i].label, 60)}",
        captions=[optimize_words.choice(a) for a in found], label_visibility="collapsed",
        on_change=_choose, args=(f"optimize_at_{proposal.seq}",),
    )  # fmt: skip


def _front(found: tuple[Alternative, ...], at: int) -> None:
    """Draw what plans cost: in moves, or where nothing had an area, in distances."""
    moving = any(optimize_words.share_moved(a) for a in found)
    cost = optimize_words.share_moved if moving else optimize_words.distance_km
    places = [
        Place(str(i + 1), CHOSEN if i == at else OTHER, cost(a), a.largest)
        for i, a in enumerate(found)
    ]
    if moving:
        places.insert(0, Place("Now", NOW, 0.0, found[0].largest_before))
    title = "Moves" if moving else "Distance to the middle of the area, km"
    optimize_chart.front(places, title, share=moving)


def _on_map(desk: Desk) -> None:
    st.segmented_control(
        "On the map", list(Shown), default=desk.shown, required=True, key="optimize_shown",
        width="stretch", label_visibility="collapsed", on_change=_turn,
    )  # fmt: skip


def _details(now: state.Now, proposal: Proposal, alternative: Alternative) -> None:
    for issue in dict.fromkeys((*proposal.issues, *alternative.issues)):
        st.warning(plain(issue.text, 400), icon=":material/warning:")
    with st.expander("How good this is, and why it ended"):
        st.markdown("\n".join(f"- {line}" for line in optimize_words.ended(alternative)))
    if owners := optimize_words.owners_of(now, alternative):
        with st.expander("Whose accounts change"):
            optimize_table.owners(owners)


def _explained(now: state.Now, desk: Desk, proposal: Proposal) -> None:
    """Say of what is selected on the map why it goes where it goes."""
    picked = now.selection[:EXPLAINED]
    if not len(picked):
        st.caption(f"Select {now.plan.noun} on the map to read why they move or stay.")
        return
    for item in picked.tolist():
        try:
            told = explain(proposal, desk.at, item)
        except TpGeoError as why:
            told = (str(why),)
        st.markdown(" ".join(plain(line, 300) for line in told))
    if len(now.selection) > EXPLAINED:
        st.caption(f"The first {EXPLAINED} of {len(now.selection):,} that are selected.")


def _choose(key: str) -> None:
    if desk := _desk():
        desk.choose(int(st.session_state[key]))
    parts.run(*panel.BOTH)


def _turn() -> None:
    if desk := _desk():
        desk.show(Shown(st.session_state["optimize_shown"]))
    parts.run(*panel.BOTH)


def _apply() -> None:
    """Make the alternative that is looked at the plan, as one revision."""
    now, desk = state.now(), _desk()
    if now is None or desk is None or desk.alternative is None:
        return
    try:
        _ask(now, desk.alternative)
    except TpGeoError as why:
        state.tell(str(why), bad=True)
        return
    desk.applied()


def _ask(now: state.Now, alternative: Alternative) -> None:
    """Ask for it, with all that was asked of the optimizer in the revision's note."""
    command = alternative.command
    note = noted(command.request, label=alternative.label)
    revision = now.plan.ask(command, by=now.user, note=note)
    if revision is not None:
        state.tell_revision(revision)


def _leave() -> None:
    if desk := _desk():
        desk.clear()
    parts.run(*panel.BOTH)


def _discard() -> None:
    if desk := _desk():
        desk.clear()
        desk.asked = None
    panel.show(None)


def _desk() -> Desk | None:
    now = state.now()
    return at_hand(now.plan) if now else None
