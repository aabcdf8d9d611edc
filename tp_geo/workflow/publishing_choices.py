"""What can be chosen of an org when a plan is published to it."""

from __future__ import annotations

from dataclasses import dataclass

from tp_geo.crm.client import Crm, Record
from tp_geo.crm.extract import quoted
from tp_geo.crm.rows import TERRITORY, USER
from tp_geo.workflow.publishing import WRITABLE

ROLE = "RoleInTerritory2"
RULE_ITEM = "ObjectTerritory2AssignmentRuleItem"
_ADDRESS = ("Billing", "Shipping")


@dataclass(frozen=True, slots=True)
class Model:
    """A territory model of the org."""

    id: str
    name: str
    developer_name: str
    state: str

    @property
    def open(self) -> bool:
        """Whether it takes changes."""
        return self.state in WRITABLE


@dataclass(frozen=True, slots=True)
class Place:
    """A territory that others may be put below."""

    developer_name: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class StampField:
    """A text field of accounts that can be given a territory's code, for a rule to ask for."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Choices:
    """The models of an org, the roles people may have in territories, fields to stamp."""

    models: tuple[Model, ...]
    roles: tuple[str, ...]
    fields: tuple[StampField, ...] = ()

    def model(self, name: str) -> Model | None:
        """Return a model by its id or developer name, else by its name."""
        found = [m for m in self.models if name in (m.id, m.developer_name)]
        found = found or [m for m in self.models if m.name == name]
        return found[0] if found else None

    def asked(self, model: Model) -> str:
        """Return what means a model and no other: its developer name, or its id."""
        name = model.developer_name
        alike = any(m.name == name for m in self.models if m is not model)
        return model.id if alike else name


def choices(crm: Crm) -> Choices:
    """Read what can be chosen; four calls."""
    found = crm.query("SELECT Id, Name, DeveloperName, State FROM Territory2Model ORDER BY Name")
    models = (Model(m["Id"], m["Name"], m["DeveloperName"], m["State"]) for m in found)
    return Choices(tuple(models), _values(crm, USER, ROLE), stamp_fields(crm))


def stamp_fields(crm: Crm) -> tuple[StampField, ...]:
    """Read the text fields of accounts that can be written and that rules can ask for.

    Those of the org's own come first. Name and address are left out: a code
    in them would destroy what they hold.
    """
    asked = set(_values(crm, RULE_ITEM, "Field"))
    found = [
        f
        for f in crm.describe("Account")["fields"]
        if f["type"] == "string"
        and f["updateable"]
        and not f.get("nameField")
        and not f["name"].startswith(_ADDRESS)
        and f"Account.{f['name']}" in asked
    ]
    found.sort(key=lambda f: (not f.get("custom"), f["label"].casefold(), f["name"]))
    return tuple(StampField(f["name"], f["label"]) for f in found)


def _values(crm: Crm, name: str, field: str) -> tuple[str, ...]:
    """Return the active values of a picklist."""
    fields = crm.describe(name)["fields"]
    values: list[Record] = next((f["picklistValues"] for f in fields if f["name"] == field), [])
    return tuple(v["value"] for v in values if v.get("active", True))


def places(crm: Crm, model: str) -> tuple[Place, ...]:
    """Read the territories of a model by its developer name, in the order of their paths."""
    records = {
        r["Id"]: r
        for r in crm.query(
            f"SELECT Id, Name, DeveloperName, ParentTerritory2Id FROM {TERRITORY} "
            f"WHERE Territory2Model.DeveloperName = {quoted(model)}"
        )
    }

    def path(at: str | None) -> str:
        if at not in records:
            return ""
        above = path(records[at]["ParentTerritory2Id"])
        return f"{above} / {records[at]['Name']}" if above else str(records[at]["Name"])

    found = (Place(r["DeveloperName"], r["Name"], path(k)) for k, r in records.items())
    return tuple(sorted(found, key=lambda place: place.path))
