"""The table of revisions: found by person, kind, area and words; one is looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId
from tp_geo.domain.edits import Assign, Hold
from tp_geo.domain.hierarchy import depths, path
from tp_geo.domain.revision import Revision
from tp_geo.domain.trail import Trail
from tp_geo.errors import TpGeoError
from tp_geo.ui import printing, state, uploads
from tp_geo.ui.text import count, plain, sentence, shortened, when
from tp_geo.workflow import auditing
from tp_geo.workflow.auditing import Filter, Step
from tp_geo.workflow.optimizing_note import readable
from tp_geo.workflow.plan import Plan

TABLE = "history_table"
SHOWN = 1_000
FEW, HEIGHT = 12, 460
ROOM, MOST, OPTIONAL = 150, 325, {"Note": 88, "Snapshot": 80}
"""Pixels of what was done, at least and at most, and of columns left out when they are empty."""

FORMERLY = 3
"""How many former names of an area are told."""


def show(now: state.Now) -> Revision | None:
    """Show the filters and what they find; return the revision that is looked at."""
    trail, history = now.plan.trail(), now.plan.history()
    wanted = _asked(now, history, trail)
    try:
        found = auditing.found(now.plan, wanted)
        steps = auditing.steps(now.plan, wanted.code) if wanted.code.strip() else {}
    except TpGeoError as why:
        st.error(plain(str(why), 300))
        return None
    revision = _table(now.plan, found[:SHOWN], wanted, steps)
    with st.container(horizontal=True, vertical_alignment="center"):
        cut = f"; the first {SHOWN:,} are shown" * (len(found) > SHOWN)
        st.caption(f"{count(len(found), 'revisions')}{cut}", width="stretch")
        st.download_button(
            "Export as CSV",
            lambda: uploads.csv_of(log_table(found, steps)),
            file_name="history.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
        )
    return revision


def choose(plan: Plan, seq: int) -> None:
    """Look at a revision."""
    st.session_state[state.REVISION] = plan.info.id, seq


def size(revision: Revision) -> int:
    """Return how many items a revision touched."""
    return sum(len(e.items) for e in revision.edits if isinstance(e, Assign | Hold))


def log_table(shown: Sequence[Revision], steps: Mapping[int, Step] | None = None) -> pd.DataFrame:
    """Return revisions as a table in their order, with what each did to one item, if wanted."""
    done = {
        seq: {"from": s.before, "to": s.after, "held": s.held} for seq, s in (steps or {}).items()
    }
    return pd.DataFrame(
        [
            {
                "revision": r.seq, "at": r.at, "by": r.by, "kind": r.kind, "what": r.text,
                "items": size(r), "note": r.note, "takes_back": r.reverts or "",
                **done.get(r.seq, {}),
            }
            for r in shown
        ]
    )  # fmt: skip


def area_labels(alignment: Alignment, trail: Trail) -> Mapping[AreaId, str]:
    """Return what to call each area there is or was, former names told; those gone come last."""
    labels = {k: path(alignment, k).replace("/", " / ") for _, k in depths(alignment)}
    gone = sorted(trail.names.keys() - labels.keys(), key=lambda k: trail.names[k][-1].casefold())
    labels |= {k: f"{trail.names[k][-1]} · gone" for k in gone}
    for k, names in trail.names.items():
        if former := names[-1 - FORMERLY : -1]:
            labels[k] += f" · formerly {', '.join(reversed(former))}"
    return {**labels, UNASSIGNED: "Unassigned"}


def _asked(now: state.Now, history: Sequence[Revision], trail: Trail) -> Filter:
    labels = area_labels(now.alignment, trail)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        area = st.selectbox(
            "Area", list(labels), index=None, placeholder="Anywhere", key="history_area",
            format_func=lambda k: shortened(labels.get(k, ""), 80), width=190,
            help="Also areas that are gone, and former names",
        )  # fmt: skip
        person = st.selectbox(
            "Person", sorted({r.by for r in history}), index=None, placeholder="Anybody",
            key="history_who", width=130,
        )  # fmt: skip
        kind = st.selectbox(
            "Kind", sorted({r.kind for r in history}), index=None, placeholder="Anything",
            key="history_kind", width=130,
        )  # fmt: skip
        text = st.text_input(
            "Text", type="search", live="300ms", placeholder="Search what was done, and notes",
            key="history_text", width="stretch",
        )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        code = st.text_input(
            "Container or unit", placeholder="Code or id: the path it took", key="history_code",
            width=250,
        )  # fmt: skip
        since = st.date_input("From", value=None, format="YYYY-MM-DD", key="history_since")
        until = st.date_input("Until", value=None, format="YYYY-MM-DD", key="history_until")
    return Filter(person, kind, area, text, since, until, code)


def _table(
    plan: Plan, shown: Sequence[Revision], wanted: Filter, steps: Mapping[int, Step]
) -> Revision | None:
    """Show revisions; return the one that is looked at, the newest where none was chosen.

    Other rows make another table, because its selection is by row: it begins
    with the revision that was looked at before.
    """
    if not shown:
        st.info("No revision is like that." if plan.seq else "Nothing has been done so far.")
        return None
    rows = {r.seq: i for i, r in enumerate(shown)}
    chosen = _chosen(plan)
    key = f"{TABLE}_{plan.info.id}_{plan.seq}_{hash(wanted)}"
    table = _rows(plan, shown, steps)
    room = min(MOST, ROOM + sum(width for c, width in OPTIONAL.items() if c not in table))
    picked = printing.dataframe(
        table,
        key=key,
        hide_index=True,
        height="content" if len(shown) < FEW else HEIGHT,
        on_select=lambda: _choose_row(key),
        selection_mode=["single-row-required", "single-cell"],
        selection_default={"selection": {"rows": [rows.get(chosen, 0)]}},
        column_config={
            "Rev": st.column_config.NumberColumn(width=42),
            "When": st.column_config.TextColumn(width=114, help="UTC"),
            "Who": st.column_config.TextColumn(width=64),
            "It went": st.column_config.TextColumn(width=150),
            "What": st.column_config.TextColumn(width=room),
            "Items": st.column_config.NumberColumn(format="localized", width=58),
            **{c: st.column_config.TextColumn(width=width) for c, width in OPTIONAL.items()},
        },
        placeholder="",
        alt="Revisions, newest first",
    )
    at = next(iter(picked["selection"]["rows"]), 0)
    revision = shown[min(at, len(shown) - 1)]
    choose(plan, revision.seq)
    return revision


def _choose_row(key: str) -> None:
    """Choose the row of a cell that was clicked, as if its circle had been."""
    cells = st.session_state[key]["selection"]["cells"]
    if cells:
        st.session_state[key] = {"selection": {"rows": [cells[0][0]], "cells": []}}


def _rows(plan: Plan, shown: Sequence[Revision], steps: Mapping[int, Step]) -> pd.DataFrame:
    names: dict[int, list[str]] = {}
    for s in plan.snapshots():
        names.setdefault(s.seq, []).append(s.name)
    columns: dict[str, list[object]] = {
        "Rev": [r.seq for r in shown],
        "When": [when(r.at) for r in shown],
        "Who": [r.by for r in shown],
        "It went": [str(steps[r.seq]) if r.seq in steps else "" for r in shown],
        "What": [sentence(r.text) for r in shown],
        "Items": [size(r) or None for r in shown],
        "Note": [readable(r.note) for r in shown],
        "Snapshot": [", ".join(names.get(r.seq, ())) for r in shown],
    }
    return pd.DataFrame({c: v for c, v in columns.items() if c == "Items" or any(v)})


def _chosen(plan: Plan) -> int:
    """Return the revision that was looked at last, 0 when none was."""
    of, seq = st.session_state.get(state.REVISION) or ("", 0)
    return seq if of == plan.info.id else 0
