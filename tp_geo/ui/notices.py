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

from tp_geo.ui import navigation, state
from tp_geo.ui.text import plain, shortened

SHOWN: Final = "notices_shown"
"""The key of what each place on a page still says."""

STAYS_S: Final = 40.0
"""How long a notice stays part of its page, seconds.

It is seen for less: the rules of style take it from sight a while after the browser has
shown it (:mod:`tp_geo.ui.theme`). That clock is the browser's; a busy one can be many
seconds behind, and would not show at all what had gone again by then.
"""

MARK: Final = "tp-told"
"""The class of a notice in the page."""

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice, the kind it is, the page it was told on, and until when it is part of it."""

    number: int
    text: str
    bad: bool
    page: str
    until: float
    """On the clock of ``time.monotonic``, seconds."""


def show(place: str) -> None:
    """Say what there is to say; what was said on this page a moment ago stays.

    In a place that is always there: what stands below, the map, would otherwise
    move by one and be made anew. By its name the rules of style find it, so that
    it takes no room.
    """
    shown: dict[str, list[Notice]] = st.session_state.setdefault(SHOWN, {})
    moment, page = time.monotonic(), st.session_state.get(navigation.HERE, "")
    still = [n for n in shown.get(place, []) if n.until > moment and n.page == page]
    undoable = []
    for text, bad, seq in st.session_state.pop(state.NOTICES, []):
        if seq:
            undoable.append((text, seq))
        else:
            still.append(Notice(next(_numbers), text, bad, page, moment + STAYS_S))
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
