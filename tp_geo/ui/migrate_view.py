"""The dialog that moves a plan to newer boundaries: what becomes of it is seen first."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st
from streamlit.typing import UploadedFile

from tp_geo.domain.dataset import Aggregate
from tp_geo.errors import Refused
from tp_geo.files.intake import read_table
from tp_geo.ui import change_report, state, uploads, work
from tp_geo.ui.edge import handled
from tp_geo.ui.text import count, plain
from tp_geo.ui.work import Task, Told
from tp_geo.workflow.boundary_list import BoundarySet, boundary_sets
from tp_geo.workflow.migrating import Migration, layer_named, migrate, preview_migration
from tp_geo.workflow.migrating_tables import tables
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

MAKE = Task("migrate", "make")


@handled
def body() -> None:
    """Show the dialog."""
    planner = state.planner()
    infos = [i for i in planner.plans() if not i.scenario]
    sets = boundary_sets(planner)
    if (made := work.result(MAKE)) is not None:
        _done(made)
    names = {i.id: i.name for i in infos}
    left, right = st.columns(2)
    chosen = left.selectbox(
        "Alignment", list(names), format_func=names.__getitem__, index=None, key="migrate_plan",
        placeholder="Which to move",
    )  # fmt: skip
    to: BoundarySet | None = right.selectbox(
        "To the boundaries", sets, index=None, key="migrate_to", placeholder="The newer ones",
        format_func=lambda s: f"{s.title}, {count(s.count, 'shapes')}",
    )  # fmt: skip
    upload = st.file_uploader(
        "Crosswalk: old code, new code, weight. Without one, codes go to the same code",
        type=uploads.TABLES, key="migrate_file",
    )  # fmt: skip
    by_area = st.checkbox("Find other codes by where areas overlap", True, key="migrate_by_area")
    if not (chosen and to):
        return
    plan = planner.open(str(chosen))
    measures = {m.name: m.label for m in plan.dataset.measures if m.aggregate is Aggregate.SUM}
    left, right = st.columns(2)
    measure = left.selectbox(
        "Codes of several areas go to who has most", list(measures),
        format_func=measures.__getitem__, key=f"migrate_measure_{chosen}",
    )  # fmt: skip
    name = right.text_input(
        "Name of the copy", f"{plan.info.name} on {to.title}"[:255], max_chars=255,
        key=f"migrate_name_{chosen}_{to.key}",
    )  # fmt: skip
    file = upload.file_id if upload else ""
    asked = f"{chosen} {plan.seq} {to.key} {file} {by_area} {measure}"
    look = Task("migrate", f"look {asked}")
    place = st.empty()
    found: Migration | None = work.result(look)
    if found is None and place.button("Look what becomes of it", key="migrate_look"):
        work.start(
            look,
            lambda told: _looked(
                planner, plan, to, upload, by_area=by_area, measure=measure or "", told=told
            ),
        )
    if found is not None:
        _show(found, planner, name)
    else:
        work.show(look, place)


def _show(found: Migration, planner: Planner, name: str) -> None:
    st.markdown(plain(str(found), 400))
    if len(found.apart):
        st.caption(f"Accounts that follow a container into another area: {len(found.apart):,}")
    change_report.show(tables(found), "migrate")
    place = st.empty()
    if place.button("Make the copy", type="primary", key="migrate_now"):
        if not name.strip():
            raise Refused("Give the copy a name.")
        by = state.user()
        work.start(MAKE, lambda told: _made(planner, found, name.strip(), by, told))
    work.show(MAKE, place)


def _looked(
    planner: Planner,
    plan: Plan,
    to: BoundarySet,
    upload: UploadedFile | None,
    *,
    by_area: bool,
    measure: str,
    told: Told,
) -> Migration:
    table = None
    if upload is not None:
        told(f"Reading {upload.name}", 0.1)
        with uploads.kept(upload) as path:
            table = read_table(path)
    told("Following every code", 0.4)
    layer = layer_named(planner, to.key)
    return preview_migration(planner, plan, layer, table, by_area=by_area, measure=measure)


def _made(planner: Planner, found: Migration, name: str, by: str, told: Told) -> Plan:
    told("Making the copy", 0.3)
    return migrate(planner, found, name, by=by)


def _done(made: Plan) -> NoReturn:
    state.tell(f"{made.info.name} is made, on {made.boundaries.title}.")
    state.enter(made.info)
    state.leave_dialog()
