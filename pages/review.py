from __future__ import annotations

import streamlit as st

from tp_geo.ui import frame, review_view, state

now = frame.show()
if now is None:
    st.title("Review", anchor=False)
    state.no_plan()
else:
    review_view.show(now)
