"""How the Review page looks: on the screen, on a wall and on one sheet of paper."""

from __future__ import annotations

import streamlit as st

CSS = """<style>
  .st-key-review_map { --tp-map-height: 430px; }
  @media screen and (min-height: 1000px) { .st-key-review_map { --tp-map-height: 560px; } }
  .tp-review-key { display: flex; flex-wrap: wrap; gap: .15rem 1rem; font-size: .85rem;
    font-variant-numeric: tabular-nums; }
  .tp-review-key i { display: inline-block; width: .8rem; height: .8rem; margin-right: .35rem;
    border-radius: 2px; vertical-align: -1px;
    border: 1px solid color-mix(in srgb, currentColor 30%, transparent); }
  .tp-review-key i.tp-none { background: repeating-linear-gradient(45deg, transparent 0 2px,
    color-mix(in srgb, currentColor 35%, transparent) 2px 3px); }
  .st-key-review_choices h1 { padding: 0 0 .35rem; }
  .st-key-review_sorts [role="radiogroup"], .st-key-review_sorts [data-testid="stPills"] > div,
    .st-key-review_sorts [data-testid="stButtonGroup"] > div { flex-wrap: wrap; }
  .st-key-review_gaps { gap: .125rem; }
  .st-key-review_gaps button { padding: .3rem .5rem; min-height: 0; }
  .st-key-review_gaps button, .st-key-review_gaps button > div
    { justify-content: flex-start; text-align: left; }
  .st-key-review_crumbs button { padding: .25rem .4rem; min-height: 0; }
  .st-key-review_crumbs button:disabled { color: inherit; opacity: 1; font-weight: 600; }
  @media print {
    .stMainBlockContainer { zoom: .62; }
    .st-key-review_ways, .st-key-review_sign, .st-key-review_sorts, .st-key-review_gaps,
      [data-testid="stLayoutWrapper"]:has(> .st-key-review_gaps)
      { display: none !important; }
  }
</style>"""

WALL = """<style>
  header[data-testid="stHeader"], .st-key-frame { display: none !important; }
  .stMainBlockContainer { padding-top: 1rem; }
  .st-key-review_map { --tp-map-height: calc(100vh - 330px); }
  [data-testid="stMetricValue"] { font-size: 2.6rem; }
  [data-testid="stMetricLabel"] p { font-size: 1.1rem; }
  .tp-review-key { font-size: 1.1rem; }
  .st-key-review_gaps button { font-size: 1.1rem; }
</style>"""


def apply(*, wall: bool) -> None:
    """Put the rules on the page."""
    st.html(CSS + (WALL if wall else ""))
