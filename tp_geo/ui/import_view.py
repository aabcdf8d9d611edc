"""Import: file, columns, the doctor, done; in one dialog, nothing kept before its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st
from streamlit.typing import UploadedFile

from tp_geo.errors import Refused
from tp_geo.files.doctor import Diagnosis, diagnose, examples
from tp_geo.files.intake import read_table
from tp_geo.files.mapping import FIELDS, Columns
from tp_geo.files.reasons import Weight
from tp_geo.files.repairs import apply_repairs, read_repairs, repair_table
from tp_geo.files.several import together
from tp_geo.ui import state, uploads, work
from tp_geo.ui.edge import handled
from tp_geo.ui.text import count, percent, plain, singular
from tp_geo.ui.work import Task, Told
from tp_geo.workflow import clock
from tp_geo.workflow.boundary_list import boundary_sets
from tp_geo.workflow.importing import ImportReport, Order, frame_for, keep
from tp_geo.workflow.plan import NOUNS
from tp_geo.workflow.planner import Planner

CHECK, KEEP = Task("import", "check"), Task("import", "keep")
KEY = "import_work"
LABELS = {
    "id": "Id", "name": "Name", "postal": "Postal code", "lat": "Latitude", "lon": "Longitude",
    "country": "Country", "owner": "Owner", "territory": "Territory now",
}  # fmt: skip
WEIGHTS = (Weight.UNMATCHED, Weight.CHECK, Weight.REPAIRED, Weight.NOTE)


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Files that were read, and what their columns seem to be."""

    file: str
    source: str
    table: pd.DataFrame
    guessed: Columns
    notes: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """Its rows, some mended perhaps, and what the doctor says of them."""

    file: str
    diagnosis: Diagnosis
    to_mend: pd.DataFrame


def start() -> None:
    """Begin anew, and open the dialog."""
    st.session_state.pop(KEY, None)
    state.open_dialog("import")


@handled
def body() -> None:
    """Show the dialog."""
    if report := work.result(KEEP):
        _done(report)
        return
    given = st.file_uploader(
        "Accounts as CSV, Excel or Parquet; one row each. Several files become one dataset",
        type=uploads.TABLES, key="import_file", accept_multiple_files=True,
    )  # fmt: skip
    if not given:
        st.caption("A postal code, or latitude and longitude, puts each row on the map.")
        return
    task = Task("import", f"read {' '.join(one.file_id for one in given)}")
    read: Read | None = work.of_itself(task, lambda told: _read(given, told), "Read again")
    if read is not None:
        _steps(read)


def _read(given: Sequence[UploadedFile], told: Told) -> Read:
    tables = []
    for n, upload in enumerate(given):
        told(f"Reading {upload.name}", 0.2 + 0.7 * n / len(given))
        with uploads.kept(upload) as path:
            tables.append((upload.name, read_table(path)))
    told("Guessing the columns", 0.9)
    found = together(tables)
    key = " ".join(upload.file_id for upload in given)
    name = given[0].name.rsplit(".", 1)[0]
    if len(given) > 1:
        name += f" and {len(given) - 1} more"
    return Read(key, found.title, found.table, found.guess(), found.notes, name[:255])


def _steps(read: Read) -> None:
    """Show the steps as far as they are done; what was checked is closed, to be opened again."""
    known: Checked | None = work.result(CHECK) or st.session_state.get(KEY)
    with st.expander(
        f"Columns · {count(len(read.table), 'rows')}",
        expanded=known is None or known.file != read.file,
    ):
        columns = _mapping(read)
    name, kind = _called(read)
    if (found := work.result(CHECK)) is not None:
        st.session_state[KEY] = found
    checked: Checked | None = st.session_state.get(KEY)
    if checked is not None and not _same(checked, read, columns, kind):
        checked = None
    place = st.empty()
    if checked is None and place.button("Check the rows", type="primary"):
        planner = state.planner()
        work.start(CHECK, lambda told: _checked(planner, read, columns, kind, told=told))
    if not work.show(CHECK, place) and checked is not None:
        _doctor(read, checked, name)


def _mapping(read: Read) -> Columns:
    for note in read.notes:
        st.caption(plain(note, 300))
    names = [str(c) for c in read.table.columns]
    picked: dict[str, str | None] = {}
    with st.grid(4, gap="small"):
        for field in FIELDS:
            picked[field] = _field(read, field, names)
    used = {c for c in picked.values() if c}
    left, right = st.columns(2)
    measures = left.multiselect(
        "Measures: numbers to add up", [n for n in names if n not in used],
        default=[m for m in read.guessed.measures if m not in used],
        key=f"import_measures_{read.file}",
    )  # fmt: skip
    rest = [n for n in names if n not in used and n not in measures]
    attributes = right.multiselect(
        "Other columns to keep", rest,
        default=[a for a in read.guessed.attributes if a in rest],
        key=f"import_attributes_{read.file}",
    )  # fmt: skip
    with st.popover("First rows", icon=":material/table_rows:"):
        st.dataframe(read.table.head(8), hide_index=True, alt="First rows of the file")
    return Columns(
        **picked,
        measures=tuple(measures),
        attributes=tuple(attributes),
        source=read.guessed.source,
        reasons=read.guessed.reasons,
    )


def _called(read: Read) -> tuple[str, str]:
    """Return the dataset's name and what its rows are put into."""
    kinds = sorted({b.kind for b in boundary_sets(state.planner())}, key=lambda k: k != "postal")
    left, right = st.columns(2)
    name = left.text_input(
        "Name of the dataset", read.name, max_chars=255,
        key=f"import_name_{read.file}",
    )  # fmt: skip
    kind = right.selectbox(
        "Boundaries to put rows into", kinds, key="import_kind",
        format_func=lambda k: NOUNS[k].capitalize() if k in NOUNS else k,
    )  # fmt: skip
    return name, kind


