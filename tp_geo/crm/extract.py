"""Extract: what an org holds of a territory model, as rows by their natural keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tp_geo.crm.client import Crm, Record
from tp_geo.crm.rows import (
    ACCOUNT,
    ITEM,
    LINK,
    MODEL,
    PARENT,
    RULE,
    TERRITORY,
    TYPE,
    USER,
    Fields,
    Key,
    Row,
    Rows,
    Value,
)

FIELDS: Mapping[str, tuple[str, ...]] = {
    TYPE: ("DeveloperName", "MasterLabel", "Description", "Priority"),
    MODEL: ("DeveloperName", "Name", "Description", "State"),
    TERRITORY: (
        "DeveloperName", "Name", "Description", PARENT, "Territory2TypeId", "Territory2ModelId",
        "AccountAccessLevel", "OpportunityAccessLevel", "CaseAccessLevel", "ForecastUserId",
    ),
    RULE: (
        "DeveloperName", "MasterLabel", "ObjectType", "Territory2ModelId", "BooleanFilter",
        "IsActive",
    ),
    ITEM: ("RuleId", "SortOrder", "Field", "Operation", "Value"),
    LINK: ("RuleId", "Territory2Id", "IsInherited"),
    USER: ("UserId", "Territory2Id", "RoleInTerritory2"),
    ACCOUNT: ("ObjectId", "Territory2Id", "AssociationCause"),
}  # fmt: skip
"""What is read of each object; what is not read is never changed."""

_OF_MODEL = {
    TERRITORY: "Territory2ModelId",
    RULE: "Territory2ModelId",
    ITEM: "Rule.Territory2ModelId",
    LINK: "Territory2.Territory2ModelId",
    USER: "Territory2.Territory2ModelId",
    ACCOUNT: "Territory2.Territory2ModelId",
}
_MANUAL = "Territory2Manual"


def read_model(crm: Crm, developer_name: str, *, accounts: bool = True) -> Rows:
    """Return the rows of a model with all territory types; types alone when there is no model.

    ``accounts`` says whether associations made by hand are read too; those
    that rules make are never ours.
    """
    return Rows.of(_Reading(crm).rows(developer_name, accounts=accounts))


def quoted(text: str) -> str:
    """Return a text as SOQL has it between quotes."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped}'"


@dataclass(frozen=True, slots=True)
class _Named:
    """The keys found so far, by id."""

    keys: dict[str, Key]

    def of(self, value: Any) -> Value:
        """Return the key of what an id refers to; the id itself where it is not read."""
        found: Value = self.keys.get(value, value) if isinstance(value, str) else value
        return found

    def name(self, value: Any) -> str:
        """Return the name of what an id refers to; the id itself where it is not read."""
        found = self.of(value)
        return found.name if isinstance(found, Key) else str(value)


class _Reading:
    def __init__(self, crm: Crm) -> None:
        self.crm, self.named = crm, _Named({})

    def rows(self, developer_name: str, *, accounts: bool) -> Iterator[Row]:
        yield from self._read(TYPE, "", lambda r: r["DeveloperName"])
        where = f"DeveloperName = {quoted(developer_name)}"
        models = list(self._read(MODEL, where, lambda r: r["DeveloperName"]))
        yield from models
        for model in models:
            yield from self._inside(model.id, accounts=accounts)

    def _inside(self, model: str, *, accounts: bool) -> Iterator[Row]:
        named = self.named
        yield from self._of(model, TERRITORY, lambda r: r["DeveloperName"])
        yield from self._of(model, RULE, lambda r: r["DeveloperName"])
        yield from self._of(model, ITEM, lambda r: f"{named.name(r['RuleId'])}#{r['SortOrder']}")
        yield from self._of(
            model, LINK, lambda r: f"{named.name(r['RuleId'])}>{named.name(r['Territory2Id'])}"
        )
        yield from self._of(model, USER, lambda r: f"{r['UserId']}>{named.name(r['Territory2Id'])}")
        if accounts:
            yield from self._of(
                model, ACCOUNT, lambda r: f"{r['ObjectId']}>{named.name(r['Territory2Id'])}"
            )

    def _of(self, model: str, name: str, called: Callable[[Record], str]) -> Iterator[Row]:
        where = f"{_OF_MODEL[name]} = {quoted(model)}"
        if name == ACCOUNT:
            where += f" AND AssociationCause = {quoted(_MANUAL)}"
        return self._read(name, where, called)

    def _read(self, name: str, where: str, called: Callable[[Record], str]) -> Iterator[Row]:
        """Return the rows of an object; all are read first, since they may name each other."""
        soql = f"SELECT Id, {', '.join(FIELDS[name])} FROM {name}"
        records = list(self.crm.query(f"{soql} WHERE {where}" if where else soql))
        keys = self._keys(name, records, called)
        return (
            Row(keys[record["Id"]], self._fields(name, record), record["Id"]) for record in records
        )

    def _keys(
        self, name: str, records: Iterable[Record], called: Callable[[Record], str]
    ) -> Mapping[str, Key]:
        keys: dict[str, Key] = {}
        taken: set[str] = set()
        for record in records:
            text = called(record)
            unique = text if text not in taken else f"{text}~{record['Id']}"
            taken.add(unique)
            keys[record["Id"]] = Key(name, unique)
        self.named.keys.update(keys)
        return keys

    def _fields(self, name: str, record: Record) -> Fields:
        return {field: self.named.of(record.get(field)) for field in FIELDS[name]}
