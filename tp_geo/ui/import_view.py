"""Import: file, columns, the doctor, done; in one dialog, nothing kept before its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.typing import UploadedFile

from tp_geo.errors import Refused, TpGeoError
from tp_geo.files.doctor import Diagnosis, diagnose, examples
from tp_geo.files.intake import read_table
from tp_geo.files.mapping import FIELDS, Columns, guess
from tp_geo.files.reasons import Weight
from tp_geo.files.repairs import apply_repairs, read_repairs, repair_table
from tp_geo.ui import state, uploads
from tp_geo.ui.edge import handled
from tp_geo.ui.progress import told
from tp_geo.ui.text import percent, plain
from tp_geo.workflow import clock
from tp_geo.workflow.boundary_list import boundary_sets
from tp_geo.workflow.importing import ImportReport, frame_for, keep
from tp_geo.workflow.plan import NOUNS

KEY = "import_work"
LABELS = {
    "id": "Id", "name": "Name", "postal": "Postal code", "lat": "Latitude", "lon": "Longitude",
    "country": "Country", "owner": "Owner", "territory": "Territory now",
}  # fmt: skip
WEIGHTS = {
    Weight.UNMATCHED: "in no area",
    Weight.CHECK: "check",
    Weight.REPAIRED: "repaired",
    Weight.NOTE: "note",
}


@dataclass(slots=True)
class Work:
    """An import under way in this session."""

    file: str
    source: str
    table: pd.DataFrame
    guessed: Columns
    diagnosis: Diagnosis | None = None
    to_mend: pd.DataFrame | None = None
    mended: bool = False
    trouble: str = ""
    report: ImportReport | None = None


def start() -> None:
    """Begin anew, and open the dialog."""
    st.session_state.pop(KEY, None)
    state.open_dialog("import")


@handled
def body() -> None:
    """Show the dialog."""
    work: Work | None = st.session_state.get(KEY)
    page = st.empty()
    if work is None or work.report is None:
        with page.container():
            work = _steps(work)
    if work is not None and work.report is not None:
        page.empty()
        _done(work.report)


def _steps(work: Work | None) -> Work | None:
    """Show the steps as far as they are done, and return the work."""
    upload = st.file_uploader(
        "Accounts as CSV, Excel or Parquet; one row each", type=uploads.TABLES, key="import_file"
    )
    if upload is None:
        st.caption("A postal code, or latitude and longitude, puts each row on the map.")
        return None
    if work is None or work.file != upload.file_id:
        with st.spinner("Reading the file", show_time=True), uploads.kept(upload) as path:
            table = read_table(path)
        work = Work(upload.file_id, upload.name, table, guess(table))
        st.session_state[KEY] = work
    columns, kind, name = _mapping(work)
    if work.diagnosis is None or not _same(work.diagnosis, columns, kind):
        check = st.empty()
        if check.button("Check the rows", type="primary") or work.mended:
            _check(work, columns, kind)
            check.empty()
    if work.diagnosis is not None and _same(work.diagnosis, columns, kind):
        _doctor(work, work.diagnosis, name)
    return work


def _mapping(work: Work) -> tuple[Columns, str, str]:
    st.markdown(f"**Columns** :small[{len(work.table):,} rows]")
    names = [str(c) for c in work.table.columns]
    picked: dict[str, str | None] = {}
    with st.grid(4, gap="small"):
        for field in FIELDS:
            picked[field] = _field(work, field, names)
    used = {c for c in picked.values() if c}
    left, right = st.columns(2)
    measures = left.multiselect(
        "Measures: numbers to add up", [n for n in names if n not in used],
        default=[m for m in work.guessed.measures if m not in used],
        key=f"import_measures_{work.file}",
    )  # fmt: skip
    rest = [n for n in names if n not in used and n not in measures]
    attributes = right.multiselect(
        "Other columns to keep", rest,
        default=[a for a in work.guessed.attributes if a in rest],
        key=f"import_attributes_{work.file}",
    )  # fmt: skip
    with st.expander("First rows"):
        st.dataframe(work.table.head(8), hide_index=True, alt="First rows of the file")
    kinds = sorted({b.kind for b in boundary_sets(state.planner())}, key=lambda k: k != "postal")
    left, right = st.columns(2)
    name = left.text_input(
        "Name of the dataset", work.source.rsplit(".", 1)[0][:255], max_chars=255,
        key=f"import_name_{work.file}",
    )  # fmt: skip
    kind = right.selectbox(
        "Boundaries to put rows into", kinds, key="import_kind",
        format_func=lambda k: (NOUNS.get(k) or k).capitalize(),
    )  # fmt: skip
    columns = Columns(
        **picked,
        measures=tuple(measures),
        attributes=tuple(attributes),
        reasons=work.guessed.reasons,
    )
    return columns, kind, name


def _field(work: Work, field: str, names: list[str]) -> str | None:
    guessed = getattr(work.guessed, field)
    why = work.guessed.reasons.get(field, "")
    found: str | None = st.selectbox(
        LABELS[field], names, index=names.index(guessed) if guessed in names else None,
        key=f"import_field_{field}_{work.file}", placeholder="Not in the file",
        help=plain(f"Chosen by {why}" if guessed else why, 300) or None,
    )  # fmt: skip
    return found


def _check(work: Work, columns: Columns, kind: str) -> None:
    with st.spinner("Placing the rows", show_time=True):
        work.mended = False
        work.diagnosis = diagnose(work.table, columns, frame_for(state.planner().store, kind))
        work.to_mend = repair_table(work.diagnosis)


def _same(diagnosis: Diagnosis, columns: Columns, kind: str) -> bool:
    return diagnosis.columns == columns and diagnosis.frame.kind == kind


def _doctor(work: Work, diagnosis: Diagnosis, name: str) -> None:
    st.markdown("**Doctor**")
    rows = len(diagnosis.table)
    cells = st.columns(4)
    cells[0].metric("Rows", f"{rows:,}")
    cells[1].metric("Matched", percent(diagnosis.matched / rows if rows else None))
    cells[2].metric("Repaired", f"{diagnosis.repaired:,}")
    cells[3].metric("In no area", f"{diagnosis.unmatched:,}")
    problems = problems_of(diagnosis)
    if len(problems):
        st.dataframe(
            problems, hide_index=True, height=min(38 + 35 * len(problems), 260),
            column_config={"Rows": st.column_config.NumberColumn(format="localized")},
            alt="Problems of the file",
        )  # fmt: skip
        _repairs(work, diagnosis)
    else:
        st.caption("Every row was placed; nothing needs a repair.")
    if st.button(f"Import {rows:,} rows", type="primary"):
        if not name.strip():
            raise Refused("Give the dataset a name.")
        work.report = _keep(work, diagnosis, name.strip())


def problems_of(diagnosis: Diagnosis) -> pd.DataFrame:
    """Return every problem with how many rows have it, an example and what to do."""
    order = list(WEIGHTS)
    found = sorted(
        diagnosis.findings, key=lambda f: (order.index(f.reason.told.weight), -len(f.rows))
    )
    firsts = [examples(diagnosis, f, 1)[0] for f in found]
    return pd.DataFrame(
        {
            "Rows": [len(f.rows) for f in found],
            "Outcome": [WEIGHTS[f.reason.told.weight] for f in found],
            "Problem": [f.reason.told.problem for f in found],
            "Column": [f.column or "" for f in found],
            "Example": [f"row {row}: {value}" for row, _, value in firsts],
            "Repair": [f.reason.told.remedy for f in found],
        }
    )


def _repairs(work: Work, diagnosis: Diagnosis) -> None:
    to_mend = work.to_mend
    if to_mend is None or not len(to_mend):
        return
    left, right = st.columns(2, vertical_alignment="bottom")
    left.download_button(
        f"Repair file, {len(to_mend):,} rows",
        lambda: uploads.csv_of(to_mend),
        file_name="repairs.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        help="Mend the rows in it and send it back",
    )
    back = right.file_uploader("Repaired file", type=uploads.TABLES, key="import_repaired")
    if back is not None:
        right.button("Take in the repairs", on_click=_mend, args=(work, diagnosis.columns, back))
    if work.trouble:
        st.error(plain(work.trouble, 600), icon=":material/error:")


def _mend(work: Work, columns: Columns, back: UploadedFile) -> None:
    """Put repaired rows into the table; it is checked again when it is shown next."""
    work.trouble = ""
    try:
        with uploads.kept(back) as path:
            work.table = apply_repairs(work.table, read_repairs(path), columns)
    except TpGeoError as why:
        work.trouble = str(why)
    else:
        work.diagnosis, work.mended = None, True


def _keep(work: Work, diagnosis: Diagnosis, name: str) -> ImportReport:
    bar = st.progress(0.0, "Importing")

    return keep(
        state.planner().store,
        diagnosis,
        name,
        by=state.user(),
        at=clock.now(),
        source=work.source,
        progress=told(bar),
    )


def _done(report: ImportReport) -> None:
    st.success(f"{plain(report.dataset)} is imported: {report.matched:,} of {report.rows:,} rows "
               "lie in an area.", icon=":material/check:")  # fmt: skip
    st.markdown("**Totals to compare with your own**")
    st.dataframe(
        totals_table(report.totals, report.rows),
        hide_index=True,
        column_config={"Total": st.column_config.NumberColumn(format="localized")},
        alt="Totals",
    )
    if st.button("Done", type="primary"):
        st.session_state.pop(KEY, None)
        st.session_state[state.IMPORTED] = report.dataset
        st.rerun()


def totals_table(totals: Mapping[str, float], rows: int) -> pd.DataFrame:
    """Return the totals of an import as a table."""
    return pd.DataFrame({"Measure": ["Rows", *totals], "Total": [float(rows), *totals.values()]})
