"""How pages look on paper: black on white, no buttons, tables whole, a line that says of what.

The browser prints. What a page has for paper only is on it and hidden on the screen; tables
that are drawn there, and can't be cut into pages, stand on paper as tables of text.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler

from tp_geo.ui.text import MINUS, figure, percent

SCREEN = "screen_only"
"""How the key of a container begins that has no place on paper."""

ROWS, COLUMNS = 200, 14
"""A table on paper has so many rows at most; it goes on below with more columns than that."""
TICKS = "▁▂▃▄▅▆▇█"
Said: TypeAlias = Callable[[object], str]

CSS = """<style>
  @media screen { .tp-paper, [data-testid="stElementContainer"]:has(.tp-paper)
    { display: none !important; } }
  @media print {
    @page { size: A4 landscape; margin: 9mm; }
    :root, .stApp, .stApp * { --tp-map-height: 430px; --st-text-color: #000 !important;
      --st-background-color: #fff !important; --st-secondary-background-color: #fff !important; }
    .stApp .st-key-map_desk, .stApp .st-key-map_desk * { --tp-map-height: 800px; }
    html, body, .stApp { color-scheme: light !important; background: #fff !important; }
    .stApp *:not(.tp-review-key i, img, svg, svg *, canvas) { color: #000 !important;
      background-color: transparent !important; background-image: none !important;
      box-shadow: none !important; text-shadow: none !important; }
    .stApp *:not(.tp-review-key i, svg, svg *) { border-color: #bbb !important; }
    header, .stAppHeader, [data-testid="stSidebar"], [data-testid="stToolbar"],
      [class*="st-key-notices_"], [data-testid="stDialog"],
      .stForm,
      [data-testid="stElementToolbar"], [data-testid="stTooltipIcon"],
      [data-testid="stStatusWidget"], .stSpinner, .stDeployButton, [data-testid="stDecoration"],
      [data-testid="stElementContainer"]:is(:has(.stButton, .stDownloadButton, .stLinkButton,
      .stPopover, .stButtonGroup, .stPageLink, .stSelectbox, .stMultiSelect, .stTextInput,
      .stTextArea, .stNumberInput, .stDateInput, .stFileUploader, .stCheckbox, .stRadio,
      .stSlider, .stMenuButton), .stButton, .stDownloadButton, .stPopover),
      [data-testid="stPopover"], [data-testid="stMenuButton"],
      [data-testid="stElementContainer"]:has(+ [data-testid="stElementContainer"] table.tp-paper),
      details:not([open]), .stExpander:not(:has(details[open])),
      .st-key-frame > div:not(:has(.tp-paper)), .st-key-frame .stColumn:first-child,
      .st-key-frame [data-testid="stCaptionContainer"], .tp-screen,
      [data-testid="stElementContainer"]:has(.tp-screen), [class*="st-key-screen_only_"]
      { display: none !important; }
    [data-stale="true"], [data-testid="stElementContainer"]:has(.tp-paper)
      { opacity: 1 !important; }
    .tp-paper { display: block; }
    table.tp-paper { display: table; }
    .st-key-frame { border: 0 !important; padding: 0 !important; }
    .stApp, .stAppViewContainer, .stMain
      { position: static !important; overflow: visible !important; height: auto !important;
        display: block !important; }
    .stMainBlockContainer { zoom: .72; padding: 0 !important; max-width: none !important; }
    [data-testid="stHorizontalBlock"]:has(> .stColumn) { display: flex !important;
      flex-wrap: nowrap !important; align-items: flex-start !important; }
    .stColumn { min-width: 0 !important; }
    [data-testid="stVerticalBlock"] { overflow: visible !important; height: auto !important;
      max-height: none !important; }
    [data-testid="stMetric"], [data-testid="stVegaLiteChart"], [data-testid="stImage"],
      [class*="st-key-card"], .stGrid > *,
      [data-testid="stHorizontalBlock"]:has([data-testid="stMetric"]),
      [class*="_map"] [data-testid="stElementContainer"], tr { break-inside: avoid; }
    h1, h2, h3, h4, thead { break-after: avoid; }
    p, .tp-paper p { orphans: 2; widows: 2; }
    .tp-review-key i { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    .tp-paper-head { display: flex; justify-content: space-between; gap: 2rem; margin: 0 0 .6rem;
      padding-bottom: .3rem; border-bottom: 1px solid #000 !important; }
    .tp-paper-list:has(+ table) { break-after: avoid; }
    .tp-paper-list ul { margin: 0 0 .4rem; padding-left: 1.2rem; }
    .tp-paper-list li { padding: 0; }
    table.tp-paper { width: 100%; border-collapse: collapse; margin: .2rem 0 .6rem;
      font-size: .85rem; font-variant-numeric: tabular-nums; }
    table.tp-paper th, table.tp-paper td { padding: .16rem .45rem; text-align: left;
      vertical-align: top; border: 0; border-bottom: 1px solid #ccc !important;
      overflow-wrap: anywhere; }
    table.tp-paper th { border-bottom: 1px solid #000 !important; }
    table.tp-paper .tp-right { text-align: right; overflow-wrap: normal; }
    table.tp-paper img { height: 1rem; max-width: none; vertical-align: middle; }
  }
</style>"""

NIGHT = """<style>
  @media print { [data-testid="stVegaLiteChart"], [data-testid="stDataFrame"]
    { filter: invert(1) hue-rotate(180deg) brightness(1.15); } }
</style>"""
"""Charts are drawn for the page as it is: on a dark one, light on dark."""


def apply() -> None:
    """Put the rules on the page."""
    dark = st.context.theme.type == "dark"
    st.html(CSS + (NIGHT if dark else ""))


def head(what: str, by: str, day: str) -> None:
    """Say at the top of the paper which alignment this is, who printed it, and the day."""
    texts = "".join(f"<span>{html.escape(t)}</span>" for t in (what, f"{by} · {day}"))
    st.html(f"<div class='tp-paper tp-paper-head'>{texts}</div>")


def line(text: str) -> None:
    """Say something on paper that the screen shows otherwise."""
    st.html(f"<p class='tp-paper'>{html.escape(text)}</p>")


def title(text: str) -> None:
    """Name what follows on paper only."""
    st.html(f"<h1 class='tp-paper'>{html.escape(text)}</h1>")


def listed(heading: str, items: Sequence[str]) -> None:
    """List on paper what the screen has behind a choice."""
    st.html(list_of(heading, items))


def list_of(heading: str, items: Sequence[str]) -> str:
    """Return a heading for paper and what is listed below it, as HTML."""
    rows = "".join(f"<li>{html.escape(i)}</li>" for i in items)
    return f"<div class='tp-paper tp-paper-list'><b>{html.escape(heading)}</b><ul>{rows}</ul></div>"


def dataframe(
    table: pd.DataFrame | Styler, *, texts: Mapping[str, Said] | Said | None = None, **how: Any
) -> Any:
    """Show a table as ``st.dataframe`` does, and for paper the same as text.

    ``texts`` say how figures of columns are written where no column's
    configuration does; a single one is of all columns.
    """
    picked = st.dataframe(table, **how)
    plain_table: pd.DataFrame = table.data if isinstance(table, Styler) else table  # type: ignore[attr-defined]
    if not how.get("hide_index"):
        plain_table = plain_table.rename_axis("").reset_index()
    if len(plain_table.columns):
        st.html(paper_table(plain_table, how.get("column_config") or {}, texts or {}))
    return picked


def paper_table(
    table: pd.DataFrame, config: Mapping[Any, Any], texts: Mapping[str, Said] | Said
) -> str:
    """Return a table as HTML, below itself again where it has many columns."""
    columns = list(range(len(table.columns)))
    groups = [columns[:COLUMNS]]
    for at in range(COLUMNS, len(columns), COLUMNS - 1):
        groups.append([0, *columns[at : at + COLUMNS - 1]])
    rows = table.head(ROWS)
    made = "".join(_group(rows, group, config, texts) for group in groups)
    if rest := len(table) - len(rows):
        made += f"<p class='tp-paper'>{rest:,} more, which exports have.</p>"
    return made


def _group(
    rows: pd.DataFrame,
    group: Sequence[int],
    config: Mapping[Any, Any],
    texts: Mapping[str, Said] | Said,
) -> str:
    heads, cells = [], []
    for at in group:
        name = rows.columns[at]
        settings = config.get(name)
        label, form, kind, right = _settings(settings, str(name))
        values = rows.iloc[:, at]
        own = texts.get(name) if isinstance(texts, Mapping) else texts if at else None
        right = right or pd.api.types.is_numeric_dtype(values)
        side = " class='tp-right'" if right else ""
        heads.append(f"<th{side}>{html.escape(label)}</th>")
        cells.append([f"<td{side}>{_cell(v, form, kind, own)}</td>" for v in values.tolist()])
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*cells, strict=True))
    return (
        f"<table class='tp-paper'><thead><tr>{''.join(heads)}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _settings(settings: object, name: str) -> tuple[str, str, str, bool]:
    """Return what a column is called, how its figures are written, its kind, whether at right."""
    if not isinstance(settings, Mapping):
        return (settings if isinstance(settings, str) else name), "", "", False
    label = settings.get("label")
    kind = settings.get("type_config") or {}
    return (
        name if label is None else str(label),
        str(kind.get("format") or ""),
        str(kind.get("type") or ""),
        settings.get("alignment") == "right",
    )


def _cell(value: object, form: str, kind: str, own: Said | None) -> str:
    if isinstance(value, list | tuple):
        return _bars(value) if kind == "bar_chart" else html.escape(", ".join(map(str, value)))
    if kind == "image":
        shown = isinstance(value, str) and value.startswith("data:image/")
        return f'<img alt="" src="{html.escape(str(value))}">' if shown else ""
    if own is not None:
        return html.escape(own(value))
    return html.escape(_written(value, form))


def _written(value: object, form: str) -> str:
    if isinstance(value, bool):
        return "✓" if value else ""
    if value is None or value is pd.NaT or value is pd.NA:
        return "–"
    if not isinstance(value, int | float):
        return str(value)
    if math.isnan(value):
        return "–"
    if form == "percent":
        return percent(value)
    if "%" in form:
        return (form % value).replace("-", MINUS)
    return figure(value)


def _bars(values: Sequence[Any]) -> str:
    top = max(values, default=0) or 1
    return "".join(TICKS[round(v / top * (len(TICKS) - 1))] for v in values)
