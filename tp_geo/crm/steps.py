"""Steps: the order in which changes are written, each a call or more of one object.

An org takes items into a rule only while its filter is empty, one Setup
object a call, and parents before children; contract section 5.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tp_geo.crm import bulk
from tp_geo.crm.reconcile import ChangeSet, Update
from tp_geo.crm.rows import (
    ACCOUNT,
    ACCOUNTS,
    ITEM,
    LINK,
    MODEL,
    PER_CALL,
    RULE,
    TERRITORY,
    TYPE,
    USER,
    Fields,
    Key,
    Row,
    Verb,
)

FORECAST = "ForecastUserId"
FILTER, ACTIVE = "BooleanFilter", "IsActive"
_UNLOCKED: Fields = {FILTER: None, ACTIVE: False}


@dataclass(frozen=True, slots=True)
class Write:
    """One record of a step: its key, and the fields that are sent."""

    key: Key
    fields: Fields


@dataclass(frozen=True, slots=True)
class Step:
    """Records of one object that are written together: up to 200 a call, or many by a job.

    Jobs are for accounts alone: no other record depends on theirs, and they
    are none of Setup's.
    """

    verb: Verb
    object: str
    writes: tuple[Write, ...]

    @property
    def calls(self) -> int:
        """How many calls it takes, at least."""
        return len(self.batches) * (bulk.CALLS if self.by_job else 1)

    @property
    def by_job(self) -> bool:
        """Whether these are so many that jobs of Bulk API 2.0 write them."""
        return self.object in (ACCOUNT, ACCOUNTS) and len(self.writes) > bulk.FROM

    @property
    def batches(self) -> tuple[Sequence[Write], ...]:
        """What is sent at once."""
        size = bulk.PER_JOB if self.by_job else PER_CALL
        starts = range(0, len(self.writes), size)
        return tuple(self.writes[start : start + size] for start in starts)


def steps(changes: ChangeSet) -> tuple[Step, ...]:
    """Return what is to be written, in order; steps without records are left out."""
    return tuple(step for step in _steps(changes) if step.writes)


def calls(changes: ChangeSet) -> int:
    """Return how many calls it takes to write the changes."""
    return sum(step.calls for step in steps(changes))


def _steps(changes: ChangeSet) -> Iterator[Step]:
    yield _created(changes, TYPE)
    yield _created(changes, MODEL)
    yield from _territories(changes)
    yield from _rules(changes)
    yield _created(changes, USER)
    yield _updated(changes, USER)
    yield _forecasts(changes)
    yield _created(changes, ACCOUNT)
    yield _updated(changes, ACCOUNTS)
    yield from (_deleted(changes, name) for name in (ACCOUNT, USER))
    going = _going(changes)
    yield _unlocked(going)
    yield Step(Verb.DELETE, ITEM, tuple(_items(changes, of={row.key for row in going})))
    yield from (_deleted(changes, name) for name in (LINK, RULE))
    yield from _removed(changes)


def _territories(changes: ChangeSet) -> Iterator[Step]:
    """Yield new territories level by level, then what changes of those there are."""
    made = [row for row in changes.create if row.key.object == TERRITORY]
    for _, level in groupby(made, key=lambda row: changes.wanted.depth(row.key)):
        yield Step(
            Verb.CREATE, TERRITORY, tuple(Write(row.key, _without(row.fields)) for row in level)
        )
    changed = (Write(u.before.key, _without(u.fields)) for u in _updates(changes, TERRITORY))
    yield Step(Verb.UPDATE, TERRITORY, tuple(write for write in changed if write.fields))


def _rules(changes: ChangeSet) -> Iterator[Step]:
    """Yield rules: made or unlocked without a filter, then items, links, and filters again."""
    made = [row for row in changes.create if row.key.object == RULE]
    reopened = _reopened(changes)
    yield Step(Verb.CREATE, RULE, tuple(Write(r.key, {**r.fields, **_UNLOCKED}) for r in made))
    yield _unlocked(reopened)
    yield Step(Verb.DELETE, ITEM, tuple(_items(changes, of={row.key for row in reopened})))
    yield _updated(changes, ITEM)
    yield _created(changes, ITEM)
    yield _created(changes, LINK)
    yield _updated(changes, LINK)
    yield Step(Verb.UPDATE, RULE, tuple(_closing(changes, made, reopened)))


def _reopened(changes: ChangeSet) -> tuple[Row, ...]:
    """Return the rules of the org that stay and whose items change."""
    items = [*changes.create, *changes.delete, *(u.before for u in changes.update)]
    touched = sorted({_rule_of(row) for row in items if row.key.object == ITEM})
    going = _going(changes)
    rules = (changes.actual.get(key) for key in touched)
    return tuple(row for row in rules if row is not None and row not in going)


def _going(changes: ChangeSet) -> tuple[Row, ...]:
    return tuple(row for row in changes.delete if row.key.object == RULE)


def _items(changes: ChangeSet, *, of: Container[Key]) -> Iterator[Write]:
    """Yield the items to delete from some rules."""
    gone = (row for row in changes.delete if row.key.object == ITEM)
    return (Write(row.key, {}) for row in gone if _rule_of(row) in of)


def _closing(changes: ChangeSet, made: Sequence[Row], reopened: Sequence[Row]) -> Iterator[Write]:
    """Yield what rules get once their items are there."""
    for row in made:
        if fields := {k: row.fields[k] for k in _UNLOCKED if row.fields.get(k)}:
            yield Write(row.key, fields)
    again = {row.key for row in reopened}
    changed = {u.before.key: dict(u.fields) for u in _updates(changes, RULE)}
    for key in sorted(again | changed.keys()):
        fields = changed.get(key, {})
        if key in again:
            wanted = changes.wanted.get(key) or changes.actual[key]
            fields |= {k: wanted.fields.get(k) for k in _UNLOCKED}
        yield Write(key, fields)


def _unlocked(rules: Sequence[Row]) -> Step:
    locked = (r for r in rules if r.fields.get(FILTER) or r.fields.get(ACTIVE))
    return Step(Verb.UPDATE, RULE, tuple(Write(row.key, _UNLOCKED) for row in locked))


def _forecasts(changes: ChangeSet) -> Step:
    """Return who forecasts for territories: nobody can before being assigned to one."""
    made = {
        row.key: row.fields[FORECAST]
        for row in changes.create
        if row.key.object == TERRITORY and row.fields.get(FORECAST)
    }
    changed = {
        u.before.key: u.fields[FORECAST]
        for u in _updates(changes, TERRITORY)
        if FORECAST in u.fields
    }
    given = sorted({**made, **changed}.items())
    return Step(Verb.UPDATE, TERRITORY, tuple(Write(key, {FORECAST: who}) for key, who in given))


def _removed(changes: ChangeSet) -> Iterator[Step]:
    """Yield territories that go, those below others first."""
    gone = [row for row in changes.delete if row.key.object == TERRITORY]
    for _, level in groupby(gone, key=lambda row: changes.actual.depth(row.key)):
        yield Step(Verb.DELETE, TERRITORY, tuple(Write(row.key, {}) for row in level))


def _created(changes: ChangeSet, name: str) -> Step:
    made = (Write(row.key, row.fields) for row in changes.create if row.key.object == name)
    return Step(Verb.CREATE, name, tuple(made))


def _updated(changes: ChangeSet, name: str) -> Step:
    changed = (Write(u.before.key, u.fields) for u in _updates(changes, name))
    return Step(Verb.UPDATE, name, tuple(changed))


def _deleted(changes: ChangeSet, name: str) -> Step:
    gone = (Write(row.key, {}) for row in changes.delete if row.key.object == name)
    return Step(Verb.DELETE, name, tuple(gone))


def _updates(changes: ChangeSet, name: str) -> Iterator[Update]:
    return (u for u in changes.update if u.before.key.object == name)


def _rule_of(row: Row) -> Key:
    return Key(RULE, row.key.name.partition("#")[0])


def _without(fields: Fields) -> Fields:
    """Return the fields of a territory but for who forecasts."""
    return {name: value for name, value in fields.items() if name != FORECAST}
