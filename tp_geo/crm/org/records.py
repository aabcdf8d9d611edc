"""Records created, changed, deleted and read one by one, with every check of the contract."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from tp_geo.crm.org.ids import PROFILE_ID, full, well_formed
from tp_geo.crm.org.problems import ApiError, not_found
from tp_geo.crm.org.settings import Settings
from tp_geo.crm.org.state import Record, State
from tp_geo.crm.org.values import stored, timestamp, told
from tp_geo.crm.schema import Field, SObject

STAMPS: Final = (
    "CreatedById",
    "CreatedDate",
    "LastModifiedById",
    "LastModifiedDate",
    "SystemModstamp",
)
_NOT_ASKED: Final = ("AccountAccessLevel", "OpportunityAccessLevel", "CaseAccessLevel")
"""Left out on create, they take what the org's settings say."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is about to happen to a record; `after` is what will be stored."""

    kind: str
    sobject: SObject
    id: str
    before: Record
    after: Record
    given: frozenset[str]
    by_org: bool = False

    @property
    def name(self) -> str:
        """The object's name."""
        return self.sobject.name


@dataclass(slots=True)
class Context:
    """What checks need to know: records, settings, who asks, what time it is."""

    state: State
    settings: Settings
    schema: Mapping[str, SObject]
    now: Callable[[], datetime]
    user: str = ""
    auto_assign: bool = True
    on_write: Callable[[], None] = lambda: None
    touched: list[str] = field(default_factory=list)
    """Accounts written in this call, for the rules of the active model."""

    def sobject(self, name: str) -> SObject:
        """Return an object by name, whatever the case."""
        found = self.schema.get(name) or self._lower().get(name.lower())
        if found is None:
            raise ApiError("INVALID_TYPE", f"sObject type '{name}' is not supported.")
        return found

    def _lower(self) -> Mapping[str, SObject]:
        return {known.lower(): sobject for known, sobject in self.schema.items()}


Guard = Callable[[Context, Change], None]
Removal = Callable[[Context, Change], None]


