"""A model from a table of areas: one row an area, its parent blank at the top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from tp_geo.domain.alignment import MAX_AREA_ID, MAX_LEVELS, Alignment, Area, AreaId, Items
from tp_geo.domain.problems import MAX_NAME, problems
from tp_geo.errors import BadData
from tp_geo.files.intake import row_numbers
from tp_geo.workflow.area_fields import area_with, attribute_columns, columns_of
from tp_geo.workflow.cells import RowProblem, find_column, texts
from tp_geo.workflow.homes import WhereHomes

NAME = ("name", "area", "area name", "territory", "territory name", "label", "title")
PARENT = ("parent id", "parent", "parent name", "parent area", "parent territory", "reports to")
ID = ("id", "area id", "territory id", "code", "key")

LEVELS = ("Region", "District", "Territory")
"""What levels are called when the table doesn't say; below them "Level 4" and so on."""

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    name: str
    parent: str
    id: str


def from_table(
    table: pd.DataFrame,
    items: Items,
    measures: Sequence[str] = (),
    homes: WhereHomes | None = None,
) -> Alignment:
    """Return the model a table describes, every item unassigned.

    Columns: ``name``, ``parent`` (a name, an id or a path such as
    ``West/California``; blank at the top), and if there are any ``id``,
    ``level``, ``owner``, ``home``, ``color``, ``profile``, ``locked``, and
    targets (``target population``, or a measure by its name). Every other
    column becomes an attribute. Rows may come in any order. ``homes``: see
    ``area_with``. Raises ``BadData`` naming the row.
    """
    rows = _rows(table)
    parents = _parents(rows)
    depths = _depths(rows, parents)
    areas = _described(table, rows, measures, homes)
    placed = {
        AreaId(i + 1): replace(
            areas[i],
            id=AreaId(i + 1),
            parent=None if (at := parents[i]) is None else AreaId(at + 1),
            level=areas[i].level or _level(depths[i]),
        )
        for i in range(len(rows))
    }
    model = replace(Alignment.empty(items), areas=placed)
    if wrong := problems(model):
        raise BadData(f"The table can't be a model: {wrong[0]}.")
    return model


def _described(
    table: pd.DataFrame, rows: Sequence[_Row], measures: Sequence[str], homes: WhereHomes | None
) -> list[Area]:
    """Return an area for each row with all its row says but its place."""
    fields = columns_of(table, measures)
    known = [c for names in (NAME, PARENT, ID) if (c := find_column(table, names))]
    more = attribute_columns(table, known, fields, measures)
    cells = {c: texts(table, c) for c in [*fields.values(), *more]}
    areas, wrong = [], []
    place = {number: i for i, number in enumerate(row_numbers(table).tolist())}
    for row in rows:
        at = {c: values[place[row.number]] for c, values in cells.items()}
        area, found = area_with(Area(AreaId(1), row.name, level=""), row.number, at, fields, homes)
        areas.append(area)
        wrong += found
    _refuse(wrong)
    return areas


def _level(depth: int) -> str:
    return LEVELS[depth - 1] if depth <= len(LEVELS) else f"Level {depth}"


def _rows(table: pd.DataFrame) -> list[_Row]:
    name, parent = find_column(table, NAME), find_column(table, PARENT)
    if name is None or parent is None:
        missing = "name" if name is None else "parent"
        there = ", ".join(map(str, table.columns[:10])) or "none"
        raise BadData(f"The table has no column {missing!r}. Columns: {there}. Rename one of them.")
    columns = (texts(table, c) for c in (name, parent, find_column(table, ID)))
    found = [_Row(*cells) for cells in zip(row_numbers(table).tolist(), *columns, strict=True)]
    found = [r for r in found if r.name or r.parent or r.id]
    if not found:
        raise BadData("The table has no rows. Give one row for each area.")
    if len(found) > MAX_AREA_ID:
        raise BadData(f"The table has {len(found):,} areas; at most {MAX_AREA_ID:,} may be.")
    _refuse([p for r in found for p in _named(r)])
    return found


