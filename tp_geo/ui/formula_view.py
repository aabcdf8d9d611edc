"""Calculated measures of a dataset: which there are, and the dialog that writes one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from tp_geo.domain.dataset import Aggregate, Dataset, Formula, Level
from tp_geo.domain.formula_check import FUNCTIONS, PER_WHOLE
from tp_geo.domain.formula_scope import scope_of
from tp_geo.domain.formula_text import quoted
from tp_geo.ui import state
from tp_geo.ui.edge import handled
from tp_geo.ui.text import figure, plain, singular
from tp_geo.workflow.formula_drafts import (
    MAX_NAME,
    Draft,
    Preview,
    faults_of,
    filled,
    preview,
)
from tp_geo.workflow.formulas import formula_called, put_formula, remove_formula, users_of
from tp_geo.workflow.plan import NOUNS, Plan

EXAMPLE = '[Open pipeline] / revenue   or   if([Segment] = "Large", 12, 4)'
FITS, NO_WEIGHT = "As fits the formula", "Nothing: each counts once"
LONG = 600
INSERT = "formula_insert"


def _of(dataset: Dataset, level: Level) -> str:
    """Return what a level is called on the page: units, postal codes, areas."""
    nouns = {Level.CONTAINER: NOUNS.get(dataset.boundaries, "containers")}
    return nouns.get(level, f"{level.value}s").capitalize()


def show(name: str, dataset: Dataset) -> None:
    """Show the formulas of a dataset and the way to another."""
    for formula in dataset.formulas:
        _one(name, dataset, formula)
    st.button(
        "Add a formula", icon=":material/function:",
        on_click=state.open_dialog, args=("formula", name, ""),
        help="A measure that is calculated from others",
    )  # fmt: skip


def _one(name: str, dataset: Dataset, formula: Formula) -> None:
    said, edit, remove = st.columns([12, 1, 1], vertical_alignment="center")
    unit = f" in {plain(formula.unit, 40)}" if formula.unit else ""
    how = "" if formula.level is Level.AREA else f" · {_added_up(formula)}"
    said.markdown(
        f"**{plain(formula.name, MAX_NAME)}** = {plain(formula.text, 200)}  \n"
        f":small[{_of(dataset, formula.level)}{unit}{how}]"
    )
    edit.button(
        "", icon=":material/edit:", type="tertiary", key=f"formula_edit_{formula.name}",
        help=f"Edit {plain(formula.name)}",
        on_click=state.open_dialog, args=("formula", name, formula.name),
    )  # fmt: skip
    remove.button(
        "", icon=":material/delete:", type="tertiary", key=f"formula_remove_{formula.name}",
        help=f"Remove {plain(formula.name)}",
        on_click=state.open_dialog, args=("no_formula", name, formula.name),
    )  # fmt: skip


def _added_up(formula: Formula) -> str:
    by = f" weighted by {plain(formula.weight, 60)}" if formula.weight else ""
    return f"{formula.aggregate.value}{by}"


@handled
def write(dataset_name: str, name: str) -> None:
    """Show the dialog that writes a formula, or changes the one of a name."""
    dataset = state.planner().dataset(dataset_name)
    was = formula_called(dataset, name) if name else None
    draft = _asked(dataset, was)
    written = bool(draft.text.strip())
    draft = _with_choices(dataset, draft, was)
    faults = faults_of(dataset, draft, name)
    if written and not faults.keys() & {"formula", "weight"}:
        _preview(dataset, replace(draft, name="") if "name" in faults else draft)
    label = "Save" if was else "Add"
    if st.button(label, type="primary", disabled=bool(faults) or not written, key="formula_keep"):
        saved = put_formula(state.planner(), dataset_name, draft, replaces=name, by=state.user())
        st.session_state[state.DATASET] = saved.dataset
        state.tell(f"{'Changed' if was else 'Added'} {draft.name.strip()}: {saved}.")
        state.leave_dialog()


@handled
def remove(dataset_name: str, name: str) -> None:
    """Show the dialog that removes a formula, or says what still uses it."""
    dataset = state.planner().dataset(dataset_name)
    formula = formula_called(dataset, name)
    st.markdown(f"**{plain(name, MAX_NAME)}** = {plain(formula.text, 200)}")
    used = users_of(state.planner(), dataset, name)
    if used:
        st.error(
            f"It is used by {plain('; '.join(used), LONG)}. Change that first.",
            icon=":material/block:",
        )
    else:
        where = "tables of areas" if formula.level is Level.AREA else "the dataset, maps and tables"
        st.write(f"It goes from {where}. What was worked out can be had again by writing it anew.")
    if st.button("Remove", type="primary", disabled=bool(used), key="formula_gone"):
        saved = remove_formula(state.planner(), dataset_name, name)
        state.tell(f"Removed {name}: {saved}.")
        state.leave_dialog()


def _asked(dataset: Dataset, was: Formula | None) -> Draft:
    """Ask for name, level and text; tell beside each what is wrong with it."""
    left, right = st.columns(2)
    name = left.text_input(
        "Name", was.name if was else "", key="formula_name", max_chars=MAX_NAME,
        placeholder="Pipeline cover",
    )  # fmt: skip
    named = left.empty()
    levels = [x for x in Level if x is not Level.UNIT or len(dataset.items.container_of)]
    level = Level(
        right.segmented_control(
            "Worked out for", levels, default=was.level if was else levels[0], required=True,
            format_func=partial(_of, dataset), key="formula_level",
        )
    )  # fmt: skip
    text = st.text_area(
        "Formula", was.text if was else "", key="formula_text", height=80, placeholder=EXAMPLE,
        help="Names with spaces stand in [brackets]",
    )  # fmt: skip
    written = st.empty()
    _offer(dataset, level)
    draft = Draft(name, text, level, was.label if was else "")
    faults = faults_of(dataset, draft, was.name if was else "")
    _tell(named, faults.get("name", "") if name.strip() else "")
    _tell(written, faults.get("formula", "") if text.strip() else "")
    return draft


def _offer(dataset: Dataset, level: Level) -> None:
    """Offer the names and functions there are; what is chosen goes to the end of the formula."""
    scope = scope_of(dataset, level)
    functions = [f for f in FUNCTIONS if f not in PER_WHOLE or f == "total" or f in scope.whose]
    offered = [*(quoted(f.name) for f in scope.fields), *(f"{f}(" for f in functions)]
    st.selectbox(
        "Put in", offered, index=None, key=INSERT, on_change=_put_in,
        placeholder="Put in a measure, column or function", label_visibility="collapsed",
    )  # fmt: skip


def _put_in() -> None:
    if chosen := st.session_state.get(INSERT):
        text = str(st.session_state.get("formula_text") or "").rstrip()
        apart = "" if not text or text.endswith("(") else " "
        st.session_state["formula_text"] = f"{text}{apart}{chosen}"
        st.session_state[INSERT] = None


def _tell(place: DeltaGenerator, fault: str) -> None:
    if fault:
        place.caption(f":red[:material/error: {plain(fault, LONG)}]")


def _with_choices(dataset: Dataset, draft: Draft, was: Formula | None) -> Draft:
    """Ask for the unit, and for how areas add it up."""
    first, second, third = st.columns(3)
    meant = _meant(dataset, draft)
    unit = first.text_input(
        "Unit", was.unit if was else "", key="formula_unit", max_chars=40,
        placeholder=meant.unit if meant and meant.unit else "None",
        help="Left empty, the one that follows from the measures",
    ).strip()  # fmt: skip
    draft = replace(draft, unit=unit or None)
    if draft.level is Level.AREA:
        return draft
    chosen = second.selectbox(
        "In areas", [FITS, *Aggregate], index=[FITS, *Aggregate].index(was.aggregate) if was else 0,
        format_func=str.capitalize, key="formula_aggregate",
        help=_fitting(meant), 
    )  # fmt: skip
    if chosen != Aggregate.MEAN:
        return replace(draft, aggregate=Aggregate(chosen) if chosen != FITS else None)
    weights = [NO_WEIGHT, *(m.name for m in dataset.measures if m.aggregate is Aggregate.SUM)]
    first_weight = was.weight if was else meant.weight if meant else None
    weight = third.selectbox(
        "Weighted by", weights,
        index=weights.index(first_weight) if first_weight in weights else 0, key="formula_weight",
    )  # fmt: skip
    draft = replace(draft, aggregate=Aggregate.MEAN, weight="" if weight == NO_WEIGHT else weight)
    _tell(third.empty(), faults_of(dataset, draft, was.name if was else "").get("weight", ""))
    return draft


def _meant(dataset: Dataset, draft: Draft) -> Formula | None:
    """Return the formula with all that follows from it, if it can be read."""
    return None if "formula" in faults_of(dataset, draft) else filled(dataset, draft)


def _fitting(meant: Formula | None) -> str:
    if meant is None:
        return "A sum, or a mean that can be weighted"
    return f"What fits this formula: {_added_up(meant)}"


def _preview(dataset: Dataset, draft: Draft) -> None:
    """Show what the formula comes to, before it is kept."""
    plan = _plan_on(dataset) if draft.level is Level.AREA else None
    seen = preview(dataset, draft, plan)
    if not seen.rows:
        st.caption("Open an alignment on this dataset to see what it comes to for its areas.")
        return
    _figures(seen)
    for warning in seen.warnings:
        st.warning(plain(warning, LONG), icon=":material/warning:")
    st.dataframe(
        pd.DataFrame(
            {
                "Id" if plan is None else "#": [code for code, _, _ in seen.first],
                singular(_of(dataset, seen.formula.level)): [name for _, name, _ in seen.first],
                seen.formula.name: [value for _, _, value in seen.first],
            }
        ),
        hide_index=True,
        placeholder="–",
        column_config={seen.formula.name: st.column_config.NumberColumn(format="localized")},
        alt="The first values of the formula",
    )


def _figures(seen: Preview) -> None:
    formula = seen.formula
    unit = f" {formula.unit}" if formula.unit else ""
    mean = formula.aggregate is Aggregate.MEAN
    figures: dict[str, float | None] = {"Smallest": seen.least, "Largest": seen.most}
    if seen.total is not None:
        figures = {"Mean of all" if mean else "Total": seen.total, **figures}
    *cells, last = st.columns(len(figures) + 1)
    for cell, (label, value) in zip(cells, figures.items(), strict=True):
        cell.metric(label, figure(value) + unit)
    last.metric("Not known", f"{seen.unknown:,}")
    how = "" if formula.level is Level.AREA else f" In areas: {_added_up(formula)}."
    st.caption(f"{plain(str(seen), LONG)}.{how}")


def _plan_on(dataset: Dataset) -> Plan | None:
    plan = state.open_plan() if st.session_state.get(state.ALIGNMENT) else None
    return plan if plan and plan.dataset.key == dataset.key else None
