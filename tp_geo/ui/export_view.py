"""Plans as files: one carried away in any form, one brought in."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import NoReturn

import streamlit as st
from streamlit.typing import UploadedFile

from tp_geo.domain.hierarchy import levels
from tp_geo.errors import Refused
from tp_geo.files.exports import SHAPEFILE
from tp_geo.files.exports_shapefile import NOTES, notes_of
from tp_geo.ui import state, uploads, work
from tp_geo.ui.edge import handled
from tp_geo.ui.text import count, plain, shortened
from tp_geo.ui.work import Task, Told
from tp_geo.workflow.exporting import exported
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.plan_import import Opened, import_plan
from tp_geo.workflow.planner import Planner

BRING = Task("bring")
MEGABYTE = 1_000_000

FORMS: Mapping[str, str] = {
    ".tpgeo": "Plan file, opens in TP Geo again",
    ".xlsx": "Excel workbook",
    ".csv": "CSV table",
    ".geojson": "GeoJSON shapes",
    ".parquet": "GeoParquet shapes",
    ".gpkg": "GeoPackage",
    SHAPEFILE: "Shapefile, zipped",
    ".png": "Picture",
}
TABLES = {
    "items": "Everything, one row an item",
    "areas": "Areas with totals and targets",
    "containers": "Containers",
    "units": "Units",
    "history": "History",
}
SHAPES = {"areas": "Areas", "containers": "Containers"}


@handled
def body(alignment: str) -> None:
    """Show the dialog that exports an alignment."""
    plan = state.planner().open(alignment)
    suffix = st.selectbox("Form", list(FORMS), format_func=lambda s: f"{FORMS[s]} ({s})")
    what, depth, figures = "", None, False
    if suffix == ".csv":
        what = st.selectbox("Table", list(TABLES), format_func=TABLES.__getitem__)
    elif suffix in (".geojson", ".parquet", SHAPEFILE):
        what = st.selectbox("Shapes", list(SHAPES), format_func=SHAPES.__getitem__)
    elif suffix == ".png" and (known := levels(plan.alignment)):
        depth = st.selectbox(
            "Level", range(1, len(known) + 1), format_func=lambda n: f"{n} · {known[n - 1]}"
        )
    elif suffix == ".tpgeo":
        figures = st.checkbox("With the dataset's own figures", help="Larger; opens anywhere")
    task = Task("export", f"{suffix} {what} {depth} {figures} {plan.seq}", (alignment,))
    place, by = st.empty(), state.user()
    if (data := work.result(task)) is None:
        if place.button("Make the file", type="primary"):
            work.start(
                task,
                lambda told: _written(plan, suffix, what, depth, by=by, figures=figures, told=told),
            )
        work.show(task, place)
    else:
        place.download_button(
            f"Download, {_size(len(data))}",
            data,
            file_name=f"{_file_name(plan.info.name)}{suffix}",
            icon=":material/download:",
            type="primary",
            on_click="ignore",
        )
        if suffix == SHAPEFILE:
            _shortened(data)


def _shortened(data: bytes) -> None:
    """Show what the limits of a shapefile made of names and texts."""
    if notes := notes_of(io.BytesIO(data)):
        st.caption(
            "A shapefile holds names of 10 characters and texts of 254 bytes. What was shortened "
            f"is also in {NOTES} in the zip."
        )
        with st.expander(count(len(notes), "notes")):
            st.code("\n".join(notes), language=None)


def _written(
    plan: Plan, suffix: str, what: str, depth: int | None, *, by: str, figures: bool, told: Told
) -> bytes:
    told(f"Writing the {suffix} file", 0.3)
    return exported(plan, suffix, what=what, depth=depth, by=by, figures=figures)


@handled
def bring() -> None:
    """Show the dialog that brings a plan file in."""
    if opened := work.result(BRING):
        _enter(opened)
    upload = st.file_uploader("Plan file (.tpgeo)", type=uploads.PLAN, key="bring_file")
    name = st.text_input("Name", max_chars=255, placeholder="As in the file", key="bring_name")
    place = st.empty()
    if place.button("Import plan", type="primary"):
        if upload is None:
            raise Refused("Choose a plan file.")
        planner, by, file = state.planner(), state.user(), upload
        work.start(BRING, lambda told: _brought(planner, file, name.strip(), by, told))
    work.show(BRING, place)


def _brought(planner: Planner, upload: UploadedFile, name: str, by: str, told: Told) -> Opened:
    with uploads.kept(upload) as path:
        return import_plan(planner, path, by=by, name=name, progress=told)


def _enter(opened: Opened) -> NoReturn:
    state.enter(opened.plan.info)
    state.tell(f"Opened {shortened(opened.plan.info.name, 80)}.")
    if opened.lost:
        state.tell(f"{count(len(opened.lost), 'codes')} of the file are not in this dataset; "
                   f"the first is {opened.lost[0]}.", bad=True)  # fmt: skip
    if opened.unlogged:
        state.tell(f"The history did not come along: {plain(opened.unlogged, 200)}.", bad=True)
    state.leave_dialog()


def _size(n: int) -> str:
    return f"{n / MEGABYTE:,.1f} MB" if n >= MEGABYTE else f"{max(n // 1_000, 1):,} kB"


def _file_name(name: str) -> str:
    kept = "".join(c if c.isalnum() or c in " -_" else "-" for c in name).strip()
    return kept[:80] or "plan"
