"""Connecting to an org: which one it is, who is signed in, how many calls are left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from tp_geo.crm.auth import Credentials, credentials
from tp_geo.crm.client import Salesforce
from tp_geo.crm.schema import models_allowed
from tp_geo.errors import CrmFailure
from tp_geo.workflow.demo_org import DemoOrg, demo_org
from tp_geo.workflow.demo_people import complete
from tp_geo.workflow.plan import Plan

URL: Final = "TP_GEO_ORG_URL"
WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "An app of your org signs in": (URL, "TP_GEO_ORG_CLIENT_ID", "TP_GEO_ORG_CLIENT_SECRET"),
    "A user is vouched for by a certificate": (
        URL, "TP_GEO_ORG_CLIENT_ID", "TP_GEO_ORG_USERNAME", "TP_GEO_ORG_KEY",
    ),
    "Somebody signed in already": (URL, "TP_GEO_ORG_TOKEN"),
}  # fmt: skip
"""Ways to sign in, with the settings each one takes."""

_CALLS = "DailyApiRequests"


@dataclass(frozen=True, slots=True, eq=False)
class Connection:
    """An org that is signed in to."""

    crm: Salesforce
    address: str
    name: str
    edition: str
    user: str
    calls_left: int
    calls: int
    models: int | None
    demo: DemoOrg | None = None

    @property
    def left(self) -> int:
        """How many calls are left today, as the last answer said."""
        left = self.crm.used.left
        return self.calls_left if left is None else left


def connect(settings: Mapping[str, str]) -> Connection:
    """Connect to the org that settings name; refuses incomplete ones."""
    return _connected(credentials(settings), settings[URL].strip())


def connect_demo(store: str, plan: Plan | None) -> Connection:
    """Connect to the demo org of a store, and make sure it knows the people of a plan."""
    org = demo_org(store)
    found = replace(_connected(org.credentials, org.url), demo=org)
    if plan is not None:
        complete(found.crm, plan)
    return found


def missing(settings: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Return which settings each way to sign in still lacks."""
    given = {name for name, text in settings.items() if text.strip()}
    return {way: tuple(n for n in names if n not in given) for way, names in WAYS.items()}


def _connected(given: Credentials, address: str) -> Connection:
    crm = Salesforce(given)
    org = next(crm.query("SELECT Name, OrganizationType, IsSandbox FROM Organization"))
    calls = crm.limits().get(_CALLS, {})
    edition = str(org["OrganizationType"] or "")
    return Connection(
        crm,
        address,
        str(org["Name"]),
        f"{edition}, sandbox" if org["IsSandbox"] else edition,
        _user(crm),
        int(calls.get("Remaining", 0)),
        int(calls.get("Max", 0)),
        models_allowed(edition),
    )


def _user(crm: Salesforce) -> str:
    """Return who is signed in; "" where the org does not tell apps."""
    try:
        return str(crm.who().get("preferred_username", ""))
    except CrmFailure:
        return ""
