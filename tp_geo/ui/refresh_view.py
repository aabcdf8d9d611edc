"""The dialog that puts a plan on newer data: what differs is seen first, then it is done."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from tp_geo.store import AlignmentInfo
from tp_geo.ui import change_report, state, work
from tp_geo.ui.edge import handled
from tp_geo.ui.text import plain
from tp_geo.ui.work import Task, Told
from tp_geo.workflow.apart import is_apart
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.refreshing import (
    Refresh,
    apply_refresh,
    data_before,
    go_back,
    preview_refresh,
    was_refreshed,
)
from tp_geo.workflow.refreshing_tables import tables

NEWER, BEFORE = "Newest data", "Data before"


def plans_on(planner: Planner, dataset: str) -> list[AlignmentInfo]:
    """Return the plans on a dataset that can be put on another version of it."""
    newest = planner.dataset(dataset).key
    return [
        i
        for i in planner.plans()
        if i.dataset == dataset
        and not is_apart(i)
        and (i.dataset_key != newest or was_refreshed(planner, i.id))
    ]


def button(dataset: str) -> None:
    """Show the way to the dialog, where there is a plan to refresh."""
    if plans := plans_on(state.planner(), dataset):
        st.button(
            "Refresh plans", icon=":material/sync:", on_click=state.open_dialog,
            args=("refresh", dataset), key="refresh_plans",
            help=f"{len(plans):,} can be put on newer data, or back on those before",
        )  # fmt: skip


@handled
def body(dataset: str) -> None:
    """Show the dialog."""
    planner, about = state.planner(), (dataset,)
    apply = Task("refresh", "apply", about)  # whatever is chosen by then
    if (done := work.result(apply)) is not None:
        _done(done)
    plans = plans_on(planner, dataset)
    names = {i.id: i.name for i in plans}
    if not names:
        st.caption(f"All plans on {plain(dataset, 80)} stand on its newest version.")
        return
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    chosen = left.selectbox(
        "Alignment", list(names), format_func=names.__getitem__, key="refresh_plan"
    )
    ways = _ways(planner, dataset, next(i for i in plans if i.id == chosen))
    way = right.segmented_control(
        "Put it on", ways, default=ways[0], required=True, key=f"refresh_way_{chosen}"
    )
    plan = planner.open(str(chosen))
    look = Task("refresh", f"look {chosen} {way} {plan.seq} {plan.dataset.key}", about)
    found: Refresh | None = work.of_itself(
        look, lambda told: _looked(planner, plan, way == BEFORE, told), "Look again"
    )
    if found is None:
        return
    st.markdown(plain(str(found), 300))
    if found.kept:
        st.caption(f"Carried along, as the newer data have none: {plain(', '.join(found.kept))}")
    if found.lost:
        st.warning(f"Areas have targets by what is no more: {plain(', '.join(found.lost))}")
    change_report.show(tables(found), f"refresh_{chosen}_{way}")
    place = st.empty()
    if place.button("Put it on these data", type="primary", key="refresh_now"):
        by = state.user()
        work.start(apply, lambda told: _applied(planner, plan, found, by, told))
    work.show(apply, place)


def _ways(planner: Planner, dataset: str, info: AlignmentInfo) -> list[str]:
    ways = [NEWER] if planner.dataset(dataset).key != info.dataset_key else []
    return ways + ([BEFORE] if was_refreshed(planner, info.id) else [])


def _looked(planner: Planner, plan: Plan, back: bool, told: Told) -> Refresh:
    told("Comparing the data", 0.3)
    return data_before(planner, plan) if back else preview_refresh(planner, plan)


def _applied(planner: Planner, plan: Plan, found: Refresh, by: str, told: Told) -> Plan:
    told("Changing the plan", 0.3)
    back = was_refreshed(planner, plan.info.id) == found.after.key
    made, _ = (go_back if back else apply_refresh)(planner, plan, found, by=by)
    return made


def _done(made: Plan) -> NoReturn:
    state.tell(f"{made.info.name} is on other data now; Refresh plans takes it back.")
    if st.session_state.get(state.ALIGNMENT) == made.info.id:
        state.enter(made.info)
    state.leave_dialog()
