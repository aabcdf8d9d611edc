"""The Scenarios page: an alignment and what is tried out of it, side by side."""

from __future__ import annotations

import math
from functools import partial

import pandas as pd
import streamlit as st

from tp_geo.domain.hierarchy import levels
from tp_geo.domain.rights import Action
from tp_geo.errors import TpGeoError
from tp_geo.store import AlignmentInfo
from tp_geo.ui import access, compare_sides, printing, state
from tp_geo.ui.text import count, deviation, figure, heading, percent, plain, shortened
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.scenario_table import Row, Scenarios, scenario_table
from tp_geo.workflow.scenarios import adopt, assumptions, base_id, drop, reapply, scenarios_of
from tp_geo.workflow.targets import summed_measures

MEASURE, LEVEL = "scenario_measure", "scenario_level"
SHARES = ("mean", "gini", "variation", "share")
BEST = "★"
CARDS = 3
FEW, WIDE = 4, 210
"""So few columns have a width of their own, pixels; more share the page."""


def show(now: state.Now) -> None:
    """Show the table, and a card for each scenario with what it assumes."""
    base = base_of(now.plan)
    with st.container(horizontal=True, vertical_alignment="bottom", key="scenario_choices"):
        st.title("Scenarios", anchor=False, width="content")
        st.markdown(f"of **{plain(base.info.name, 80)}**", width="stretch")
        measure, level = _choose(base)
        makes = access.may(Action.CREATE)
        if measure and makes and scenarios_of(state.planner(), base):
            st.button(
                "Optimize all", icon=":material/auto_awesome:", key="scenario_design",
                help="Each scenario with the same options", on_click=state.open_dialog,
                args=("design", base.info.id, measure, level),
            )  # fmt: skip
        if makes:
            st.button(
                "New scenario", type="primary", icon=":material/add:", key="scenario_new",
                on_click=state.open_dialog, args=("scenario", base.info.id),
            )  # fmt: skip
    if not measure:
        st.info("No measure of this dataset adds up, so there is nothing to compare by.")
        return
    printing.line(f"{heading(base.dataset.measure(measure))}, level {level}")
    found = scenario_table(state.planner(), base, measure, level)
    _table(found)
    infos = scenarios_of(state.planner(), base)
    if not infos:
        st.info(
            "There is no scenario yet. **New scenario** makes a copy in which you assume growth, "
            "a hire, a leaver or other targets; the alignment stays as it is."
        )
    grid = st.grid(CARDS, min_column_width=380, border=True, gap="medium")
    for info in infos:
        with grid.cell():
            _card(info, base)


def base_of(plan: Plan) -> Plan:
    """Return what a plan is a scenario of; itself when it is none, or that is gone."""
    if not plan.info.scenario:
        return plan
    try:
        return state.planner().open(base_id(plan.info))
    except TpGeoError:
        return plan


def table_of(found: Scenarios) -> pd.DataFrame:
    """Return the table as it is shown: a row for each figure, a column for each side."""
    columns = {"": [row.label for row in found.rows]}
    for at, side in enumerate(found.sides):
        columns[_heading(found, at)] = [_cell(row, at, side.aimed) for row in found.rows]
    return pd.DataFrame(columns)


def _heading(found: Scenarios, at: int) -> str:
    """Return the name of a side; names are told apart, those of scenarios are free already."""
    return f"{shortened(found.sides[at].name, 40)}{' (base)' if at == 0 else ''}"


def _cell(row: Row, at: int, aimed: int) -> str:
    value = row.values[at]
    if row.key == "on_target":
        said = f"{value:.0f} of {aimed}" if aimed else "–"
    elif row.key == "largest":
        said = deviation(value)
    elif row.key in SHARES:
        said = percent(value)
    else:
        said = figure(value) if math.isfinite(value) else "–"
    return f"{BEST} {said}" if row.best[at] else said


def _table(found: Scenarios) -> None:
    made = table_of(found)
    names = list(made.columns[1:])
    printing.dataframe(
        made.style.map(lambda v: "font-weight: 700" if str(v).startswith(BEST) else ""),
        hide_index=True, height="content", key="scenario_table",
        width="stretch" if len(names) > FEW else WIDE * (1 + len(names)),
        column_config={
            "": st.column_config.TextColumn("", pinned=True, width="medium"),
            **{n: st.column_config.TextColumn(n, alignment="right") for n in names},
        },
        alt=f"{heading(found.measure)} of the alignment and its scenarios, figure by figure",
    )  # fmt: skip
    st.caption(
        f"{BEST} is the best of a row. What moves is against {plain(found.sides[0].name, 80)} as "
        "it is now, by the figures of each scenario."
    )


