"""What a session has at hand of publishing: the org, the dry run, what is being written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from tp_geo.crm.journal import PUBLISH, UNDO, Written, read_journal
from tp_geo.crm.rows import USER, Key
from tp_geo.ui.publish_run import Run
from tp_geo.ui.work import Told, part
from tp_geo.workflow.account_fields import (
    FieldsPreview,
    preview_with_stamps,
    publish_with_stamps,
)
from tp_geo.workflow.connecting import Connection, connect, connect_demo
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.publishing import (
    Preview,
    Request,
    journals,
)
from tp_geo.workflow.publishing_after import drift, undo_publish
from tp_geo.workflow.publishing_checks import Proof, proof
from tp_geo.workflow.publishing_choices import Choices, Place, choices, places
from tp_geo.workflow.publishing_finish import accounts, activate, model_id
from tp_geo.workflow.publishing_tree import Node, find_names, settled, titles, tree, users

SOON_S = 0.3
"""What is done so soon is shown without progress."""

WRITTEN = 0.8
"""The share of a publish that lies behind once all but the codes of accounts is written."""


@dataclass(frozen=True, slots=True, eq=False)
class Dry:
    """A dry run: what it is of, and what it found; ``stamps`` are accounts that get a code."""

    request: Request
    seq: int
    found: Preview
    nodes: tuple[Node, ...]
    proof: Proof | None
    stamps: FieldsPreview | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """A publish or an undo that was written; ``stamped`` accounts were given a code in a field."""

    what: str
    model: str
    written: tuple[Written, ...]
    title: Callable[[Key], str]
    field: str = ""
    stamped: int = 0
    name: str = ""

    @property
    def called(self) -> str:
        """What the model is called on the page."""
        return self.name or self.model


@dataclass(frozen=True, slots=True, eq=False)
class Drifted:
    """What somebody changed in the org since a publish."""

    model: str
    nodes: tuple[Node, ...]
    records: int


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of running rules or activating a model: words, and accounts by territory."""

    text: str
    accounts: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class Desk:
    """What is at hand; dry run, writing and drift are of one plan and one org.

    ``undoing`` is the model in which a publish is undone, "" where none is.
    """

    connection: Connection | None = None
    choices: Choices | None = None
    plan: str = ""
    joining: Run | None = None
    dry: Run | None = None
    writing: Run | None = None
    drift: Run | None = None
    finishing: Run | None = None
    asked: Request | None = None
    undoing: str = ""
    _stale: bool = False
    _names: dict[str, str] = field(default_factory=dict)
    _places: dict[str, tuple[Place, ...]] = field(default_factory=dict)

    @property
    def busy(self) -> Run | None:
        """What is under way, if anything is."""
        return next((run for run in self._runs if run and run.under_way), None)

    @property
    def _runs(self) -> tuple[Run | None, ...]:
        return self.joining, self.dry, self.writing, self.drift, self.finishing

    def join(self, plan: Plan | None, store: str, *, demo: bool) -> None:
        """Begin to connect to the demo org, or to the one that the environment names."""
        self.leave()

        def job(told: Told) -> tuple[Connection, Choices]:
            told("Starting the demo org" if demo else "Signing in", 0.2)
            found = connect_demo(store, plan) if demo else connect(os.environ)
            told("Reading the models of the org", 0.8)
            return found, choices(found.crm)

        self.joining = _begun(Run("connect", job))

    def leave(self) -> None:
        """Let go of the org, and of all that was found in it."""
        self.clear()
        self.connection = self.choices = self.joining = None
        self._names, self._places = {}, {}

    def clear(self) -> None:
        """Let go of what is under way and what came of it; the org stays."""
        for run in self._runs:
            if run:
                run.cancel()
        self.dry = self.writing = self.drift = self.finishing = None

    def names(self, ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of users by id; each is asked for once."""
        unknown = {*ids} - self._names.keys()
        self._names |= {**dict.fromkeys(unknown, ""), **find_names(self._org.crm, unknown)}
        return {k: name for k, name in self._names.items() if name}

    def places(self, model: str) -> tuple[Place, ...]:
        """Return the territories of a model of the org, read once until something is written."""
        if model not in self._places:
            self._places[model] = places(self._org.crm, model)
        return self._places[model]

    def try_out(self, plan: Plan, request: Request) -> None:
        """Begin a dry run; results of before are let go."""
        self.clear()
        org = self._org
        self.asked = request

        def job(told: Told) -> Dry:
            if org.demo is not None:
                told("Making sure the demo org knows the people of the plan", 0.05)
                connect_demo(str(plan.store.beside), plan)
            seq = plan.seq
            told("Reading the org and comparing", 0.15)
            found, stamps = preview_with_stamps(plan, org.crm, request)
            told("Naming the people", 0.75)
            nodes = self._tree(found)
            told("Proving the postal codes equal", 0.85)
            proved = proof(plan, found)
            return Dry(request, seq, found, nodes, proved, stamps)

        self.dry = _begun(Run("dry run", job))

    def publish(self, plan: Plan, by: str) -> None:
        """Begin to write, or go on with what was stopped."""
        org, request, before = self._org, self.asked or Request(), self.writing
        self.undoing = ""

        def job(told: Told) -> Done:
            told("Reading the org", 0.0)
            field = request.placing.field
            first = part(told, 0.0, WRITTEN) if field else told
            receipt, found, stamped = publish_with_stamps(
                plan,
                org.crm,
                request,
                by=by,
                told=first,
                stamping=part(told, WRITTEN, 1.0),
            )
            changes = found.changes
            title = titles((changes.wanted, changes.actual), self.names(users(changes)))
            written = settled(receipt.written)
            to = found.publication
            return Done(PUBLISH, to.model, written, title, field, len(stamped), to.model_name)

        self._write(job, before)

    def undo(self, plan: Plan, model: str, by: str) -> None:
        """Begin to undo the last publish to a model, or go on with what was stopped."""
        org, self.undoing = self._org, model

        def job(told: Told) -> Done:
            told("Reading the org", 0.0)
            receipt = undo_publish(plan, org.crm, model, by=by, told=told)
            last = read_journal(journals(plan, org.crm.org)[model])
            written = settled(receipt.written)
            title = titles((last.wanted, last.before), self.names(users_in(written)))
            return Done(UNDO, model, written, title)

        self._write(job, self.writing)

    def check(self, plan: Plan, model: str) -> None:
        """Begin to look what somebody changed in the org since the last publish."""
        self.clear()
        org = self._org

        def job(told: Told) -> Drifted:
            told("Reading the org", 0.2)
            found = drift(plan, org.crm, model)
            names = self.names(users(found))
            records = len(found.update) + len(found.create)
            return Drifted(model, tree(found, names, "", model=model), records)

        self.drift = _begun(Run("drift", job))

    def run_rules(self, model: str) -> None:
        """Begin to run the rules of a model; only the demo org can be asked to."""
        org = self._org

        def job(told: Told) -> Finished:
            told("Running the rules", 0.3)
            placed = org.demo.run_rules(model_id(org.crm, model)) if org.demo else 0
            told("Counting accounts", 0.8)
            return Finished(f"{placed:,} accounts are in territories.", accounts(org.crm, model))

        self.finishing = _begun(Run("rules", job))

    def activate(self, plan: Plan, model: str) -> None:
        """Begin to activate a model."""
        org = self._org

        def job(told: Told) -> Finished:
            told("Asking the org to activate the model", 0.3)
            found = activate(plan, org.crm, model)
            return Finished(f"{found.name} is {found.state} now.")

        self.finishing = _begun(Run("activation", job))

    def take_up(self) -> None:
        """Take up what has come of runs: the org, and that a dry run was written."""
        if self.joining and self.joining.result:
            self.connection, self.choices = self.joining.result
            self.joining = None
        if self._stale and self.writing and not self.writing.under_way:
            self._stale, self._places = False, {}
            if self.writing.result:
                self.dry, self.choices = None, choices(self._org.crm)

    @property
    def _org(self) -> Connection:
        if self.connection is None:
            raise RuntimeError("No org is connected.")
        return self.connection

    def _tree(self, found: Preview) -> tuple[Node, ...]:
        changes, publication = found.changes, found.publication
        names = self.names(users(changes))
        return tree(changes, names, publication.plan, model=publication.model_name)

    def _write(self, job: Any, before: Run | None) -> None:
        if self.drift:
            self.drift.cancel()
            self.drift = None
        self.finishing, self._stale = None, True
        self.writing = _begun(Run("write", job, before))


def at_hand(plan: Plan | None) -> Desk:
    """Return what is at hand; what was found of another plan is let go, the org stays.

    A plan that is being written is not let go before it is over.
    """
    desk = _desk()
    desk.take_up()
    writing = desk.writing is not None and desk.writing.under_way
    if plan is not None and desk.plan != plan.info.id and not writing:
        desk.clear()
        desk.plan, desk.asked = plan.info.id, None
    return desk


def _begun(run: Run) -> Run:
    run.wait(SOON_S)
    return run


def users_in(written: Iterable[Written]) -> set[str]:
    """Return the ids of the users who were assigned, or are not any more."""
    return {w.key.name.partition(">")[0] for w in written if w.key.object == USER}


@st.cache_resource(scope="session", on_release=Desk.leave, show_spinner=False)
def _desk() -> Desk:
    """Return this session's desk; it is cleared when the browser has gone."""
    return Desk()
