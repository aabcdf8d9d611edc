"""The client of an org: simple-salesforce with time-outs, tries again, and headers that stay.

What it mends in 1.12.10: after a refreshed sign-in the headers of a call were
lost (and with them ``Sforce-Auto-Assign``), nothing timed out, nothing was
tried again, and a call that failed after it was sent looked like one that was
never made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import requests
import stamina
from requests.adapters import HTTPAdapter
from simple_salesforce.api import Salesforce as Library
from stamina.instrumentation import set_on_retry_hooks

from tp_geo import cancelling
from tp_geo.crm.auth import Credentials, Token
from tp_geo.crm.bulk import NO_RULES, Done, write_job
from tp_geo.crm.outcomes import Outcome as Outcome  # noqa: PLC0414 - part of what a client answers
from tp_geo.crm.outcomes import Record as Record  # noqa: PLC0414
from tp_geo.crm.reasons import LATER, ROLLED_BACK, failure, told
from tp_geo.crm.rows import PER_CALL, Verb
from tp_geo.errors import CrmFailure, Unsure

API_VERSION = "62.0"
"""Pinned: answers change with the version."""

CALL_S = (10.0, 120.0)
"""Seconds to reach an org, and until it answers: its own limit is ten minutes."""

ATTEMPTS, PATIENCE_S, FIRST_WAIT_S, LONGEST_WAIT_S = 6, 120.0, 1.0, 16.0
WHO_PATH = "/services/oauth2/userinfo"
ORG_PREFIX, ID_LENGTH = "00D", 15
SAFE = frozenset({"GET", "HEAD"})
BUSY = frozenset({420, 429, 500, 502, 503})

set_on_retry_hooks([])  # the default ones print


_METHODS: Mapping[Verb, str] = {
    Verb.CREATE: "POST",
    Verb.UPDATE: "PATCH",
    Verb.DELETE: "DELETE",
}


class Crm(Protocol):
    """What publishing and importing need of an org."""

    @property
    def org(self) -> str:
        """The id of the org, 15 characters."""

    def query(self, soql: str) -> Iterator[Record]:
        """Yield the records of a query, page after page."""

    def describe(self, name: str) -> Record:
        """Return what the org says of an object."""

    def limits(self) -> Mapping[str, Mapping[str, int]]:
        """Return the org's limits, each with ``Max`` and ``Remaining``."""

    def write(
        self, verb: Verb, name: str, records: Sequence[Record], *, all_or_none: bool = True
    ) -> tuple[Outcome, ...]:
        """Write up to 200 records of one object; an outcome for each, in order."""

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Return the answer to a call below the data service, as it came."""

    def load(
        self, verb: Verb, name: str, records: Sequence[Record], *, done: Done = lambda count: None
    ) -> tuple[Outcome, ...]:
        """Write many records of one object by a job; an outcome for each, in order."""


class _Later(Exception):  # noqa: N818 - no error yet: it is tried again
    """A call that did nothing and is worth another try, after some seconds where it says so."""

    def __init__(self, error: CrmFailure, wait_s: float | None = None) -> None:
        super().__init__(str(error))
        self.error, self.wait_s = error, wait_s


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long a call is tried again."""

    attempts: int = ATTEMPTS
    total_s: float = PATIENCE_S
    first_wait_s: float = FIRST_WAIT_S
    call_s: tuple[float, float] = CALL_S


@dataclass(slots=True)
class Used:
    """Calls of a day that are used, and how many there may be; 0 while unknown."""

    calls: int = 0
    most: int = 0

    @property
    def left(self) -> int | None:
        """How many are left, ``None`` while unknown."""
        return self.most - self.calls if self.most else None


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    url: str
    headers: Mapping[str, str]
    rest: Mapping[str, Any] = field(default_factory=dict)


