"""The result of a publish, record by record, as the page and the command line have it as a file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from tp_geo.crm.journal import Written
from tp_geo.crm.reconcile import ChangeSet
from tp_geo.crm.rows import Key, Verb
from tp_geo.workflow.publishing_words import THINGS

COLUMNS = ("Done", "What", "Name", "Object", "Key", "Id")


def result_of(
    written: Iterable[Written], title: Callable[[Key], str]
) -> tuple[Mapping[str, str], ...]:
    """Return what was written, a row for each record."""
    return tuple(_row(f"{w.verb}d", w.key, w.id, title) for w in written)


def planned(changes: ChangeSet, title: Callable[[Key], str]) -> tuple[Mapping[str, str], ...]:
    """Return what a dry run would write, a row for each record."""
    todo = (
        *((Verb.CREATE, row) for row in changes.create),
        *((Verb.UPDATE, update.before) for update in changes.update),
        *((Verb.DELETE, row) for row in changes.delete),
    )
    return tuple(_row(f"would be {verb}d", row.key, row.id, title) for verb, row in todo)


def write_result(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Write a row for each record as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def _row(done: str, key: Key, record: str, title: Callable[[Key], str]) -> Mapping[str, str]:
    values = (done, THINGS[key.object], title(key), key.object, key.name, record)
    return dict(zip(COLUMNS, values, strict=True))
