"""What the API answers when something is wrong, in the two shapes it has for that."""

from __future__ import annotations

from typing import Any, Final

RECOLLECTED: Final = {
    "JSON_PARSER_ERROR": 400,
    "INVALIDJOB": 400,
    "INVALIDJOBSTATE": 400,
    "INVALID_AUTH_HEADER": 401,
    "UNKNOWN_EXCEPTION": 500,
    "URI_TOO_LONG": 414,
}
"""Codes that are not in the contract: from memory, to be checked against a real org."""

_STATUS: Final = {
    "INVALID_SESSION_ID": 401,
    "REQUEST_LIMIT_EXCEEDED": 403,
    "INSUFFICIENT_ACCESS": 403,
    "INSUFFICIENT_ACCESS_OR_READONLY": 403,
    "FUNCTIONALITY_NOT_ENABLED": 403,
    "NOT_FOUND": 404,
    "ENTITY_IS_DELETED": 404,
    "METHOD_NOT_ALLOWED": 405,
    "SERVER_UNAVAILABLE": 503,
    **RECOLLECTED,
}

ROLLED_BACK: Final = (
    "Record rolled back because not all records were valid and the request was using "
    "AllOrNone header"
)
HALTED: Final = (
    "The transaction was rolled back since another operation in the same transaction failed."
)


class ApiError(Exception):
    """An error of the API: its code, its message, the fields to blame."""

    def __init__(self, code: str, message: str, *fields: str, status: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.fields = fields
        self.status = status or _STATUS.get(code, 400)

    def entry(self) -> dict[str, Any]:
        """Return the error as it stands in a list that is the whole answer."""
        told: dict[str, Any] = {"message": self.message, "errorCode": self.code}
        return {**told, "fields": list(self.fields)} if self.fields else told

    def item(self) -> dict[str, Any]:
        """Return the error as it stands beside one record of a collection."""
        return {"statusCode": self.code, "message": self.message, "fields": list(self.fields)}


def rolled_back() -> ApiError:
    """Return the error of a record that was right while another one was wrong."""
    return ApiError("ALL_OR_NONE_OPERATION_ROLLED_BACK", ROLLED_BACK)


def halted() -> ApiError:
    """Return the error of a step that was undone with another one."""
    return ApiError("PROCESSING_HALTED", HALTED)


def not_found(message: str = "The requested resource does not exist") -> ApiError:
    """Return the error of a resource that is not there."""
    return ApiError("NOT_FOUND", message)
