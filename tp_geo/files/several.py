"""Several files as one table: rows below each other, columns matched by their headers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tp_geo.errors import BadData
from tp_geo.files.intake import FACTS
from tp_geo.files.mapping import Columns, guess
from tp_geo.files.row_numbers import BLANK

SOURCE = "source file"
"""The column that says which file a row is from."""

_LISTED = 5


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """The rows of all files in their order; ``notes`` say what the files don't share."""

    table: pd.DataFrame
    title: str
    source: str | None = None
    notes: tuple[str, ...] = ()

    def guess(
        self, fixed: Mapping[str, str] | None = None, measures: Sequence[str] = ()
    ) -> Columns:
        """Return which column is most likely what; the file's name is an attribute."""
        if self.source is None:
            return guess(self.table, fixed, measures)
        found = guess(self.table.drop(columns=self.source), fixed, measures)
        return replace(found, source=self.source, attributes=(*found.attributes, self.source))


def together(files: Sequence[tuple[str, pd.DataFrame]]) -> Together:
    """Return files by name as one table of texts.

    Headers are the same when they differ in case and blanks alone, as long as
    their file has no other for that column; what a file has no column for is
    empty. Raises ``BadData`` for a file that shares no
    column with the first.
    """
    (first, table), *more = files
    if not more:
        return Together(table, first)
    names = _named([name for name, _ in files])
    tables, headers = [table], [*table.columns]
    for name, (_, other) in zip(names[1:], more, strict=True):
        alike = _matched(other.columns, headers)
        if not {*alike.values()} & {*table.columns}:
            raise BadData(_nothing_shared(table, names[0], name))
        tables.append(other.rename(columns=alike))
        headers += [c for c in tables[-1].columns if c not in headers]
    taken = next((n for n, t in zip(names, tables, strict=True) if SOURCE in t.columns), None)
    if taken is not None:
        raise BadData(
            f"{taken} has a column {SOURCE!r}, which is to say which file a row is from. Rename it."
        )
    stacked = pd.concat(tables, ignore_index=True).fillna("")
    blank = {n: t.attrs.get(FACTS, {}).get(BLANK, []) for n, t in zip(names, tables, strict=True)}
    stacked.attrs = {FACTS: {BLANK: blank}}
    stacked[SOURCE] = np.repeat(np.array(names, dtype=object), [len(t) for t in tables])
    return Together(stacked, _title(names), SOURCE, tuple(_missing(names, tables)))


def _named(names: Sequence[str]) -> list[str]:
    """Return names that all differ: the second ``a.csv`` is ``a.csv (2)``."""
    turns = pd.Series(names).groupby(list(names), sort=False).cumcount().tolist()
    return [n if turn == 0 else f"{n} ({turn + 1})" for n, turn in zip(names, turns, strict=True)]


def _matched(columns: Iterable[str], known: Sequence[str]) -> dict[str, str]:
    """Return by column the known header that it stands for; no two stand for one."""
    columns = list(columns)
    found = {c: c for c in columns if c in known}
    for column in (c for c in columns if c not in found):
        free = (k for k in known if k not in found.values() and _plain(k) == _plain(column))
        if (header := next(free, None)) is not None:
            found[column] = header
    return found


def _nothing_shared(first: pd.DataFrame, of_first: str, of_other: str) -> str:
    listed = ", ".join(map(str, first.columns[:_LISTED]))
    return (
        f"{of_other} has no column of {of_first} ({listed} …). Give files of the same columns, "
        "or add this one to the dataset by id afterwards: Add columns, tp-geo supplement."
    )


def _missing(names: Sequence[str], tables: Sequence[pd.DataFrame]) -> list[str]:
    every = dict.fromkeys(c for table in tables for c in table.columns)
    notes = []
    for name, table in zip(names, tables, strict=True):
        if lacking := [repr(c) for c in every if c not in table.columns]:
            more = f" and {len(lacking) - _LISTED} more" if len(lacking) > _LISTED else ""
            notes.append(f"{name} has no {', '.join(lacking[:_LISTED])}{more}; left empty")
    return notes


def _title(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more


def _plain(header: object) -> str:
    return " ".join(str(header).split()).casefold()
