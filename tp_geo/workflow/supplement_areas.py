"""A table of areas that are there: owners, targets, locks, names and attributes in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from tp_geo.domain.alignment import Alignment, Area, AreaId
from tp_geo.domain.commands import Apply, counted
from tp_geo.domain.edits import PutArea
from tp_geo.domain.hierarchy import find_area, path
from tp_geo.domain.rules import admit
from tp_geo.errors import BadData, Refused
from tp_geo.files.intake import row_numbers
from tp_geo.workflow.area_fields import area_with, attribute_columns, columns_of
from tp_geo.workflow.cells import RowProblem, find_column, texts
from tp_geo.workflow.homes import WhereHomes
from tp_geo.workflow.model_tables import ID, NAME

PATH = ("path", "area path")
RENAME = ("new name", "rename to")


@dataclass(frozen=True, eq=False)
class AreasRead:
    """What a table of areas says, and what of it can't be used."""

    matched: int
    problems: tuple[RowProblem, ...]
    steps: tuple[Apply, ...]
    refused: str
    changed: tuple[AreaId, ...]
    locked: tuple[AreaId, ...]
    unlocked: tuple[AreaId, ...]


def read_areas(
    alignment: Alignment,
    table: pd.DataFrame,
    measures: Sequence[str],
    homes: WhereHomes | None = None,
) -> AreasRead:
    """Return what a table of areas would change.

    Areas are found by ``id`` (a number), ``path`` or ``name``. With an id, a
    name that differs renames the area, as ``new name`` always does. ``homes``:
    see ``area_with``.
    """
    columns = {k: find_column(table, names) for k, names in _COLUMNS.items()}
    named = columns["id"] or columns["path"] or columns["name"]
    if not named:
        raise BadData("The table has no column of areas. Call one name, path or id.")
    fields = columns_of(table, measures)
    more = attribute_columns(table, [c for c in columns.values() if c], fields, measures)
    cells = {c: texts(table, c) for c in [*fields.values(), *more]}
    keys = {k: texts(table, c) for k, c in columns.items()}
    wanted: dict[AreaId, Area] = {}
    flagged: dict[AreaId, bool] = {}
    wrong: list[RowProblem] = []
    for i, row in enumerate(row_numbers(table).tolist()):
        at = {k: column[i] for k, column in keys.items()}
        area = _found(alignment, at, row, columns, wrong)
        if area in wanted:
            why = "is in the table already; its first row counts"
            wrong.append(RowProblem(row, named, alignment.name(area), why))
        elif area is not None:
            said = {c: column[i] for c, column in cells.items()}
            made, bad = area_with(_renamed(alignment.areas[area], at), row, said, fields, homes)
            wanted[area] = made
            wrong += bad
            if "locked" in fields and said[fields["locked"]] and not bad:
                flagged[area] = made.locked
    return _read(alignment, wanted, flagged, wrong)


def _renamed(area: Area, at: Mapping[str, str]) -> Area:
    return replace(area, name=at["rename"] or (at["id"] and at["name"]) or area.name)


def share_named(alignment: Alignment, table: pd.DataFrame) -> float:
    """Return which share of a table's rows name an area."""
    known = {text for k, a in alignment.areas.items() for text in (a.name, path(alignment, k))}
    named = find_column(table, PATH) or find_column(table, NAME)
    return sum(text in known for text in texts(table, named)) / max(len(table), 1)


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ID,
    "path": PATH,
    "name": NAME,
    "rename": RENAME,
}


def _found(
    alignment: Alignment,
    at: Mapping[str, str],
    row: int,
    columns: Mapping[str, str | None],
    wrong: list[RowProblem],
) -> AreaId | None:
    """Return the area a row is about; note why there is none."""
    key = next((k for k in ("id", "path", "name") if at[k]), None)
    if key is None:
        return None
    text = f"#{at['id']}" if key == "id" and at["id"].isdigit() else at[key]
    try:
        return alignment.area(find_area(alignment, text)).id
    except Refused as error:
        wrong.append(RowProblem(row, columns[key] or key, at[key], str(error)))
        return None


def _read(
    alignment: Alignment,
    wanted: Mapping[AreaId, Area],
    flagged: Mapping[AreaId, bool],
    wrong: Iterable[RowProblem],
) -> AreasRead:
    """Return the revisions: unlock, change, lock; a locked area is changed only if the row says."""
    old = alignment.areas
    changed = [k for k, a in wanted.items() if replace(a, locked=old[k].locked) != old[k]]
    unlock = [k for k, on in flagged.items() if old[k].locked and (not on or k in changed)]
    lock = [k for k, on in flagged.items() if on and (not old[k].locked or k in unlock)]
    bundles = (
        ("unlock", "unlocked", [replace(old[k], locked=False) for k in unlock]),
        ("change", "changed", [_as_locked(wanted[k], old[k], k in unlock) for k in changed]),
        ("lock", "locked", [wanted[k] for k in lock]),
    )
    state, steps, refused = alignment, [], ""
    for kind, verb, areas in bundles:
        if not areas:
            continue
        step = Apply(
            tuple(map(PutArea, areas)), kind, f"{verb} {counted(len(areas), 'areas')} by a table"
        )
        steps.append(step)
        try:
            state = admit(state, step.made)
        except Refused as error:
            refused = str(error)
            break
    return AreasRead(
        matched=len(wanted),
        problems=tuple(sorted(wrong, key=lambda p: p.row)),
        steps=tuple(steps),
        refused=refused,
        changed=tuple(changed),
        locked=tuple(k for k in lock if not old[k].locked),
        unlocked=tuple(k for k in unlock if not flagged[k]),
    )


def _as_locked(wanted: Area, old: Area, unlocked: bool) -> Area:
    """Return the area with all it should have but a lock, which comes last."""
    return replace(wanted, locked=old.locked and not unlocked)
