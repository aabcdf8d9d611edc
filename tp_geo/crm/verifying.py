"""Verifying: what a real org says of itself beside the contract, and what each difference means.

The contract was put together from documents. An org may know other objects
and fields, or allow less, by its release, its settings or who is connected.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tp_geo.crm.criteria import COUNTRY, POSTAL
from tp_geo.crm.extract import FIELDS
from tp_geo.crm.rows import ACCOUNT, ITEM, LINK, MODEL, OBJECTS, RULE, TERRITORY, TYPE, USER
from tp_geo.crm.schema import Field, SObject, models_allowed, objects

PEOPLE, ACCOUNTS = "User", "Account"
READ: Mapping[str, tuple[str, ...]] = {
    **FIELDS,
    PEOPLE: ("Username", "Email", "FederationIdentifier", "Name", "IsActive", "ForecastEnabled"),
    ACCOUNTS: ("Name", "BillingPostalCode", "BillingCountry"),
}
"""The fields that publish and import read of each object."""

CREATED: Mapping[str, tuple[str, ...]] = {
    TYPE: ("DeveloperName", "MasterLabel", "Priority"),
    MODEL: ("DeveloperName", "Name"),
    TERRITORY: (
        "DeveloperName", "Name", "Description", "ParentTerritory2Id", "Territory2TypeId",
        "Territory2ModelId", "AccountAccessLevel", "OpportunityAccessLevel", "CaseAccessLevel",
    ),
    RULE: ("DeveloperName", "MasterLabel", "ObjectType", "Territory2ModelId"),
    ITEM: ("RuleId", "SortOrder", "Field", "Operation", "Value"),
    LINK: ("RuleId", "Territory2Id", "IsInherited"),
    USER: ("UserId", "Territory2Id", "RoleInTerritory2"),
    ACCOUNT: ("ObjectId", "Territory2Id", "AssociationCause"),
}  # fmt: skip
"""The fields that a publish fills in."""

UPDATED: Mapping[str, tuple[str, ...]] = {
    TERRITORY: ("Name", "Description", "ParentTerritory2Id", "ForecastUserId"),
    RULE: ("BooleanFilter", "IsActive", "MasterLabel"),
    ITEM: ("Field", "Operation", "Value"),
    USER: ("RoleInTerritory2",),
}
"""The fields that a publish changes later."""

DELETED = (TERRITORY, RULE, ITEM, LINK, USER, ACCOUNT)
FEW_CALLS = 500
"""Calls of a day below which a large publish may not get through."""

_FIELD_FLAGS = ("createable", "updateable")
_DOES = {"createable": "fill it in", "updateable": "change it"}
_WHOLE = {"createable": "create", "updateable": "change", "deletable": "delete"}


@dataclass(frozen=True, slots=True)
class Use:
    """What is done to an org: fields filled in and changed by object, objects deleted from."""

    created: Mapping[str, Collection[str]]
    updated: Mapping[str, Collection[str]]
    deleted: Collection[str]

    def does(self, name: str, flag: str) -> bool:
        """Whether records of an object are created, changed or deleted."""
        by_flag = {"createable": self.created, "updateable": self.updated}
        return name in by_flag.get(flag, self.deleted)

    def fields(self, name: str, flag: str) -> Collection[str]:
        """Return the fields of an object that are filled in or changed."""
        return (self.created if flag == "createable" else self.updated).get(name, ())


ANY = Use(CREATED, UPDATED, DELETED)
"""What publishes do at most."""


class Weight(StrEnum):
    """How much a difference matters."""

    STOPS = "stops"
    LESS = "less"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that is otherwise than the contract says, and what it means."""

    weight: Weight
    object: str
    field: str
    found: str
    means: str


def differences(described: Mapping[str, Mapping[str, Any] | None]) -> tuple[Difference, ...]:
    """Return how an org's objects differ from the contract.

    ``described`` is what the org says of each object by name, ``None`` of one
    that it does not know.
    """
    return tuple(d for name in (*OBJECTS, PEOPLE, ACCOUNTS) for d in _object(name, described[name]))


def lacking(described: Mapping[str, Mapping[str, Any] | None], use: Use) -> Iterator[Difference]:
    """Yield what the user who is connected may not do, of what is done to some objects."""
    for name, told in described.items():
        if told is None:
            yield Difference(Weight.STOPS, name, "", "is not there", _absent(name))
        else:
            yield from _closed(objects()[name], told, use)


def room(
    limits: Mapping[str, Mapping[str, int]], models: int, edition: str
) -> tuple[Difference, ...]:
    """Return what is short in an org: calls of today, models of its edition."""
    found = []
    left = limits.get("DailyApiRequests", {}).get("Remaining")
    if left is None:
        means = "It can't be told whether a publish gets through today."
        found.append(Difference(Weight.NOTE, "limits", "", "DailyApiRequests is missing", means))
    elif left < FEW_CALLS:
        means = "A large publish may stop in the middle; it goes on where it stopped."
        said = f"{left:,} API calls are left today"
        found.append(Difference(Weight.LESS, "limits", "", said, means))
    most = models_allowed(edition)
    if most is not None and models >= most:
        means = "A publish can only go to a model that is there; a new one would be refused."
        said = f"{models} of {most} models are there"
        found.append(Difference(Weight.LESS, MODEL, "", said, means))
    return tuple(found)


