"""Whether this session was opened by a read-only link: it stays so for all of its life."""

from __future__ import annotations

import streamlit as st

from tp_geo.workflow.links import PARAMETER

SEEN_BY = "guest_link"
NAME = "guest"
"""Who a guest is."""

PAGES = ("map", "compare", "review")
"""The addresses of the pages that a guest can see."""


def token() -> str | None:
    """Return the token of the link this session was opened by, if it was.

    Once a guest, always a guest: no other address makes it anything else. The
    address keeps the link, so that a page loaded again is a guest's, too.
    """
    if SEEN_BY not in st.session_state and PARAMETER in st.query_params:
        st.session_state[SEEN_BY] = st.query_params[PARAMETER]
    found: str | None = st.session_state.get(SEEN_BY)
    if found is not None and st.query_params.get(PARAMETER) != found:
        st.query_params[PARAMETER] = found
    return found


def here() -> bool:
    """Whether whoever looks at this page is a guest."""
    return token() is not None
