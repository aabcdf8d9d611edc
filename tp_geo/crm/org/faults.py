"""Faults on demand: what a network and a busy service do, at the call that is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from tp_geo.crm.org.calls import Answer, Call, resource_of
from tp_geo.crm.org.problems import ApiError
from tp_geo.errors import BadData

KINDS: Final = {
    "expire": "every session ends: 401",
    "unavailable": "503, with Retry-After when retry_after is given",
    "limit": "REQUEST_LIMIT_EXCEEDED, 403 or the status that is given",
    "lock": "UNABLE_TO_LOCK_ROW at the record that `at` counts",
    "drop": "the work is done, the connection closed without an answer",
    "cut": "the connection is closed before anything is done",
    "slow": "the answer comes after so many seconds",
}
_OPTIONS: Final = ("at", "times", "method", "resource", "status", "retry_after", "seconds")
_NUMBERS: Final = ("at", "times", "status", "retry_after", "seconds")
ALWAYS: Final = 0


@dataclass(slots=True)
class Fault:
    """One fault: from the nth call (or record) on, so many times; 0 times is always."""

    kind: str
    text: str
    at: int = 1
    times: int = 1
    method: str = ""
    resource: str = ""
    status: int = 0
    retry_after: int = 0
    seconds: float = 1.0
    seen: int = field(default=0)

    def strikes(self) -> bool:
        """Count one call, or record, and tell whether it is struck."""
        self.seen += 1
        return self.seen >= self.at and (self.times == ALWAYS or self.seen < self.at + self.times)

    def concerns(self, call: Call) -> bool:
        """Tell whether a call is one of those the fault counts."""
        return self.method in ("", call.method) and self.resource in resource_of(call.path)


def fault_of(text: str) -> Fault:
    """Return the fault a text spells: ``unavailable:at=3,times=2,retry_after=1``."""
    kind, _, rest = text.partition(":")
    if kind not in KINDS:
        raise BadData(f"There is no fault {kind!r}. Choose one of {', '.join(KINDS)}.")
    fault = Fault(kind, text)
    for option in filter(None, rest.split(",")):
        name, sign, value = option.partition("=")
        if name not in _OPTIONS or not sign:
            raise BadData(f"A fault has no option {option!r}. Choose one of {', '.join(_OPTIONS)}.")
        setattr(fault, name, _number(name, value) if name in _NUMBERS else value)
    return fault


class Faults:
    """The faults that are set."""

    def __init__(self, told: Iterable[str] = ()) -> None:
        self._set = [fault_of(text) for text in told]
        self._records: list[Fault] = []

    def add(self, told: Iterable[str]) -> None:
        """Set more faults; none when one of them is wrong."""
        self._set += [fault_of(text) for text in told]

    def clear(self) -> None:
        """Take every fault away."""
        self._set.clear()

    def told(self) -> list[dict[str, Any]]:
        """Return the faults that are set, with how many calls or records each has seen."""
        return [{"fault": fault.text, "seen": fault.seen} for fault in self._set]

    def of(self, call: Call) -> list[Fault]:
        """Return the faults that strike a call; those of records wait for them."""
        concerned = [fault for fault in self._set if fault.concerns(call)]
        self._records = [fault for fault in concerned if fault.kind == "lock"]
        return [fault for fault in concerned if fault.kind != "lock" and fault.strikes()]

    def record(self) -> None:
        """Raise `ApiError` when the next record written in this call is struck."""
        if sum(fault.strikes() for fault in self._records):
            raise ApiError("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record")


def refusal(faults: list[Fault]) -> Answer | None:
    """Return what is answered instead of doing the work; None when the work is done."""
    for fault in faults:
        if fault.kind == "cut":
            return Answer(dropped=True)
        if fault.kind == "unavailable":
            wait = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
            error = ApiError("SERVER_UNAVAILABLE", "Server is unavailable, please try again later.")
            return Answer(fault.status or 503, [error.entry()], headers=wait)
        if fault.kind == "limit":
            error = ApiError("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
            wait = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
            return Answer(fault.status or 403, [error.entry()], headers=wait)
    return None


def _number(name: str, text: str) -> float | int:
    try:
        return float(text) if name == "seconds" else int(text)
    except ValueError as error:
        raise BadData(f"{name} of a fault is a number, not {text!r}.") from error
