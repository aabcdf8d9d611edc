"""Rows of an org: records by a natural key, with references to other rows by theirs.

What a plan asks for and what an org holds are both a ``Rows``: ids are only
how an org finds its own again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

TYPE = "Territory2Type"
MODEL = "Territory2Model"
TERRITORY = "Territory2"
RULE = "ObjectTerritory2AssignmentRule"
ITEM = "ObjectTerritory2AssignmentRuleItem"
LINK = "RuleTerritory2Association"
USER = "UserTerritory2Association"
ACCOUNT = "ObjectTerritory2Association"
ACCOUNTS = "Account"
"""Accounts themselves: fields of theirs are written, they are never made or deleted."""

OBJECTS = (TYPE, MODEL, TERRITORY, RULE, ITEM, LINK, USER, ACCOUNT)
"""Parents before what refers to them."""

PARENT = "ParentTerritory2Id"

PER_CALL = 200
"""Records of one call to sObject Collections."""


class Verb(StrEnum):
    """What is done to records."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What a row is known by: its object and a name that is its alone within a model.

    Developer names where there are; ``rule#3`` for the third item of a rule,
    ``rule>territory``, ``user>territory``, ``account>territory`` for links.
    """

    object: str
    name: str


Value: TypeAlias = str | int | bool | Key | None
Fields: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Row:
    """A record: its fields by API name; what is not named is nobody's to change."""

    key: Key
    fields: Fields
    id: str = ""

    def refers(self) -> Iterator[Key]:
        """Yield the rows this one refers to."""
        return (value for value in self.fields.values() if isinstance(value, Key))


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Rows by key."""

    by_key: Mapping[Key, Row] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Rows:
        """Return rows by key; raise ``ValueError`` when two have the same."""
        found: dict[Key, Row] = {}
        for row in rows:
            if row.key in found:
                raise ValueError(f"Two rows of {row.key.object} are called {row.key.name!r}.")
            found[row.key] = row
        return cls(MappingProxyType(found))

    def __iter__(self) -> Iterator[Row]:
        return iter(self.by_key.values())

    def __len__(self) -> int:
        return len(self.by_key)

    def __contains__(self, key: Key) -> bool:
        return key in self.by_key

    def __getitem__(self, key: Key) -> Row:
        return self.by_key[key]

    def get(self, key: Key) -> Row | None:
        """Return a row, ``None`` where there is none."""
        return self.by_key.get(key)

    def of_object(self, name: str) -> tuple[Row, ...]:
        """Return the rows of an object in the order of their keys."""
        return tuple(self.by_key[k] for k in sorted(self.by_key) if k.object == name)

    def depth(self, key: Key) -> int:
        """Return how many territories of these lie above one; raise ``ValueError`` in a circle."""
        above: list[Key] = []
        at: Key | None = key
        while at is not None and at in self.by_key:
            if at in above:
                raise ValueError(f"Territory {key.name!r} lies below itself.")
            above.append(at)
            parent = self.by_key[at].fields.get(PARENT)
            at = parent if isinstance(parent, Key) else None
        return len(above) - 1


def item(rule: Key, order: int) -> Key:
    """Return the key of an item of a rule, numbered from 1."""
    return Key(ITEM, f"{rule.name}#{order}")


def link(rule: Key, territory: Key) -> Key:
    """Return the key of a rule's association with a territory."""
    return Key(LINK, f"{rule.name}>{territory.name}")


def member(user_id: str, territory: Key) -> Key:
    """Return the key of a user's association with a territory."""
    return Key(USER, f"{user_id}>{territory.name}")


def direct(account_id: str, territory: Key) -> Key:
    """Return the key of an account's association with a territory."""
    return Key(ACCOUNT, f"{account_id}>{territory.name}")
