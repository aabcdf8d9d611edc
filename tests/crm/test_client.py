"""The client: what goes wrong between it and an org is tried again, resumed or said."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tp_geo.crm.auth import ClientCredentials, JwtBearer, SessionId, credentials
from tp_geo.crm.client import Patience, Salesforce
from tp_geo.crm.rows import Verb
from tp_geo.errors import CrmFailure, Refused, Unsure

QUICK = Patience(attempts=3, total_s=20, first_wait_s=0.01, call_s=(2.0, 0.5))
EXPIRED = (401, [{"errorCode": "INVALID_SESSION_ID", "message": "Session expired or invalid"}])
BUSY = (503, [{"errorCode": "SERVER_UNAVAILABLE", "message": "Server busy"}])
DONE = {"id": "0MI1", "success": True, "errors": []}
HANG_UP = (0, None)


def failed(code: str) -> dict[str, Any]:
    return {"success": False, "errors": [{"statusCode": code, "message": "no", "fields": ["X"]}]}


LOCKED = failed("UNABLE_TO_LOCK_ROW")


class Scripted:
    """An org on the loopback that answers what it is told to, and notes what it is asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, Any]] = []
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.tokens = 0
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        org = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path.endswith("/oauth2/token"):
                    org.tokens += 1
                    self.say(200, {"access_token": f"t{org.tokens}", "instance_url": org.url})
                    return
                org.asked.append((self.command, self.path, dict(self.headers), body))
                status, told = org.answers.pop(0)
                if status == 0:
                    self.connection.close()
                    return
                self.say(status, told)

            def say(self, status: int, told: object) -> None:
                text = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(text)))
                self.send_header("Sforce-Limit-Info", "api-usage=18/5000")
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PATCH = do_DELETE = answer

        return Handler


@pytest.fixture
def org() -> Iterator[Scripted]:
    made = Scripted()
    yield made
    made.server.shutdown()
    made.server.server_close()


def client(org: Scripted) -> Salesforce:
    return Salesforce(ClientCredentials(org.url, "id", "s3cret"), patience=QUICK)


def test_a_busy_org_is_read_again(org: Scripted) -> None:
    org.answers = [BUSY, HANG_UP, (200, {"DailyApiRequests": {"Max": 5, "Remaining": 4}})]
    assert client(org).limits()["DailyApiRequests"]["Remaining"] == 4
    assert len(org.asked) == 3


def test_reading_is_given_up_with_what_the_org_said(org: Scripted) -> None:
    org.answers = [BUSY] * 3
    with pytest.raises(CrmFailure, match="SERVER_UNAVAILABLE"):
        client(org).limits()
    assert not org.answers


@pytest.mark.parametrize("answer", [BUSY, HANG_UP])
def test_a_write_of_which_nobody_knows_is_never_sent_twice(
    org: Scripted, answer: tuple[int, Any]
) -> None:
    org.answers = [answer]
    with pytest.raises(Unsure, match="may or may not be done"):
        client(org).write(Verb.CREATE, "Territory2", [{"Name": "West"}])
    assert len(org.asked) == 1


def test_a_new_sign_in_keeps_the_headers_of_the_call(org: Scripted) -> None:
    org.answers = [EXPIRED, (200, [DONE])]
    sf = client(org)
    sf.ask("composite/sobjects", method="POST", json={}, headers={"Sforce-Auto-Assign": "FALSE"})
    assert [h["Sforce-Auto-Assign"] for _, _, h, _ in org.asked] == ["FALSE", "FALSE"]
    assert [h["Authorization"] for _, _, h, _ in org.asked] == ["Bearer t1", "Bearer t2"]


def test_an_org_that_never_accepts_is_not_asked_for_ever(org: Scripted) -> None:
    org.answers = [EXPIRED] * 2
    with pytest.raises(CrmFailure, match="Connect again"):
        client(org).limits()
    assert org.tokens == 2


def test_a_token_that_cannot_be_renewed_is_said_to_be_over(org: Scripted) -> None:
    org.answers = [EXPIRED]
    with pytest.raises(CrmFailure, match="Connect again"):
        Salesforce(SessionId(org.url, "mine"), patience=QUICK).limits()


def test_rows_that_others_hold_are_written_a_moment_later(org: Scripted) -> None:
    org.answers = [(200, [LOCKED, failed("ALL_OR_NONE_OPERATION_ROLLED_BACK")]),
                   (200, [DONE, DONE])]  # fmt: skip
    made = client(org).write(Verb.UPDATE, "Territory2", [{"Id": "1"}, {"Id": "2"}])
    assert [o.done for o in made] == [True, True]


