"""The app as a server: what `tp-geo run` starts. The pages are those of app.py."""

from __future__ import annotations

import streamlit as st

from tp_geo.ui import server

app = st.App("app.py", **server.parts())
