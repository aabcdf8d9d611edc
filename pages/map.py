from __future__ import annotations

import streamlit as st

from tp_geo.ui import area_bar, area_dialogs, drawer, frame, map_panel, map_view, state

now = frame.show()
if now is None:
    state.no_plan()
else:
    area_dialogs.show()  # before what takes time: a page shown anew hides its dialog until then
    area_bar.show()
    with st.container(horizontal=True, gap="small", key="map_desk"):
        with st.container(key="map_side"):
            map_view.show()
        map_panel.show()
    drawer.show()
