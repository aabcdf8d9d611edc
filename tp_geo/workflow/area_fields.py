"""Columns of a table that say something of areas, and what an area is with them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from tp_geo.domain.alignment import HOME, Area, Profile
from tp_geo.workflow.cells import RowProblem, find_column, flag, folded, number, numeric, plain
from tp_geo.workflow.homes import WhereHomes

FIELDS: Mapping[str, tuple[str, ...]] = {
    "level": ("level", "level name"),
    "owner": ("owner", "owner id", "area owner", "user", "manager"),
    "color": ("color", "colour"),
    "profile": ("profile", "geographic profile"),
    "locked": ("locked", "lock"),
    HOME: ("home", "owner home", "owner's home"),
}
"""Fields of an area, and what columns for them may be called."""

TARGET, MINIMUM, MAXIMUM = "target:", "minimum:", "maximum:"
FIGURES: Mapping[str, str] = {TARGET: "targets", MINIMUM: "minimums", MAXIMUM: "maximums"}
"""What fields by measure begin with, and the field of an area they are in."""

CLEAR = "-"
"""What a cell says to take a value away; a blank cell leaves it as it is."""

DERIVED = frozenset(
    map(folded, ("path", "depth", "parent", "parent id", "status", "containers", "units", "parts"))
)
"""Columns of our own exports that say what areas hold; they are read past."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def columns_of(table: pd.DataFrame, measures: Sequence[str]) -> dict[str, str]:
    """Return the columns that are fields, targets or limits: by field, or ``target:measure``."""
    found = {f: c for f, names in FIELDS.items() if (c := find_column(table, names))}
    for measure in measures:
        for kind in FIGURES:
            word = kind.removesuffix(":")
            names = (f"{word} {measure}", f"{measure} {word}")
            if column := find_column(table, (*names, measure) if kind == TARGET else names):
                found[kind + measure] = column
    return found


def attribute_columns(
    table: pd.DataFrame, known: Sequence[str], fields: Mapping[str, str], measures: Sequence[str]
) -> list[str]:
    """Return the columns that are neither known nor fields: attributes."""
    used = {folded(c) for c in (*known, *fields.values())}
    skip = used | DERIVED | {folded(d) for m in measures for d in (m, f"{m} deviation")}
    return [str(c) for c in table.columns if str(c).strip() and folded(str(c)) not in skip]


def area_with(
    area: Area,
    row: int,
    cells: Mapping[str, str],
    fields: Mapping[str, str],
    homes: WhereHomes | None = None,
) -> tuple[Area, list[RowProblem]]:
    """Return an area with what its row says, and the cells that say nothing sensible.

    ``cells`` are the row's texts by column; columns that are no field become
    attributes. ``homes`` is asked when a row says where an owner lives; without
    it that is taken as it is written.
    """
    wrong: list[RowProblem] = []
    changes: dict[str, Any] = {}
    attributes = dict(area.attributes)
    figures: dict[str, Any] = {name: dict(getattr(area, name)) for name in FIGURES.values()}
    for field, column in fields.items():
        if not (text := cells[column]):
            continue
        value, why = _home(text, homes) if field == HOME else _value(field, text)
        if why:
            wrong.append(RowProblem(row, column, text, why))
        elif field == HOME:
            _set(attributes, HOME, value)
        elif (kind := _kind(field)) is not None:
            _set(figures[FIGURES[kind]], field.removeprefix(kind), value)
        else:
            changes[field] = value
    for column in [c for c in cells if c not in fields.values() and cells[c]]:
        _set(attributes, plain(column), _attribute(cells[column]))
    return replace(area, **changes, **figures, attributes=attributes), wrong


def _value(field: str, text: str) -> tuple[Any, str]:
    """Return what a cell says of a field, and why it can't be used."""
    match field:
        case "owner" if text == CLEAR:
            return None, ""
        case "color" if text == CLEAR:
            return None, ""
        case "color" if not _HEX.fullmatch(text):
            return None, "is no color; write six hexadecimal digits, as in #1b9e77"
        case "locked":
            on = flag(text)
            return on, "" if on is not None else "is neither TRUE nor FALSE"
        case "profile":
            said = folded(text).replace("non", "non-")
            found = {p.value: p for p in Profile}.get(said)
            return found, "" if found else "is neither contiguous nor non-contiguous"
        case _ if (kind := _kind(field)) is not None:
            return _figure(kind, text)
        case _:
            return text, ""


def _kind(field: str) -> str | None:
    return next((kind for kind in FIGURES if field.startswith(kind)), None)


def _figure(kind: str, text: str) -> tuple[float | None, str]:
    if text == CLEAR:
        return None, ""
    figure = number(text)
    if kind == TARGET and (figure is None or figure < 0):
        return None, "is no target; write a number of 0 or more, such as 1500.5"
    if figure is None or figure < 0 or (figure == 0 and kind != TARGET):
        return None, f"is no {kind.removesuffix(':')}; write a number above 0, such as 1500.5"
    return figure, ""


def _home(text: str, homes: WhereHomes | None) -> tuple[str | None, str]:
    if text == CLEAR:
        return None, ""
    if homes is None:
        return text, ""
    found = homes().read(text)
    return (None, found) if isinstance(found, str) else (found.text, "")


def _attribute(text: str) -> float | str | None:
    if text == CLEAR:
        return None
    figure = number(text) if numeric([text]) else None
    return text if figure is None else figure


def _set(values: dict[str, Any], key: str, value: object) -> None:
    if value is None:
        values.pop(key, None)
    else:
        values[key] = value