class Records:
    """The records of an org; `before` checks a change, `after` does what follows from it.

    `removals` delete records of objects that go in a way of their own.
    """

    def __init__(
        self,
        context: Context,
        before: Mapping[str, tuple[Guard, ...]],
        after: Mapping[str, tuple[Guard, ...]],
        removals: Mapping[str, Removal],
    ) -> None:
        self.context = context
        self._before = before
        self._after = after
        self._removals = removals

    def create(self, name: str, values: Mapping[str, Any], *, by_org: bool = False) -> str:
        """Add a record and return its id; `by_org` may set what no client may."""
        sobject = self.context.sobject(name)
        _allowed(sobject, "create", sobject.createable or by_org)
        given = self._given(sobject, values, "create", by_org=by_org)
        record = {**_defaults(sobject, given), **given}
        _check_required(sobject, record)
        record_id = self.context.state.new_id(sobject)
        record = {
            "Id": record_id,
            **_generated(sobject, record),
            **self._stamps(sobject, ("Created", "Last", "System")),
        }
        change = Change("create", sobject, record_id, {}, record, frozenset(given), by_org)
        self._write(change)
        return record_id

    def update(
        self, name: str, record_id: str, values: Mapping[str, Any], *, by_org: bool = False
    ) -> None:
        """Change fields of a record."""
        sobject = self.context.sobject(name)
        _allowed(sobject, "update", sobject.updateable or by_org)
        before = self.existing(sobject, record_id)
        given = self._given(sobject, values, "update", by_org=by_org)
        after = {**before, **given, **self._stamps(sobject, ("Last", "System"))}
        change = Change("update", sobject, before["Id"], before, after, frozenset(given), by_org)
        self._write(change)

    def delete(self, name: str, record_id: str, *, by_org: bool = False) -> None:
        """Delete a record and what goes with it."""
        sobject = self.context.sobject(name)
        _allowed(sobject, "delete", sobject.deletable)
        before = self.existing(sobject, record_id, gone="ENTITY_IS_DELETED")
        change = Change("delete", sobject, before["Id"], before, {}, frozenset(), by_org)
        self._write(change)

    def existing(self, sobject: SObject, record_id: str, *, gone: str = "") -> Record:
        """Return a record that has to be there."""
        if not well_formed(record_id) or record_id[:3] != (sobject.prefix or record_id[:3]):
            raise ApiError(
                "MALFORMED_ID", f"{sobject.label} ID: id value of incorrect type: {record_id}", "Id"
            )
        found = self.context.state.get(sobject.name, full(record_id))
        if found is None:
            if gone:
                raise ApiError(gone, "entity is deleted")
            raise ApiError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", status=404)
        return found

    def read(self, name: str, record_id: str, wanted: tuple[str, ...] = ()) -> Record:
        """Return a record as JSON, all its fields or those wanted."""
        sobject = self.context.sobject(name)
        found = (
            self.context.state.get(sobject.name, full(record_id))
            if well_formed(record_id)
            else None
        )
        if found is None:
            raise not_found(
                f"Provided external ID field does not exist or is not accessible: {record_id}"
            )
        fields = [_known(sobject, text) for text in wanted] or list(sobject.fields.values())
        return {f.name: told(f, found[f.name]) for f in fields}

    def matching(self, name: str, key: str, value: str) -> list[str]:
        """Return the ids of records with a value in a field that upserts may go by."""
        sobject = self.context.sobject(name)
        by = sobject.find(key)
        if by is None or not (by.external_id or by.id_lookup):
            raise not_found(
                f"Provided external ID field does not exist or is not accessible: {key}"
            )
        return [r["Id"] for r in self.context.state.find(sobject.name, f'"{by.name}" = ?', value)]

    def _write(self, change: Change) -> None:
        self.context.on_write()
        self._check_permission(change)
        state = self.context.state
        if change.kind != "delete":
            self._check_references(change)
        for check in self._before.get(change.name, ()):
            check(self.context, change)
        if change.kind != "delete":
            self._check_unique(change)
        if change.kind == "create":
            state.insert(change.name, change.after)
        elif change.kind == "update":
            changed = {k: v for k, v in change.after.items() if v != change.before.get(k)}
            state.change(change.name, change.id, changed)
        elif removal := self._removals.get(change.name):
            removal(self.context, change)
        else:
            self._delete(change)
        for follow in self._after.get(change.name, ()):
            follow(self.context, change)

    def _check_permission(self, change: Change) -> None:
        if "Territory2" in change.name and not (
            change.by_org or self.context.settings.manage_territories
        ):
            raise ApiError(
                "INSUFFICIENT_ACCESS_OR_READONLY",
                "insufficient access rights: Manage Territories is needed",
            )

    def _given(
        self, sobject: SObject, values: Mapping[str, Any], verb: str, *, by_org: bool
    ) -> Record:
        given: Record = {}
        closed = []
        for name, value in values.items():
            if name == "attributes":
                continue
            known = _known(sobject, name)
            if not (by_org or (known.createable if verb == "create" else known.updateable)):
                closed.append(known.name)
            else:
                given[known.name] = stored(known, value)
        if closed:
            raise ApiError(
                "INVALID_FIELD_FOR_INSERT_UPDATE",
                f"Unable to create/update fields: {', '.join(closed)}. Please check the security "
                "settings of this field and verify that it is read/write for your profile or "
                "permission set.",
                *closed,
            )
        return given

    def _check_references(self, change: Change) -> None:
        for name in change.given:
            known, value = change.sobject.fields[name], change.after[name]
            if not known.refers_to or value is None or value == PROFILE_ID:
                continue
            targets = [self.context.schema[t] for t in known.refers_to if t in self.context.schema]
            fitting = [t for t in targets if t.prefix == value[:3]]
            if not fitting:
                raise ApiError(
                    "MALFORMED_ID", f"{known.label}: id value of incorrect type: {value}", name
                )
            if self.context.state.get(fitting[0].name, value) is None:
                raise ApiError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", name)

    def _check_unique(self, change: Change) -> None:
        for columns in self._unique(change.sobject):
            values = [change.after[c] for c in columns]
            if None in values or all(change.before.get(c) == change.after[c] for c in columns):
                continue
            condition = " and ".join(f'"{c}" = ?' for c in columns)
            for twin in self.context.state.find(change.name, condition, *values):
                if twin["Id"] != change.id:
                    raise self._duplicate(columns, twin["Id"])

    def _unique(self, sobject: SObject) -> list[tuple[str, ...]]:
        org_wide = self.context.settings.developer_name_scope == "org"
        keys = [
            ("DeveloperName",) if org_wide and "DeveloperName" in columns else columns
            for columns in sobject.unique
        ]
        return [*keys, *((f.name,) for f in sobject.fields.values() if f.unique)]

    def _duplicate(self, columns: tuple[str, ...], twin: str) -> ApiError:
        named = columns[-1] == "DeveloperName"
        code = self.context.settings.duplicate_code if named else "DUPLICATE_VALUE"
        text = f"duplicate value found: {columns[-1]} duplicates value on record with id: {twin}"
        return ApiError(code, text, *columns)

    def _delete(self, change: Change) -> None:
        for child in change.sobject.children:
            target = self.context.schema.get(child.name)
            if target is None or child.name == change.name:
                continue
            for record in self.context.state.find(child.name, f'"{child.field}" = ?', change.id):
                if child.cascades:
                    self.context.state.remove(child.name, record["Id"])
                elif target.fields[child.field].nillable:
                    self.context.state.change(child.name, record["Id"], {child.field: None})
                else:
                    raise in_use(change, target, record["Id"])
        self.context.state.remove(change.name, change.id)

    def _stamps(self, sobject: SObject, of: tuple[str, ...]) -> Record:
        moment = timestamp(self.context.now())
        return {
            name: self.context.user if name.endswith("ById") else moment
            for name in STAMPS
            if name in sobject.fields and name.startswith(of)
        }


