"""What a session has at hand of importing a model: what there is, what it would bring."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from tp_geo.ui.publish_run import Run
from tp_geo.ui.work import Told
from tp_geo.workflow.connecting import Connection
from tp_geo.workflow.model_import import (
    ImportRequest,
    account_fields,
    import_model,
    list_models,
    preview_import,
)
from tp_geo.workflow.model_import_accounts import STANDARD, AccountField
from tp_geo.workflow.model_import_report import ImportReport, ModelInfo
from tp_geo.workflow.planner import Planner

SOON_S = 0.3


@dataclass(frozen=True, slots=True)
class Found:
    """The models of an org, and the fields of accounts beside those that are read anyway."""

    models: tuple[ModelInfo, ...]
    fields: tuple[AccountField, ...]


@dataclass(slots=True)
class Desk:
    """What is at hand, of one connection."""

    connection: Connection | None = None
    found: Found | None = None
    asked: ImportRequest | None = None
    looking: Run | None = None
    importing: Run | None = None

    @property
    def under_way(self) -> Run | None:
        """What is under way, if anything is."""
        runs = (self.looking, self.importing)
        return next((run for run in runs if run and run.under_way), None)

    @property
    def fault(self) -> str:
        """Why nothing came of what was asked last."""
        run = self.importing or self.looking
        return run.fault if run else ""

    @property
    def report(self) -> ImportReport | None:
        """What an import would bring."""
        found: ImportReport | None = self.looking.result if self.looking else None
        return found

    def meet(self, connection: Connection) -> Found:
        """Return what there is in an org, read once for each connection."""
        if self.connection is not connection or self.found is None:
            self.clear()
            fields = tuple(f for f in account_fields(connection.crm) if f.name not in STANDARD)
            self.connection, self.found = connection, Found(list_models(connection.crm), fields)
        return self.found

    def anew(self) -> None:
        """Have models and fields read again."""
        self.found = None

    def look(self, planner: Planner, request: ImportRequest) -> None:
        """Begin to find out what an import would bring."""
        self.clear()
        org = self._org
        self.asked = request

        def job(told: Told) -> ImportReport:
            return preview_import(planner, org.crm, request, told=told)

        self.looking = _begun(Run("preview", job))

    def bring(self, planner: Planner, by: str) -> None:
        """Begin to import what was looked at."""
        org, request = self._org, self.asked
        if request is None:
            return

        def job(told: Told) -> object:
            return import_model(planner, org.crm, request, by=by, told=told)

        self.importing = _begun(Run("import", job))

    def clear(self) -> None:
        """Let go of what is under way and what came of it."""
        for run in (self.looking, self.importing):
            if run:
                run.cancel()
        self.looking = self.importing = self.asked = None

    @property
    def _org(self) -> Connection:
        if self.connection is None:
            raise RuntimeError("No org is connected.")
        return self.connection


@st.cache_resource(scope="session", on_release=Desk.clear, show_spinner=False)
def desk() -> Desk:
    """Return this session's desk; it is cleared when the browser has gone."""
    return Desk()


def _begun(run: Run) -> Run:
    run.wait(SOON_S)
    return run
