"""Reasons: what an org's error codes mean for a planner, and what is to be done about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tp_geo.errors import CrmFailure

LOCKED = "UNABLE_TO_LOCK_ROW"
LATER = frozenset({LOCKED, "TERRITORY_REALIGN_IN_PROGRESS", "QUERY_TIMEOUT"})
"""Codes of calls that did nothing and may do it a little later."""

OUTDATED = frozenset({"DUPLICATE_VALUE", "DUPLICATE_DEVELOPER_NAME", "ENTITY_IS_DELETED"})
"""Codes of what became so since the org was read: there already, or gone."""

ROLLED_BACK = frozenset({"ALL_OR_NONE_OPERATION_ROLLED_BACK", "PROCESSING_HALTED"})
"""Codes of records that failed only because another one did."""

_REMEDIES: Mapping[str, str] = {
    "INVALID_SESSION_ID": "The org does not accept this sign-in any more. Connect again.",
    "INVALID_GRANT": "The org does not know these credentials. Check the client, its secret, "
    "and that the app's user may sign in.",
    "REQUEST_LIMIT_EXCEEDED": "The org's API calls are used up for now. Go on later; "
    "what is written stays, and publishing resumes where it stopped.",
    "INSUFFICIENT_ACCESS": "The user who is connected may not do this. "
    "It takes the permission Manage Territories.",
    "FUNCTIONALITY_NOT_ENABLED": "Sales Territories is off in this org. "
    "Switch it on in Setup, under Territory Settings.",
    "INVALID_TYPE": "Sales Territories is off in this org, or the user who is connected "
    "may not see it.",
    "INACTIVE_OWNER_OR_USER": "A user is not active in the org. "
    "Activate the user, or give the area another one.",
    "MAX_TM_RULES_EXCEEDED": "A territory has 15 rules at most.",
    "MAX_TM_RULE_ITEMS_EXCEEDED": "A rule has 10 items at most.",
    "STATE_TRANSITION_NOT_ALLOWED": "The model can't become that now. An org has one active model: "
    "archive the active one in Setup first.",
    "TERRITORY_REALIGN_IN_PROGRESS": "The org is running its rules. Wait until that is over.",
    LOCKED: "Somebody else is changing the same territories. Try again in a moment.",
    "STRING_TOO_LONG": "A text is longer than the org takes.",
    "ENTITY_IS_DELETED": "Somebody has deleted it meanwhile.",
    "DUPLICATE_VALUE": "The org has one of that name already.",
    "DUPLICATE_DEVELOPER_NAME": "The org has one of that developer name already.",
}
_SAME = {
    "INSUFFICIENT_ACCESS_OR_READONLY": "INSUFFICIENT_ACCESS",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "INSUFFICIENT_ACCESS",
    "invalid_grant": "INVALID_GRANT",
    "invalid_client": "INVALID_GRANT",
    "invalid_client_id": "INVALID_GRANT",
}


def failure(code: str, message: str, about: str = "") -> CrmFailure:
    """Return the failure for a code: what to do, and what the org said, word for word."""
    remedy = _REMEDIES.get(_SAME.get(code, code), "The org refused this.")
    said = " ".join(part for part in (code, f"“{message}”" if message else "") if part)
    start = f"{about}: " if about else ""
    return CrmFailure(f"{start}{remedy} It said: {said}." if said else f"{start}{remedy}", code)


def told(body: object) -> tuple[str, str]:
    """Return code and message of an error answer, in either of an org's two forms."""
    first: Mapping[str, Any] = {}
    if isinstance(body, Sequence) and not isinstance(body, str) and body:
        first = body[0] if isinstance(body[0], Mapping) else {}
    elif isinstance(body, Mapping):
        first = body
    code = first.get("errorCode") or first.get("statusCode") or first.get("error") or ""
    message = first.get("message") or first.get("error_description") or ""
    return str(code), str(message)
