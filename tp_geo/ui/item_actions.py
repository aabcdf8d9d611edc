"""What can be done with items that were picked from a list: assign, hold, release, give back."""

from __future__ import annotations

import numpy as np
import streamlit as st

from tp_geo.domain.alignment import UNASSIGNED, AreaId, Positions
from tp_geo.domain.commands import Follow, HoldItems, Move
from tp_geo.ui import state
from tp_geo.ui.area_bar import listed
from tp_geo.ui.text import shortened

WIDTH = 300


def assign(now: state.Now, items: Positions, of: str) -> None:
    """Show where items may go and the button that gives them there.

    ``of`` is the part of the page they are listed in.
    """
    names = {UNASSIGNED: "Unassigned", **listed(now.alignment)}
    to = st.selectbox(
        "Assign to", list(names), key=f"{of}_to", width=WIDTH,
        index=min(1, len(names) - 1), format_func=lambda k: shortened(names.get(k, ""), 60),
    )  # fmt: skip
    st.button(
        f"Assign {len(items):,}" if len(items) else "Assign",
        key=f"{of}_assign",
        type="primary",
        disabled=not len(items),
        on_click=_assign,
        args=(items, to),
    )


def keep(now: state.Now, items: Positions, of: str) -> None:
    """Show the buttons that hold items, release them, and give units back."""
    held = now.alignment.held[items]
    _hold("Hold", items[~held], of, on=True)
    _hold("Release", items[held], of, on=False)
    odd = np.intersect1d(items, now.alignment.exceptions)
    if len(odd):
        st.button(
            f"Give {len(odd):,} back",
            key=f"{of}_back",
            help="Units go where the shape that surrounds them goes",
            on_click=_give_back,
            args=(odd,),
        )


def _hold(verb: str, items: Positions, of: str, *, on: bool) -> None:
    st.button(
        f"{verb} {len(items):,}" if len(items) else verb,
        key=f"{of}_{verb.lower()}",
        disabled=not len(items),
        help="Held items stay where they are, and still count" if on else None,
        on_click=_set_held,
        args=(items, on),
    )


def _assign(items: Positions, to: AreaId) -> None:
    state.ask(Move(items, to))
    st.rerun()


def _set_held(items: Positions, on: bool) -> None:
    state.ask(HoldItems(items, on))
    st.rerun()


def _give_back(items: Positions) -> None:
    state.ask(Follow(items))
    st.rerun()
