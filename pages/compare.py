from __future__ import annotations

import streamlit as st

from tp_geo.ui import compare_view, frame, state

now = frame.show()
if now is None:
    st.title("Compare", anchor=False)
    state.no_plan()
else:
    compare_view.show(now)
