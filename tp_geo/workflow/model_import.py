"""Importing a territory model of an org: its areas, who holds what, and the accounts.

Everything is read before anything is kept, so that whatever breaks off on the
way leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tp_geo import cancelling
from tp_geo.crm.client import Salesforce
from tp_geo.crm.extract import read_model
from tp_geo.crm.imported import read_back
from tp_geo.crm.rows import TERRITORY
from tp_geo.domain.alignment import UNASSIGNED, Alignment
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.rules import decide
from tp_geo.errors import Refused
from tp_geo.files.build import dataset_from
from tp_geo.files.doctor import Diagnosis, Fate, diagnose
from tp_geo.files.reasons import Weight
from tp_geo.workflow import clock, importing
from tp_geo.workflow.model_import_accounts import (
    AccountField,
    Held,
    count_accounts,
    fields_of,
    read_accounts,
    read_associations,
)
from tp_geo.workflow.model_import_areas import Model, alignment_of
from tp_geo.workflow.model_import_people import read_people
from tp_geo.workflow.model_import_report import ImportReport, ModelInfo, report_of
from tp_geo.workflow.model_import_start import Start, started
from tp_geo.workflow.models import Adopt
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.publishing_origins import universe_of

__all__ = [
    "AccountField",
    "ImportReport",
    "ImportRequest",
    "Imported",
    "ModelInfo",
    "Start",
    "account_fields",
    "import_model",
    "list_models",
    "preview_import",
]

Told = Callable[[str, float], None]

CHANGING = frozenset({"Cloning", "Deleting"})


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """What is to be imported.

    ``model`` is a name or developer name in the org, ``name`` what the new
    alignment is called. It stands on the dataset ``dataset``; without one, on
    a new one of the org's accounts, called ``new_dataset`` or like the
    alignment, with more ``fields`` and only accounts that fit ``where``.
    ``start_field`` says which territory an account is in, with
    ``Start.FIELD``.
    """

    model: str
    name: str
    dataset: str = ""
    new_dataset: str = ""
    fields: tuple[str, ...] = ()
    where: str = ""
    start: Start = Start.RULES
    start_field: str = ""
    boundaries: str = "postal"

    @property
    def more(self) -> tuple[str, ...]:
        """The fields that are read beside the standard ones."""
        start = (self.start_field,) if self.start is Start.FIELD else ()
        return tuple(dict.fromkeys((*self.fields, *start)))


@dataclass(frozen=True, slots=True)
class Imported:
    """An alignment that was imported, and what was found."""

    plan: Plan
    report: ImportReport


def list_models(crm: Salesforce) -> tuple[ModelInfo, ...]:
    """Return the territory models of an org, by name."""
    counts = "SELECT Territory2ModelId, COUNT(Id) areas FROM Territory2 GROUP BY Territory2ModelId"
    areas = {r["Territory2ModelId"]: int(r["areas"]) for r in crm.query(counts)}
    fields = "Id, Name, DeveloperName, State, Description"
    found = (
        ModelInfo(
            r["Id"],
            r["Name"],
            r["DeveloperName"],
            r["State"] or "",
            r["Description"] or "",
            areas.get(r["Id"], 0),
        )
        for r in crm.query(f"SELECT {fields} FROM Territory2Model")
    )
    return tuple(sorted(found, key=lambda model: (model.name.casefold(), model.developer_name)))


def account_fields(crm: Salesforce) -> tuple[AccountField, ...]:
    """Return the fields of accounts that can be read, by label."""
    found = fields_of(crm).values()
    return tuple(sorted(found, key=lambda field: (field.label.casefold(), field.name)))


def preview_import(
    planner: Planner,
    crm: Salesforce,
    request: ImportRequest,
    *,
    told: Told = lambda what, share: None,
) -> ImportReport:
    """Return what an import would bring; accounts are counted, nothing is kept."""
    importing_ = _Importing(planner, crm, request, told)
    model = importing_.model()
    accounts = None if request.dataset else count_accounts(crm, request.where)
    return replace(report_of(importing_.info, model), accounts=accounts)


def import_model(
    planner: Planner,
    crm: Salesforce,
    request: ImportRequest,
    *,
    by: str,
    told: Told = lambda what, share: None,
) -> Imported:
    """Import a model as a new alignment; all of it or, whatever is wrong, nothing.

    Raises ``Refused`` for what can't be imported, ``CrmFailure`` when the org
    can't be read to the end.
    """
    importing_ = _Importing(planner, crm, request, told)
    return importing_.onto_dataset(by) if request.dataset else importing_.with_accounts(by)


class _Importing:
    """One import: what is asked is checked first, then all is read, then it is kept."""

    def __init__(
        self, planner: Planner, crm: Salesforce, request: ImportRequest, told: Told
    ) -> None:
        self.planner, self.crm, self.request, self.told = planner, crm, request, told
        self.name, self.dataset_name = request.name.strip(), request.new_dataset.strip()
        planner.check_free(self.name)
        self.dataset_name = self.dataset_name or self.name
        if request.start is Start.FIELD and not request.start_field:
            raise Refused("To start from a field of accounts, say which one it is.")
        if not request.dataset:
            importing.check_name(self.dataset_name)
        told("Looking for the model", 0.0)
        self.info = self._info()

    def model(self) -> Model:
        """Return the model, read on the containers it comes to."""
        kind, containers, key = self._ground()
        self.told("Reading the model", 0.02)
        rows = read_model(self.crm, self.info.developer_name)
        cancelling.check()
        if not rows.of_object(TERRITORY):
            raise Refused(
                f"Model {self.info.name!r} has no territories. Choose another model, or add some."
            )
        self.told("Reading users", 0.1)
        teams = read_people(self.crm, self.info.id, rows)
        self.told("Reading rules", 0.15)
        universe = universe_of(kind, containers, self.planner.layer(key))
        return Model(rows, read_back(rows, universe), teams)

    def onto_dataset(self, by: str) -> Imported:
        """Import onto a dataset that is there."""
        model, dataset = self.model(), self.planner.dataset(self.request.dataset)
        start, report = self._start(model, dataset)
        report = replace(report, accounts=None)
        cancelling.keep()
        return Imported(self._kept(start, dataset.name, by), report)

    def with_accounts(self, by: str) -> Imported:
        """Import with the accounts of the org as a new dataset."""
        model = self.model()
        diagnosis = self._diagnosed()
        order = importing.Order(self.dataset_name, by, clock.now())
        source = f"accounts of the org of {self.info.name}"
        self.told("Adding up", 0.7)
        dataset = dataset_from(diagnosis, name=order.name, source=source, made=order.at)
        start, report = self._start(model, dataset)
        self.told("Saving", 0.85)
        importing.keep(self.planner.store, diagnosis, order, source=source)
        return Imported(self._kept(start, order.name, by), _placed(report, diagnosis))

    def _info(self) -> ModelInfo:
        models, wanted = list_models(self.crm), self.request.model.strip()
        found = [m for m in models if wanted in (m.id, m.developer_name)]
        found = found or [m for m in models if m.name == wanted]
        if len(found) > 1:
            names = ", ".join(m.developer_name for m in found)
            raise Refused(f"{len(found)} models are called {wanted!r}. Give one of: {names}.")
        if not found:
            names = ", ".join(m.name for m in models) or "none"
            raise Refused(
                f"The org has no model {wanted!r} that you may see. Models: {names}. Those that "
                "are not active need the permission Manage Territories."
            )
        if found[0].state in CHANGING:
            raise Refused(f"Model {wanted!r} is {found[0].state} just now. Wait until it is over.")
        return found[0]

    def _ground(self) -> tuple[str, list[str], str]:
        """Return the kind of containers, their codes, and where their shapes are."""
        if self.request.dataset:
            dataset = self.planner.dataset(self.request.dataset)
            key = dataset.layer or dataset.boundaries
            return dataset.boundaries, list(dataset.containers), key
        kind = self.request.boundaries
        key = self.planner.active_layer(kind)
        return kind, self.planner.layer(key).codes.tolist(), key

    def _diagnosed(self) -> Diagnosis:
        def reading(what: str, share: float) -> None:
            self.told(what, 0.2 + 0.3 * share)

        table, columns = read_accounts(
            self.crm, self.request.more, self.request.where, told=reading
        )
        self.told(f"Placing {len(table):,} accounts", 0.5)
        frame = importing.frame_for(self.planner.store, self.request.boundaries)
        return diagnose(table, columns, frame)

    def _start(self, model: Model, dataset: Dataset) -> tuple[Alignment, ImportReport]:
        """Return the alignment to begin with, which is sound, and the report."""
        self.told("Assigning", 0.75)
        start = alignment_of(model, dataset.items)
        report = report_of(self.info, model)
        held = Held()
        if self.request.start is Start.RULES and len(dataset.units):
            order = {model.rows[k].id: i for i, k in enumerate(model.imported.tree.order)}
            held = read_associations(self.crm, self.info.id, order)
        start, notes = started(start, model, dataset, self.request, held)
        decide(Alignment.empty(dataset.items), self._adopt(start), iter(start.areas))
        exceptions, holds = len(start.exceptions), start.area_of[: dataset.items.containers]
        count = int(np.count_nonzero(holds != UNASSIGNED))
        return start, replace(report, containers=count, exceptions=exceptions).noting(*notes)

    def _adopt(self, start: Alignment) -> Adopt:
        return Adopt(start, f"imported the model {self.info.name} from Sales Territories")

    def _kept(self, start: Alignment, dataset: str, by: str) -> Plan:
        description = f"Imported from the territory model {self.info.name}"
        return self.planner.create(
            self.name, dataset, by=by, model=self._adopt(start), description=description
        )


def _placed(report: ImportReport, diagnosis: Diagnosis) -> ImportReport:
    """Return the report with how many accounts lie in a container, and why others don't."""
    lost = diagnosis.fate == Fate.UNMATCHED
    reasons: dict[str, int] = {}
    for finding in diagnosis.findings:
        if finding.reason.told.weight is Weight.UNMATCHED:
            count = int(lost[finding.rows].sum())
            text = finding.reason.told.problem
            reasons[text] = reasons.get(text, 0) + count
    return replace(
        report,
        accounts=len(diagnosis.table),
        placed=diagnosis.matched,
        not_placed={text: count for text, count in reasons.items() if count},
    )
