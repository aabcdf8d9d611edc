"""Verifying an org: what it says of itself is read, and compared with the contract."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tp_geo.crm.client import API_VERSION, Crm, Salesforce
from tp_geo.crm.rows import MODEL, OBJECTS
from tp_geo.crm.verifying import ACCOUNTS, PEOPLE, Difference, Weight, differences, room
from tp_geo.errors import CrmFailure

_ABSENT = frozenset({"NOT_FOUND", "INVALID_TYPE", "FUNCTIONALITY_NOT_ENABLED", "HTTP 404"})


def verify_org(crm: Salesforce) -> tuple[Difference, ...]:
    """Return how an org differs from what publish and import rely on; only reads.

    Raises ``CrmFailure`` when the org can't be asked at all.
    """
    try:
        crm.limits()
    except CrmFailure as error:
        if error.code not in _ABSENT:
            raise
        means = "The org is of an older release; publish and import speak this version only."
        return (Difference(Weight.STOPS, "API", "", f"has no version {API_VERSION}", means),)
    told = {name: described(crm, name) for name in (*OBJECTS, PEOPLE, ACCOUNTS)}
    models = [] if told[MODEL] is None else list(crm.query("SELECT Id FROM Territory2Model"))
    return (*differences(told), *room(crm.limits(), len(models), edition(crm)))


def described(crm: Crm, name: str) -> Mapping[str, Any] | None:
    """Return what an org says of an object to the user who is connected, ``None`` of none."""
    try:
        return crm.describe(name)
    except CrmFailure as error:
        if error.code in _ABSENT:
            return None
        raise


def edition(crm: Crm) -> str:
    """Return what an org calls its edition, as "Enterprise Edition"; "" where it does not say."""
    found = next(crm.query("SELECT OrganizationType FROM Organization"), {})
    return str(found.get("OrganizationType") or "")
