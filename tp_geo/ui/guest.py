"""Whether this session was opened by a link and nobody signed in: it only reads, all its life."""

from __future__ import annotations

import streamlit as st

from tp_geo.ui import signing_in
from tp_geo.workflow.links import PARAMETER

SEEN_BY = "guest_link"
NAME = "guest"
"""Who a guest is."""

PAGES = ("map", "compare", "review")
"""The addresses of the pages that a guest can see."""


def token() -> str | None:
    """Return the token of the link this session was opened by, if nobody signed in to it.

    Once a guest, always a guest: no other address makes it anything else. The
    address keeps the link, so that a page loaded again is a guest's, too.
    """
    if signing_in.done():
        return None
    if SEEN_BY not in st.session_state and PARAMETER in st.query_params:
        st.session_state[SEEN_BY] = st.query_params[PARAMETER]
    found: str | None = st.session_state.get(SEEN_BY)
    if found is not None and st.query_params.get(PARAMETER) != found:
        st.query_params[PARAMETER] = found
    return found


def here() -> bool:
    """Whether whoever looks at this page is a guest."""
    return token() is not None


def brought() -> str | None:
    """Return the token of the link that somebody who signed in has opened just now."""
    return st.query_params.get(PARAMETER) if signing_in.done() else None
