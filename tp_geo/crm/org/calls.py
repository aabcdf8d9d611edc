"""A call to the org and its answer, apart from any server; how often each resource was called."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tp_geo.crm.org.problems import ApiError

_ID: Final = re.compile(r"^\d[A-Za-z0-9]{14}(?:[A-Za-z0-9]{3})?(?:-\d+)?$")
_DATA: Final = re.compile(r"^/services/data/v\d+\.\d/?")
_WRITES: Final = ("POST", "PATCH", "PUT", "DELETE")


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked: header names in lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    base: str = ""

    def json(self) -> Any:
        """Return the body as JSON."""
        try:
            return json.loads(self.body)
        except ValueError as error:
            raise ApiError(
                "JSON_PARSER_ERROR", f"The HTTP entity body is no JSON: {error}"
            ) from error

    def mapping(self) -> dict[str, Any]:
        """Return the body as a JSON object."""
        told = self.json()
        if not isinstance(told, dict):
            raise ApiError("JSON_PARSER_ERROR", "The HTTP entity body has to be a JSON object.")
        return told

    def flag(self, name: str) -> bool:
        """Return a yes or no of the query string; no when it is missing."""
        return self.query.get(name, "").lower() == "true"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered; `text` instead of `body` when it is no JSON."""

    status: int = 200
    body: Any = None
    text: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    wait_s: float = 0.0
    dropped: bool = False

    def content(self) -> bytes:
        """Return the bytes to send."""
        if self.text is not None:
            return self.text.encode()
        return b"" if self.status == 204 else json.dumps(self.body).encode()


def resource_of(path: str) -> str:
    """Return what a path is about, without version and ids: ``sobjects/Territory2/describe``."""
    parts = _DATA.sub("", path).strip("/").split("/")
    return "/".join(part for part in parts if part and not _ID.match(part))


class Counts:
    """How often each resource was called."""

    def __init__(self) -> None:
        self._counted: Counter[tuple[str, str]] = Counter()

    def add(self, call: Call) -> None:
        """Count one call."""
        self._counted[call.method, resource_of(call.path)] += 1

    def clear(self) -> None:
        """Begin at zero."""
        self._counted.clear()

    def told(self) -> dict[str, Any]:
        """Return the counts by method and resource, and the sums of reads and writes."""
        calls = [
            {"method": method, "resource": resource, "count": count}
            for (method, resource), count in sorted(self._counted.items())
        ]
        write = sum(n for (m, r), n in self._counted.items() if m in _WRITES and "oauth2" not in r)
        total = self._counted.total()
        login = sum(n for (_, r), n in self._counted.items() if "oauth2" in r)
        return {
            "total": total,
            "read": total - write - login,
            "write": write,
            "login": login,
            "calls": calls,
        }
