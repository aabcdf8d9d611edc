"""The import doctor: what becomes of every row of a table, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tp_geo.domain.dataset import Floats, Texts
from tp_geo.errors import BadData
from tp_geo.files.columns import texts_of
from tp_geo.files.frame import NOWHERE, Containers, Frame
from tp_geo.files.identity import identity_of
from tp_geo.files.intake import FACTS, row_numbers
from tp_geo.files.mapping import Columns, check
from tp_geo.files.matching import Finding, place
from tp_geo.files.numbers import parse_numbers
from tp_geo.files.reasons import Reason, Weight
from tp_geo.files.row_numbers import BLANK, numbered

MAX_ROWS = 5_000_000


class Fate(IntEnum):
    """What became of a row."""

    MATCHED = 0
    REPAIRED = 1
    UNMATCHED = 2


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """A table with its rows put into containers, and all that was found.

    ``container`` is -1 for rows without one; ``how`` tells by what each was
    placed (``matching.How``); ``values`` is (rows, measures), NaN where unknown.
    ``accounts`` is how many accounts each row stands for: one, unless they
    were rolled up.
    """

    table: pd.DataFrame
    columns: Columns
    frame: Frame
    ids: Texts
    container: Containers
    how: NDArray[np.uint8]
    values: Floats
    findings: tuple[Finding, ...]
    accounts: Floats

    @cached_property
    def fate(self) -> NDArray[np.uint8]:
        """What became of each row; ``Fate`` as numbers."""
        found = np.full(len(self.table), Fate.MATCHED, dtype=np.uint8)
        for finding in self.findings:
            if finding.reason.told.weight is Weight.REPAIRED:
                found[finding.rows] = Fate.REPAIRED
        found[self.container == NOWHERE] = Fate.UNMATCHED
        return found

    @property
    def matched(self) -> int:
        """How many rows lie in a container, the repaired ones among them."""
        return int((self.container != NOWHERE).sum())

    @property
    def unmatched(self) -> int:
        """How many rows lie in none."""
        return len(self.table) - self.matched

    @property
    def repaired(self) -> int:
        """How many of the matched rows needed a repair."""
        return int((self.fate == Fate.REPAIRED).sum())

    @property
    def rolled_up(self) -> bool:
        """Whether rows stand for accounts that were rolled up before."""
        return self.columns.count is not None

    def standing_for(self, rows: NDArray[np.bool_]) -> int:
        """Return how many accounts some rows stand for."""
        return int(self.accounts[rows].sum())

    @property
    def by_reason(self) -> Mapping[str, int]:
        """How many rows each reason was found in; a row can have several."""
        rows: dict[Reason, list[NDArray[np.intp]]] = {}
        for finding in self.findings:
            rows.setdefault(finding.reason, []).append(finding.rows)
        return {r.value: len(np.unique(np.concatenate(rows[r]))) for r in Reason if r in rows}

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """The number of each row in its file, as people count: row 1 is the header."""
        if self.columns.source is None:
            return row_numbers(self.table)
        blank = self.table.attrs.get(FACTS, {}).get(BLANK, {})
        found = np.empty(len(self.table), dtype=np.int64)
        files = self.table[self.columns.source]
        for name, rows in files.groupby(files, sort=False).indices.items():
            found[rows] = numbered(len(rows) + 1, blank.get(name, []))[1:]
        return found

    def totals(self) -> dict[str, float]:
        """Return the sum of each measure over all rows, to compare with one's own."""
        sums = np.nansum(self.values, axis=0)
        return {m: float(s) for m, s in zip(self.columns.measures, sums, strict=True)}


def diagnose(table: pd.DataFrame, columns: Columns, frame: Frame) -> Diagnosis:
    """Return what becomes of every row of a table of texts.

    Raises ``BadData`` when the columns do not fit the table. Rows that lie in
    no container stay: they become units without one, so that totals agree
    with those of the source.
    """
    check(columns, table, countries=any(book.whole for book in frame.books))
    if len(table) > MAX_ROWS:
        raise BadData(f"The file has {len(table):,} rows; at most {MAX_ROWS:,} are read. Split it.")
    placed = place(table, columns, frame)
    identity = identity_of(table, columns)
    if columns.id is not None and columns.count is None:
        placed.note(Reason.MISSING_ID, columns.id, np.flatnonzero(identity.missing))
        rows = np.flatnonzero(identity.repeated)
        placed.note(Reason.DUPLICATE_ID, columns.id, rows, identity.ids[rows])
    values, findings = _measure(table, columns)
    accounts = _accounts(table, columns)
    return Diagnosis(
        table=table,
        columns=columns,
        frame=frame,
        ids=identity.ids,
        container=placed.container,
        how=placed.how,
        values=values,
        findings=(*placed.findings, *findings),
        accounts=accounts,
    )


def _accounts(table: pd.DataFrame, columns: Columns) -> Floats:
    """Return how many accounts each row stands for; refuse a number that can't be one."""
    if columns.count is None:
        return np.ones(len(table), dtype=np.float64)
    numbers = parse_numbers(table[columns.count]).values
    wrong = np.flatnonzero(~(numbers >= 0) | (numbers != np.floor(numbers)))
    if len(wrong):
        row, said = row_numbers(table)[wrong[0]], table[columns.count].iloc[wrong[0]]
        raise BadData(
            f"Row {row} stands for {said!r} accounts by its column {columns.count!r}. "
            "Write a whole number, 0 or more."
        )
    return numbers


def _measure(table: pd.DataFrame, columns: Columns) -> tuple[Floats, list[Finding]]:
    values = np.empty((len(table), len(columns.measures)), dtype=np.float64)
    found = []
    for k, name in enumerate(columns.measures):
        numbers = parse_numbers(table[name])
        values[:, k] = numbers.values
        for reason, which in (
            (Reason.NOT_A_NUMBER, numbers.bad),
            (Reason.NEGATIVE, numbers.values < 0),
            (Reason.MISSING_VALUE, np.isnan(numbers.values) & ~numbers.bad),
        ):
            if (rows := np.flatnonzero(which)).size:
                found.append(Finding(reason, name, rows))
    return values, found


def examples(diagnosis: Diagnosis, finding: Finding, count: int = 3) -> list[tuple[str, str, str]]:
    """Return row, id and value of the first rows of a finding."""
    rows = finding.rows[:count]
    ids = diagnosis.ids[rows]
    values = np.full(len(rows), "", dtype=object)
    if finding.column is not None:
        values = texts_of(diagnosis.table[finding.column].iloc[rows])
    return [(_row(diagnosis, r), str(i), str(v)) for r, i, v in zip(rows, ids, values, strict=True)]


def _row(diagnosis: Diagnosis, row: int) -> str:
    """Return how people find a row."""
    said, source = f"row {diagnosis.numbers[row]}", diagnosis.columns.source
    return said if source is None else f"{diagnosis.table[source].iloc[row]}, {said}"
