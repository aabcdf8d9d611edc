"""The contract: objects of Sales Territories with their fields, and limits, as the JSON says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final

from tp_geo.errors import BadData

UNKNOWN_SOURCE: Final = "RECOLLECTION"
"""The source of what the contract marks as unverified."""

_APART: Final = ("error-codes", "limits", "metadata-types", "rest-resources", "_sources")


@dataclass(frozen=True, slots=True)
class Field:
    """One field, as a describe tells it."""

    name: str
    type: str = "string"
    label: str = ""
    length: int = 0
    digits: int = 0
    precision: int = 0
    scale: int = 0
    nillable: bool = True
    createable: bool = True
    updateable: bool = True
    defaulted: bool = False
    filterable: bool = True
    groupable: bool = True
    sortable: bool = True
    id_lookup: bool = False
    external_id: bool = False
    unique: bool = False
    picklist: tuple[str, ...] = ()
    restricted: bool = False
    refers_to: tuple[str, ...] = ()
    relationship: str | None = None
    pattern: str | None = None
    generated: bool = False

    @property
    def custom(self) -> bool:
        """Whether an administrator made it."""
        return self.name.endswith("__c")


@dataclass(frozen=True, slots=True)
class Child:
    """Records of another object that point at this one."""

    name: str
    field: str
    relationship: str | None
    cascades: bool


@dataclass(frozen=True, slots=True)
class SObject:
    """An object with its fields, by name."""

    name: str
    label: str
    prefix: str
    createable: bool
    updateable: bool
    deletable: bool
    fields: Mapping[str, Field]
    unique: tuple[tuple[str, ...], ...] = ()
    children: tuple[Child, ...] = ()
    _by_lower: Mapping[str, Field] = field(default_factory=dict, repr=False)

    def find(self, name: str) -> Field | None:
        """Return a field by name, whatever the case; None when there is none."""
        return self._by_lower.get(name.lower())

    def with_fields(self, *more: Field) -> SObject:
        """Return the object with custom fields added."""
        return _sobject(self, {**self.fields, **{f.name: f for f in more}})


@cache
def objects() -> Mapping[str, SObject]:
    """Return every object of the contract, by name."""
    folder = files("tp_geo.crm") / "contract"
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".json"))
    found = [_read(document(n[:-5])) for n in names if n[:-5] not in _APART]
    return {sobject.name: sobject for sobject in found}


@cache
def document(name: str) -> Any:
    """Return one file of the contract, such as ``limits``."""
    path = files("tp_geo.crm") / "contract" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def limit(name: str) -> int:
    """Return a limit of Sales Territories by the name it has in the contract."""
    for entry in document("limits")["territory"]:
        if entry["name"] == name:
            return int(entry["value"])
    raise BadData(f"The contract has no limit {name!r}. See crm/contract/limits.json.")


def models_of(edition: str) -> int:
    """Return how many territory models an edition may have."""
    value: Mapping[str, int] = document("limits")["territory"][0]["value"]
    if edition not in value:
        raise BadData(f"There is no edition {edition!r}. Choose one of {', '.join(value)}.")
    return value[edition]


def models_allowed(edition: str) -> int | None:
    """Return how many models an org of an edition may have, ``None`` where that is not known.

    ``edition`` is what an org calls it, as "Enterprise Edition".
    """
    try:
        return models_of(edition.partition(" ")[0])
    except BadData:
        return None


def field_of(told: Mapping[str, Any]) -> Field:
    """Return a field from the contract's JSON, or from that of a custom field."""
    return Field(
        name=told["name"],
        type=told.get("type", "string"),
        label=told.get("label", told["name"]),
        length=told.get("length") or 0,
        digits=told.get("digits") or 0,
        precision=told.get("precision") or 0,
        scale=told.get("scale") or 0,
        nillable=bool(told.get("nillable")),
        createable=bool(told.get("createable")),
        updateable=bool(told.get("updateable")),
        defaulted=bool(told.get("defaultedOnCreate")),
        filterable=told.get("filterable", True),
        groupable=told.get("groupable", True),
        sortable=told.get("sortable", True),
        id_lookup=bool(told.get("idLookup")),
        external_id=bool(told.get("externalId")),
        unique=bool(told.get("unique")),
        picklist=tuple(told.get("picklistValues") or ()),
        restricted=bool(told.get("restrictedPicklist")),
        refers_to=tuple(told.get("referenceTo") or ()),
        relationship=told.get("relationshipName"),
        pattern=told.get("pattern"),
        generated=bool(told.get("generatedIfOmitted")),
    )


def _read(told: Mapping[str, Any]) -> SObject:
    flags = told["describeFlags"] or {}
    calls = told["supportedCallsDocumented"]
    bare = SObject(
        name=told["name"],
        label=told["label"],
        prefix=told.get("keyPrefix") or "",
        createable=flags.get("createable", "create()" in calls),
        updateable=flags.get("updateable", "update()" in calls),
        deletable=flags.get("deletable", "delete()" in calls),
        fields={},
        unique=tuple(tuple(u["fields"]) for u in told.get("unique", ())),
        children=tuple(
            Child(c["childObject"], c["field"], c["relationshipName"], c["cascadeDelete"])
            for c in told.get("childRelationships", ())
        ),
    )
    return _sobject(bare, {f["name"]: field_of(f) for f in told["fields"]})


def _sobject(bare: SObject, fields: Mapping[str, Field]) -> SObject:
    return SObject(
        name=bare.name,
        label=bare.label,
        prefix=bare.prefix,
        createable=bare.createable,
        updateable=bare.updateable,
        deletable=bare.deletable,
        fields=fields,
        unique=bare.unique,
        children=bare.children,
        _by_lower={name.lower(): f for name, f in fields.items()},
    )
