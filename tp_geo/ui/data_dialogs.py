"""Dialogs of the Data page."""

from __future__ import annotations

import streamlit as st

from tp_geo.ui import boundaries_view, import_view, state, supplement_view


def show() -> None:
    """Open the dialog that was asked for, if any."""
    match state.wanted_dialog():
        case ("import", _):
            st.dialog("Import", width="large")(import_view.body)()
        case ("official", _):
            st.dialog("Get official boundaries", width="medium")(boundaries_view.official)()
        case ("own", _):
            st.dialog("Add your own boundaries", width="medium")(boundaries_view.own)()
        case ("supplement", _):
            st.dialog("Add columns from a table", width="large")(supplement_view.body)()