def in_use(change: Change, other: SObject, record_id: str) -> ApiError:
    """Return the error of deleting what another record needs."""
    return ApiError(
        "DELETE_FAILED",
        f"Your attempt to delete {change.before.get('DeveloperName') or change.id} could not be "
        f"completed because it is in use by {other.label} {record_id}.",
    )


def _known(sobject: SObject, name: str) -> Field:
    known = sobject.find(name)
    if known is None:
        raise ApiError(
            "INVALID_FIELD", f"No such column '{name}' on sobject of type {sobject.name}", name
        )
    return known


def _allowed(sobject: SObject, verb: str, allowed: bool) -> None:
    if not allowed:
        raise ApiError(
            "INSUFFICIENT_ACCESS_OR_READONLY", f"entity type {sobject.name} does not support {verb}"
        )


def _defaults(sobject: SObject, given: Record) -> Record:
    record = dict.fromkeys((n for n in sobject.fields if n != "Id"), None)
    for name, known in sobject.fields.items():
        if known.type == "boolean":
            record[name] = int(name in ("IsActive", "ForecastEnabled") and sobject.name == "User")
        if name in _NOT_ASKED and sobject.name == "Territory2" and name not in given:
            record[name] = "Edit" if name == "AccountAccessLevel" else "None"
    if "Language" in record:
        record["Language"] = "en_US"
    return record


def _check_required(sobject: SObject, record: Record) -> None:
    missing = [
        name
        for name, known in sobject.fields.items()
        if not known.nillable
        and known.createable
        and not (known.defaulted or known.generated or known.type == "boolean")
        and record.get(name) is None
    ]
    if missing:
        text = f"Required fields are missing: [{', '.join(missing)}]"
        raise ApiError("REQUIRED_FIELD_MISSING", text, *missing)


def _generated(sobject: SObject, record: Record) -> Record:
    known = sobject.fields.get("DeveloperName")
    if known is None or not known.generated or record["DeveloperName"]:
        return record
    label = record.get("Name") or record.get("MasterLabel") or sobject.name
    slug = re.sub(r"[^A-Za-z0-9]+", "_", label).strip("_")
    slug = slug if slug[:1].isalpha() else f"X{slug}"
    return {**record, "DeveloperName": slug[: known.length].strip("_")}
