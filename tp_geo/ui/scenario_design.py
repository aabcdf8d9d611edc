"""The dialog that optimizes all scenarios of an alignment with the same options."""

from __future__ import annotations

from functools import partial

import streamlit as st

from tp_geo.ui import optimize_words, state, work
from tp_geo.ui.edge import handled
from tp_geo.ui.text import count, heading, plain
from tp_geo.ui.work import Task
from tp_geo.workflow.optimizing import PRESETS
from tp_geo.workflow.scenario_optimize import Designed, Options, optimize_all
from tp_geo.workflow.scenarios import scenarios_of

LONGEST_S = 600


@handled
def show(alignment: str, measure: str, level: int) -> None:
    """Ask for the options, then show how far it is; results are in the table of the page."""
    planner, by = state.planner(), state.user()
    base = planner.open(alignment)
    task = Task("design", about=(alignment, measure, level))
    found: tuple[Designed, ...] | None = work.result(task)
    if found is not None:
        _tell(found)
        state.leave_dialog()
    infos = scenarios_of(planner, base)
    label = heading(base.dataset.measure(measure))
    st.markdown(
        f"{count(len(infos), 'scenarios')} of **{plain(base.info.name, 80)}** by {plain(label, 80)}"
        f" on level {level}, each as one revision that can be undone. The alignment stays as it is."
    )
    preset = st.segmented_control(
        "Priority", list(optimize_words.PRESETS), default="balance", required=True,
        format_func=optimize_words.PRESETS.__getitem__, key="design_preset", width="stretch",
    )  # fmt: skip
    seconds = st.number_input(
        "Seconds for each", min_value=1, max_value=LONGEST_S, value=10, key="design_seconds"
    )
    place = st.empty()
    if place.button("Optimize all", type="primary", key="design_start"):
        options = Options(measure, level, PRESETS[str(preset)], float(seconds))
        work.start(
            task, lambda told: partial(optimize_all, planner, base, options, by=by)(told=told)
        )
    work.show(task, place)


def _tell(found: tuple[Designed, ...]) -> None:
    for one in found:
        said = f", revision {one.revision:,}" if one.changed else ""
        state.tell(f"{one.name}{said}: {one.text}", bad=not one.changed and one.text[-1] == ".")
