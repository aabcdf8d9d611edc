"""The pages of the app and their addresses, in the order in which they are used."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from tp_geo.ui import guest, runs, signing_in, state, theme, unsent
from tp_geo.ui.edge import guard_callbacks, page_edge

ARRIVED = "navigation_arrived"
"""Whether the page that is shown is another one than just before."""

ENTERED = "navigation_entered"
HERE = "navigation_here"
GOING = "navigation_going"
LANDING = "pages/alignments.py"
REVIEW = "pages/review.py"
PAGES = {
    "pages/data.py": ("Data", "data"),
    LANDING: ("Alignments", "alignments"),
    "pages/map.py": ("Map", "map"),
    "pages/compare.py": ("Compare", "compare"),
    "pages/scenarios.py": ("Scenarios", "scenarios"),
    REVIEW: ("Review", "review"),
    "pages/publish.py": ("Publish", "publish"),
    "pages/history.py": ("History", "history"),
}


def run() -> None:
    """Show the navigation and the page that is asked for."""
    unsent.keep()
    guard_callbacks()
    runs.guard()
    st.set_page_config(page_title="TP Geo", page_icon="🗺️", layout="wide")
    theme.apply()
    if not guest.here():
        signing_in.require()
        state.arrive()
    home = st.Page(_landing, title="TP Geo", url_path="home", default=True, visibility="hidden")
    named = [
        st.Page(path, title=title, url_path=at)
        for path, (title, at) in PAGES.items()
        if at in guest.PAGES or not guest.here()
    ]
    page = st.navigation([home, *named], position="top")
    if going := st.session_state.pop(GOING, None):
        st.switch_page(going[0], query_params=going[1])
    st.session_state[ENTERED] = True
    st.session_state[ARRIVED] = st.session_state.get(HERE) != page.url_path
    st.session_state[HERE] = page.url_path
    with page_edge():
        page.run()


def go(page: str, params: dict[str, str]) -> NoReturn:
    """Leave for another page from within a dialog.

    The whole page runs once more first: a fragment that switches pages itself
    can leave the browser with nothing to show, when it was answering twice.
    """
    st.session_state[GOING] = page, params
    st.rerun()


def ensure() -> None:
    """Show the navigation when a page was run without it.

    Streamlit takes a folder ``pages`` for an app without navigation until a
    script has called ``st.navigation``: a page that is opened by its address
    in a new server runs alone.
    """
    if ENTERED not in st.session_state:
        run()
        raise StopException  # st.stop would forget what was pressed while the page was drawn


def _landing() -> None:
    page = REVIEW if guest.here() else LANDING
    st.switch_page(page, query_params=st.query_params.to_dict())
