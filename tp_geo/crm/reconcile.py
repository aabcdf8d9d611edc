"""Reconcile: what would change in an org to have what is asked for, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from tp_geo.crm.rows import MODEL, OBJECTS, TYPE, Fields, Key, Row, Rows, Value
from tp_geo.errors import Refused

SHARED = (MODEL, TYPE)
"""What others may use too: made where it is missing, else taken as it is."""


@dataclass(frozen=True, slots=True)
class Update:
    """A row as the org has it, and the fields that are to be otherwise."""

    before: Row
    fields: Fields


@dataclass(frozen=True, slots=True, eq=False)
class ChangeSet:
    """What is to be created, updated, deleted; the rest is as it should be.

    ``wanted`` are all rows asked for under the keys they have in the org,
    ``actual`` what the org holds.
    """

    wanted: Rows
    actual: Rows
    create: tuple[Row, ...]
    update: tuple[Update, ...]
    delete: tuple[Row, ...]
    unchanged: tuple[Row, ...]

    @property
    def empty(self) -> bool:
        """Whether the org is as it should be."""
        return not (self.create or self.update or self.delete)

    def counts(self) -> Mapping[str, Mapping[str, int]]:
        """Return how many rows of each object there are to create, update, delete and leave."""
        return {
            "create": _counted(self.create),
            "update": _counted(tuple(u.before for u in self.update)),
            "delete": _counted(self.delete),
            "unchanged": _counted(self.unchanged),
        }


def reconcile(
    wanted: Rows, actual: Rows, *, ours: Callable[[Row], bool], adopted: Mapping[Key, Key]
) -> ChangeSet:
    """Return what would make the org have the rows that are wanted.

    Parameters
    ----------
    ours
        Whether a row of the org is ours to delete when it is not wanted.
    adopted
        The key in the org of rows that are wanted under another one, such as
        a territory whose developer name somebody changed.

    Raises
    ------
    Refused
        When two rows that are wanted would become one.
    """
    wanted = _renamed(wanted, adopted)
    create, update, unchanged = [], [], []
    for row in _ordered(wanted):
        before = actual.get(row.key)
        if before is None:
            create.append(row)
        elif row.key.object not in SHARED and (changed := _changed(row.fields, before.fields)):
            update.append(Update(before, changed))
        else:
            unchanged.append(before)
    gone = [
        row
        for row in reversed(list(_ordered(actual)))
        if row.key not in wanted and row.key.object not in SHARED and ours(row)
    ]
    return ChangeSet(wanted, actual, tuple(create), tuple(update), tuple(gone), tuple(unchanged))


def _ordered(rows: Rows) -> Iterator[Row]:
    """Yield rows so that what a row refers to comes before it."""
    for name in OBJECTS:
        yield from sorted(rows.of_object(name), key=lambda row: (rows.depth(row.key), row.key))


def _changed(wanted: Fields, actual: Fields) -> Fields:
    """Return the fields that differ; no text and none at all are the same to an org."""
    return {name: v for name, v in wanted.items() if _plain(v) != _plain(actual.get(name))}


def _plain(value: Value) -> Value:
    return None if value == "" else value


def _renamed(rows: Rows, adopted: Mapping[Key, Key]) -> Rows:
    if not adopted:
        return rows
    named: dict[Key, Row] = {}
    for row in rows:
        key = _followed(row.key, adopted)
        fields = {
            name: _followed(value, adopted) if isinstance(value, Key) else value
            for name, value in row.fields.items()
        }
        if row.key in adopted and "DeveloperName" in fields:
            fields["DeveloperName"] = key.name
        if key in named:
            raise Refused(
                f"Two areas would both become {key.object} {key.name!r}. "
                "Give one of them another name, or publish as new territories."
            )
        named[key] = replace(row, key=key, fields=fields)
    return Rows.of(named.values())


def _followed(key: Key, adopted: Mapping[Key, Key]) -> Key:
    """Return what a key is called in the org; those made of other names follow them."""
    if key in adopted:
        return adopted[key]
    for mark in ("#", ">"):
        start, found, end = key.name.partition(mark)
        if found:
            names = {old.name: new.name for old, new in adopted.items()}
            return Key(key.object, f"{names.get(start, start)}{mark}{names.get(end, end)}")
    return key


def _counted(rows: tuple[Row, ...]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row.key.object] = found.get(row.key.object, 0) + 1
    return {name: found[name] for name in OBJECTS if name in found}
