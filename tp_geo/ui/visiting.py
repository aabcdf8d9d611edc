"""From what is said about a place on another page to the place on the map."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.hierarchy import Focus
from tp_geo.ui import state


def visit(now: state.Now, area: AreaId | None, codes: Iterable[str]) -> NoReturn:
    """Go to the Map page, to containers and units or else to an area; what is gone is left out."""
    there = [code for code in codes if now.dataset.find(code) is not None]
    state.look(Focus(None, now.focus.level, unassigned=True))
    if area in now.alignment.areas:
        state.choose(area)
    if there:
        state.point(now.dataset.positions(there), selected=False)
    st.switch_page("pages/map.py", query_params={state.ADDRESS: now.plan.info.name})
