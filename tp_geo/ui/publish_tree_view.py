"""The changes of a publish as a tree: a row for each territory, opened field by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from tp_geo.ui.text import count, plain
from tp_geo.workflow.publishing_tree import Change, Node

MARKS: Mapping[Change, str] = {
    Change.CREATE: "+ new",
    Change.UPDATE: "~ changed",
    Change.DELETE: "− deleted",
    Change.UNCHANGED: "= unchanged",
}
COLORS: Mapping[Change, str] = {
    Change.CREATE: "#2a9d63",
    Change.UPDATE: "#d08a1d",
    Change.DELETE: "#d1495b",
    Change.UNCHANGED: "#8a929a",
}
AFTERWARDS = "Afterwards"
INDENT = "\u2003"
ALL = ""
FEW, HEIGHT = 12, 430


def show(nodes: Sequence[Node], key: str, *, drift: bool = False) -> None:
    """Show the tree, and the chosen territory field by field beside it.

    Of drift, what is wanted is what was published.
    """
    table, fields = st.columns([6, 5], gap="medium")
    with table:
        shown = _filtered(nodes, key)
        node = _table(shown, key)
    with fields:
        if node is not None:
            _fields(node, after="As published" if drift else AFTERWARDS)


def _filtered(nodes: Sequence[Node], key: str) -> list[Node]:
    counts = Counter(node.change for node in nodes)
    there = [change for change in Change if counts[change]]
    changed = len(nodes) - counts[Change.UNCHANGED]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        chosen = st.pills(
            "Show", [ALL, *there] if changed else there, default=ALL if changed else there[:1],
            required=True, key=f"{key}_kind", label_visibility="collapsed",
            format_func=lambda c: f"{MARKS[Change(c)]} {counts[c]:,}" if c else f"All {changed:,}",
        )  # fmt: skip
        text = st.text_input(
            "Territory", type="search", live="300ms", placeholder="Search by name",
            key=f"{key}_text", label_visibility="collapsed", width=170,
        ).casefold()  # fmt: skip
    wanted = {chosen} if chosen else {*there} - {Change.UNCHANGED}
    return [n for n in nodes if n.change in wanted and text in n.name.casefold()]


def _table(shown: Sequence[Node], key: str) -> Node | None:
    if not shown:
        st.info("No territory is like that.")
        return None
    table = pd.DataFrame(
        {
            "Territory": [INDENT * n.depth + n.name for n in shown],
            "Change": [MARKS[n.change] for n in shown],
            "What": [said(n) for n in shown],
        }
    )
    colors = [f"color: {COLORS[n.change]}" for n in shown]
    picked = st.dataframe(
        table.style.apply(lambda _: colors, subset=["Change"]),
        key=f"{key}_{hash(tuple((n.name, n.change) for n in shown))}",
        hide_index=True,
        height="content" if len(shown) < FEW else HEIGHT,
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [0]}},
        column_config={
            "Territory": st.column_config.TextColumn(width=210),
            "Change": st.column_config.TextColumn(width=92),
            "What": st.column_config.TextColumn(width=200),
        },
        alt="Territories and what becomes of them",
    )
    at = next(iter(picked["selection"]["rows"]), 0)
    return shown[min(at, len(shown) - 1)]


def said(node: Node) -> str:
    """Return in a few words what changes of a territory."""
    if node.change is Change.UNCHANGED:
        return ""
    parts = []
    for entry in node.entries:
        if entry.change is Change.UNCHANGED:
            continue
        if entry.change is Change.UPDATE and entry.thing == "Territory":
            parts.append(", ".join(cell.label.lower() for cell in entry.cells))
        elif entry.thing in ("Person", "Account"):
            parts.append(f"{MARKS[entry.change][0]} {entry.name}")
        elif entry.thing != "Territory":
            parts.append(entry.thing.lower())
    return ", ".join(dict.fromkeys(part for part in parts if part))


def _fields(node: Node, after: str) -> None:
    st.markdown(f"**{plain(node.name, 80)}** · {MARKS[node.change]}")
    same = node.change is Change.UNCHANGED
    told = [e for e in node.entries if same or e.change is not Change.UNCHANGED]
    cells = [(entry, cell) for entry in told for cell in entry.cells]
    columns = {
        "Part": [entry.thing for entry, _ in cells],
        "Field": [cell.label for _, cell in cells],
        "In the org now": [cell.before for _, cell in cells],
        after: [cell.after for _, cell in cells],
    }
    if same:
        columns.pop(after)
    kept = {name: values for name, values in columns.items() if any(values)}
    if not cells:
        st.caption("Nothing about it changes.")
        return
    st.dataframe(
        pd.DataFrame(kept), hide_index=True, height="content" if len(cells) < FEW else HEIGHT,
        column_config={"Part": st.column_config.TextColumn(width=70)},
        alt="Fields before and after",
    )  # fmt: skip
    st.caption(count(len(cells), "fields"))
