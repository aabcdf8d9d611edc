"""Plans as files: one carried away in any form, one brought in."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st
from streamlit.typing import UploadedFile

from tp_geo.domain.hierarchy import levels
from tp_geo.errors import Refused
from tp_geo.files.exports import SHAPEFILE
from tp_geo.files.exports_shapefile import NOTES, notes_of
from tp_geo.store import Snapshot
from tp_geo.ui import state, uploads, work
from tp_geo.ui.edge import handled
from tp_geo.ui.text import count, plain, shortened
from tp_geo.ui.work import Task, Told
from tp_geo.workflow.compare import changes_since
from tp_geo.workflow.differences import Side
from tp_geo.workflow.exporting import BOOK, LEVELED, exported
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.plan_import import Opened, import_plan
from tp_geo.workflow.planner import Planner

BRING = Task("bring")
MEGABYTE = 1_000_000

FORMS: Mapping[str, str] = {
    ".tpgeo": "Plan file, opens in TP Geo again",
    ".pdf": "Map book, a page for each area",
    ".html": "Map for any browser, one file",
    ".xlsx": "Excel workbook",
    ".csv": "CSV table",
    ".geojson": "GeoJSON shapes",
    ".parquet": "GeoParquet shapes",
    ".gpkg": "GeoPackage",
    SHAPEFILE: "Shapefile, zipped",
    ".png": "Picture",
    ".svg": "Picture to draw on",
}
TABLES = {
    "items": "Everything, one row an item",
    "areas": "Areas with totals and targets",
    "containers": "Containers",
    "units": "Units",
    "history": "History",
}
SHAPES = {"areas": "Areas", "containers": "Containers"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be written."""

    suffix: str
    what: str = ""
    depth: int | None = None
    figures: bool = False
    since: Snapshot | None = None


@handled
def body(alignment: str) -> None:
    """Show the dialog that exports an alignment."""
    plan = state.planner().open(alignment)
    asked = _asked(plan)
    task = Task("export", f"{asked} {plan.seq}", (alignment,))
    place, by, planner = st.empty(), state.user(), state.planner()
    if (data := work.result(task)) is None:
        if place.button("Make the file", type="primary"):
            work.start(task, lambda told: _written(planner, plan, asked, by, told))
        work.show(task, place)
    else:
        place.download_button(
            f"Download, {_size(len(data))}",
            data,
            file_name=f"{_file_name(plan.info.name)}{asked.suffix}",
            icon=":material/download:",
            type="primary",
            on_click="ignore",
        )
        if asked.suffix == SHAPEFILE:
            _shortened(data)


def _asked(plan: Plan) -> Asked:
    """Show the fields of the form that is chosen, and return what they say."""
    suffix = st.selectbox("Form", list(FORMS), format_func=lambda s: f"{FORMS[s]} ({s})")
    if suffix == ".csv":
        return Asked(suffix, st.selectbox("Table", list(TABLES), format_func=TABLES.__getitem__))
    if suffix in (".geojson", ".parquet", SHAPEFILE):
        return Asked(suffix, st.selectbox("Shapes", list(SHAPES), format_func=SHAPES.__getitem__))
    if suffix == ".tpgeo":
        told = "With the dataset's own figures"
        return Asked(suffix, figures=st.checkbox(told, help="Larger; opens anywhere"))
    if suffix not in LEVELED or not (known := levels(plan.alignment)):
        return Asked(suffix)
    depth = st.selectbox(
        "Level", range(1, len(known) + 1), format_func=lambda n: f"{n} · {known[n - 1]}"
    )
    return Asked(suffix, depth=depth, since=_since(plan) if suffix == BOOK else None)


def _since(plan: Plan) -> Snapshot | None:
    """Ask since which snapshot a book is to tell what areas gained and lost."""
    if not (marks := plan.snapshots()):
        return None
    return st.selectbox(
        "What changed since",
        marks,
        index=None,
        placeholder="Without changes",
        format_func=lambda s: f"{plain(s.name)} (revision {s.seq})",
    )


def _written(planner: Planner, plan: Plan, asked: Asked, by: str, told: Told) -> bytes:
    changes = None
    if asked.since is not None:
        told("Looking what changed", 0.0)
        sides = Side(plan, asked.since.seq), Side(plan, plan.seq)
        changes = changes_since(planner, *sides, asked.depth or 1, asked.since.name)
    return exported(
        plan,
        asked.suffix,
        what=asked.what,
        depth=asked.depth,
        by=by,
        figures=asked.figures,
        changes=changes,
        told=told,
    )


def _shortened(data: bytes) -> None:
    """Show what the limits of a shapefile made of names and texts."""
    if notes := notes_of(io.BytesIO(data)):
        st.caption(
            "A shapefile holds names of 10 characters and texts of 254 bytes. What was shortened "
            f"is also in {NOTES} in the zip."
        )
        with st.expander(count(len(notes), "notes")):
            st.code("\n".join(notes), language=None)


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
        state.tell(f"The history did not come along: {shortened(opened.unlogged, 200)}.", bad=True)
    state.leave_dialog()


def _size(n: int) -> str:
    return f"{n / MEGABYTE:,.1f} MB" if n >= MEGABYTE else f"{max(n // 1_000, 1):,} kB"


def _file_name(name: str) -> str:
    kept = "".join(c if c.isalnum() or c in " -_" else "-" for c in name).strip()
    return kept[:80] or "plan"
