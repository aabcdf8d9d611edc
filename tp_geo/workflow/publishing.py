"""Publishing a plan to Sales Territories: what would change, and then the changes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from tp_geo.crm import ours
from tp_geo.crm.client import Crm, Record
from tp_geo.crm.extract import read_model
from tp_geo.crm.journal import PUBLISH, FileJournal, read_journal
from tp_geo.crm.naming import MAX_NAME, developer_name, plan_of
from tp_geo.crm.origins import Origins
from tp_geo.crm.publish import Receipt, Told, publish
from tp_geo.crm.reconcile import ChangeSet, reconcile
from tp_geo.crm.rows import OBJECTS, TERRITORY, TYPE, Row, Rows
from tp_geo.crm.steps import calls, steps
from tp_geo.crm.wanted import Access, Publication, wanted
from tp_geo.domain.alignment import AreaId
from tp_geo.domain.rights import Action
from tp_geo.errors import Refused
from tp_geo.workflow import clock
from tp_geo.workflow.effective import not_yet
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.publishing_accounts import Overflow, Placing, overflowing, placed
from tp_geo.workflow.publishing_allowed import forbidden, objects_of
from tp_geo.workflow.publishing_criteria import with_criteria
from tp_geo.workflow.publishing_kept import keep_published
from tp_geo.workflow.publishing_limits import Limit, exceeded, limits
from tp_geo.workflow.publishing_names import cut_names
from tp_geo.workflow.publishing_origins import as_before, came_from, find_origins
from tp_geo.workflow.publishing_others import lost, taken_along
from tp_geo.workflow.publishing_scope import (
    below,
    deletable,
    matching,
    parent_called,
    published,
)
from tp_geo.workflow.publishing_staff import Problem, find_staff
from tp_geo.workflow.signoff import publish_gate

PAGE = 2_000
"""Records of one page of a query."""

CHECKS = 3
"""Calls that ask for the models, the edition and the calls left."""

ALLOW_OTHERS = (
    ", or let it go with the territory: “Delete what others added” under People, access, accounts, "
    "on the command line --with-others"
)
WRITABLE = frozenset({"Planning", "Active"})


class Method(StrEnum):
    """What becomes of territories that are there already."""

    NEW = "new"
    OVERWRITE_ALL = "overwrite-all"
    OVERWRITE_MATCHING = "overwrite-matching"


@dataclass(frozen=True, slots=True)
class Request:
    """How a plan is to be published.

    ``focus`` is an area that alone is published with what is below it,
    ``None`` for the whole alignment; ``level`` the depth it begins at.
    ``model`` and ``parent`` are names in the org; a model that is not there
    is made, called like the plan unless told otherwise. ``role`` is what
    owners are in their territories. ``with_others`` lets what others put into
    territories that are deleted go with them. ``early``: also before the
    day from which on the plan is valid.
    """

    method: Method = Method.OVERWRITE_MATCHING
    focus: AreaId | None = None
    level: int = 1
    model: str = ""
    parent: str = ""
    role: str | None = None
    forecasts: bool = False
    access: Access = field(default_factory=Access)
    placing: Placing = field(default_factory=Placing)
    with_others: bool = False
    early: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """What a publish would do; nothing is written yet.

    ``stamped`` are areas whose rule asks for a field that their accounts are
    still to be given; ``limits`` what is used of those of the org.
    """

    publication: Publication
    changes: ChangeSet
    problems: tuple[Problem, ...]
    stamped: tuple[AreaId, ...] = ()
    limits: tuple[Limit, ...] = ()

    @property
    def stopped(self) -> tuple[Problem, ...]:
        """What is in the way."""
        return tuple(problem for problem in self.problems if problem.stops)

    @property
    def writes(self) -> int:
        """How many calls it takes to write the changes."""
        return calls(self.changes)

    @property
    def reads(self) -> int:
        """How many calls it takes to read and check the org: once more, before and after."""
        once = sum(-(-len(self.changes.actual.of_object(o)) // PAGE) or 1 for o in OBJECTS)
        return CHECKS + len(objects_of(steps(self.changes))) + 3 * once


def preview(plan: Plan, crm: Crm, request: Request) -> Preview:
    """Return what publishing a plan would change, and what is in the way; only reads.

    Raises ``Refused`` for an unknown parent or several territories of one
    name, ``CrmFailure`` when the org can't be read.
    """
    return _Publishing(plan, crm, request).preview()


def publish_plan(
    plan: Plan,
    crm: Crm,
    request: Request,
    *,
    by: str = "",
    told: Told = lambda what, share: None,
) -> tuple[Receipt, Preview]:
    """Publish a plan; what was written stays when it breaks off, and the same call goes on.

    ``by`` is who is noted in the journal.

    Raises ``Refused`` when a problem stops it, before anything is written.
    """
    publishing, seq = _Publishing(plan, crm, request), plan.seq
    first = publishing.preview()
    if first.stopped:
        raise Refused(first.stopped[0].text)
    receipt = publish(
        crm,
        first.changes.wanted,
        read=lambda: read_model(crm, first.publication.model),
        compare=publishing.compared,
        journal=FileJournal(
            journal_path(plan, first.publication, crm.org),
            noted(PUBLISH, by, revision=plan.seq, model=first.publication.model_name),
        ),
        told=told,
    )
    keep_published(plan, first.publication.model_name, seq=seq, by=by, focus=request.focus)
    return receipt, first


def noted(what: str, by: str, *, revision: int, model: str) -> Mapping[str, str]:
    """Return what a journal says of a publish, or of the undo of one."""
    return {"kind": what, "by": by, "at": clock.now(), "revision": str(revision), "model": model}


def journal_path(plan: Plan, publication: Publication, org: str) -> Path:
    """Return where it is written down what was published of a plan to a model of an org."""
    return journal_folder(plan, org) / f"{publication.plan}-{publication.model}.jsonl"


def journals(plan: Plan, org: str) -> Mapping[str, Path]:
    """Return the journals of a plan in an org, by the developer name of the model.

    Of several in one model, as new territories beside others have, the latest.
    """
    found = journal_folder(plan, org).glob(f"{plan_code(plan)}*-*.jsonl")
    latest = sorted(found, key=lambda path: path.stat().st_mtime_ns)
    return {path.stem.partition("-")[2]: path for path in latest}


def plan_code(plan: Plan) -> str:
    """Return what marks the territories of a plan."""
    return hashlib.sha256(plan.info.id.encode()).hexdigest()[:8]


def journal_folder(plan: Plan, org: str) -> Path:
    """Return where the journals of an org are, beside the store."""
    store = plan.store.beside
    return store.with_name(f"{store.stem}.publishes") / org


class _Publishing:
    """What is worked out of a request, once, and compared with what an org holds."""

    def __init__(self, plan: Plan, crm: Crm, request: Request) -> None:
        plan.actor.require(Action.PUBLISH, plan.info)
        self.plan, self.crm, self.request = plan, crm, request
        self.areas = tuple(published(plan.alignment, request.focus, request.level))
        if not self.areas:
            raise Refused("There is no area to publish. Add areas first, or choose another focus.")
        model, self.state = self._model()
        self.first = read_model(crm, model.model)
        self.publication = self._settled(model, self.first)
        self.origins = self._origins()
        standing = self.origins.keys if self.origins else ()
        staffed, self.problems = find_staff(
            plan,
            crm,
            self.areas,
            role=request.role,
            forecasts=request.forecasts,
            standing=standing,
        )
        staffed, ruled = with_criteria(plan, crm, staffed)
        by_field = request.placing.overflow is Overflow.FIELD
        self.stamped = overflowing(staffed) if by_field else ()
        staffed, told = placed(plan, crm, staffed, request.placing, mark=plan_code(plan))
        self.problems = (*self.problems, *ruled, *told)
        self.staffed = self.origins.staffed(staffed) if self.origins else staffed

    def preview(self) -> Preview:
        """Return what would change now."""
        changes = self.compared(self.first)
        gate = (Problem(text, stops=True) for text in publish_gate(self.plan, self.request.focus))
        early = not_yet(self.plan.info, clock.today()) if not self.request.early else ""
        day = (Problem(early, stops=True),) if early else ()
        problems = (*gate, *day, *self.problems, *self._troubles(), *self._closed())
        found = Preview(self.publication, changes, problems, self.stamped)
        calls = found.reads + found.writes if found.writes else 0
        used = limits(
            self.crm, changes, calls=calls, models=self.models, new=self.publication.new_model
        )
        others = lost(self.crm, changes, remedy=ALLOW_OTHERS)
        more = (*forbidden(self.crm, changes), *exceeded(used), *others)
        return replace(found, problems=(*problems, *more), limits=used)

    def compared(self, actual: Rows) -> ChangeSet:
        """Return what would change an org that holds some rows."""
        path = journal_path(self.plan, self.publication, self.crm.org)
        last = read_journal(path) if path.exists() else None
        rows = self._wanted(as_before(actual, path)[1], actual)
        rows = ours.forecasts_taken_back(rows, actual, last)
        mine = ours.ours(self.publication, actual, [w.key for w in last.written] if last else ())
        goes = self._deletable(actual, mine)
        found = reconcile(rows, actual, ours=goes)
        if self.request.with_others:
            found = reconcile(rows, actual, ours=taken_along(found, goes))
        return found

    def _deletable(self, actual: Rows, mine: Callable[[Row], bool]) -> Callable[[Row], bool]:
        """Return what tells whether a row of the org may go when it is not wanted."""
        if self.request.method is Method.OVERWRITE_ALL:
            return below(actual, self.publication.parent, mine)
        inside = None if self.request.focus is None else self.areas
        gone = deletable(actual, self.publication.plan, inside, mine)
        kept = self.origins
        return lambda row: gone(row) or bool(kept and kept.goes(row))

    def _wanted(self, standing: Rows, actual: Rows) -> Rows:
        """Return the rows of the plan; ``standing`` is what the org holds but for this publish."""
        called, origins = ours.called(actual, self.publication), self.origins
        if origins:
            called = {**called, **origins.called}
        if self.request.method is Method.OVERWRITE_MATCHING:
            taken = set(origins.keys.values()) if origins else set()
            free = Rows.of(row for row in actual if row.key not in taken)
            parent = self.publication.parent
            called = matching(self.plan.alignment, self.areas, free, parent, called)
        rows = wanted(
            self.plan.alignment,
            self.areas,
            self.publication,
            self.staffed,
            called=called,
            taken={row.key.name for row in actual.of_object(TERRITORY)},
        )
        return origins.rows(rows, standing, self.staffed) if origins else rows

    def _origins(self) -> Origins | None:
        """Return the areas that came from the model: they keep what it has for them."""
        if self.request.method is Method.NEW:
            return None
        path = journal_path(self.plan, self.publication, self.crm.org)
        base, _ = as_before(self.first, path)
        found = find_origins(self.plan, self.areas, base, self.publication.plan)
        if found:
            types = {**self.publication.types, **found.types}
            self.publication = replace(self.publication, types=types)
            self.areas = tuple(k for k in self.areas if k not in found.rests)
        return found

    def _model(self) -> tuple[Publication, str]:
        """Return the model that is published to, and its state; a new one is in Planning."""
        name = (self.request.model or came_from(self.plan, self.crm) or self.plan.info.name).strip()
        if len(name) > MAX_NAME:
            raise Refused(f"A model's name has {MAX_NAME} characters at most. Give it another.")
        models = list(self.crm.query("SELECT Id, Name, DeveloperName, State FROM Territory2Model"))
        found = [m for m in models if name in (m["Id"], m["Name"], m["DeveloperName"])]
        if len(found) > 1:
            raise Refused(_several(name, found))
        self.models = len(models) + (not found)
        return self._called(name, models, found), found[0]["State"] if found else "Planning"

    def _called(self, name: str, models: list[Record], found: list[Record]) -> Publication:
        taken = {m["DeveloperName"] for m in models}
        model = (
            found[0]["DeveloperName"]
            if found
            else developer_name(name, free=lambda text: text not in taken)
        )
        levels = dict.fromkeys(self.plan.alignment.area(k).level for k in self.areas)
        types = {level: developer_name(level, free=lambda _: True) for level in levels}
        access = self.request.access
        title = str(found[0]["Name"]) if found else name
        return Publication(
            plan_code(self.plan), model, title, types, access=access, new_model=not found
        )

    def _settled(self, publication: Publication, actual: Rows) -> Publication:
        """Return the publication with what only the org can say."""
        priorities = (row.fields.get("Priority") for row in actual.of_object(TYPE))
        name = self.request.parent
        return replace(
            publication,
            plan=self._code(publication.plan, actual),
            parent=parent_called(actual, name) if name else None,
            first_priority=1 + max((p for p in priorities if isinstance(p, int)), default=0),
        )

    def _code(self, code: str, actual: Rows) -> str:
        """Return what territories are marked with; new ones of the same plan by another code."""
        if self.request.method is not Method.NEW:
            return code
        used = {plan_of(_description(row)) for row in actual.of_object(TERRITORY)}
        free, number = code, 1
        while free in used:
            number += 1
            free = f"{code}{number:02}"
        return free

    def _troubles(self) -> Iterator[Problem]:
        found = self.origins.troubles if self.origins else ()
        yield from (Problem(text, stops=True, area=k) for k, text in found)
        standing = self.origins.keys if self.origins else ()
        own = [k for k in self.areas if k not in standing]
        levels = {self.plan.alignment.area(k).level for k in own}
        types = {level: kind for level, kind in self.publication.types.items() if level in levels}
        yield from cut_names(self.plan.alignment, own, types)

    def _closed(self) -> Iterator[Problem]:
        if self.state not in WRITABLE:
            yield Problem(
                f"Model {self.publication.model_name!r} is {self.state} and takes no changes. "
                "Publish to another model.",
                stops=True,
            )


def _several(name: str, found: Sequence[Record]) -> str:
    """Return how to tell models apart that are called alike: by their ids, which no other has."""
    ways = "; ".join(f"{m['Name']} ({m['DeveloperName']}) by {m['Id']}" for m in found)
    return (
        f"{len(found)} models are called {name!r}, as name or developer name. Give the id of the "
        f"one that is meant instead: {ways}."
    )


def _description(row: Row) -> str:
    return str(row.fields.get("Description") or "")
