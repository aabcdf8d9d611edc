"""Which panel is open beside the map."""

from __future__ import annotations

import streamlit as st

from tp_geo.ui import map_ground, state

KEY = "map_panel"
"""The part of the page the panel is in."""

BOTH = (map_ground.KEY, KEY)
"""What changes when the panel has the map show something."""

CHECK, UNITS, SPLIT, OPTIMIZE = "check", "units", "split", "optimize"
COMMENTS = "comments"


def shown() -> str | None:
    """Return what is open."""
    found: str | None = st.session_state.get(state.PANEL)
    return found


def show(which: str | None) -> None:
    """Open a panel in place of the one that is open, or none."""
    st.session_state[state.PANEL] = which


def toggle(which: str) -> None:
    """Open a panel, or close it when it is open already."""
    show(None if shown() == which else which)
