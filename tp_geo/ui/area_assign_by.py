"""Assign by a column: what each value leads to is told before it is done."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from tp_geo.domain.alignment import AreaId
from tp_geo.errors import Refused
from tp_geo.ui import state
from tp_geo.ui.asking import finish
from tp_geo.ui.text import count, shortened
from tp_geo.workflow.assigning import Outcome, Scope, assign_by
from tp_geo.workflow.places import find_places

LIKELY = ("territory", "owner", "rep", "area", "region")
SHOWN = 500


def body(now: state.Now, _area: AreaId | None) -> None:
    """Show the dialog."""
    st.caption("Each row goes to the area that its value names: by name, by path or by owner.")
    units = bool(len(now.dataset.items.container_of))
    names = {
        Scope.BOTH: "Both",
        Scope.CONTAINERS: now.plan.noun.capitalize(),
        Scope.UNITS: "Units",
    }
    column = _column(now)
    scope = Scope.CONTAINERS
    if units:
        said = st.segmented_control(
            "What is assigned", list(names), default=Scope.BOTH, required=True,
            format_func=names.__getitem__,
        )  # fmt: skip
        scope = said or Scope.BOTH
    unassigned = st.checkbox("Only what no area holds")
    places = find_places(state.planner(), now.dataset, (column,))
    command = assign_by(
        now.dataset, column, scope=scope, within=places.within, labels=places.labels,
        only_unassigned=unassigned,
    )  # fmt: skip
    outcome = command.outcome(now.alignment)
    _preview(now, outcome)
    if st.button(f"Assign {count(outcome.moving, 'items')}", type="primary"):
        if not outcome.moving:
            raise Refused(
                f"No value of {column} leads to an area. Name areas after the values, or make "
                "them the owners of areas."
            )
        finish(command)


def _column(now: state.Now) -> str:
    places = find_places(state.planner(), now.dataset, ())
    columns = [*now.dataset.attributes, *places.within]
    folded = [c.casefold() for c in columns]
    likely = next((folded.index(name) for name in LIKELY if name in folded), 0)
    return st.selectbox("Column", columns, index=likely)


def _preview(now: state.Now, outcome: Outcome) -> None:
    values = sorted(outcome.values, key=lambda v: (v.area is not None, -v.rows))
    st.dataframe(
        pd.DataFrame(
            {
                "Value": [shortened(v.text, 80) for v in values[:SHOWN]],
                "Rows": [v.rows for v in values[:SHOWN]],
                "Goes to": [now.alignment.name(v.area) if v.area else "" for v in values[:SHOWN]],
                "Why not": [v.reason for v in values[:SHOWN]],
            }
        ),
        hide_index=True,
        placeholder="–",
        column_config={"Rows": st.column_config.NumberColumn(format="localized")},
        alt="Values of the column and the areas they lead to",
    )
    said = [f"{count(len(outcome.unknown), 'values')} lead nowhere"] if outcome.unknown else []
    said += [f"{count(outcome.held, 'held items')} stay"] if outcome.held else []
    said += [f"{count(outcome.locked, 'items')} stay because of locks"] if outcome.locked else []
    if len(values) > SHOWN:
        said.append(f"the first {SHOWN:,} of {len(values):,} values are shown")
    if said:
        st.caption(f"{'; '.join(said)}.")
