"""The few rules of style that Streamlit's settings have no word for; no user's text in them."""

from __future__ import annotations

import streamlit as st

CSS = """<style>
  :root { --tp-map-height: max(420px, calc(100vh - 238px)); }
  .stMainBlockContainer { padding-left: 1.5rem; padding-right: 1.5rem; }
  .st-key-history { --tp-map-height: max(340px, calc(100vh - 530px)); }
  .st-key-map_desk { flex-wrap: nowrap; align-items: stretch; }
  .st-key-map_side { flex: 1 1 0; min-width: 0; }
  .st-key-map_panel_box { height: var(--tp-map-height); overflow-y: auto; padding-right: .25rem; }
  .st-key-map_panel_box [data-testid="stButton"] button[kind="tertiary"] { min-height: 0;
    justify-content: flex-start; text-align: left; }
  .st-key-frame { border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent);
    padding-bottom: .35rem; }
  .st-key-feeds { position: absolute; height: 0; overflow: hidden; }
  [data-testid="stMetricValue"], [data-testid="stCaptionContainer"], table
    { font-variant-numeric: tabular-nums; }
</style>"""


def apply() -> None:
    """Put the rules on the page."""
    st.html(CSS)
