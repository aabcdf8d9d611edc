from __future__ import annotations

import streamlit as st

from tp_geo.ui import frame, review_view, state

now = frame.show()
st.title("Review", anchor=False)
if now is None:
    state.no_plan()
else:
    review_view.show(now)
