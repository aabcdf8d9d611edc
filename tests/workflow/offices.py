"""An office that imports the model of the demo org, and publishes it back."""

from __future__ import annotations

from dataclasses import dataclass

from wired import Wire
from writing import ANA

from tp_geo.crm.client import Salesforce
from tp_geo.crm.extract import read_model
from tp_geo.crm.org.service import Org
from tp_geo.crm.rows import ITEM, RULE, TERRITORY, Rows
from tp_geo.workflow.model_import import (
    ImportRequest,
    import_model,
)
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.planner import Planner
from tp_geo.workflow.publishing import Preview, Request, preview

MODEL = "FY26 Sales"


@dataclass
class Office:
    """A planner of an empty store, and the demo org."""

    planner: Planner
    org: Org
    crm: Salesforce
    wire: Wire

    def imported(self, name: str, **options: object) -> Plan:
        """The model on the built-in dataset, unless told otherwise."""
        asked = ImportRequest(MODEL, name, **{"dataset": "default", **options})  # type: ignore[arg-type]
        return import_model(self.planner, self.crm, asked, by=ANA).plan

    def add(self, name: str, **fields: object) -> str:
        with self.org.state.step():
            return self.org.records.create(name, fields, by_org=True)

    def rows(self) -> Rows:
        return read_model(self.crm, "FY26_Sales")

    def id_of(self, territory: str) -> str:
        return next(r.id for r in self.rows().of_object(TERRITORY) if r.fields["Name"] == territory)

    def rule(
        self, territory: str, label: str, *items: tuple[str, str, str], **more: object
    ) -> None:
        """Add a rule to a territory; ``handed`` hands it down."""
        model = self.rows().of_object("Territory2Model")[0].id
        rule = self.add(RULE, DeveloperName=label, MasterLabel=label, Territory2ModelId=model,
                        ObjectType="Account", IsActive=False)  # fmt: skip
        for order, (field, operation, value) in enumerate(items, start=1):
            self.add(
                ITEM, RuleId=rule, SortOrder=order, Field=field, Operation=operation, Value=value
            )
        handed = bool(more.pop("handed", False))
        self.add("RuleTerritory2Association", RuleId=rule, Territory2Id=self.id_of(territory),
                 IsInherited=handed)  # fmt: skip
        with self.org.state.step():
            self.org.records.update(RULE, rule, {"IsActive": True, **more})


def fresh(office: Office) -> str:
    """A name no alignment has."""
    return f"Imported {len(office.planner.plans())}"


def dry(plan: Plan, office: Office, **options: object) -> Preview:
    return preview(plan, office.crm, Request(**options))  # type: ignore[arg-type]
