"""Tables: the rows of a plan as CSV files, to be loaded one after the other.

Records refer to others by developer name, in columns such as
``Territory2Model.DeveloperName``: ids are the org's to give.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from tp_geo.crm.rows import ITEM, LINK, MODEL, RULE, TERRITORY, TYPE, Key, Row, Rows
from tp_geo.crm.steps import ACTIVE, FILTER

_REFERS: Mapping[str, str] = {
    "ParentTerritory2Id": "ParentTerritory2.DeveloperName",
    "Territory2Id": "Territory2.DeveloperName",
    "Territory2ModelId": "Territory2Model.DeveloperName",
    "Territory2TypeId": "Territory2Type.DeveloperName",
    "RuleId": "Rule.DeveloperName",
}
_LATER = ("ForecastUserId",)
"""What an org takes only once people are in a territory."""


def tables(rows: Rows) -> Mapping[str, str]:
    """Return the texts of CSV files by name; the names are in the order they are loaded in."""
    found = {}
    for number, (name, some, fields) in enumerate(_loads(rows), start=1):
        found[f"{number:02}-{name}.csv"] = _table(some, fields)
    return found


def _loads(rows: Rows) -> Iterator[tuple[str, Sequence[Row], Sequence[str]]]:
    """Yield what is loaded at once: a rule gets its filter when its items are there."""
    for name in (TYPE, MODEL):
        yield f"insert-{name}", rows.of_object(name), _fields(rows.of_object(name))
    territories = sorted(rows.of_object(TERRITORY), key=lambda row: rows.depth(row.key))
    for depth, level in groupby(territories, key=lambda row: rows.depth(row.key)):
        some = list(level)
        yield f"insert-{TERRITORY}-level-{depth + 1}", some, _fields(some)
    rules = rows.of_object(RULE)
    closing = (FILTER, ACTIVE)
    yield f"insert-{RULE}", rules, [f for f in _fields(rules) if f not in closing]
    for name in (ITEM, LINK):
        yield f"insert-{name}", rows.of_object(name), _fields(rows.of_object(name))
    yield f"update-{RULE}", rules, ["DeveloperName", *closing]


def _fields(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(f for row in rows for f in row.fields if f not in _LATER))


def _table(rows: Sequence[Row], fields: Sequence[str]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_REFERS.get(field, field) for field in fields])
    writer.writerows([_said(row.fields.get(field)) for field in fields] for row in rows)
    return out.getvalue()


def _said(value: object) -> str:
    if isinstance(value, Key):
        return value.name
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
