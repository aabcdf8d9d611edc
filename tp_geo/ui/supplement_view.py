"""A table joined by id: what it would change is seen first, then done in one pass."""

from __future__ import annotations

from functools import partial
from typing import NoReturn

import pandas as pd
import streamlit as st
from streamlit.typing import UploadedFile

from tp_geo.files.intake import read_table
from tp_geo.ui import state, uploads, work
from tp_geo.ui.edge import handled
from tp_geo.ui.text import count, plain
from tp_geo.ui.work import Task, Told
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.reference import homes_in
from tp_geo.workflow.supplement import (
    LEVELS,
    Preview,
    apply_supplement,
    preview_supplement,
    renamed,
)

APPLY = Task("supplement", "apply")
AUTO = "Where most ids are found"
MOST_PROBLEMS = 200


@handled
def body() -> None:
    """Show the dialog."""
    plan = state.open_plan() if st.session_state.get(state.ALIGNMENT) else None
    if plan is None:
        st.caption("Open an alignment first; the table is joined to its areas and its dataset.")
        return
    st.caption(
        f"Joined by id to **{plain(plan.info.name, 80)}** and its dataset. Columns of numbers "
        "become measures, texts become columns; `assign to`, `owner`, `locked` and `target …` "
        "change the plan. Blank cells change nothing."
    )
    upload = st.file_uploader("Table", type=uploads.TABLES, key="supplement_file")
    level = st.segmented_control(
        "Join to",
        (AUTO, *LEVELS),
        default=AUTO,
        required=True,
        format_func=str.capitalize,
        key="supplement_level",
    )
    if upload is None:
        return
    if (done := work.result(APPLY)) is not None:
        made, where = done
        _done(made, where, upload.name)
    joined = "" if level in (None, AUTO) else str(level)
    task = Task("supplement", f"read {upload.file_id} {joined} {plan.info.id} {plan.seq}")
    preview: Preview | None = work.of_itself(
        task, lambda told: _read(plan, upload, joined, told), "Read it again"
    )
    if preview is None:
        return
    _show(preview)
    place = st.empty()
    no = preview.empty or bool(preview.refused)
    if place.button("Take it in", type="primary", disabled=no):
        planner, by = state.planner(), state.user()
        work.start(
            APPLY,
            lambda told: _applied(planner, plan, preview, by=by, source=upload.name, told=told),
        )
    work.show(APPLY, place)


def _read(plan: Plan, upload: UploadedFile, level: str, told: Told) -> Preview:
    told(f"Reading {upload.name}", 0.2)
    with uploads.kept(upload) as path:
        table = read_table(path)
    told(f"Joining {count(len(table), 'rows')}", 0.7)
    homes = partial(homes_in, state.planner(), plan.dataset)
    return preview_supplement(plan.alignment, plan.dataset, table, level, homes=homes)


def _applied(
    planner: Planner, plan: Plan, preview: Preview, *, by: str, source: str, told: Told
) -> tuple[Plan, str]:
    told("Changing the plan", 0.3)
    made, _ = apply_supplement(planner, plan, preview, by=by, source=source)
    return made, renamed(plan.dataset, made.dataset)


def _done(made: Plan, where: str, source: str) -> NoReturn:
    state.tell(f"Took in {source}. {where}".strip())
    state.enter(made.info)
    state.leave_dialog()


def _show(preview: Preview) -> None:
    st.markdown(f"**What would change** :small[{plain(preview, 300)}]")
    rows = changes(preview)
    if len(rows):
        st.dataframe(rows, hide_index=True, alt="What the table would change")
    if preview.refused:
        st.error(plain(preview.refused, 400), icon=":material/block:")
    if preview.problems:
        cells = count(len(preview.problems), "cells")
        st.markdown(f"**{cells} can't be used** :small[they are left out]")
        st.dataframe(
            pd.DataFrame(
                {
                    "Row": [p.row for p in preview.problems[:MOST_PROBLEMS]],
                    "Column": [p.field for p in preview.problems[:MOST_PROBLEMS]],
                    "Value": [p.value for p in preview.problems[:MOST_PROBLEMS]],
                    "Why": [p.remedy for p in preview.problems[:MOST_PROBLEMS]],
                }
            ),
            hide_index=True,
            height=220,
            alt="Cells that can't be used",
        )


def changes(preview: Preview) -> pd.DataFrame:
    """Return what a preview amounts to, one line a kind of change."""
    alignment, figures = preview.base, preview.figures
    lines = [
        ("Measures", len(figures.measures), ", ".join(m.label for m in figures.measures)),
        ("Columns", len(figures.texts), ", ".join(figures.texts)),
        ("Items moved", len(preview.moved), ""),
        ("Items held", len(preview.held), ""),
        ("Items released", len(preview.released), ""),
        ("Areas changed", len(preview.areas), ", ".join(map(alignment.name, preview.areas[:8]))),
        ("Areas locked", len(preview.locked), ", ".join(map(alignment.name, preview.locked[:8]))),
        (
            "Areas unlocked",
            len(preview.unlocked),
            ", ".join(map(alignment.name, preview.unlocked[:8])),
        ),
    ]
    there = [line for line in lines if line[1]]
    return pd.DataFrame(there, columns=["Change", "Count", "Which"])
