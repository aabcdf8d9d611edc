"""A table of units or containers: what it says of each, and the revisions it amounts to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tp_geo.domain.alignment import UNASSIGNED, Alignment, AreaId, Flags, Positions
from tp_geo.domain.commands import Apply, HoldItems, counted
from tp_geo.domain.dataset import Dataset, Floats, Measure, Texts
from tp_geo.domain.edits import diff, replay
from tp_geo.domain.hierarchy import find_area, levels
from tp_geo.domain.problems import RESERVED
from tp_geo.domain.rules import admit
from tp_geo.errors import Refused
from tp_geo.files.headers import words
from tp_geo.files.intake import row_numbers
from tp_geo.files.numbers import parse_numbers
from tp_geo.files.postal import Form, normalize
from tp_geo.workflow.cells import (
    RowProblem,
    find_column,
    flag,
    folded,
    numeric,
    plain,
    texts,
)
from tp_geo.workflow.models import entered
from tp_geo.workflow.supplement_figures import Figures

IDS = {
    False: ("code", "container", "postal code", "postal", "zip", "zip code", "zcta", "geoid",
            "fips", "county", "state", "id"),
    True: ("code", "unit", "unit id", "id", "account id", "record id", "account"),
}  # fmt: skip
"""What the column of ids is called, for containers and for units; else it is the first."""

ASSIGN = ("assign to", "assign", "assignment", "area", "area path", "territory")
LOCK = ("locked", "lock", "held", "hold")
_DERIVED = ("kind", "name", "container", "area id", "area", "area owner", "exception", "held")
_SHORT = 2
"""Codes of so few characters are taken as they are."""

_MOSTLY = 0.8
"""A new column is a measure when so many of its values are numbers."""


CALCULATED = "is calculated by a formula; the column is left out"


@dataclass(frozen=True, eq=False)
class ItemsRead:
    """What a table of items says, and what of it can't be used."""

    rows: int
    matched: int
    problems: tuple[RowProblem, ...]
    steps: tuple[Apply, ...]
    refused: str
    figures: Figures
    moved: Positions
    held: Positions
    released: Positions


def share_found(dataset: Dataset, table: pd.DataFrame, *, units: bool) -> float:
    """Return which share of a table's ids are known."""
    kept = _of_kind(table, units)
    found = _positions(dataset, kept, _id_column(kept, units), units)
    return sum(at is not None for at in found) / max(len(kept), 1)


def read_items(
    alignment: Alignment, dataset: Dataset, table: pd.DataFrame, *, units: bool
) -> ItemsRead:
    """Return what a table of units or containers would change."""
    kept = _of_kind(table, units)
    rows = row_numbers(table)[_kind_mask(table, units)].tolist()
    column = _id_column(kept, units)
    places = _Places(rows, _positions(dataset, kept, column, units))
    problems = places.problems(texts(kept, column), column, dataset, units)
    assign, lock = find_column(kept, ASSIGN), find_column(kept, LOCK)
    to, wrong_to = _targets(alignment, places, texts(kept, assign), assign or "")
    on, wrong_on = _flags(places, texts(kept, lock), lock or "")
    held, more = _held_ones(alignment, places, to, on, assign or "")
    steps, refused = _steps(alignment, to, on, held)
    skip = {folded(c) for c in (column, assign, lock, *_DERIVED, *levels(alignment)) if c}
    figures, wrong = _figures(dataset, kept, places, skip, units)
    found = [*problems, *wrong_to, *wrong_on, *more, *wrong]
    return ItemsRead(
        rows=len(kept),
        matched=len(places.at),
        problems=tuple(sorted(found, key=lambda p: p.row)),
        steps=steps,
        refused=refused,
        figures=figures,
        moved=_array(i for i, k in to.items() if alignment.resolved[i] != k),
        held=_array(i for i, yes in on.items() if yes and not alignment.held[i]),
        released=_array(i for i, yes in on.items() if not yes and alignment.held[i]),
    )


