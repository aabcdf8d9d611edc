"""The dialog that moves a plan to newer boundaries: what becomes of it is seen first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import streamlit as st
from streamlit.typing import UploadedFile

from tp_geo.domain.dataset import Aggregate
from tp_geo.errors import Refused
from tp_geo.files.intake import read_table
from tp_geo.ui import change_report, state, uploads, work
from tp_geo.ui.edge import handled
from tp_geo.ui.text import plain
from tp_geo.ui.work import Task, Told
from tp_geo.workflow.apart import is_apart
from tp_geo.workflow.boundary_list import BoundarySet, boundary_sets
from tp_geo.workflow.migrating import Migration, layer_named, migrate, preview_migration
from tp_geo.workflow.migrating_tables import tables
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner

MAKE = Task("migrate", "make")
LOOKED = "migrate_looked"
"""Under which the last look is remembered: what was asked for it is closed, to be opened again."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What a person asks for: which plan, to which boundaries, how, under which name."""

    plan: Plan
    to: BoundarySet
    upload: UploadedFile | None
    by_area: bool
    measure: str
    name: str

    @property
    def task(self) -> Task:
        """The look at what becomes of it."""
        file = self.upload.file_id if self.upload else ""
        how = f"{self.to.key} {file} {self.by_area} {self.measure}"
        return Task("migrate", f"look {self.plan.info.id} {self.plan.seq} {how}")


@handled
def body() -> None:
    """Show the dialog."""
    planner = state.planner()
    if (made := work.result(MAKE)) is not None:
        _done(made)
    looked: Task | None = st.session_state.get(LOOKED)
    seen = looked is not None and work.result(looked) is not None
    with st.expander("What is moved, and how", expanded=not seen):
        asked = _ask(planner)
    if asked is None:
        return
    place = st.empty()
    found: Migration | None = work.result(asked.task)
    if found is not None:
        _show(found, planner, asked.name)
        return
    if place.button("Look what becomes of it", key="migrate_look"):
        st.session_state[LOOKED] = asked.task
        work.start(asked.task, lambda told: _looked(planner, asked, told))
    work.show(asked.task, place)


def _ask(planner: Planner) -> Asked | None:
    """Ask for everything; ``None`` as long as plan or boundaries are missing."""
    names = {i.id: i.name for i in planner.plans() if not is_apart(i)}
    left, right = st.columns(2)
    chosen = left.selectbox(
        "Alignment", list(names), format_func=names.__getitem__, index=None, key="migrate_plan",
        placeholder="Which to move",
    )  # fmt: skip
    to: BoundarySet | None = right.selectbox(
        "To the boundaries", boundary_sets(planner), index=None, key="migrate_to",
        placeholder="The newer ones", format_func=lambda s: f"{s.title}, {s.count:,} shapes",
    )  # fmt: skip
    upload = st.file_uploader(
        "Crosswalk: old code, new code, weight. Without one, codes go to the same code",
        type=uploads.TABLES, key="migrate_file",
    )  # fmt: skip
    by_area = st.checkbox("Find other codes by where areas overlap", True, key="migrate_by_area")
    if not (chosen and to):
        return None
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
    return Asked(plan, to, upload, by_area, measure or "", name)


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


def _looked(planner: Planner, asked: Asked, told: Told) -> Migration:
    table = None
    if asked.upload is not None:
        told(f"Reading {asked.upload.name}", 0.1)
        with uploads.kept(asked.upload) as path:
            table = read_table(path)
    told("Following every code", 0.4)
    layer = layer_named(planner, asked.to.key)
    return preview_migration(
        planner, asked.plan, layer, table, by_area=asked.by_area, measure=asked.measure
    )


def _made(planner: Planner, found: Migration, name: str, by: str, told: Told) -> Plan:
    told("Making the copy", 0.3)
    return migrate(planner, found, name, by=by)


def _done(made: Plan) -> NoReturn:
    state.tell(f"{made.info.name} is made, on {made.boundaries.title}.")
    state.enter(made.info)
    state.leave_dialog()
