"""What the demo org has of a plan, so that a publish meets people and accounts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from tp_geo.crm.client import Crm, Record
from tp_geo.crm.extract import quoted
from tp_geo.crm.rows import PER_CALL, Verb
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.publishing_people import find_people

ACCOUNTS: Final = 2_000
"""So many accounts of a dataset are taken at most."""


def complete(crm: Crm, plan: Plan) -> None:
    """Give the demo org a user for every owner it does not know, and accounts of the dataset."""
    _write(crm, "User", list(_users(crm, plan)))
    _write(crm, "Account", list(_accounts(crm, plan)))


def _users(crm: Crm, plan: Plan) -> Iterator[Record]:
    owners = {a.owner for a in plan.alignment.areas.values() if a.owner}
    unknown = [owner for owner, person in find_people(crm, owners).items() if person is None]
    if not unknown:
        return
    profile = next(iter(crm.query("SELECT ProfileId FROM User LIMIT 1")))["ProfileId"]
    for owner in unknown:
        yield _user(owner, profile)


def _user(owner: str, profile: str) -> Mapping[str, Any]:
    """Return a user who is found by what the plan calls the owner."""
    sign = hashlib.sha256(owner.encode()).hexdigest()[:8]
    address = owner if "@" in owner else f"owner-{sign}@tp-geo.example"
    first, _, last = owner.partition("@")[0].rpartition(" ")
    return {
        "Username": f"owner-{sign}@tp-geo.example",
        "Email": address[:128],
        "FederationIdentifier": owner[:512],
        "FirstName": first[:40],
        "LastName": last[:80] or "Owner",
        "Alias": sign,
        "IsActive": True,
        "ForecastEnabled": True,
        "ProfileId": profile,
    }


def _accounts(crm: Crm, plan: Plan) -> Iterator[Record]:
    dataset = plan.dataset
    n, sign = dataset.items.containers, dataset.key[:8]
    there = crm.query(
        f"SELECT Id FROM Account WHERE AccountNumber LIKE {quoted(f'{sign}-%')} LIMIT 1"
    )
    if next(iter(there), None) is not None:
        return
    country = "United States" if plan.boundaries.country == "US" else plan.boundaries.country
    for number, inside in enumerate(dataset.items.container_of[:ACCOUNTS].tolist()):
        if inside >= 0:
            name = str(dataset.names[n + number] or dataset.codes[n + number])
            yield {
                "Name": name[:255],
                "AccountNumber": f"{sign}-{number}",
                "BillingPostalCode": str(dataset.codes[inside])[:20],
                "BillingCountry": country,
            }


def _write(crm: Crm, name: str, records: Sequence[Record]) -> None:
    for start in range(0, len(records), PER_CALL):
        crm.write(Verb.CREATE, name, records[start : start + PER_CALL], all_or_none=False)