class _Places:
    """Rows whose id is known and new: position by index in the table."""

    def __init__(self, rows: Sequence[int], found: Sequence[int | None]) -> None:
        self.rows, self.found = rows, found
        firsts: dict[int, int] = {}
        self.twins: dict[int, int] = {}
        for i, at in enumerate(found):
            if at is not None and firsts.setdefault(at, i) != i:
                self.twins[i] = firsts[at]
        self.at = {i: at for at, i in firsts.items()}

    def problems(
        self, ids: Sequence[str], field: str, dataset: Dataset, units: bool
    ) -> list[RowProblem]:
        what = "unit" if units else "container"
        unknown = f"is no {what} of dataset {dataset.name}; check leading zeros and the level"
        wrong = [
            RowProblem(self.rows[i], field, ids[i], unknown)
            for i, at in enumerate(self.found)
            if at is None
        ]
        for i, first in self.twins.items():
            why = f"is in row {self.rows[first]} already; that row counts"
            wrong.append(RowProblem(self.rows[i], field, ids[i], why))
        return wrong


def _kind_mask(table: pd.DataFrame, units: bool) -> Flags:
    """Return which rows of our own export are of the kind; all, where it does not say."""
    kind = find_column(table, ("kind",))
    said = {t.casefold() for t in texts(table, kind)}
    if kind is None or not said <= {"container", "unit"}:
        return np.ones(len(table), dtype=np.bool_)
    wanted = "unit" if units else "container"
    return np.array([t.casefold() == wanted for t in texts(table, kind)], dtype=np.bool_)


def _of_kind(table: pd.DataFrame, units: bool) -> pd.DataFrame:
    return table[_kind_mask(table, units)]


def _id_column(table: pd.DataFrame, units: bool) -> str:
    return find_column(table, IDS[units]) or str(table.columns[0])


def _positions(dataset: Dataset, table: pd.DataFrame, column: str, units: bool) -> list[int | None]:
    """Return the position of each id; codes that lost zeros or have a ZIP+4 are mended."""
    ids = texts(table, column)
    if units:
        return [dataset.units.get(i) for i in ids]
    known = dataset.containers
    form = Form.of(known)
    mended = normalize(pd.Series(ids, dtype=str), form).codes if form.width > _SHORT else ids
    return [known.get(i, known.get(m)) for i, m in zip(ids, mended, strict=True)]


def _targets(
    alignment: Alignment, places: _Places, cells: Sequence[str], field: str
) -> tuple[dict[int, AreaId], list[RowProblem]]:
    """Return the leaf each item goes to."""
    leaves: dict[str, AreaId | str] = {}
    to: dict[int, AreaId] = {}
    wrong = []
    for i, at in places.at.items():
        if not (text := cells[i]):
            continue
        if text not in leaves:
            leaves[text] = _leaf(alignment, text)
        leaf = leaves[text]
        if isinstance(leaf, str):
            wrong.append(RowProblem(places.rows[i], field, text, leaf))
        else:
            to[at] = leaf
    return to, wrong


def _leaf(alignment: Alignment, text: str) -> AreaId | str:
    """Return the leaf area a cell names, or what is wrong with it."""
    if text.casefold() in RESERVED:
        return UNASSIGNED
    try:
        found = find_area(alignment, text)
    except Refused as error:
        return str(error)
    if alignment.children(found):
        return f"is divided; name an area below it, such as {alignment.name(alignment.leaf(found))}"
    return found


def _flags(
    places: _Places, cells: Sequence[str], field: str
) -> tuple[dict[int, bool], list[RowProblem]]:
    on: dict[int, bool] = {}
    wrong = []
    for i, at in places.at.items():
        if not cells[i]:
            continue
        said = flag(cells[i])
        if said is None:
            why = "is neither TRUE nor FALSE"
            wrong.append(RowProblem(places.rows[i], field, cells[i], why))
        else:
            on[at] = said
    return on, wrong


def _held_ones(
    alignment: Alignment,
    places: _Places,
    to: dict[int, AreaId],
    on: Mapping[int, bool],
    field: str,
) -> tuple[Positions, list[RowProblem]]:
    """Return held items to release first; those that would move unasked are left, and told."""
    row_of = {at: places.rows[i] for i, at in places.at.items()}
    wrong, released = [], []
    for at, leaf in list(to.items()):
        if not alignment.held[at] or alignment.resolved[at] == leaf:
            continue
        if at in on:
            released.append(at)
            continue
        why = "can't be given to a held item; write FALSE (or TRUE: hold it there) as locked"
        wrong.append(RowProblem(row_of[at], field, alignment.name(leaf), why))
        del to[at]
    released += [at for at, yes in on.items() if not yes and alignment.held[at]]
    return _array(released), wrong


