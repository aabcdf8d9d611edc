"""Importing a model of Sales Territories: choose, look at what it brings, import, see the map."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import streamlit as st

from tp_geo.domain.alignment import Alignment
from tp_geo.domain.hierarchy import Focus, depths
from tp_geo.ui import publish_progress, state
from tp_geo.ui.edge import handled
from tp_geo.ui.import_model_desk import Desk, Found, desk
from tp_geo.ui.text import count, plain, shortened
from tp_geo.workflow import default
from tp_geo.workflow.connecting import Connection
from tp_geo.workflow.model_import import Imported, ImportRequest
from tp_geo.workflow.model_import_report import ImportReport, ModelInfo
from tp_geo.workflow.model_import_start import Start

ACCOUNTS = ""
STARTS = {
    Start.RULES: "As the org has it now",
    Start.FIELD: "By a field of accounts",
    Start.NOTHING: "Nothing is assigned",
}
RULES, KEPT, NOTES = "Rules", "Kept as they are", "To know"
LONG = 1_000
FEW, HEIGHT = 12, 430


@handled
def show(org: Connection) -> None:
    """Show the form, and what an import would bring beside it."""
    at_hand = desk()
    with st.spinner("Reading the models of the org"):
        found = at_hand.meet(org)
    if not found.models:
        st.info("This org has no territory model to import.")
        return
    _open(at_hand)
    left, right = st.columns([4, 9], gap="medium")
    with left:
        request = _form(found)
        known = at_hand.report is not None
        st.button(
            "Preview again" if known else "Preview", key="import_model_look",
            type="secondary" if known else "primary", icon=":material/preview:",
            width="stretch", disabled=at_hand.under_way is not None,
            on_click=at_hand.look, args=(state.planner(), request),
        )  # fmt: skip
    with right:
        _found(at_hand, request)


def _form(found: Found) -> ImportRequest:
    models = {m.developer_name: m for m in found.models}
    with st.container(border=True, key="import_model_form", gap="small"):
        model = st.selectbox(
            "Territory model", list(models), key="import_model",
            format_func=lambda name: _called(models.get(name)),
        )  # fmt: skip
        name = st.text_input(
            "Name of the new alignment", _free(models[model].name), max_chars=255,
            key=f"import_model_name_{model}",
        )  # fmt: skip
        datasets = {ACCOUNTS: "The org's accounts, as a new dataset", **_datasets()}
        dataset = st.selectbox(
            "Plan with", list(datasets), key="import_model_dataset",
            format_func=lambda key: shortened(datasets.get(key, ""), 60),
            help="Rules become containers of the dataset's boundaries",
        )  # fmt: skip
        start = st.selectbox(
            "Assigned at the start", list(STARTS), key="import_model_start",
            format_func=lambda key: STARTS[key],
        )  # fmt: skip
        labels = {f.name: f"{f.label} ({f.name})" for f in found.fields}
        field = ""
        if start is Start.FIELD:
            field = st.selectbox(
                "Field with the territory", list(labels), key="import_model_start_field",
                format_func=lambda key: labels.get(key, ""),
            )  # fmt: skip
        fields, where = _accounts(labels) if dataset == ACCOUNTS else ((), "")
    return ImportRequest(
        model, name, dataset=dataset, fields=fields, where=where, start=start,
        start_field=field or "",
    )  # fmt: skip


def _accounts(labels: dict[str, str]) -> tuple[tuple[str, ...], str]:
    with st.expander("Accounts"):
        fields = st.multiselect(
            "More fields to read", list(labels), key="import_model_fields",
            format_func=lambda key: labels.get(key, ""),
        )  # fmt: skip
        where = st.text_input(
            "Only accounts where", key="import_model_where", placeholder="Industry = 'Energy'",
            help="A condition as Salesforce's own queries (SOQL) have it",
        )  # fmt: skip
    return tuple(fields), where


def _datasets() -> dict[str, str]:
    names = [i.name for i in state.planner().store.datasets() if i.name != default.NAME]
    return {name: name for name in (default.NAME, *names)}


def _called(model: ModelInfo | None) -> str:
    if model is None:
        return ""
    return (
        f"{shortened(model.name, 60)} · {model.state} · {count(model.territories, 'territories')}"
    )


def _free(name: str) -> str:
    """Return a name that no alignment has."""
    taken = {i.name for i in state.planner().store.alignments()}
    free, number = name, 1
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _found(at_hand: Desk, request: ImportRequest) -> None:
    if run := at_hand.under_way:
        title = "Importing" if run is at_hand.importing else "Reading the model"
        publish_progress.show(run, title, pausing=False)
        return
    if at_hand.fault:
        st.error(plain(at_hand.fault, LONG), icon=":material/error:")
    if at_hand.report is not None:
        _report(at_hand, at_hand.report, fresh=request == at_hand.asked)
    elif not at_hand.fault:
        with st.container(border=True):
            st.markdown(
                "The **preview** reads the model and shows which areas and levels it becomes, "
                "which rules turn into containers, and what is kept word for word. The org is "
                "only read."
            )


def _report(at_hand: Desk, report: ImportReport, *, fresh: bool) -> None:
    left, right = st.columns([5, 3], vertical_alignment="center")
    left.markdown(f"##### {plain(report.model.name, 80)} as an alignment: nothing is imported yet")
    with right:
        if fresh:
            st.button(
                f"Import {count(report.areas, 'areas')}", key="import_model_bring",
                type="primary", icon=":material/download:", width="stretch",
                on_click=at_hand.bring, args=(state.planner(), state.user()),
            )  # fmt: skip
        else:
            st.warning("The choices changed. Preview again.")
    _figures(report)
    view = st.segmented_control(
        "What is found", (RULES, KEPT, NOTES), default=RULES, required=True,
        key="import_model_shown", label_visibility="collapsed",
        format_func=lambda v: f"{v} {len(_of(report, v)):,}",
    )  # fmt: skip
    _rows(report, view or RULES)


def _figures(report: ImportReport) -> None:
    levels = ", ".join(f"{level.areas:,} {plain(level.name, 40)}" for level in report.levels)
    figures = {
        "Areas": (report.areas, levels),
        "Containers": (report.containers, f"from {count(len(report.rules), 'rules')}"),
        "People": (report.users, "as owners and members"),
    }
    if report.accounts is not None:
        figures["Accounts"] = (report.accounts, "to read")
    with st.container(horizontal=True, gap="small"):
        for name, (number, note) in figures.items():
            st.metric(name, f"{number:,}", delta=note, delta_color="off", delta_arrow="off",
                      border=True)  # fmt: skip


def _of(report: ImportReport, view: str) -> tuple[object, ...]:
    return {RULES: report.rules, KEPT: report.kept, NOTES: report.notes}[view]


def _rows(report: ImportReport, view: str) -> None:
    if not _of(report, view):
        st.caption("Nothing.")
    elif view == RULES:
        columns = {
            "Territory": [r.territory for r in report.rules],
            "Rule": [r.rule for r in report.rules],
            "Containers": [r.containers for r in report.rules],
        }
        st.dataframe(
            pd.DataFrame(columns), hide_index=True, alt="Rules",
            height="content" if len(report.rules) < FEW else HEIGHT,
            column_config={"Containers": st.column_config.NumberColumn(format="localized")},
        )  # fmt: skip
    elif view == KEPT:
        columns = {
            "Territory": [k.territory for k in report.kept],
            "Rule": [k.rule for k in report.kept],
            "Says": [k.text for k in report.kept],
            "Kept because": [k.why for k in report.kept],
        }
        st.dataframe(pd.DataFrame(columns), hide_index=True, alt="Rules that are kept")
        st.caption("These stay in the org word for word, and go along when you publish.")
    else:
        for note in report.notes:
            st.markdown(f":material/info: {plain(note, LONG)}")


def _telling(alignment: Alignment) -> int:
    """Return the highest level that has several areas."""
    areas = Counter(depth for depth, _ in depths(alignment))
    return min((depth for depth, number in areas.items() if number > 1), default=1)


def _open(at_hand: Desk) -> None:
    """Open the map of what was imported."""
    done = at_hand.importing.result if at_hand.importing else None
    if not isinstance(done, Imported):
        return
    at_hand.clear()
    state.enter(done.plan.info)
    state.look(Focus(None, _telling(done.plan.alignment)))
    state.tell(f"Imported {done.plan.info.name}: {count(done.report.areas, 'areas')}.")
    st.switch_page("pages/map.py", query_params={state.ADDRESS: done.plan.info.name})
