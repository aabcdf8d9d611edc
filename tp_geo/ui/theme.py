"""The few rules of style that Streamlit's settings have no word for; no user's text in them."""

from __future__ import annotations

import streamlit as st

from tp_geo.ui import printing

CSS = """<style>
  :root { --tp-map-height: max(420px, calc(100vh - 250px)); }
  .stMainBlockContainer { padding-left: 1.5rem; padding-right: 1.5rem; }
  .st-key-history { --tp-map-height: max(340px, calc(100vh - 530px)); }
  .st-key-map_desk { flex-wrap: nowrap; align-items: stretch; }
  .st-key-map_desk > div:has(.st-key-map_panel_box) { flex: 0 0 336px; }
  .st-key-map_side { min-width: 0; }
  .st-key-map_panel_box { height: var(--tp-map-height); max-height: var(--tp-map-height);
    overflow-y: auto; padding: 0 .25rem; }
  .st-key-map_desk > div:has(.st-key-optimize_body) { flex-basis: 416px; }
  .st-key-map_panel_box:has(.st-key-optimize_body) { overflow: hidden; }
  .st-key-optimize_body { max-height: calc(var(--tp-map-height) - 7.75rem); overflow-y: auto;
    flex-wrap: nowrap; padding: 0 .25rem; }
  .st-key-optimize_body > * { flex-shrink: 0; }
  [role="dialog"] h5 { padding: 0; }
  .st-key-map_panel_list { gap: .125rem; }
  .st-key-map_panel_list button, .st-key-map_panel_list button > div { min-height: 0;
    justify-content: flex-start; text-align: left; }
  .st-key-map_panel_list button { padding: .3rem .5rem; }
  [data-testid="stBaseButton-primary"], [data-testid="stBaseButton-primaryFormSubmit"],
    [data-testid="stMultiSelectTagsContainer"] [data-tag]
    { background-image: linear-gradient(rgb(0 0 0 / 25%), rgb(0 0 0 / 25%)); }
  [role="radiogroup"] [aria-checked="true"]:hover p
    { color: color-mix(in srgb, currentColor 75%, CanvasText); }
  .st-key-frame { border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent);
    padding-bottom: .35rem; }
  div:has(> [class*="st-key-notices_"]) { position: absolute; }
  [class*="st-key-notices_"] { position: fixed; right: 1.5rem; bottom: .4rem; z-index: 100;
    width: auto; max-width: 34rem; gap: .4rem; align-items: flex-end; }
  body:has(.st-key-notices_frame [class*="st-key-told_"]) .st-key-notices_map
    { bottom: 4rem; }
  [class*="st-key-undoable_"], [class*="st-key-told_"] { width: auto; padding: .5rem 1rem;
    border-radius: 6px; background: Canvas; box-shadow: 0 4px 16px rgb(0 0 0 / 18%);
    border: 1px solid color-mix(in srgb, currentColor 22%, transparent);
    animation: tp-gone 0s 15s forwards; }
  [class*="st-key-told_good_"] { animation-delay: 5s; }
  [class*="st-key-told_bad_"] { animation-delay: 12s; border-left: 4px solid #c62828; }
  :is([class*="st-key-undoable_"], [class*="st-key-told_"]):hover { animation: none; }
  .tp-told { display: flex; align-items: center; gap: .6rem; }
  .tp-told p { margin: 0; overflow-wrap: anywhere; }
  .tp-told span { font-family: "Material Symbols Rounded"; font-size: 1.25rem; line-height: 1; }
  @keyframes tp-gone { to { opacity: 0; visibility: hidden; pointer-events: none; } }
  .st-key-drawer_kind button { min-height: 37.5px; }
  .st-key-area_targets { max-height: max(4.25rem, calc(100vh - 41.75rem)); overflow-y: auto; }
  .st-key-person, .st-key-others
    { color: color-mix(in srgb, currentColor 78%, transparent); font-size: .875rem; }
  :is(.st-key-person, .st-key-others) [data-testid="stText"]
    { font-size: inherit; font-family: inherit; }
  .st-key-sign_in { padding-top: 22vh; }
  .stMarkdown a[href^="mailto:"] { color: inherit; text-decoration: none; pointer-events: none; }
  .st-key-feeds { position: absolute; height: 0; overflow: hidden; }
  [data-testid="stMain"] button kbd { color: inherit; opacity: 1; }
  [data-testid="stCaptionContainer"] { opacity: 1;
    color: color-mix(in srgb, currentColor 78%, transparent); }
  [data-testid="stMetricValue"], [data-testid="stCaptionContainer"], table
    { font-variant-numeric: tabular-nums; }
</style>"""


def apply() -> None:
    """Put the rules on the page."""
    st.html(CSS)
    printing.apply()