def _named(row: _Row) -> list[RowProblem]:
    if not row.name:
        return [RowProblem(row.number, "name", "", "is blank; every area needs a name")]
    if len(row.name) > MAX_NAME:
        return [RowProblem(row.number, "name", row.name, f"has over {MAX_NAME} characters")]
    return []


def _parents(rows: Sequence[_Row]) -> list[int | None]:
    """Return, by row, the index of the parent's row; ids go before names, names before paths."""
    ids: dict[str, int] = {}
    found: list[RowProblem] = []
    for i, row in enumerate(rows):
        if row.id and ids.setdefault(row.id, i) != i:
            first = rows[ids[row.id]].number
            found.append(RowProblem(row.number, "id", row.id, f"is that of row {first} already"))
    names: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        names.setdefault(row.name, []).append(i)
    result: list[int | None] = []
    for row in rows:
        at, why = _parent(row, ids, names, rows)
        result.append(at)
        if why:
            found.append(RowProblem(row.number, "parent", row.parent, why))
    found += _twins(rows, result)
    _refuse(sorted(found, key=lambda p: p.row))
    return result


def _parent(
    row: _Row, ids: Mapping[str, int], names: Mapping[str, list[int]], rows: Sequence[_Row]
) -> tuple[int | None, str]:
    if not row.parent:
        return None, ""
    if row.parent in ids:
        return ids[row.parent], ""
    above, _, last = row.parent.rpartition("/")
    named = names.get(row.parent) or [
        i for i in names.get(last, []) if rows[i].parent == above.rpartition("/")[2]
    ]
    if not named:
        return None, "is no area of this table; add a row for it, or mend the spelling"
    if len(named) > 1:
        where = " and ".join(str(rows[i].number) for i in named[:_SHOWN])
        return None, f"is the name of rows {where}; give ids, or a path such as West/{last}"
    return named[0], ""


def _twins(rows: Sequence[_Row], parents: Sequence[int | None]) -> list[RowProblem]:
    firsts: dict[tuple[int | None, str], int] = {}
    found = []
    for i, row in enumerate(rows):
        first = firsts.setdefault((parents[i], row.name), i)
        if first != i:
            why = f"is there twice below the same parent, first in row {rows[first].number}"
            found.append(RowProblem(row.number, "name", row.name, why))
    return found


def _depths(rows: Sequence[_Row], parents: Sequence[int | None]) -> list[int]:
    """Return the level of each row, 1 at the top; refuse cycles and too many levels."""
    depths: dict[int, int] = {}
    found: list[RowProblem] = []
    for start in range(len(rows)):
        path: dict[int, None] = {}
        at: int | None = start
        while at is not None and at not in depths and at not in path:
            path[at] = None
            at = parents[at]
        if at in path:
            ring = list(path)[list(path).index(at) :]
            names = " → ".join(rows[i].name for i in [*ring[:_SHOWN], at])
            raise BadData(
                f"Row {rows[start].number}, parent {rows[start].parent!r}: the areas are under "
                f"themselves ({names}). Leave the parent of the top one blank."
            )
        depth = depths[at] if at is not None else 0
        for i in reversed(path):
            depth += 1
            depths[i] = depth
            if depth == MAX_LEVELS + 1:
                why = f"would be on level {depth}; an alignment has at most {MAX_LEVELS}"
                found.append(RowProblem(rows[i].number, "parent", rows[i].parent, why))
    _refuse(found)
    return [depths[i] for i in range(len(rows))]


def _refuse(found: Sequence[RowProblem]) -> None:
    if found:
        more = Counter(p.field for p in found[1:])
        rest = ", ".join(f"{n:,} more in {field}" for field, n in more.items())
        raise BadData(f"{found[0]}.{f' And {rest}.' if rest else ''}")