def _object(name: str, told: Mapping[str, Any] | None) -> Iterator[Difference]:
    if told is None:
        yield Difference(Weight.STOPS, name, "", "is not there", _absent(name))
        return
    contract = objects()[name]
    if name in OBJECTS:
        yield from _closed(contract, told, ANY)
    fields = {f["name"]: f for f in told["fields"]}
    for field in contract.fields.values():
        yield from _field(name, field, fields.get(field.name))
    if name in CREATED:
        yield from _required(name, contract, fields)


def _absent(name: str) -> str:
    if name == MODEL:
        return (
            "Sales Territories is off in this org (switch it on in Setup, under Territory "
            "Settings), or the user who is connected may not see it."
        )
    return "Publish and import read it: neither works."


def _closed(contract: SObject, told: Mapping[str, Any], use: Use) -> Iterator[Difference]:
    """Yield what may not be done to an object as a whole, else to which of its fields."""
    fields = {f["name"]: f for f in told["fields"]}
    for flag, does in _WHOLE.items():
        if not (getattr(contract, flag) and use.does(contract.name, flag)):
            continue
        if not told.get(flag):
            weight = Weight.LESS if flag == "deletable" or contract.name == USER else Weight.STOPS
            yield Difference(weight, contract.name, "", f"is not {flag}", _means(contract, does))
        elif flag in _FIELD_FLAGS:
            yield from _read_only(contract, fields, flag, use.fields(contract.name, flag))


def _read_only(
    contract: SObject, fields: Mapping[str, Mapping[str, Any]], flag: str, used: Collection[str]
) -> Iterator[Difference]:
    for field in contract.fields.values():
        told = fields.get(field.name)
        if told is None or field.name not in used or not getattr(field, flag) or told.get(flag):
            continue
        weight = Weight.LESS if field.name == "RoleInTerritory2" else Weight.STOPS
        means = f"A publish can't {_DOES[flag]}; is the field read-only for the user?"
        yield Difference(weight, contract.name, field.name, f"is not {flag}", means)


def _means(contract: SObject, does: str) -> str:
    if contract.name == LINK:
        return (
            "Rules can't be joined to territories by REST: deploy the Metadata package of the "
            "plan instead."
        )
    if contract.name == USER and does == "change":
        return "Roles of users who are there can't be changed: remove them, then publish again."
    return (
        f"A publish can't {does} {contract.label}; does the user who is connected have Manage "
        "Territories?"
    )


def _field(name: str, field: Field, told: Mapping[str, Any] | None) -> Iterator[Difference]:
    used = field.name in (*READ[name], *CREATED.get(name, ()))
    if told is None:
        if field.name in READ[name]:
            means = "Publish and import read it, and the org would refuse the query."
            yield Difference(Weight.STOPS, name, field.name, "is not there", means)
        elif used or field.name in UPDATED.get(name, ()):
            means = "A publish fills it in, and the org would refuse the record."
            yield Difference(Weight.STOPS, name, field.name, "is not there", means)
        return
    if used:
        yield from _shape(name, field, told)
    if name == ITEM and field.name == "Field":
        yield from _criteria(told)


def _shape(name: str, field: Field, told: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield how the values of a field differ."""
    if told.get("type") != field.type:
        means = "Values may be read or taken otherwise than expected; try a publish in a sandbox."
        found = f"is of type {told.get('type')}, not {field.type}"
        yield Difference(Weight.LESS, name, field.name, found, means)
    length = int(told.get("length") or 0)
    if field.length and length < field.length and field.type not in {"reference", "id"}:
        means = "Longer texts would be refused; the record is named, and what is written stays."
        found = f"takes {length:,} characters, not {field.length:,}"
        yield Difference(Weight.LESS, name, field.name, found, means)
    there = {v["value"] for v in told.get("picklistValues") or () if v.get("active", True)}
    if field.picklist and (gone := [v for v in field.picklist if v not in there]):
        means = "These values can't be given: choose another one when you publish."
        found = f"has no value {', '.join(gone)}"
        yield Difference(Weight.LESS, name, field.name, found, means)
    if field.picklist and (
        new := sorted(v for v in there - {*field.picklist} if not v.endswith("__c"))
    ):
        means = "Nothing here gives them; what is there stays as it is."
        found = f"has more values: {', '.join(new[:5])}"
        yield Difference(Weight.NOTE, name, field.name, found, means)


def _criteria(told: Mapping[str, Any]) -> Iterator[Difference]:
    there = {v["value"] for v in told.get("picklistValues") or ()}
    for field in (POSTAL, COUNTRY) if there else ():
        if field not in there:
            means = "Rules can't ask for it: may the user see that field of accounts?"
            yield Difference(Weight.STOPS, ITEM, "Field", f"does not offer {field}", means)


def _required(
    name: str, contract: SObject, fields: Mapping[str, Mapping[str, Any]]
) -> Iterator[Difference]:
    for told in fields.values():
        asked = not (told.get("nillable", True) or told.get("defaultedOnCreate"))
        if (
            told["name"] not in contract.fields
            and asked
            and told.get("createable")
            and told.get("type") != "boolean"
        ):
            means = "A publish does not fill it in, and the org would refuse new records."
            yield Difference(Weight.STOPS, name, told["name"], "is required", means)
