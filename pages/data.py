from __future__ import annotations

import streamlit as st

from tp_geo.domain.rights import Action
from tp_geo.ui import (
    access,
    boundaries_view,
    data_dialogs,
    data_view,
    frame,
    import_view,
    reference_view,
    roll_up_view,
    state,
)

frame.show()
data_dialogs.show()  # before what takes time: a page shown anew hides its dialog until then

head, other, more, primary = st.columns([5.2, 1.8, 2, 1.6], vertical_alignment="bottom")
head.title("Data", anchor=False)
if access.may(Action.DATA):
    with other:
        roll_up_view.button()
    more.button(
        "Add columns",
        icon=":material/table_chart_view:",
        width="stretch",
        on_click=state.open_dialog,
        args=("supplement",),
        help="A table joined by id: measures, owners, locks, assignments",
    )
    primary.button(
        "Import",
        type="primary",
        icon=":material/upload:",
        width="stretch",
        on_click=import_view.start,
    )

data_view.show()
st.divider()
boundaries_view.show()
st.divider()
reference_view.show()
