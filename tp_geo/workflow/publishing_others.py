"""What others put into territories that a publish would delete: an org deletes it along."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from tp_geo.crm.client import Crm
from tp_geo.crm.reconcile import ChangeSet
from tp_geo.crm.rows import ACCOUNT, LINK, PARENT, TERRITORY, USER, Key, Row
from tp_geo.domain.commands import counted
from tp_geo.workflow.publishing_staff import Problem
from tp_geo.workflow.publishing_tree import find_names, titles

ALONG: Mapping[str, str] = {USER: "users", LINK: "rules", ACCOUNT: "accounts"}
"""Objects whose records an org deletes with their territory, and what they put there."""

_SOME = 3
_MOVE = "Move that elsewhere in the org first"


def taken_along(changes: ChangeSet, ours: Callable[[Row], bool]) -> Callable[[Row], bool]:
    """Return what tells whether a row may go, with what others put into territories that go."""
    gone = _gone(changes)

    def told(row: Row) -> bool:
        return ours(row) or (row.key.object in ALONG and row.fields.get("Territory2Id") in gone)

    return told


def lost(crm: Crm, changes: ChangeSet, *, remedy: str = "") -> tuple[Problem, ...]:
    """Return what others would lose, by territory; ``remedy`` is another way than moving it."""
    found = {key: rows for key, rows in _inside(changes).items() if rows}
    if not found:
        return ()
    people = {str(r.fields["UserId"]) for rows in found.values() for r in rows if _is(r, USER)}
    title = titles((changes.actual,), find_names(crm, people))
    texts = (text for key, rows in found.items() for text in _told(key, rows, title, remedy))
    return tuple(Problem(text, stops=True) for text in texts)


def _inside(changes: ChangeSet) -> Mapping[Key, list[Row]]:
    """Return what stays of others in each territory that goes, or below it."""
    gone = _gone(changes)
    found: dict[Key, list[Row]] = {key: [] for key in sorted(gone)}
    going = {row.key for row in changes.delete}
    for row in changes.actual:
        if row.key in going:
            continue
        after = changes.wanted.get(row.key) or row
        if row.key.object in (*ALONG, TERRITORY):
            at = after.fields.get(PARENT if _is(row, TERRITORY) else "Territory2Id")
            if isinstance(at, Key) and at in found:
                found[at].append(row)
    return found


def _told(key: Key, rows: Sequence[Row], title: Callable[[Key], str], remedy: str) -> Iterator[str]:
    name = title(key)
    if below := [title(row.key) for row in rows if _is(row, TERRITORY)]:
        yield (
            f"{name} would be deleted, but {_named(below, 'territories')} of others below it "
            "would be left. Put that below another territory in the org first, or delete it there."
        )
    kinds = ((o, [_called(r, title) for r in rows if _is(r, o)]) for o in ALONG)
    if along := [_named(names, ALONG[o]) for o, names in kinds if names]:
        yield (
            f"{name} would be deleted, and with it what this plan did not put there: "
            f"{', '.join(along)}. {_MOVE}{remedy}."
        )


def _called(row: Row, title: Callable[[Key], str]) -> str:
    """Return what something in a territory is called, without the territory."""
    if _is(row, LINK):
        rule = row.fields.get("RuleId")
        return title(rule) if isinstance(rule, Key) else row.key.name
    return title(row.key).partition(" in ")[0]


def _named(names: Sequence[str], noun: str) -> str:
    some = ", ".join(names[:_SOME]) + (", …" if len(names) > _SOME else "")
    return f"{counted(len(names), noun)} ({some})"


def _gone(changes: ChangeSet) -> frozenset[Key]:
    return frozenset(row.key for row in changes.delete if _is(row, TERRITORY))


def _is(row: Row, name: str) -> bool:
    return row.key.object == name
