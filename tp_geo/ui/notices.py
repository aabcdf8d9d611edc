"""What is said in a corner of the page for a moment: what was done, with *Undo*, or refused.

Notices are the page's own and not ``st.toast``: that one calls itself a dialog and
gives it no name, which keeps a screen reader out (axe-core: ``aria-dialog-name``).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from html import escape
from itertools import count
from typing import Final

import streamlit as st

from tp_geo.ui import state
from tp_geo.ui.text import plain, shortened

SHOWN: Final = "notices_shown"
"""The key of what each place on a page still says."""

GOOD_S, BAD_S = 5.0, 12.0
"""How long a notice stays; the rules of style fade it (:mod:`tp_geo.ui.theme`)."""

MARK: Final = "tp-told"
"""The class of a notice in the page."""

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice, the kind it is, and when it has been there long enough (monotonic seconds)."""

    number: int
    text: str
    bad: bool
    until: float


def show(place: str) -> None:
    """Say what there is to say; what was said a moment ago stays for its time.

    In a place that is always there: what stands below, the map, would otherwise
    move by one and be made anew. By its name the rules of style find it, so that
    it takes no room.
    """
    shown: dict[str, list[Notice]] = st.session_state.setdefault(SHOWN, {})
    moment = time.monotonic()
    still = [notice for notice in shown.get(place, []) if notice.until > moment]
    undoable = []
    for text, bad, seq in st.session_state.pop(state.NOTICES, []):
        if seq:
            undoable.append((text, seq))
        else:
            stays = moment + (BAD_S if bad else GOOD_S)
            still.append(Notice(next(_numbers), text, bad, stays))
    shown[place] = still
    with st.container(key=f"notices_{place}"):
        for notice in still:
            _told(notice)
        for text, seq in undoable:
            _undoable(text, seq)


def _told(notice: Notice) -> None:
    role, icon, kind = ("alert", "block", "bad") if notice.bad else ("status", "check", "good")
    with st.container(key=f"told_{kind}_{notice.number}"):
        st.html(
            f'<div class="{MARK}" role="{role}"><span aria-hidden="true">{icon}</span>'
            f"<p>{escape(shortened(notice.text, 400))}</p></div>"
        )


def _undoable(text: str, seq: int) -> None:
    with st.container(
        key=f"undoable_{seq}", horizontal=True, vertical_alignment="center", gap="small"
    ):
        st.markdown(f":material/check: {plain(text, 200)}", width="content")
        st.button("Undo", key=f"undo_{seq}", type="tertiary", on_click=_undo_one, args=(seq,))


def _undo_one(seq: int) -> None:
    """Undo what this person did last, or take a revision back that others follow by now."""
    plan = state.open_plan()
    if plan.stack(state.user()).undo[-1:] == (seq,):
        state.undo()
    else:
        state.attempt(lambda: plan.take_back(seq, by=state.user()).revision)
