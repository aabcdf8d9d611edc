"""What can be chosen of an org when a plan is published to it."""

from __future__ import annotations

from dataclasses import dataclass

from tp_geo.crm.client import Crm, Record
from tp_geo.crm.extract import quoted
from tp_geo.crm.rows import TERRITORY, USER
from tp_geo.workflow.publishing import WRITABLE

ROLE = "RoleInTerritory2"


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
class Choices:
    """The models of an org, and the roles people may have in territories."""

    models: tuple[Model, ...]
    roles: tuple[str, ...]

    def model(self, name: str) -> Model | None:
        """Return a model by its name or developer name."""
        return next((m for m in self.models if name in (m.developer_name, m.name)), None)


def choices(crm: Crm) -> Choices:
    """Read what can be chosen; two calls."""
    found = crm.query("SELECT Id, Name, DeveloperName, State FROM Territory2Model ORDER BY Name")
    models = (Model(m["Id"], m["Name"], m["DeveloperName"], m["State"]) for m in found)
    fields = crm.describe(USER)["fields"]
    roles: list[Record] = next((f["picklistValues"] for f in fields if f["name"] == ROLE), [])
    return Choices(tuple(models), tuple(v["value"] for v in roles if v.get("active", True)))


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
