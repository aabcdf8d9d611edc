"""After a publish: what somebody changed in the org since, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tp_geo.crm.client import Crm
from tp_geo.crm.extract import read_model
from tp_geo.crm.journal import UNDO, FileJournal, Published, read_journal
from tp_geo.crm.publish import Receipt, Told, publish
from tp_geo.crm.reconcile import ChangeSet, reconcile
from tp_geo.crm.rows import MODEL, Key, Row, Rows
from tp_geo.domain.rights import Action
from tp_geo.errors import Refused
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.publishing import journals, noted
from tp_geo.workflow.publishing_allowed import forbidden
from tp_geo.workflow.publishing_others import lost


def drift(plan: Plan, crm: Crm, model: str = "") -> ChangeSet:
    """Return what would bring an org back to what was published last.

    Rows that others added are no drift. Refuses a plan that was not published.
    """
    plan.actor.require(Action.PUBLISH, plan.info)
    path, last = _last(plan, crm.org, model)
    actual = read_model(crm, _model(path))
    return reconcile(last.wanted, actual, ours=lambda row: False)


def undo_publish(
    plan: Plan,
    crm: Crm,
    model: str = "",
    *,
    by: str = "",
    told: Told = lambda what, share: None,
) -> Receipt:
    """Make an org hold again what it held before the last publish of a plan.

    Only what was published is taken back or put back; a model that was made
    stays, empty. One that was interrupted is gone on with. Refuses a plan that
    was not published, and before anything is written what the user may not do
    and what would delete what others put into territories of the plan.
    """
    plan.actor.require(Action.PUBLISH, plan.info)
    path, last = _last(plan, crm.org, model)
    mine = {w.key for w in last.written} | {row.key for row in last.wanted}
    back = last.wanted if last.undoing else _of(last.before, mine)

    def compare(actual: Rows) -> ChangeSet:
        return reconcile(back, actual, ours=lambda row: row.key in mine)

    first = compare(read_model(crm, _model(path)))
    for problem in (*forbidden(crm, first), *lost(crm, first)):
        raise Refused(problem.text)
    return publish(
        crm,
        back,
        read=lambda: read_model(crm, _model(path)),
        compare=compare,
        journal=FileJournal(path, noted(UNDO, by, revision=plan.seq, model=_model(path))),
        told=told,
    )


def _of(before: Rows, mine: set[Key]) -> Rows:
    """Return the rows that a publish may have changed, with those they refer to."""
    kept: dict[Key, Row] = {row.key: row for row in before if row.key in mine}
    waiting = list(kept.values())
    while waiting:
        for key in waiting.pop().refers():
            if key in before and key not in kept:
                kept[key] = before[key]
                waiting.append(before[key])
    return Rows.of(kept.values())


def _last(plan: Plan, org: str, model: str) -> tuple[Path, Published]:
    found: Mapping[str, Path] = journals(plan, org)
    called = {name: path for name, path in found.items() if not model or _fits(path, name, model)}
    if len(called) != 1:
        known = ", ".join(found) or "none"
        what = f"to a model called {model!r}" if model else "to one model"
        raise Refused(f"{plan.info.name} was not published {what}. Published to: {known}.")
    path = next(iter(called.values()))
    return path, read_journal(path)


def _fits(path: Path, name: str, model: str) -> bool:
    """Whether a model is meant by its name or its developer name."""
    last = read_journal(path)
    rows = (*last.wanted.of_object(MODEL), *last.before.of_object(MODEL))
    return model == name or any(row.fields.get("Name") == model for row in rows)


def _model(path: Path) -> str:
    return path.stem.partition("-")[2]