def _field(read: Read, field: str, names: list[str]) -> str | None:
    guessed = getattr(read.guessed, field)
    why = read.guessed.reasons.get(field, "")
    found: str | None = st.selectbox(
        LABELS[field], names, index=names.index(guessed) if guessed in names else None,
        key=f"import_field_{field}_{read.file}", placeholder="Not in the file",
        help=plain(f"Chosen by {why}" if guessed else why, 300) or None,
    )  # fmt: skip
    return found


def _checked(
    planner: Planner,
    read: Read,
    columns: Columns,
    kind: str,
    *,
    told: Told,
    before: Diagnosis | None = None,
    back: UploadedFile | None = None,
) -> Checked:
    """Return what the doctor says of a file, with the repairs that came back put into it."""
    table = read.table if before is None else before.table
    if back is not None:
        told(f"Reading {back.name}", 0.1)
        with uploads.kept(back) as path:
            table = apply_repairs(table, read_repairs(path), columns)
    told("Opening the boundaries", 0.3)
    frame = frame_for(planner.store, kind)
    told(f"Placing {count(len(table), 'rows')}", 0.5)
    diagnosis = diagnose(table, columns, frame)
    told("Writing down what needs a repair", 0.9)
    return Checked(read.file, diagnosis, repair_table(diagnosis))


def _same(checked: Checked, read: Read, columns: Columns, kind: str) -> bool:
    diagnosis = checked.diagnosis
    return (checked.file, diagnosis.columns, diagnosis.frame.kind) == (read.file, columns, kind)


def _doctor(read: Read, checked: Checked, name: str) -> None:
    diagnosis = checked.diagnosis
    st.markdown("**Doctor**")
    rows = len(diagnosis.table)
    cells = st.columns(4)
    cells[0].metric("Rows", f"{rows:,}")
    cells[1].metric("Matched", percent(diagnosis.matched / rows if rows else None))
    cells[2].metric("Repaired", f"{diagnosis.repaired:,}")
    cells[3].metric(f"In no {_noun(diagnosis)}", f"{diagnosis.unmatched:,}")
    problems = problems_of(diagnosis)
    if len(problems):
        st.dataframe(
            problems, hide_index=True, height=min(38 + 35 * len(problems), 215),
            column_config={"Rows": st.column_config.NumberColumn(format="localized")},
            alt="Problems of the file",
        )  # fmt: skip
    else:
        st.caption("Every row was placed; nothing needs a repair.")
    place = st.empty()
    if place.button(f"Import {count(rows, 'rows')}", type="primary"):
        if not name.strip():
            raise Refused("Give the dataset a name.")
        store, by = state.planner().store, state.user()
        work.start(
            KEEP,
            lambda told: keep(
                store, diagnosis, Order(name.strip(), by, clock.now(), progress=told),
                source=read.source,
            ),
        )  # fmt: skip
    if not work.show(KEEP, place):
        _repairs(read, checked)


def _noun(diagnosis: Diagnosis) -> str:
    return singular(NOUNS.get(diagnosis.frame.kind, "containers"))


def problems_of(diagnosis: Diagnosis) -> pd.DataFrame:
    """Return every problem with how many rows have it, an example and what to do."""
    found = sorted(
        diagnosis.findings, key=lambda f: (WEIGHTS.index(f.reason.told.weight), -len(f.rows))
    )
    outcomes = {Weight.UNMATCHED: f"in no {_noun(diagnosis)}"}
    firsts = [examples(diagnosis, f, 1)[0] for f in found]
    return pd.DataFrame(
        {
            "Rows": [len(f.rows) for f in found],
            "Outcome": [outcomes.get(f.reason.told.weight, f.reason.told.weight) for f in found],
            "Problem": [f.reason.told.problem for f in found],
            "Column": [f.column or "" for f in found],
            "Example": [f"{row}: {value}" for row, _, value in firsts],
            "Repair": [f.reason.told.remedy for f in found],
        }
    )


def _repairs(read: Read, checked: Checked) -> None:
    to_mend, diagnosis = checked.to_mend, checked.diagnosis
    if not len(to_mend):
        return
    left, right = st.columns(2, vertical_alignment="bottom")
    left.download_button(
        f"Repair file, {count(len(to_mend), 'rows')}",
        lambda: uploads.csv_of(to_mend),
        file_name="repairs.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        help="Mend the rows in it and send it back",
    )
    back = right.file_uploader("Repaired file", type=uploads.TABLES, key="import_repaired")
    if back is not None:
        planner = state.planner()
        right.button(
            "Take in the repairs",
            on_click=work.start,
            args=(
                CHECK,
                lambda told: _checked(
                    planner, read, diagnosis.columns, diagnosis.frame.kind,
                    told=told, before=diagnosis, back=back,
                ),
            ),
        )  # fmt: skip


def _done(report: ImportReport) -> None:
    st.success(f"{plain(report.dataset)} is imported: {report.matched:,} of "
               f"{count(report.rows, 'rows')} placed.", icon=":material/check:")  # fmt: skip
    st.markdown("**Totals to compare with your own**")
    st.dataframe(
        totals_table(report.totals, report.rows),
        hide_index=True,
        column_config={"Total": st.column_config.NumberColumn(format="localized")},
        alt="Totals",
    )
    if st.button("Done", type="primary"):
        st.session_state.pop(KEY, None)
        st.session_state[state.DATASET] = report.dataset
        state.leave_dialog()


def totals_table(totals: Mapping[str, float], rows: int) -> pd.DataFrame:
    """Return the totals of an import as a table."""
    return pd.DataFrame({"Measure": ["Rows", *totals], "Total": [float(rows), *totals.values()]})