class Salesforce:
    """An org over its REST interface."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        session: requests.Session | None = None,
        patience: Patience = Patience(),
        version: str = API_VERSION,
    ) -> None:
        self._transport = _Transport(credentials, session or requests.Session(), patience, version)

    @property
    def org(self) -> str:
        """The id of the org: what a token begins with, else what the org says."""
        token = str(self._transport.session_id)
        if token.startswith(ORG_PREFIX) and token[ID_LENGTH : ID_LENGTH + 1] == "!":
            return token[:ID_LENGTH]
        return str(next(self.query("SELECT Id FROM Organization"))["Id"])[:ID_LENGTH]

    @property
    def used(self) -> Used:
        """The calls of this day, as the last answer said."""
        return self._transport.used

    def who(self) -> Record:
        """Return what the org tells of the user who is signed in."""
        found: Record = self._transport.who()
        return found

    def ask(self, path: str, **options: Any) -> Any:
        """Return what the org answers under a path of its data service."""
        return self._transport.restful(path, **options)

    def query(self, soql: str) -> Iterator[Record]:
        """Yield the records of a query, page after page."""
        page = self.ask("query/", params={"q": soql})
        while True:
            yield from page["records"]
            if page["done"]:
                return
            path = page["nextRecordsUrl"].split(f"/v{self._transport.sf_version}/", 1)[1]
            page = self.ask(path)

    def describe(self, name: str) -> Record:
        """Return what the org says of an object."""
        found: Record = self.ask(f"sobjects/{name}/describe")
        return found

    def limits(self) -> Mapping[str, Mapping[str, int]]:
        """Return the org's limits, each with ``Max`` and ``Remaining``."""
        found: Mapping[str, Mapping[str, int]] = self.ask("limits")
        return found

    def write(
        self, verb: Verb, name: str, records: Sequence[Record], *, all_or_none: bool = True
    ) -> tuple[Outcome, ...]:
        """Write up to 200 records of one object; an outcome for each, in order.

        Deleting takes records with an ``Id``. Rows that others hold are tried
        again. Raises ``CrmFailure`` when the call as a whole is refused, and
        ``Unsure`` when nobody knows what became of it.
        """
        if not 0 < len(records) <= PER_CALL:
            raise ValueError(f"Expected 1 to {PER_CALL} records a call, got {len(records)}.")
        send = self._sender(verb, name, all_or_none=all_or_none)
        total_s = self._transport.patience.total_s
        return self._patiently(send, name, records, all_or_none=all_or_none, total_s=total_s)

    def load(
        self, verb: Verb, name: str, records: Sequence[Record], *, done: Done = lambda count: None
    ) -> tuple[Outcome, ...]:
        """Write up to 100,000 records of one object by a job of Bulk API 2.0.

        ``done`` is told how many the org is through with; some may fail and
        the others be written. Rules are not run by it. Raises as ``write``;
        rows that others hold go by another job.
        """

        def send(some: Sequence[Record]) -> Sequence[Outcome]:
            return write_job(self, verb, name, some, done=done)

        return self._patiently(send, name, records, all_or_none=False, total_s=None)

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Return the answer to a call below the data service, as it came."""
        return self._transport.call(method, path, **options)

    def _patiently(
        self,
        send: Callable[[Sequence[Record]], Sequence[Outcome]],
        name: str,
        records: Sequence[Record],
        *,
        all_or_none: bool,
        total_s: float | None,
    ) -> tuple[Outcome, ...]:
        """Send records, those that others hold again; of all-or-none all of them."""
        found: dict[int, Outcome] = {}
        for attempt in self._transport.attempts(total_s):
            with attempt:
                cancelling.check()
                left = [i for i in range(len(records)) if i not in found]
                tried = dict(zip(left, send([records[i] for i in left]), strict=True))
                if busy := next((o for o in tried.values() if o.code in LATER), None):
                    if not all_or_none:
                        found |= {i: o for i, o in tried.items() if o.code not in LATER}
                    raise _Later(failure(busy.code, busy.message, about=name))
                found |= tried
        return tuple(found[i] for i in range(len(records)))

    def _sender(
        self, verb: Verb, name: str, *, all_or_none: bool
    ) -> Callable[[Sequence[Record]], list[Outcome]]:
        def send(records: Sequence[Record]) -> list[Outcome]:
            if verb is Verb.DELETE:
                ids = ",".join(record["Id"] for record in records)
                asked = {"ids": ids, "allOrNone": str(all_or_none).lower()}
                answers = self.ask("composite/sobjects", params=asked, method=_METHODS[verb])
            else:
                body = [{"attributes": {"type": name}, **record} for record in records]
                asked_json = {"allOrNone": all_or_none, "records": body}
                answers = self.ask(
                    "composite/sobjects", method=_METHODS[verb], json=asked_json, headers=NO_RULES
                )
            return [_outcome(answer) for answer in answers]

        return send


class _Transport(Library):
    """How calls are sent: what the library does, and what it lacks."""

    def __init__(
        self, credentials: Credentials, session: requests.Session, patience: Patience, version: str
    ) -> None:
        self.credentials, self.patience, self.used = credentials, patience, Used()
        token = credentials.token(session)
        super().__init__(
            session_id=token.access,
            instance_url=token.instance_url,
            session=session,
            version=version,
            object_pairs_hook=dict,
        )
        self._plain_loopback(token)

    def _call_salesforce(
        self,
        method: str,
        url: str,
        name: str = "",
        retries: int = 0,
        max_retries: int = 3,
        **kwargs: Any,
    ) -> requests.Response:
        call = _Call(str(method), url, kwargs.pop("headers", None) or {}, kwargs)
        for attempt in self.attempts(self.patience.total_s):
            with attempt:
                cancelling.check()
                answer = self._answered(call)
        return answer

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Return the answer to a call below the data service."""
        return self._call_salesforce(method, f"{self.base_url}{path}", **options)

    def who(self) -> Any:
        """Return what the org tells of the user who is signed in."""
        return self._call_salesforce("GET", f"https://{self.sf_instance}{WHO_PATH}").json()

    def attempts(self, total_s: float | None) -> Iterator[Any]:
        """Yield attempts that end in the failure itself, not in what asked for another try."""
        patience = self.patience
        try:
            yield from stamina.retry_context(
                on=_wait,
                attempts=patience.attempts,
                timeout=total_s,
                wait_initial=patience.first_wait_s,
                wait_max=LONGEST_WAIT_S,
                wait_jitter=patience.first_wait_s,
            )
        except _Later as later:
            raise later.error from later

    def _answered(self, call: _Call) -> requests.Response:
        answer = self._sent(call)
        if answer.status_code == requests.codes.unauthorized and self.credentials.renewable:
            self._renew()
            answer = self._sent(call)
        self._note(answer)
        if answer.ok:
            return answer
        code, message = told(_body(answer))
        error = failure(code or f"HTTP {answer.status_code}", message, about=_about(call))
        if answer.status_code not in BUSY and code not in LATER:
            raise error
        if call.method not in SAFE and code not in LATER:
            raise Unsure(f"{error} It may or may not be done.", error.code)
        raise _Later(error, _retry_after(answer))

    def _sent(self, call: _Call) -> requests.Response:
        headers = {**self.headers, **call.headers}
        try:
            answer: requests.Response = self.session.request(
                call.method, call.url, headers=headers, timeout=self.patience.call_s, **call.rest
            )
            return answer
        except requests.ConnectTimeout as error:
            raise _Later(_unreachable(call)) from error
        except requests.RequestException as error:
            if call.method in SAFE:
                raise _Later(_unreachable(call)) from error
            raise Unsure(f"{_unreachable(call)} It may or may not be done.") from error

    def _renew(self) -> None:
        token = self.credentials.token(self.session)
        self.session_id = token.access
        self._generate_headers()

    def _note(self, answer: requests.Response) -> None:
        usage = answer.headers.get("Sforce-Limit-Info", "").partition("api-usage=")[2]
        used, found, most = usage.partition(";")[0].partition("/")
        if found and used.isdecimal() and most.strip().isdecimal():
            self.used = Used(int(used), int(most))

    def _plain_loopback(self, token: Token) -> None:
        """Speak http to an org on this machine that does so: the library writes https only."""
        if token.instance_url.startswith("http://"):
            self.session.mount(f"https://{self.sf_instance}/", _Plain())


