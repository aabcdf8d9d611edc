"""The few rules of style that Streamlit's settings have no word for; no user's text in them."""

from __future__ import annotations

import streamlit as st

CSS = """<style>
  :root { --tp-map-height: max(420px, calc(100vh - 238px)); }
  .stMainBlockContainer { padding-left: 1.5rem; padding-right: 1.5rem; }
  .st-key-frame { border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent);
    padding-bottom: .35rem; }
  .st-key-feeds { position: absolute; height: 0; overflow: hidden; }
  [data-testid="stMetricValue"], [data-testid="stCaptionContainer"], table
    { font-variant-numeric: tabular-nums; }
</style>"""


def apply() -> None:
    """Put the rules on the page."""
    st.html(CSS)
