"""The repair file: rows to mend with all their columns, edited by people and sent back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tp_geo.domain.dataset import Texts
from tp_geo.errors import BadData
from tp_geo.files.columns import texts_of
from tp_geo.files.doctor import Diagnosis
from tp_geo.files.exports import replacing
from tp_geo.files.exports_csv import unescaped, write_csv
from tp_geo.files.frame import Containers, positions_in
from tp_geo.files.identity import identity_of
from tp_geo.files.intake import read_table, row_numbers
from tp_geo.files.mapping import Columns
from tp_geo.files.matching import Finding
from tp_geo.files.reasons import Weight

ROW, ID, FIELD, VALUE, PROBLEM, SUGGESTION = (
    "repair_row",
    "repair_id",
    "repair_field",
    "repair_value",
    "repair_problem",
    "repair_suggestion",
)
REPAIR_COLUMNS = (ROW, ID, FIELD, VALUE, PROBLEM, SUGGESTION)
_TOLD = (FIELD, VALUE, PROBLEM, SUGGESTION)
_TO_MEND = {Weight.UNMATCHED, Weight.CHECK}


def repair_table(diagnosis: Diagnosis) -> pd.DataFrame:
    """Return the rows to mend: what is wrong in the columns ``repair_…``, then the row itself.

    One row a record, in the order of the file, or of the files one after
    another; several problems of a record are joined by "; ". What was repaired
    here and blank values are not in it.
    """
    to_mend = [f for f in diagnosis.findings if f.reason.told.weight in _TO_MEND]
    at = np.unique(np.concatenate([np.zeros(0, dtype=np.intp), *(f.rows for f in to_mend)]))
    told = {name: np.full(len(at), "", dtype=object) for name in _TOLD}
    seen = np.zeros(len(at), dtype=np.bool_)
    for finding in to_mend:
        here = np.searchsorted(at, finding.rows)
        for name, texts in zip(_TOLD, _lines(diagnosis, finding), strict=True):
            told[name][here] = np.where(seen[here], told[name][here] + "; " + texts, texts)
        seen[here] = True
    front = pd.DataFrame(
        {ROW: diagnosis.numbers[at].astype(str), ID: diagnosis.ids[at], **told}, dtype=str
    )
    rows = diagnosis.table.iloc[at].reset_index(drop=True)
    return pd.concat([front, rows.drop(columns=list(REPAIR_COLUMNS), errors="ignore")], axis=1)


def write_repairs(diagnosis: Diagnosis, path: Path) -> int:
    """Write the repair file as CSV, if there is anything to mend; return how many rows it has."""
    table = repair_table(diagnosis)
    if len(table):
        replacing(path, lambda made: write_csv(table, made))
    return len(table)


def read_repairs(path: Path) -> pd.DataFrame:
    """Return a repair file that came back, in any format a table can have."""
    table = read_table(path)
    for column in table.columns:
        guarded = table[column].str.startswith("'")
        if guarded.any():
            table.loc[guarded, column] = [unescaped(t) for t in table.loc[guarded, column]]
    return table


def apply_repairs(table: pd.DataFrame, repaired: pd.DataFrame, columns: Columns) -> pd.DataFrame:
    """Return the table with the rows of a repair file put in, found by their id.

    ``repair_id`` finds the row, or the id column where that is missing; every
    other column of the file replaces the row's. Rows that were deleted from
    the file stay as they were.
    """
    key = _key(repaired, columns)
    ids = texts_of(repaired[key].str.strip())
    rows = positions_in(identity_of(table, columns).ids, ids)
    _check_ids(ids, rows, key, row_numbers(repaired))
    fields = [c for c in repaired.columns if c not in REPAIR_COLUMNS]
    if unknown := [c for c in fields if c not in table.columns]:
        raise BadData(
            f"The repair file has a column {unknown[0]!r} that the data do not have. "
            "Remove it, or give it its old name."
        )
    result = table.copy()
    for name in fields:
        values = texts_of(table[name]).copy()
        values[rows] = texts_of(repaired[name])
        result[name] = pd.Series(values, index=table.index, dtype=table[name].dtype)
    return result


def _lines(diagnosis: Diagnosis, finding: Finding) -> tuple[Texts, Texts, Texts, Texts]:
    """Return column, value, problem and suggestion for each row of a finding."""
    told, n = finding.reason.told, len(finding.rows)
    values = np.full(n, "", dtype=object)
    if finding.column is not None:
        values = texts_of(diagnosis.table[finding.column].iloc[finding.rows])
    remedies = np.full(n, told.remedy, dtype=object)
    if finding.suggestions is not None:
        remedies = np.where(finding.suggestions == "", told.remedy, finding.suggestions)
    columns = np.full(n, finding.column or "", dtype=object)
    return columns, values, np.full(n, told.problem, dtype=object), remedies


def _key(repaired: pd.DataFrame, columns: Columns) -> str:
    for name in (ID, columns.id):
        if name is not None and name in repaired.columns:
            return name
    raise BadData(
        f"The repair file has no column {ID!r} that says which rows it mends. Keep that column."
    )


def _check_ids(ids: Texts, rows: Containers, key: str, numbers: NDArray[np.int64]) -> None:
    lost = np.flatnonzero(rows < 0)
    if len(lost):
        raise BadData(
            f"Row {numbers[lost[0]]} of the repair file is for {ids[lost[0]]!r}, which the data do "
            f"not have. Keep {key!r} as it was."
        )
    twice = pd.Series(ids).duplicated().to_numpy()
    if twice.any():
        at = int(twice.argmax())
        raise BadData(
            f"Row {numbers[at]} of the repair file is for {ids[at]!r} once more. Keep one of them."
        )
