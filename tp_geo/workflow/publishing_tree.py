"""The changes of a publish as a tree: each territory with its fields, rules and people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tp_geo.crm.client import Crm
from tp_geo.crm.extract import quoted
from tp_geo.crm.journal import Written
from tp_geo.crm.naming import area_of, unmarked
from tp_geo.crm.reconcile import ChangeSet
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
    Verb,
)
from tp_geo.domain.alignment import AreaId
from tp_geo.workflow.publishing_words import FIELDS, LABELS, OPERATIONS, SILENT, THINGS

PER_QUERY = 500
LINKED = frozenset({LINK, USER, ACCOUNT})
"""Objects whose keys name two others."""


def titles(rows: Iterable[Rows], people: Mapping[str, str]) -> Callable[[Key], str]:
    """Return what tells what a record is called in the rows of an org or a plan."""
    known: dict[Key, Row] = {}
    for some in rows:
        known = {**some.by_key, **known}

    def title(key: Key) -> str:
        row = known.get(key)
        fields = row.fields if row else {}
        if name := fields.get("Name") or fields.get("MasterLabel"):
            return str(name)
        first, sign, second = key.name.partition(">" if key.object in LINKED else "#")
        if key.object in (USER, ACCOUNT):
            return f"{people.get(first, first)} in {title(Key(TERRITORY, second))}"
        if key.object in (LINK, ITEM):
            return (
                f"{title(Key(RULE, first))}, condition {second}"
                if sign == "#"
                else title(Key(TERRITORY, second))
            )
        return key.name

    return title


def settled(written: Iterable[Written]) -> tuple[Written, ...]:
    """Return each record once that was written, with what became of it in all."""
    found: dict[Key, Written] = {}
    for one in written:
        before = found.get(one.key)
        if before is None or one.verb is Verb.DELETE:
            found[one.key] = one
    return tuple(found.values())


class Change(StrEnum):
    """What becomes of something in the org."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Cell:
    """A field before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A territory itself, a rule with its conditions, a person, an account."""

    thing: str
    name: str
    change: Change
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A territory of the tree, or the model with its types; ``area`` is what it stands for."""

    name: str
    change: Change
    depth: int
    area: AreaId | None
    entries: tuple[Entry, ...]


def tree(
    changes: ChangeSet, people: Mapping[str, str], plan: str, *, model: str
) -> tuple[Node, ...]:
    """Return the model and its types, then the territories, parents before children.

    Parameters
    ----------
    people
        Names by user id.
    plan
        The code that the plan's territories are marked with.
    model
        What the model is called.
    """
    return tuple(_Tree(changes, people, plan).nodes(model))


def users(changes: ChangeSet) -> frozenset[str]:
    """Return the ids of the users that changes speak of."""
    rows = (*changes.create, *changes.delete, *changes.unchanged)
    updates = ({**u.before.fields, **u.fields} for u in changes.update)
    fields = [*(row.fields for row in rows), *updates]
    return frozenset(str(f[n]) for f in fields for n in ("UserId", "ForecastUserId") if f.get(n))


def find_names(crm: Crm, ids: Iterable[str]) -> Mapping[str, str]:
    """Return the names of users by id."""
    asked = sorted({*ids})
    found: dict[str, str] = {}
    for start in range(0, len(asked), PER_QUERY):
        some = ", ".join(quoted(one) for one in asked[start : start + PER_QUERY])
        for record in crm.query(f"SELECT Id, Name FROM User WHERE Id IN ({some})"):
            found[record["Id"]] = record["Name"]
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """A row, what becomes of it, and the fields that differ."""

    row: Row
    change: Change
    changed: Fields

    @property
    def after(self) -> Fields:
        """The fields once it is done."""
        return {**self.row.fields, **self.changed}


class _Tree:
    def __init__(self, changes: ChangeSet, people: Mapping[str, str], plan: str) -> None:
        self.changes, self.people, self.plan = changes, people, plan
        self.territory_of_rule = {
            rule: territory
            for row in (*changes.actual.of_object(LINK), *changes.wanted.of_object(LINK))
            if isinstance(rule := row.fields.get("RuleId"), Key)
            and isinstance(territory := row.fields.get("Territory2Id"), Key)
        }
        self.inside: dict[Key | None, list[_Told]] = {}
        for told in self._all():
            self.inside.setdefault(self._home(told.row), []).append(told)

    def nodes(self, model: str) -> Iterator[Node]:
        shared = tuple(self._entry(told) for told in self.inside.get(None, ()))
        if shared:
            yield Node(model, _summed(shared, None), 0, None, shared)
        own = {key: self._told(key) for key in self.inside if key is not None}
        below: dict[Key | None, list[_Told]] = {}
        for told in sorted(own.values(), key=lambda told: self._name(told.row.key)):
            above = told.after.get(PARENT)
            at = above if isinstance(above, Key) and above in own else None
            below.setdefault(at, []).append(told)
        yield from self._below(None, below, 1 if shared else 0)

    def _below(
        self, parent: Key | None, below: Mapping[Key | None, Sequence[_Told]], depth: int
    ) -> Iterator[Node]:
        for told in below.get(parent, ()):
            yield self._node(told, depth)
            yield from self._below(told.row.key, below, depth + 1)

    def _told(self, key: Key) -> _Told:
        """Return what becomes of a territory; of one that is not ours only parts may change."""
        own = next((told for told in self.inside[key] if told.row.key == key), None)
        return own or _Told(self.changes.actual.get(key) or Row(key, {}), Change.UNCHANGED, {})

    def _node(self, told: _Told, depth: int) -> Node:
        key = told.row.key
        entries = tuple(self._entries(self.inside.get(key, ())))
        name = str(told.after.get("Name") or key.name)
        return Node(name, _summed(entries, told.change), depth, self._area(told), entries)

    def _entries(self, inside: Sequence[_Told]) -> Iterator[Entry]:
        yield from (self._entry(t) for t in inside if _is_territory(t))
        rules: dict[Key, list[_Told]] = {}
        for told in inside:
            if THINGS[told.row.key.object] == THINGS[RULE]:
                rules.setdefault(_rule(told.row), []).append(told)
        for key, parts in rules.items():
            yield self._rule(key, parts)
        yield from (self._entry(t) for t in inside if t.row.key.object in (USER, ACCOUNT))

    def _entry(self, told: _Told) -> Entry:
        cells = tuple(self._cells(told))
        return Entry(THINGS[told.row.key.object], self._title(told.row), told.change, cells)

    def _rule(self, key: Key, parts: Sequence[_Told]) -> Entry:
        own = next((t for t in parts if t.row.key == key), None)
        cells = [*self._cells(own)] if own else []
        for told in parts:
            if told.row.key.object == ITEM and told.change is not Change.UNCHANGED:
                cells.append(_condition(told))
        change = own.change if own else Change.UPDATE
        if change is Change.UNCHANGED and any(t.change is not Change.UNCHANGED for t in parts):
            change = Change.UPDATE
        return Entry(THINGS[RULE], self._name(key), change, tuple(cells))

    def _cells(self, told: _Told) -> Iterator[Cell]:
        before, after = told.row.fields, told.changed
        for field in after if told.change is Change.UPDATE else before:
            if field in SILENT:
                continue
            old = "" if told.change is Change.CREATE else self._text(before.get(field))
            new = "" if told.change is Change.DELETE else self._text({**before, **after}[field])
            if old != new or (old and told.change is Change.UNCHANGED):
                yield Cell(LABELS.get(field, field), old, new)

    def _title(self, row: Row) -> str:
        if row.key.object in (USER, ACCOUNT):
            who = str(row.fields.get("UserId") or row.fields.get("ObjectId") or row.key.name)
            return self.people.get(who, who)
        return self._name(row.key)

    def _text(self, value: Value) -> str:
        if isinstance(value, Key):
            return self._name(value)
        if isinstance(value, bool):
            return "yes" if value else "no"
        text = unmarked(str(value)) if value is not None else ""
        return self.people.get(text, text)

    def _name(self, key: Key) -> str:
        row = self.changes.wanted.get(key) or self.changes.actual.get(key)
        fields = row.fields if row else {}
        return str(fields.get("Name") or fields.get("MasterLabel") or key.name)

    def _area(self, told: _Told) -> AreaId | None:
        text = str(told.after.get("Description") or "")
        found = area_of(text, self.plan)
        return AreaId(int(found.partition(".")[0])) if found else None

    def _home(self, row: Row) -> Key | None:
        """Return the territory that a row belongs to; ``None`` for the model and its types."""
        if row.key.object == TERRITORY:
            return row.key
        if row.key.object in (MODEL, TYPE):
            return None
        if row.key.object in (USER, ACCOUNT, LINK):
            at = row.fields.get("Territory2Id")
            return at if isinstance(at, Key) else None
        return self.territory_of_rule.get(_rule(row))

    def _all(self) -> Iterator[_Told]:
        changes = self.changes
        yield from _each(changes.create, Change.CREATE)
        yield from (_Told(u.before, Change.UPDATE, u.fields) for u in changes.update)
        yield from _each(changes.delete, Change.DELETE)
        yield from _each(changes.unchanged, Change.UNCHANGED)


def _each(rows: Iterable[Row], change: Change) -> Iterator[_Told]:
    return (_Told(row, change, {}) for row in rows)


def _is_territory(told: _Told) -> bool:
    return told.row.key.object == TERRITORY


def _rule(row: Row) -> Key:
    """Return the rule that a rule, an item or a link is of."""
    if row.key.object == RULE:
        return row.key
    found = row.fields.get("RuleId")
    return found if isinstance(found, Key) else Key(RULE, row.key.name.partition("#")[0])


def _condition(told: _Told) -> Cell:
    before, after = told.row.fields, told.after
    old = "" if told.change is Change.CREATE else _said(before)
    new = "" if told.change is Change.DELETE else _said(after)
    return Cell(f"Condition {before.get('SortOrder')}", old, new)


def _said(item: Fields) -> str:
    field, operation = str(item.get("Field")), str(item.get("Operation"))
    value = str(item.get("Value") or "")
    return f"{FIELDS.get(field, field)} {OPERATIONS.get(operation, operation)} {value}"


def _summed(entries: Sequence[Entry], own: Change | None) -> Change:
    """Return what becomes of a territory: its own change, or an update when a part changes."""
    if own in (Change.CREATE, Change.DELETE):
        return own
    found = {entry.change for entry in entries}
    if found == {Change.CREATE} and own is None:
        return Change.CREATE
    return Change.UNCHANGED if found <= {Change.UNCHANGED} else Change.UPDATE
