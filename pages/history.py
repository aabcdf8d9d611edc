from __future__ import annotations

import streamlit as st

from tp_geo.ui import frame, history_view, state

now = frame.show()
st.title("History", anchor=False)
if now is None:
    state.no_plan()
else:
    history_view.show(now)