def _choose(base: Plan) -> tuple[str, int]:
    names = {m.name: heading(m) for m in summed_measures(base)}
    known = levels(base.alignment) or ("Area",)
    if st.session_state.get(LEVEL, 1) > len(known):
        st.session_state[LEVEL] = 1
    if st.session_state.get(MEASURE, "") not in names:
        st.session_state.pop(MEASURE, None)
    depth = st.selectbox(
        "Level", list(range(1, len(known) + 1)), key=LEVEL, width=170,
        format_func=lambda d: shortened(f"{d} · {known[d - 1]}", 40),
    )  # fmt: skip
    measure = st.selectbox(
        "Measure", list(names), key=MEASURE, width=200,
        format_func=lambda name: shortened(names.get(name, ""), 60),
    )  # fmt: skip
    return measure or "", depth or 1


def _card(info: AlignmentInfo, base: Plan) -> None:
    plan = state.planner().open(info.id)
    key = info.id
    st.markdown(f"**{plain(info.name, 80)}**")
    told = assumptions(plan)
    if not told:
        st.caption("Assumes nothing so far.")
    for one in told:
        text, change, remove = st.columns([8, 1, 1], vertical_alignment="center")
        undone = "" if one.standing else " :orange-badge[undone]"
        text.markdown(f"{one.number}. {plain(one.text, 200)}{undone}")
        change.button(
            ":material/edit:", key=f"scenario_edit_{key}_{one.number}", type="tertiary",
            help=f"Change assumption {one.number}", on_click=state.open_dialog,
            args=("assume", key, one.number),
        )  # fmt: skip
        remove.button(
            ":material/delete:", key=f"scenario_drop_{key}_{one.number}", type="tertiary",
            help=f"Assume {one.number} no longer", on_click=_drop, args=(key, one.number),
        )  # fmt: skip
    with st.container(horizontal=True):
        st.button(
            "Assume", icon=":material/add:", key=f"scenario_assume_{key}",
            on_click=state.open_dialog, args=("assume", key, 0),
        )  # fmt: skip
        if any(not one.standing for one in told):
            st.button("Apply again", key=f"scenario_again_{key}", on_click=_again, args=(key,))
    st.space("stretch")
    with st.container(horizontal=True):
        if st.button("Open map", key=f"scenario_open_{key}"):
            state.enter(info)
            st.switch_page("pages/map.py", query_params={state.ADDRESS: info.name})
        if st.button("Compare", key=f"scenario_compare_{key}", help="With the alignment, on a map"):
            _compare(info, base)
        st.button(
            "Adopt", key=f"scenario_adopt_{key}", on_click=partial(state.open_dialog, "adopt", key)
        )
        st.button(
            "Remove", key=f"scenario_remove_{key}", type="tertiary", on_click=_remove, args=(key,)
        )


def _compare(info: AlignmentInfo, base: Plan) -> None:
    state.enter(info)
    st.session_state[compare_sides.OF] = info.id
    st.session_state[compare_sides.BEFORE] = base.info.id
    st.session_state[compare_sides.AFTER] = info.id
    st.switch_page("pages/compare.py", query_params={state.ADDRESS: info.name})


def _drop(scenario: str, number: int) -> None:
    planner = state.planner()
    try:
        done = drop(planner, planner.open(scenario), number, by=state.user())
    except TpGeoError as fault:
        state.tell(str(fault), bad=True)
        return
    _left(done.left)


def _again(scenario: str) -> None:
    planner = state.planner()
    try:
        _left(reapply(planner, planner.open(scenario), by=state.user()).left)
    except TpGeoError as fault:
        state.tell(str(fault), bad=True)


def _remove(scenario: str) -> None:
    planner = state.planner()
    plan = planner.open(scenario)
    planner.archive(plan)
    state.tell(f"Removed {plan.info.name}. Alignments lists it below; nothing is deleted.")


def adopted(scenario: str) -> None:
    """Adopt a scenario and say what was done, and what was not."""
    planner = state.planner()
    found = adopt(planner, planner.open(scenario), by=state.user())
    if found.revision is None:
        state.tell(f"Nothing differed: {found.plan.info.name} stays as it is.")
    else:
        state.tell(f"{found.plan.info.name}, revision {found.revision.seq}: {found.revision.text}.")
    if found.left:
        state.tell(f"Left as changed there since: {', '.join(found.left[:8])}.")
    state.enter(found.plan.info)


def _left(left: tuple[str, ...]) -> None:
    if left:
        state.tell(f"{count(len(left), 'things')} left as changed by hand: {', '.join(left[:8])}.")
