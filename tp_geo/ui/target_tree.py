"""Targets of all levels in one table: shown, edited, carried down; each ends in one command."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.dataset import Measure
from tp_geo.domain.targets import Aim, SetTargets, aimed_at
from tp_geo.ui import state, target_carry
from tp_geo.ui.text import count, deviation, figure, heading, sentence
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.targets import TargetRow, TargetTable, summed_measures, target_table

TABLE, CARRY = "Table", "Carry down"
INDENT = "\u2003"
EDITED = {"Minimum": "minimum", "Target": "target", "Maximum": "maximum"}
SHOWN = ("Σ below", "Planned", "Gap")
HEIGHT = 430
WIDTH = 112
"""Of a column of figures: a heading with the mark of what can be edited has room."""


def body(plan: Plan, area: AreaId | None) -> None:
    """Show the dialog; ``area`` is the one at hand."""
    measures = summed_measures(plan)
    if not measures:
        st.caption("This dataset has no measure that adds up.")
        return
    left, right = st.columns(2, vertical_alignment="bottom")
    measure = left.selectbox(
        "Measure", measures, index=measures.index(_first(plan, measures)), format_func=heading
    )
    way = right.segmented_control(
        "What", [TABLE, CARRY], default=TABLE, required=True, label_visibility="collapsed",
        width="stretch",
    )  # fmt: skip
    command = target_carry.ask(plan, measure, area) if way == CARRY else _table(plan, measure)
    if command is not None:
        _finish(plan, command)


def frame_of(table: TargetTable) -> pd.DataFrame:
    """Return the table as it is shown, a row an area in the order of the tree."""
    rows = table.rows
    return pd.DataFrame(
        {
            "Area": [INDENT * (r.depth - 1) + r.name for r in rows],
            "Minimum": _numbers([r.minimum for r in rows]),
            "Target": _numbers([None if r.summed else r.target for r in rows]),
            "Maximum": _numbers([r.maximum for r in rows]),
            "Σ below": _numbers([r.below for r in rows]),
            "Planned": _numbers([r.planned for r in rows]),
            "Gap": _numbers([r.gap for r in rows]),
            "Deviation": _numbers([r.deviation * 100 for r in rows]),
            "To look at": [_said(r) for r in rows],
        }
    )


def edited(table: TargetTable, frame: pd.DataFrame) -> SetTargets:
    """Return the command that makes targets what an edited table says."""
    aims = {
        AreaId(row.id): Aim(*(_value(frame[column].iloc[at]) for column in EDITED))
        for at, row in enumerate(table.rows)
    }
    return SetTargets(table.measure.name, aims)


def _table(plan: Plan, measure: Measure) -> SetTargets | None:
    table = target_table(plan, measure.name)
    st.caption(_headline(table))
    number = st.column_config.NumberColumn
    config: dict[str, Any] = {
        "Area": st.column_config.TextColumn(pinned=True, width=190),
        "Deviation": number(format="%+.1f %%", width=84),
        "To look at": st.column_config.TextColumn(width="medium"),
        **{c: number(format="localized", width=WIDTH, min_value=0.0) for c in EDITED},
        **{c: number(format="localized", width=WIDTH) for c in SHOWN},
    }
    shown = frame_of(table)
    after = st.data_editor(
        shown,
        key=f"targets_{plan.info.id}_{measure.name}_{hash(tuple(r.id for r in table.rows))}",
        hide_index=True,
        height=min(HEIGHT, 38 + 35 * max(len(shown), 1)),
        disabled=[c for c in shown.columns if c not in EDITED],
        column_config=config,
        placeholder="–",
        alt="Targets of all areas, with what they hold",
    )
    command = edited(table, after)
    number_of = len(command.edits(plan.alignment, iter(())))
    st.caption(
        "Minimum, target and maximum can be edited; blank takes them away. "
        "Σ below is what the areas right below should hold together."
    )
    label = f"Save {count(number_of, 'targets')}" if number_of else "Save"
    pressed = st.button(label, type="primary", key="targets_save", disabled=not number_of)
    return command if pressed else None


def _finish(plan: Plan, command: SetTargets) -> None:
    """Ask for a command and close the dialog; a refusal is raised, to be told in it."""
    revision = plan.ask(command, by=state.user())
    if revision is not None and st.session_state.get(state.ALIGNMENT) == plan.info.id:
        state.tell_revision(revision)
    elif revision is not None:
        state.tell(f"{plan.info.name}: {sentence(revision.text)}")
    state.leave_dialog()


def _first(plan: Plan, measures: Sequence[Measure]) -> Measure:
    """Return the first measure that some area has a target of, else the first."""
    aimed = {m for area in plan.alignment.areas.values() for m in aimed_at(area)}
    return next((m for m in measures if m.name in aimed), measures[0])


def _headline(table: TargetTable) -> str:
    off = sum(row.off for row in table.rows)
    wrong = sum(bool(row.misfit) for row in table.rows)
    said = [f"All at the top: planned {figure(table.planned)}"]
    if table.target:
        share = deviation((table.planned - table.target) / table.target)
        said.append(f"target {figure(table.target)} ({share})")
    said.append(f"{figure(table.unassigned)} unassigned")
    said.append(f"{count(off, 'areas')} off target" if off else "no area off target")
    if wrong:
        said.append(f":orange[:material/warning:] {count(wrong, 'splits')} not adding up")
    return " · ".join(said)


def _said(row: TargetRow) -> str:
    if row.misfit:
        return f"⚠ {row.misfit[:1].upper()}{row.misfit[1:]}"
    return "⚠ off target" if row.off else ""


def _numbers(values: Sequence[float | None]) -> pd.Series[float]:
    return pd.Series([math.nan if v is None else v for v in values], dtype="float64")


def _value(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type, call-overload]
