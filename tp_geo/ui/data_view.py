"""The datasets, and what is known of the chosen one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.typing import UploadedFile

from tp_geo.domain.dataset import Aggregate, Dataset, Floats
from tp_geo.domain.rights import Action
from tp_geo.errors import Refused
from tp_geo.files.reasons import Reason
from tp_geo.store import DatasetInfo, Store
from tp_geo.ui import access, formula_view, printing, refresh_view, state, thumbnail, uploads, work
from tp_geo.ui.edge import handled
from tp_geo.ui.text import count, percent, plain, singular
from tp_geo.ui.work import Task
from tp_geo.workflow import clock, default
from tp_geo.workflow.importing import ImportReport, Order, send_back
from tp_geo.workflow.plan import NOUNS

CHOSEN = "data_chosen"
BINS = 16
LARGE = 100
BUILT_IN = "built in"


@dataclass(frozen=True, slots=True)
class Listed:
    """A dataset as the list shows it; ``None`` where it is not an import."""

    name: str
    rows: int | None
    matched: float | None
    measures: int
    made: str
    source: str


def show() -> None:
    """Show the list of datasets, and the chosen one beside it."""
    found = listed()
    left, right = st.columns([5, 8], gap="large")
    with left:
        st.subheader("Datasets", anchor=False)
        name = found[_pick(found)].name
        dataset = state.planner().dataset(name)
        _where(dataset)
    with right:
        _one(name, dataset)


def listed() -> list[Listed]:
    """Return the built-in dataset and the imported ones."""
    planner = state.planner()
    built_in = planner.dataset(default.NAME)
    first = Listed(default.NAME, None, None, len(built_in.measures), BUILT_IN, built_in.source)
    infos = [i for i in planner.store.datasets() if i.name != default.NAME]
    return [first, *(_listed(i) for i in sorted(infos, key=lambda i: i.made, reverse=True))]


def _listed(info: DatasetInfo) -> Listed:
    rows = _number(info.report.get("rows"))
    matched = _number(info.report.get("matched"))
    totals = info.report.get("totals")
    measures = len(totals) if isinstance(totals, Mapping) else 0
    share = matched / rows if rows and matched is not None else None
    return Listed(info.name, rows, share, measures, info.made[:10], info.source)


def _pick(found: Sequence[Listed]) -> int:
    table = pd.DataFrame(
        {
            "Name": [d.name for d in found],
            "Rows": [d.rows for d in found],
            "Matched": [d.matched for d in found],
            "Measures": [d.measures for d in found],
            "Made": [d.made for d in found],
        }
    )
    last = st.session_state.get(state.DATASET, "")
    first = next((i for i, d in enumerate(found) if d.name == last), 0)
    chosen = printing.dataframe(
        table,
        key=f"{CHOSEN}_{last}",
        selection_default={"selection": {"rows": [first]}},
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row-required",
        placeholder="–",
        column_config={
            "Rows": st.column_config.NumberColumn(format="localized"),
            "Matched": st.column_config.NumberColumn(format="percent"),
        },
        alt="Datasets",
    )
    rows = chosen["selection"]["rows"]
    return rows[0] if rows and rows[0] < len(found) else first


def _one(name: str, dataset: Dataset) -> None:
    info = next((i for i in state.planner().store.datasets() if i.name == name), None)
    st.subheader(plain(name), anchor=False)
    units = dataset.items.count - dataset.items.containers
    noun = NOUNS.get(dataset.boundaries, "containers")
    lying = singular("units") if units == 1 else "units"
    if not len(dataset.items.located):
        lying += " in no container"
    parts = [f"{units:,} {lying}"] if units else []
    parts += [count(dataset.items.containers, noun), plain(dataset.source, 200)]
    st.caption(" · ".join(p for p in parts if p))
    _measures(dataset)
    formula_view.show(name, dataset)
    if info is not None and name != default.NAME:
        refresh_view.button(name)
        _report(info)


def _where(dataset: Dataset) -> None:
    under = state.planner().once(
        "pixels", dataset.layer or dataset.boundaries, lambda: _pixels(dataset)
    )
    n = dataset.items.containers
    units = np.bincount(
        dataset.items.container_of[dataset.items.container_of >= 0], minlength=n
    ).astype(np.float64)
    what = "Units"
    if not units.any():
        what = dataset.measures[0].label if dataset.measures else "Nothing"
        units = np.nan_to_num(dataset.values[:n, 0]) if dataset.measures else np.zeros(n)
    area = state.planner().boundaries(dataset).area_km2
    st.image(thumbnail.density(under, units / np.maximum(area, 0.01)), width="stretch",
             alt="Where the units are")  # fmt: skip
    st.caption(f"{plain(what)} per km²")


def _pixels(dataset: Dataset) -> thumbnail.Pixels:
    return thumbnail.pixels(state.planner().boundaries(dataset))


def _report(info: DatasetInfo) -> None:
    rows, matched = _number(info.report.get("rows")) or 0, _number(info.report.get("matched")) or 0
    repaired = _number(info.report.get("repaired")) or 0
    cells = st.columns(3)
    cells[0].metric("Accounts" if info.report.get("codes") else "Rows", f"{rows:,}")
    cells[1].metric("Matched", percent(matched / rows if rows else None))
    cells[2].metric("Repaired", f"{repaired:,}")
    reasons = info.report.get("by_reason")
    if isinstance(reasons, Mapping) and reasons:
        findings(reasons)
        if not access.may(Action.DATA):
            return
        st.button(
            "Send back a repaired file", icon=":material/upload:",
            on_click=state.open_dialog, args=("repair", info.name),
            help="The repair file of this import, mended",
        )  # fmt: skip


@handled
def repair(name: str) -> None:
    """Show the dialog that takes a repaired file back into a dataset."""
    task = Task("repair", about=(name,))
    if report := work.result(task):
        rows = count(report.rows, "rows")
        state.tell(f"{report.matched:,} of {rows} of {report.dataset} are placed now.")
        state.leave_dialog()
    st.write(
        f"The repair file of the import of **{plain(name)}**, mended. Its rows replace those "
        "they came from."
    )
    upload = st.file_uploader("Repaired file", type=uploads.TABLES, key="send_back")
    place = st.empty()
    if place.button("Take in the repairs", type="primary", key="send_back_now"):
        if upload is None:
            raise Refused("Choose the repaired file.")
        store, by, file = state.planner().store, state.user(), upload
        work.start(task, lambda told: _sent_back(store, name, file, by, told))
    work.show(task, place)


def _sent_back(
    store: Store, name: str, upload: UploadedFile, by: str, told: work.Told
) -> ImportReport:
    with uploads.kept(upload) as path:
        return send_back(store, path, Order(name, by, clock.now(), progress=told))


def findings(by_reason: Mapping[str, object]) -> None:
    """Show what an import found, by reason."""
    known = {r.value: r for r in Reason}
    rows = [(known[k], _number(n) or 0) for k, n in by_reason.items() if k in known]
    printing.dataframe(
        pd.DataFrame(
            {
                "Rows": [n for _, n in rows],
                "What was found": [r.told.problem for r, _ in rows],
                "What was done, or can be": [r.told.remedy for r, _ in rows],
            }
        ),
        hide_index=True,
        column_config={"Rows": st.column_config.NumberColumn(format="localized", width="small")},
        alt="What the import found",
    )


def _measures(dataset: Dataset) -> None:
    if not dataset.measures:
        st.caption("This dataset has no measures; units are counted.")
        return
    printing.dataframe(
        _described(dataset.seen_key, dataset),
        hide_index=True,
        column_config={
            "Total": st.column_config.NumberColumn(format="localized"),
            "Median": st.column_config.NumberColumn(format="localized"),
            "Largest": st.column_config.NumberColumn(format="localized"),
            "Spread": st.column_config.BarChartColumn(
                help="How many lie in each of 16 steps from small to large, on a log scale"
            ),
        },
        placeholder="–",
        alt="Measures with totals",
    )
    if noted := [m for m in dataset.measures if m.note]:
        with st.expander("Where the measures come from"):
            for m in noted:
                st.caption(f"**{plain(m.label)}** {plain(m.note, 300)}")


@st.cache_data(max_entries=16, show_spinner=False)
def _described(key: str, _dataset: Dataset) -> pd.DataFrame:
    n = _dataset.items.containers
    start = n if len(_dataset.items.located) else 0  # else containers have figures of their own
    rows = []
    for i, m in enumerate(_dataset.measures):
        own = _dataset.values[start:, i]
        values = own[~np.isnan(own)]
        if not len(values):
            values = _dataset.values[:n, i][~np.isnan(_dataset.values[:n, i])]
        rows.append(
            {
                "Measure": m.label,
                "Unit": m.unit,
                "Total": _whole(values.sum()) if m.aggregate is Aggregate.SUM else None,
                "Median": _whole(np.median(values)) if len(values) else None,
                "Largest": _whole(values.max()) if len(values) else None,
                "Spread": _histogram(values),
            }
        )
    return pd.DataFrame(rows)


def _histogram(values: Floats) -> list[int]:
    there = values[values > 0]
    if not len(there):
        return [0] * BINS
    counts, _ = np.histogram(np.log10(there), bins=BINS)
    return [int(c) for c in counts]


def _whole(value: float) -> float:
    """Return a figure without decimals, as far as it is not small."""
    return float(round(value)) if abs(value) >= LARGE else float(round(value, 2))


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) else None
