from __future__ import annotations

import streamlit as st

from tp_geo.ui import frame, scenario_dialogs, scenario_view, state

now = frame.show()
if now is None:
    st.title("Scenarios", anchor=False)
    state.no_plan()
else:
    scenario_view.show(now)
    scenario_dialogs.show()
