"""A client wired to a simulated org in the same process, and ways to break the wire."""

from __future__ import annotations

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


class Wire(BaseAdapter):
    """Carries calls to an org; at write ``kill_at``, or read ``kill_read_at``, its caller ends."""

    def __init__(self, org: Org) -> None:
        super().__init__()
        self.org = org
        self.kill_at: int | None = None
        self.kill_read_at: int | None = None
        self.drop_at: int | None = None
        self.writes = self.reads = 0

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
        writing = request.method != "GET"
        answer = self.org.answer(call)
        self.writes += writing
        self.reads += not writing
        if writing and self.writes == self.kill_at:
            raise Killed
        if not writing and self.reads == self.kill_read_at:
            raise Killed
        if answer.dropped or (writing and self.writes == self.drop_at):
            raise requests.ConnectionError("the line went dead")
        return _response(request, answer)

    def close(self) -> None:
        pass


def wired(org: Org) -> tuple[Salesforce, Wire]:
    """Return a client of an org, and the wire between them."""
    session, wire = requests.Session(), Wire(org)
    session.mount(URL, wire)
    return Salesforce(SessionId(URL, org.session()), session=session, patience=QUICK), wire


def _response(request: requests.PreparedRequest, answer: Answer) -> requests.Response:
    made = requests.Response()
    made.status_code, made.request, made.url = answer.status, request, str(request.url)
    made.headers.update(answer.headers)
    made._content = answer.content()
    return made