def test_only_the_records_that_failed_are_written_again(org: Scripted) -> None:
    org.answers = [(200, [DONE, LOCKED, failed("STRING_TOO_LONG")]),
                   (200, [DONE])]  # fmt: skip
    made = client(org).write(
        Verb.UPDATE, "Account", [{"Id": "1"}, {"Id": "2"}, {"Id": "3"}], all_or_none=False
    )
    assert [(o.done, o.code, o.fields) for o in made] == [
        (True, "", ()), (True, "", ()), (False, "STRING_TOO_LONG", ("X",))
    ]  # fmt: skip
    assert [r["Id"] for r in json.loads(org.asked[1][3])["records"]] == ["2"]


def test_records_are_deleted_by_their_ids(org: Scripted) -> None:
    org.answers = [(200, [DONE, DONE])]
    client(org).write(Verb.DELETE, "Territory2", [{"Id": "1"}, {"Id": "2"}])
    assert org.asked[0][1].endswith("composite/sobjects?ids=1%2C2&allOrNone=true")


def test_pages_follow_one_another(org: Scripted) -> None:
    more = "/services/data/v62.0/query/01g-2000"
    org.answers = [(200, {"records": [{"Id": "1"}], "done": False, "nextRecordsUrl": more}),
                   (200, {"records": [{"Id": "2"}], "done": True})]  # fmt: skip
    assert [r["Id"] for r in client(org).query("SELECT Id FROM Territory2")] == ["1", "2"]
    assert org.asked[1][1] == more


def test_the_calls_of_the_day_are_counted(org: Scripted) -> None:
    org.answers = [(200, {})]
    sf = client(org)
    sf.limits()
    assert sf.used.left == 4_982


def test_a_refusal_says_what_to_do_and_what_the_org_said(org: Scripted) -> None:
    org.answers = [(403, [{"errorCode": "FUNCTIONALITY_NOT_ENABLED", "message": "off"}])]
    with pytest.raises(CrmFailure, match="Switch it on in Setup") as found:
        client(org).describe("Territory2")
    assert found.value.code == "FUNCTIONALITY_NOT_ENABLED"


@pytest.mark.parametrize("count", [0, 201])
def test_a_call_takes_one_to_two_hundred_records(org: Scripted, count: int) -> None:
    with pytest.raises(ValueError, match="1 to 200"):
        client(org).write(Verb.CREATE, "Territory2", [{}] * count)


def test_secrets_are_never_shown() -> None:
    ways = [
        SessionId("https://x", "s3cret"),
        ClientCredentials("https://x", "id", "s3cret"),
        JwtBearer("https://x", "id", "user", "s3cret"),
    ]
    assert "s3cret" not in repr(ways)


@pytest.mark.parametrize(
    ("settings", "says"),
    [({}, "TP_GEO_ORG_URL"),
     ({"TP_GEO_ORG_URL": "my.salesforce.com"}, "no address"),
     ({"TP_GEO_ORG_URL": "http://my.salesforce.com", "TP_GEO_ORG_TOKEN": "t"}, "in the open"),
     ({"TP_GEO_ORG_URL": "https://my.salesforce.com"}, "Nothing to sign in"),
     ({"TP_GEO_ORG_URL": "https://x.com", "TP_GEO_ORG_CLIENT_ID": "a"}, "Nothing to sign in")],
)  # fmt: skip
def test_what_is_missing_to_sign_in_is_named(settings: dict[str, str], says: str) -> None:
    with pytest.raises(Refused, match=says):
        credentials(settings)


def test_the_first_complete_way_to_sign_in_is_taken() -> None:
    url = {"TP_GEO_ORG_URL": "https://x.com/"}
    app = {"TP_GEO_ORG_CLIENT_ID": "a", "TP_GEO_ORG_CLIENT_SECRET": "b"}
    user = {"TP_GEO_ORG_CLIENT_ID": "a", "TP_GEO_ORG_USERNAME": "u", "TP_GEO_ORG_KEY": "k"}
    assert credentials({**url, **app, "TP_GEO_ORG_TOKEN": "t"}) == SessionId("https://x.com", "t")
    assert credentials({**url, **app}) == ClientCredentials("https://x.com", "a", "b")
    assert credentials({**url, **user}) == JwtBearer("https://x.com", "a", "u", "k")


def test_a_key_that_is_none_is_refused(org: Scripted) -> None:
    with pytest.raises(Refused, match="no private key"):
        Salesforce(JwtBearer(org.url, "id", "user", "nonsense"), patience=QUICK)


def test_an_org_that_is_not_there_is_said_to_be_so() -> None:
    with pytest.raises(CrmFailure, match="can't be reached"):
        Salesforce(ClientCredentials("http://127.0.0.1:9", "id", "s"), patience=QUICK)
