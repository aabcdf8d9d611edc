"""A client wired to a simulated org in the same process, and ways to break the wire."""

from __future__ import annotations

from collections.abc import Callable, Container
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter

from tp_geo.crm.auth import SessionId
from tp_geo.crm.client import Patience, Salesforce
from tp_geo.crm.org.calls import Answer, Call
from tp_geo.crm.org.service import Org

URL = "https://org.invalid"
QUICK = Patience(attempts=3, total_s=20, first_wait_s=0.001)


class Killed(BaseException):
    """The process ends here, as far as a publish can tell."""


class Way(StrEnum):
    """How a call breaks."""

    KILLED = "killed once it was done"
    UNANSWERED = "no answer once it was done"
    LOCKED = "a row locked"
    HELD = "a row locked for longer than anybody waits"
    BUSY = "unavailable"
    EXPIRED = "signed out"


_FAULTS = {
    Way.LOCKED: "lock",
    Way.HELD: "lock:times=0",
    Way.BUSY: "unavailable",
    Way.EXPIRED: "expire",
}


class Wire(BaseAdapter):
    """Carries calls to an org, breaks them as told, and tells who watches before and after each."""

    def __init__(self, org: Org) -> None:
        super().__init__()
        self.org = org
        self.writes = self.reads = 0
        self.watch: Callable[[], None] = lambda: None
        self._breaks: tuple[Way, Container[int], bool] | None = None

    def break_at(self, way: Way, at: Container[int], *, reads: bool = False) -> None:
        """Break those calls that write, or read; the next one is number 1."""
        self.writes = self.reads = 0
        self._breaks = (way, at, reads)

    def mend(self) -> None:
        """Break nothing any more."""
        self._breaks = None
        self.org.faults.clear()

    def _broken(self, *, reads: bool) -> Way | None:
        self.reads += reads
        self.writes += not reads
        if self._breaks is None or self._breaks[2] != reads:
            return None
        way, at, _ = self._breaks
        return way if (self.reads if reads else self.writes) in at else None

    def send(self, request: requests.PreparedRequest, *_: object, **__: Any) -> requests.Response:
        body = request.body or b""
        call = Call(
            str(request.method),
            urlsplit(str(request.url)).path,
            dict(parse_qsl(urlsplit(str(request.url)).query, keep_blank_values=True)),
            {name.lower(): value for name, value in request.headers.items()},
            body if isinstance(body, bytes) else body.encode(),
            URL,
        )
        way = self._broken(reads=request.method == "GET")
        if way in _FAULTS:
            self.org.faults.add([_FAULTS[way]])
        self.watch()
        answer = self.org.answer(call)
        self.watch()
        if way is Way.KILLED:
            raise Killed
        if answer.dropped or way is Way.UNANSWERED:
            raise requests.ConnectionError("the line went dead")
        return _response(request, answer)

    def close(self) -> None:
        pass


def wired(org: Org) -> tuple[Salesforce, Wire]:
    """Return a client of an org, and the wire between them."""
    session, wire = requests.Session(), Wire(org)
    session.mount(URL, wire)
    session.trust_env = False
    return Salesforce(SessionId(URL, org.session()), session=session, patience=QUICK), wire


def _response(request: requests.PreparedRequest, answer: Answer) -> requests.Response:
    made = requests.Response()
    made.status_code, made.request, made.url = answer.status, request, str(request.url)
    made.headers.update(answer.headers)
    made._content = answer.content()
    return made
