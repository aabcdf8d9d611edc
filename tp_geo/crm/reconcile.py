"""Reconcile: what would change in an org to have what is asked for, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tp_geo.crm.rows import MODEL, OBJECTS, TYPE, Fields, Row, Rows, Value

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

    ``wanted`` are all rows asked for, ``actual`` what the org holds.
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


def reconcile(wanted: Rows, actual: Rows, *, ours: Callable[[Row], bool]) -> ChangeSet:
    """Return what would make the org have the rows that are wanted.

    Parameters
    ----------
    ours
        Whether a row of the org is ours to delete when it is not wanted.
    """
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


def _counted(rows: tuple[Row, ...]) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row.key.object] = found.get(row.key.object, 0) + 1
    return {name: found[name] for name in OBJECTS if name in found}
