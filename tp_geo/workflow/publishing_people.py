"""People of a publish: the owners of areas as users of the org."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote_plus

from tp_geo.crm.client import Crm, Record
from tp_geo.crm.extract import quoted

PER_QUERY = 100
"""Names asked for at once, if they are not too long."""

ROOM = 4_500
"""Bytes of the names of one query: each is said up to four times in an address of 16,384 bytes."""

WAYS = ("Username", "Email", "FederationIdentifier")


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the org."""

    id: str
    name: str
    active: bool
    forecasts: bool


def find_people(crm: Crm, owners: Iterable[str]) -> Mapping[str, Person | None]:
    """Return the user each owner is: by id, user name, e-mail or federation id.

    ``None`` for whom no user fits, or several do.
    """
    wanted = sorted({*owners})
    users: dict[str, Record] = {}
    for some in _batches(wanted):
        names = ", ".join(quoted(name) for name in some)
        ids = ", ".join(quoted(name) for name in some if _is_id(name))
        tests = [f"{way} IN ({names})" for way in WAYS] + ([f"Id IN ({ids})"] if ids else [])
        fields = f"Id, Name, IsActive, ForecastEnabled, {', '.join(WAYS)}"
        for record in crm.query(f"SELECT {fields} FROM User WHERE {' OR '.join(tests)}"):
            users[record["Id"]] = record
    return {name: _fitting(name, list(users.values())) for name in wanted}


def _fitting(name: str, users: Sequence[Record]) -> Person | None:
    folded = name.casefold()
    fit = [u for u in users if u["Id"][:15] == name[:15] and _is_id(name)]
    for way in WAYS:
        fit = fit or [u for u in users if (u.get(way) or "").casefold() == folded]
    if len(fit) != 1:
        return None
    user = fit[0]
    return Person(user["Id"], user["Name"], bool(user["IsActive"]), bool(user["ForecastEnabled"]))


def _is_id(text: str) -> bool:
    return text.startswith("005") and text.isalnum() and len(text) in (15, 18)


def _batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    some: list[str] = []
    used = 0
    for name in names:
        size = len(quote_plus(f"{quoted(name)}, "))
        if some and (len(some) == PER_QUERY or used + size > ROOM):
            yield some
            some, used = [], 0
        some.append(name)
        used += size
    if some:
        yield some
