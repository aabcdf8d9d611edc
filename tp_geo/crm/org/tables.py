"""The objects an org has: those of the contract, custom fields added, what is off left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from tp_geo.crm.org.settings import Settings
from tp_geo.crm.org.state import State
from tp_geo.crm.schema import Field, SObject, field_of, objects
from tp_geo.errors import BadData

VIEWS: Final = ("AccountUserTerritory2View", "ObjectUserTerritory2View")
"""Joins that Salesforce makes for its own pages."""

_OFF: Final = ("CurrencyIsoCode", "MayEdit", "IsLocked")
"""Fields of features that this org does not have: several currencies, locks by approval."""

_ITEM: Final = "ObjectTerritory2AssignmentRuleItem"
_ROLES: Final = "UserTerritory2Association"


def schema_of(state: State, settings: Settings) -> dict[str, SObject]:
    """Return the objects of an org, by name, with a table for each."""
    schema = {n: _without(s) for n, s in objects().items() if n not in VIEWS}
    for name, told in state.rows("select object, told from custom_field order by rowid"):
        schema[name] = schema[name].with_fields(field_of(json.loads(told)))
    schema[_ITEM] = _offering(schema[_ITEM], "Field", _criteria(schema["Account"]))
    roles = json.loads(state.fact("roles") or "[]")
    schema[_ROLES] = _offering(schema[_ROLES], "RoleInTerritory2", roles)
    for sobject in schema.values():
        state.prepare(sobject)
    if not settings.territories_on:
        return {n: s for n, s in schema.items() if "Territory" not in n}
    return schema


def add_field(state: State, name: str, told: Mapping[str, Any]) -> None:
    """Keep a custom field of an object."""
    if name not in objects():
        raise BadData(f"The seed has fields for {name!r}, which is no object of the contract.")
    if not str(told.get("name", "")).endswith("__c"):
        raise BadData(
            f"The custom field {told.get('name')!r} of {name}: its name has to end in __c."
        )
    full = {"createable": True, "updateable": True, "nillable": True, "length": 255, **told}
    state.run(
        "insert or replace into custom_field values (?, ?, ?)", name, full["name"], json.dumps(full)
    )


def _without(sobject: SObject) -> SObject:
    kept = {n: f for n, f in sobject.fields.items() if n not in _OFF}
    return replace(sobject, fields={}).with_fields(*kept.values())


def _criteria(account: SObject) -> Sequence[str]:
    offered = objects()[_ITEM].fields["Field"].picklist
    return [*offered, *(f"Account.{f.name}" for f in account.fields.values() if f.custom)]


def _offering(sobject: SObject, name: str, values: Sequence[str]) -> SObject:
    field: Field = replace(sobject.fields[name], picklist=tuple(values))
    return sobject.with_fields(field)
