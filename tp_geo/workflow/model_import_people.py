"""People of a model that is imported: who owns an area, and who else is in its territory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tp_geo.crm.client import Crm, Record
from tp_geo.crm.extract import quoted
from tp_geo.crm.rows import USER, Key, Rows

_FIELDS = (
    "Id, UserId, User.Username, User.Name, User.IsActive, User.ForecastEnabled, RoleInTerritory2, "
    "Territory2Id"
)


@dataclass(frozen=True, slots=True)
class Assigned:
    """A user of a territory."""

    id: str
    username: str
    name: str
    active: bool
    role: str = ""

    @property
    def text(self) -> str:
        """How the user is told of beside the owner."""
        said = [*([self.role] if self.role else []), *([] if self.active else ["inactive"])]
        return f"{self.name} ({', '.join(said)})" if said else self.name


@dataclass(frozen=True, slots=True)
class Team:
    """The users of a territory; the owner is one of those who are active."""

    owner: Assigned | None = None
    others: tuple[Assigned, ...] = ()


def read_people(crm: Crm, model: str, rows: Rows) -> Mapping[Key, Team]:
    """Return the users of each territory of a model, by the id of that."""
    where = f"Territory2.Territory2ModelId = {quoted(model)}"
    told = {r["Id"]: r for r in crm.query(f"SELECT {_FIELDS} FROM {USER} WHERE {where}")}
    found: dict[Key, list[Assigned]] = {}
    for row in rows.of_object(USER):
        territory, record = row.fields.get("Territory2Id"), told.get(row.id)
        if isinstance(territory, Key) and record:
            found.setdefault(territory, []).append(_assigned(record))
    return {key: _team(users, _forecasts(rows, key)) for key, users in found.items()}


def inactive(teams: Iterable[Team]) -> tuple[str, ...]:
    """Return the names of users who are not active, each once."""
    names = {user.name for team in teams for user in team.others if not user.active}
    return tuple(sorted(names))


def _assigned(record: Record) -> Assigned:
    user = record.get("User") or {}
    return Assigned(
        record["UserId"],
        str(user.get("Username") or record["UserId"]),
        str(user.get("Name") or record["UserId"]),
        bool(user.get("IsActive")),
        str(record.get("RoleInTerritory2") or ""),
    )


def _team(users: Sequence[Assigned], forecasts: str) -> Team:
    """Return who owns: whose role says so, else who forecasts, else the first by name."""
    ordered = sorted(users, key=lambda user: (user.name.casefold(), user.id))
    active = [user for user in ordered if user.active]
    said = [user for user in active if "owner" in user.role.casefold()]
    owner = next(iter([*said, *(u for u in active if u.id == forecasts), *active]), None)
    return Team(owner, tuple(user for user in ordered if user is not owner))


def _forecasts(rows: Rows, territory: Key) -> str:
    return str(rows[territory].fields.get("ForecastUserId") or "")