def _steps(
    alignment: Alignment, to: Mapping[int, AreaId], on: Mapping[int, bool], release: Positions
) -> tuple[tuple[Apply, ...], str]:
    """Return the revisions: let go, move, hold; and why the rules don't allow them, if so."""
    state, steps = alignment, []
    moves = _array(i for i, k in to.items() if alignment.resolved[i] != k)
    hold = _array(i for i, yes in on.items() if yes)
    try:
        for kind, items in (("release", release), ("move", moves), ("hold", hold)):
            after = _after(state, kind, items, to)
            edits = diff(state, after)
            if edits:
                verb = {"release": "released", "move": "moved", "hold": "held"}[kind]
                steps.append(
                    Apply(edits, kind, f"{verb} {counted(len(items), 'items')} by a table")
                )
                state = admit(state, edits)
    except Refused as error:
        return tuple(steps), str(error)
    return tuple(steps), ""


def _after(state: Alignment, kind: str, items: Positions, to: Mapping[int, AreaId]) -> Alignment:
    if kind != "move":
        return replay(state, HoldItems(items, kind == "hold").edits(state, iter(())))
    leaf = np.array([to[i] for i in items.tolist()], dtype=np.int32)
    return replace(state, area_of=entered(state, items, leaf, state.held))


def _figures(
    dataset: Dataset, table: pd.DataFrame, places: _Places, skip: set[str], units: bool
) -> tuple[Figures, list[RowProblem]]:
    """Return the measures and attributes of the other columns; only those that change something."""
    measures: list[Measure] = []
    values: dict[str, Floats] = {}
    said: dict[str, Texts] = {}
    wrong: list[RowProblem] = []
    calculated = {f.name for f in dataset.formulas}
    index = np.array(list(places.at), dtype=np.intp)
    at = np.array(list(places.at.values()), dtype=np.intp)
    for column in [str(c) for c in table.columns if str(c).strip()]:
        if folded(column) in skip:
            continue
        cells = np.array(texts(table, column), dtype=object)[index]
        title = plain(column)
        measure = _measure(dataset, title, cells)
        if measure is None:
            found = np.full(dataset.items.count, "", dtype=object)
            found[at] = cells
            old = dataset.attributes.get(title, np.full(len(found), "", dtype=object))
            if ((found != "") & (found != old)).any():
                said[title] = found
            continue
        numbers = parse_numbers(pd.Series(cells, dtype=str))
        figures = np.full(dataset.items.count, np.nan)
        figures[at] = numbers.values
        rows = [places.rows[i] for i in index]
        if measure.name in calculated:
            if _new(dataset, measure, figures):
                wrong.append(RowProblem(rows[0], column, "", CALCULATED))
            continue
        wrong += _bad_numbers(rows, column, cells, numbers.bad, numbers.values)
        if _new(dataset, measure, figures):
            measures.append(measure)
            values[measure.name] = figures
    return Figures(tuple(measures), values, said, units), wrong


def _measure(dataset: Dataset, column: str, cells: Texts) -> Measure | None:
    """Return the measure a column is: one there is, or a new one when it holds numbers."""
    for known in dataset.measures:
        if folded(column) in (folded(known.name), folded(known.label)):
            return known
    there = Counter(c for c in cells.tolist() if c)
    good = sum(times for c, times in there.items() if numeric([c]))
    if column in dataset.attributes or not there or good < _MOSTLY * there.total():
        return None
    return Measure(words(column) or column, column)


def _new(dataset: Dataset, measure: Measure, figures: Floats) -> bool:
    there = ~np.isnan(figures)
    if measure not in dataset.measures:
        return bool(there.any())
    return bool((figures[there] != dataset.column(measure.name)[there]).any())


def _bad_numbers(
    rows: Sequence[int],
    column: str,
    cells: Texts,
    bad: Flags,
    values: Floats,
) -> Iterator[RowProblem]:
    for i in np.flatnonzero(bad).tolist():
        yield RowProblem(rows[i], column, str(cells[i]), "is not a number; it is left out")
    for i in np.flatnonzero(values < 0).tolist():
        yield RowProblem(rows[i], column, str(cells[i]), "is negative; it is taken as it is")


def _array(items: Iterator[int] | Sequence[int]) -> Positions:
    return np.array(sorted(set(items)), dtype=np.intp)
