"""Ours: which rows of an org a plan wrote, and which territory is which area of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from tp_geo.crm.journal import Published
from tp_geo.crm.naming import area_of
from tp_geo.crm.rows import ITEM, LINK, RULE, TERRITORY, Key, Row, Rows
from tp_geo.crm.steps import FORECAST
from tp_geo.crm.wanted import Publication


def ours(
    publication: Publication, actual: Rows, written: Collection[Key] = ()
) -> Callable[[Row], bool]:
    """Return what tells whether a row of the org is ours to delete.

    Territories by their mark, rules by their name with their items and links;
    users and accounts only when they are among those we are known to have
    ``written``.
    """
    written = frozenset(written)

    def told(row: Row) -> bool:
        if row.key.object == TERRITORY:
            return area_of(_description(row), publication.plan) is not None
        if row.key.object == RULE:
            return row.key.name.startswith(f"{publication.rule_prefix}_")
        if row.key.object in (ITEM, LINK):
            rule = row.fields.get("RuleId")
            return isinstance(rule, Key) and rule in actual and told(actual[rule])
        return row.key in written

    return told


def called(actual: Rows, publication: Publication) -> Mapping[str, str]:
    """Return the developer names of the areas that the org has, by their marks."""
    return {
        area: row.key.name
        for row in actual.of_object(TERRITORY)
        if (area := area_of(_description(row), publication.plan)) is not None
    }


def forecasts_taken_back(rows: Rows, actual: Rows, last: Published | None) -> Rows:
    """Return what is wanted, with nobody to forecast where the one who does is of our last publish.

    Who forecasts by an administrator's choice is not named and stays.
    """
    if last is None:
        return rows
    return Rows.of(
        replace(row, fields={**row.fields, FORECAST: None})
        if row.key.object == TERRITORY and FORECAST not in row.fields and _ours(row, actual, last)
        else row
        for row in rows
    )


def _ours(row: Row, actual: Rows, last: Published) -> bool:
    """Whether who forecasts was put there by us, or was to be taken away when it broke off."""
    now, said = actual.get(row.key), last.wanted.get(row.key)
    if now is None or said is None or FORECAST not in said.fields:
        return False
    who = said.fields[FORECAST]
    if who is None and not last.ended and (before := last.before.get(row.key)):
        who = before.fields.get(FORECAST)
    return who is not None and now.fields.get(FORECAST) == who


def _description(row: Row) -> str:
    return str(row.fields.get("Description") or "")