class _Plain(HTTPAdapter):
    """Sends what is addressed to https over http."""

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> Any:
        request.url = (request.url or "").replace("https://", "http://", 1)
        return super().send(request, *args, **options)


def _wait(error: Exception) -> bool | float:
    """Tell whether to try again, and after how many seconds where the org says so."""
    if not isinstance(error, _Later):
        return False
    return True if error.wait_s is None else error.wait_s


def _outcome(answer: Record) -> Outcome:
    if answer.get("success"):
        return Outcome(str(answer.get("id", "")))
    errors = answer.get("errors") or [{}]
    first = next((e for e in errors if e.get("statusCode") not in ROLLED_BACK), errors[0])
    code, message = told(first)
    return Outcome("", code or "UNKNOWN", message, tuple(first.get("fields") or ()))


def _body(answer: requests.Response) -> object:
    try:
        return answer.json()
    except ValueError:
        return ()


def _about(call: _Call) -> str:
    return f"{call.method} {call.url.rpartition('/services/data/')[2] or call.url}"


def _unreachable(call: _Call) -> CrmFailure:
    return CrmFailure(f"{_about(call)}: the org did not answer in time. Check the network.")


def _retry_after(answer: requests.Response) -> float | None:
    text = answer.headers.get("Retry-After", "")
    return min(float(text), PATIENCE_S) if text.isdecimal() else None
