"""The org as a whole: one call in, one answer out, everything else behind it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from tp_geo.crm.org import assigning, describing, guards
from tp_geo.crm.org.auth import Auth
from tp_geo.crm.org.bulk import Bulk
from tp_geo.crm.org.calls import Answer, Call, Counts
from tp_geo.crm.org.composite import Composite
from tp_geo.crm.org.faults import Fault, Faults, refusal
from tp_geo.crm.org.guards_models import settle
from tp_geo.crm.org.ids import ORG_ID, PROFILE_ID, full
from tp_geo.crm.org.problems import ApiError, not_found
from tp_geo.crm.org.querying import Queries
from tp_geo.crm.org.records import Context, Records
from tp_geo.crm.org.settings import Settings
from tp_geo.crm.org.state import State
from tp_geo.crm.org.tables import schema_of
from tp_geo.crm.org.writing import Writing
from tp_geo.errors import BadData

_DATA: Final = re.compile(r"^/services/data/v(\d+\.\d)(?:/(.*?))?/?$")
_LONGEST_URI: Final = 16_384

Handler = Callable[..., Answer]


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Org:
    """A simulated org. `answer` may be called from several threads."""

    def __init__(
        self,
        path: str | None = None,
        *,
        settings: Settings | None = None,
        faults: Iterable[str] = (),
        now: Callable[[], datetime] = _utc_now,
        certificate: bytes | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.state = State(path)
        self.counts = Counts()
        self.faults = Faults(faults)
        self._lock = threading.Lock()
        self._used = 0
        schema = schema_of(self.state, self.settings)
        self.context = Context(self.state, self.settings, schema, now, on_write=self.faults.record)
        self.records = Records(self.context, guards.BEFORE, guards.AFTER, guards.REMOVALS)
        self.queries = Queries(self.context)
        self.bulk = Bulk(self.context, self.records, self.queries)
        self._company()
        self.context.user = self._admin()
        self.auth = Auth(self.context, certificate=certificate)
        self._routes = self._all_routes()

    def answer(self, call: Call) -> Answer:
        """Return the answer to a call, all of its work done and kept."""
        with self._lock:
            if call.path.startswith("/__"):
                return self._control(call)
            self.counts.add(call)
            struck = self.faults.of(call)
            answer = refusal(struck) or self._served(call, struck)
            return self._disturbed(answer, struck)

    def work(self) -> bool:
        """Do what an org does by and by; false when there is nothing to do now."""
        with self._lock, self.state.step():
            settle(self.context)
            done = self.bulk.work()
            assigning.assign_touched(self.context, self.records)
            self.context.auto_assign = True
            return done

    def session(self) -> str:
        """Return the token of a new session."""
        with self._lock, self.state.step():
            return self.auth.open_session()

    def refresh(self) -> None:
        """Take up custom fields and roles that were added to the state."""
        self.context.schema = schema_of(self.state, self.settings)

    def close(self) -> None:
        """Write everything and close the file."""
        with self._lock:
            self.state.close()

    def _served(self, call: Call, struck: list[Fault]) -> Answer:
        if any(fault.kind == "expire" for fault in struck):
            self.auth.end_sessions()
        try:
            with self.state.step():
                settle(self.context)
                answer = self._public(call) or self._private(call)
        except ApiError as error:
            self.context.touched.clear()
            answer = Answer(error.status, [error.entry()])
        used = f"api-usage={self._used}/{self.settings.calls_a_day}"
        return replace(answer, headers={"Sforce-Limit-Info": used, **answer.headers})

    def _disturbed(self, answer: Answer, struck: list[Fault]) -> Answer:
        wait = sum(fault.seconds for fault in struck if fault.kind == "slow")
        dropped = answer.dropped or any(fault.kind == "drop" for fault in struck)
        return replace(answer, wait_s=wait, dropped=dropped)

    def _public(self, call: Call) -> Answer | None:
        match call.method, call.path.rstrip("/"):
            case "POST", "/services/oauth2/token":
                return self.auth.token(call)
            case "POST", "/services/oauth2/revoke":
                return self.auth.revoke(call)
            case _, "/services/oauth2/userinfo":
                return self.auth.who(call)
            case "GET", "/services/data":
                return Answer(body=describing.versions())
            case _:
                return None

    def _private(self, call: Call) -> Answer:
        if len(call.path) + sum(len(k) + len(v) + 2 for k, v in call.query.items()) > _LONGEST_URI:
            raise ApiError("URI_TOO_LONG", f"The URI is longer than {_LONGEST_URI:,} bytes.")
        self.auth.check(call)
        self._used += 1
        if self._used > self.settings.calls_a_day:
            raise ApiError("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.")
        answer = self._dispatched(call)
        assigning.assign_touched(self.context, self.records)
        return answer

    def _dispatched(self, call: Call) -> Answer:
        found = _DATA.match(call.path)
        if not found or found[1] not in describing.VERSIONS:
            raise not_found()
        allowed = []
        for method, pattern, handler in self._routes:
            if matched := pattern.fullmatch(found[2] or ""):
                if method == call.method:
                    self.context.auto_assign = (
                        call.headers.get("sforce-auto-assign", "").lower() != "false"
                    )
                    return handler(call, found[1], **matched.groupdict())
                allowed.append(method)
        if allowed:
            raise ApiError(
                "METHOD_NOT_ALLOWED",
                f"HTTP Method '{call.method}' not allowed. Allowed are {', '.join(allowed)}",
            )
        raise not_found()

    def _subcall(self, call: Call) -> Answer:
        """Answer a call within another one; what it did before it failed is undone."""
        try:
            with self.state.step():
                return self._dispatched(call)
        except ApiError as error:
            return Answer(error.status, [error.entry()])

    def _all_routes(self) -> list[tuple[str, re.Pattern[str], Handler]]:
        writing = Writing(self.context, self.records)
        composite = Composite(self.context, self._subcall)
        bulk = self.bulk
        routes: list[tuple[str, str, Handler]] = [
            ("GET", r"", lambda call, version: Answer(body=describing.resources(version))),
            ("GET", r"limits", self._limits),
            ("GET", r"query", self.queries.answer),
            ("GET", r"query/(?P<locator>\w+-\d+)", self._more),
            ("GET", r"sobjects", self._objects),
            ("GET", r"sobjects/(?P<name>\w+)/describe", self._describe),
            ("POST", r"sobjects/(?P<name>\w+)", writing.create),
            ("GET", r"sobjects/(?P<name>\w+)/(?P<record_id>\w+)", writing.read),
            ("PATCH", r"sobjects/(?P<name>\w+)/(?P<record_id>\w+)", writing.update),
            ("DELETE", r"sobjects/(?P<name>\w+)/(?P<record_id>\w+)", writing.delete),
            ("PATCH", r"sobjects/(?P<name>\w+)/(?P<key>\w+)/(?P<value>[^/]+)", writing.upsert),
            ("POST", r"composite/sobjects", writing.create_many),
            ("PATCH", r"composite/sobjects", writing.update_many),
            ("DELETE", r"composite/sobjects", writing.delete_many),
            ("GET", r"composite/sobjects/(?P<name>\w+)", writing.read_many),
            ("POST", r"composite/sobjects/(?P<name>\w+)", writing.read_many),
            ("PATCH", r"composite/sobjects/(?P<name>\w+)/(?P<key>\w+)", writing.upsert_many),
            ("POST", r"composite", composite.composite),
            ("POST", r"composite/graph", composite.graph),
            ("GET", r"jobs/(?:ingest|query)", bulk.listed),
            ("POST", r"jobs/ingest", bulk.open),
            ("POST", r"jobs/query", bulk.ask),
            ("PUT", r"jobs/ingest/(?P<job_id>\w+)/batches", bulk.upload),
            ("PATCH", r"jobs/(?:ingest|query)/(?P<job_id>\w+)", bulk.change),
            ("GET", r"jobs/(?:ingest|query)/(?P<job_id>\w+)", bulk.told),
            ("DELETE", r"jobs/(?:ingest|query)/(?P<job_id>\w+)", bulk.delete),
            ("GET", r"jobs/query/(?P<job_id>\w+)/results", bulk.results),
            (
                "GET",
                r"jobs/ingest/(?P<job_id>\w+)/(?P<which>successfulResults|failedResults|unprocessedrecords)",
                bulk.outcomes,
            ),
        ]
        return [(method, re.compile(pattern), handler) for method, pattern, handler in routes]

    def _limits(self, call: Call, version: str) -> Answer:
        return Answer(body=describing.limits(self.context, self._used))

    def _more(self, call: Call, version: str, locator: str) -> Answer:
        return self.queries.more(locator, version)

    def _objects(self, call: Call, version: str) -> Answer:
        told = [describing.brief(self.context, s, version) for s in self.context.schema.values()]
        return Answer(body={"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": told})

    def _describe(self, call: Call, version: str, name: str) -> Answer:
        return Answer(body=describing.described(self.context, name, version))

    def _control(self, call: Call) -> Answer:
        """Answer what is asked of the simulation, not of the org."""
        try:
            return self._controlled(call)
        except (BadData, ApiError) as error:
            return Answer(400, {"error": str(error)})

    def _controlled(self, call: Call) -> Answer:
        match call.method, call.path:
            case "GET", "/__calls":
                return Answer(body=self.counts.told())
            case "DELETE", "/__calls":
                self.counts.clear()
            case "GET", "/__faults":
                pass
            case "POST", "/__faults":
                self.faults.add(call.mapping().get("faults", ()))
            case "DELETE", "/__faults":
                self.faults.clear()
            case "POST", "/__run-rules":
                return Answer(body={"associations": self._run_rules(call.mapping().get("model"))})
            case _:
                return Answer(404, {"error": f"There is no {call.method} {call.path}."})
        if call.path == "/__faults":
            return Answer(body={"faults": self.faults.told()})
        return Answer(204)

    def _run_rules(self, model_id: Any) -> int:
        with self.state.step():
            settle(self.context)
            model = self.records.existing(self.context.sobject("Territory2Model"), str(model_id))
            return assigning.run_model(self.context, self.records, model["Id"])

    def _company(self) -> None:
        """Make the one record there is of the org itself."""
        if not self.state.count("Organization"):
            edition = f"{self.settings.edition} Edition"
            company = {**_COMPANY, "Id": full(ORG_ID), "OrganizationType": edition}
            self.state.insert("Organization", company)

    def _admin(self) -> str:
        known = self.state.fact("admin")
        if known is None:
            known = self.records.create("User", _ADMIN, by_org=True)
            self.state.remember("admin", known)
        return known


_COMPANY: Final = {"Name": "Demo org", "InstanceName": "DEMO", "IsSandbox": True}
_ADMIN: Final = {
    "Username": "admin@tp-geo.example",
    "FirstName": "Ada",
    "LastName": "Min",
    "Email": "admin@tp-geo.example",
    "Alias": "admin",
    "IsActive": True,
    "ForecastEnabled": False,
    "ProfileId": PROFILE_ID,
}
