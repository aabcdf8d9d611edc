"""Dialogs of scenarios: a new one, what it assumes, whether it is adopted."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.growth import LEAST, MOST, Growth, Segment
from tp_geo.domain.hierarchy import depths, path
from tp_geo.domain.scenario import Assumption, Hire, Leaver, Retarget
from tp_geo.errors import Refused, TpGeoError
from tp_geo.ui import scenario_design, scenario_view, state
from tp_geo.ui.edge import handled
from tp_geo.ui.text import heading, plain, shortened
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.scenarios import (
    assume,
    assumptions,
    begin,
    beginning,
    reassume,
    scenario_in,
)
from tp_geo.workflow.targets import summed_measures

GROWTH, HIRE, LEAVER, TARGETS = "Growth", "A hire", "A leaver", "Targets"
SORTS: Mapping[str, type[Assumption]] = {
    GROWTH: Growth, HIRE: Hire, LEAVER: Leaver, TARGETS: Retarget,
}  # fmt: skip
EVERYWHERE = "Everywhere"
SIBLINGS, PERSON = "Into the areas beside it", "To another owner"
SPLIT, EMPTY = "Part of an area, split in two", "An empty area"


def show() -> None:
    """Show the dialog that is open, if any."""
    match state.wanted_dialog():
        case ("scenario", (str(alignment),)):
            state.show_dialog("New scenario", _new, alignment)
        case ("assume", (str(scenario), int(number))):
            state.show_dialog("Assume", _assume, scenario, number)
        case ("adopt", (str(scenario),)):
            state.show_dialog("Adopt", _adopt, scenario)
        case ("design", (str(alignment), str(measure), int(level))):
            state.show_dialog("Optimize all", scenario_design.show, alignment, measure, level)


@handled
def _new(alignment: str) -> None:
    planner = state.planner()
    plan = planner.open(alignment)
    name = st.text_input("Name of the scenario", key="scenario_name", max_chars=255)
    st.caption(f"A copy of {plain(plan.info.name, 80)} as it is now, to try things out in.")
    if st.button("Start scenario", type="primary", key="scenario_start"):
        try:
            made = begin(planner, plan, name, by=state.user())
        except TpGeoError as fault:
            st.error(plain(fault, 400))
            return
        state.open_dialog("assume", made.info.id, 0)
        st.rerun()


@handled
def _assume(scenario: str, number: int) -> None:
    planner = state.planner()
    plan = planner.open(scenario)
    st.markdown(f"**{plain(plan.info.name, 80)}**")
    old = scenario_in(plan).find(number).what if number else None
    sort = next((s for s, kind in SORTS.items() if isinstance(old, kind)), None)
    if sort is None:
        sort = st.segmented_control(
            "What is assumed", list(SORTS), default=GROWTH, required=True, key="assume_sort",
            label_visibility="collapsed", width="stretch",
        )  # fmt: skip
    else:
        text = next(a.text for a in assumptions(plan) if a.number == number)
        st.caption(f"In place of {number}: {plain(text, 200)}")
    forms = {GROWTH: _growth, HIRE: _hire, LEAVER: _leaver, TARGETS: _targets}
    what = forms[sort or GROWTH](plan)
    if not st.button("Assume", type="primary", key="assume_do"):
        return
    try:
        if what is None:
            raise Refused("Choose an area first; there is none to choose from without areas.")
        if number:
            reassume(planner, plan, number, what, by=state.user())
        else:
            assume(planner, plan, what, by=state.user())
    except TpGeoError as fault:
        st.error(plain(fault, 600))
        return
    state.leave_dialog()


@handled
def _adopt(scenario: str) -> None:
    plan = state.planner().open(scenario)
    growths = scenario_in(plan).growths
    st.markdown(
        f"Areas, owners, targets and placement of **{plain(plan.info.name, 80)}** become one "
        "revision of the alignment, which can be undone. The scenario goes to the archive."
    )
    if growths:
        measures = ", ".join(dict.fromkeys(g.measure for g in growths))
        st.info(f"Figures are not adopted, as they are only assumed: {plain(measures, 200)}.")
    if st.button("Adopt", type="primary", key="adopt_do"):
        try:
            scenario_view.adopted(scenario)
        except TpGeoError as fault:
            st.error(plain(fault, 600))
            return
        state.leave_dialog()


def _growth(plan: Plan) -> Growth:
    left, right = st.columns(2)
    with left:
        measure = _measure(plan, "assume_measure")
    percent = _percent(right)
    where, value = st.columns(2)
    names = [EVERYWHERE, *sorted(plan.dataset.attributes)]
    attribute = where.selectbox("Where", names, key="assume_attribute")
    said = ""
    if attribute and attribute != EVERYWHERE:
        known = sorted({*plan.dataset.attributes[attribute].tolist()} - {""})
        said = value.selectbox("is", known, key=f"assume_value_{attribute}") or ""
    area = _area(beginning(plan), "Only in the area", "assume_inside", optional=True)
    st.caption("Of an area, what it and all below it held when the scenario began.")
    segment = Segment(attribute if said else "", said, area)
    return Growth(measure, percent, segment)


def _hire(plan: Plan) -> Hire | None:
    left, right = st.columns(2)
    name = left.text_input("Name of the new area", key="assume_name", max_chars=255)
    owner = right.text_input("Who is hired (optional)", key="assume_owner", max_chars=255)
    how = st.radio("Gets", (SPLIT, EMPTY), key="assume_how", horizontal=True)
    if how == SPLIT:
        area = _area(plan.alignment, "Area to split", "assume_split", leaves=True)
        return None if area is None else Hire(name.strip(), owner.strip(), of=area)
    divided = _area(plan.alignment, "Below (top where none)", "assume_below", optional=True)
    left, right = st.columns(2)
    with left:
        measure = _measure(plan, "assume_hire_measure")
    target = right.number_input(
        "Target (optional)", min_value=0.0, value=None, key="assume_target",
        help="Taken from the areas beside it; without one, the mean of all",
    )  # fmt: skip
    return Hire(name.strip(), owner.strip(), None, divided, measure, target)


def _leaver(plan: Plan) -> Leaver | None:
    area = _area(plan.alignment, "Area of who leaves", "assume_gone")
    how = st.radio("What it holds goes", (SIBLINGS, PERSON), key="assume_goes", horizontal=True)
    to = ""
    if how == PERSON:
        to = st.text_input("The other owner", key="assume_to", max_chars=255).strip()
    if area is None or (how == PERSON and not to):
        return None
    return Leaver(area, to)


def _targets(plan: Plan) -> Retarget:
    left, right = st.columns(2)
    with left:
        measure = _measure(plan, "assume_target_measure")
    percent = _percent(right)
    area = _area(plan.alignment, "Only of the area and those below", "assume_of", optional=True)
    return Retarget(measure, percent, area)


def _measure(plan: Plan, key: str) -> str:
    names = {m.name: heading(m) for m in summed_measures(plan)}
    chosen = st.selectbox(
        "Measure", list(names), key=key, format_func=lambda n: shortened(names.get(n, ""), 60)
    )
    return chosen or ""


def _percent(place: st.delta_generator.DeltaGenerator) -> float:
    return float(
        place.number_input(
            "By percent", min_value=LEAST, max_value=MOST, value=10.0, step=1.0,
            key="assume_percent",
        )
    )  # fmt: skip


def _area(
    alignment: Alignment, label: str, key: str, *, optional: bool = False, leaves: bool = False
) -> AreaId | None:
    known = {k: path(alignment, k).replace("/", " / ") for _, k in depths(alignment)}
    if leaves:
        known = {k: v for k, v in known.items() if k in alignment.leaves}
    return st.selectbox(
        label, list(known), key=key, index=None if optional else 0,
        placeholder="All" if optional else None,
        format_func=lambda k: shortened(known.get(k, ""), 80),
    )  # fmt: skip
