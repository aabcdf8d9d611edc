"""Signing in, limits, counts, faults, describe: what surrounds the records."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tp_geo.crm.org.calls import Answer
from tp_geo.crm.org.certificate import write_certificate
from tp_geo.crm.org.settings import Settings, switched
from tp_geo.crm.schema import objects
from tp_geo.errors import BadData

GRANTS = "/services/oauth2/token"
JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


def grant(org, form: dict[str, str], **headers: str) -> Answer:
    return org.ask("POST", GRANTS, urlencode(form).encode(), headers=headers)


def test_client_credentials_give_a_session(org) -> None:
    auth = org.org.auth
    form = {"grant_type": "client_credentials"}
    pair = {"client_id": auth.client_id, "client_secret": auth.client_secret}
    told = grant(org, {**form, **pair}).body
    assert told["instance_url"] == "http://org.example"
    org.token = told["access_token"]
    assert org.ask("GET", "limits").status == 200
    basic = base64.b64encode(f"{auth.client_id}:{auth.client_secret}".encode()).decode()
    assert grant(org, form, authorization=f"Basic {basic}").status == 200
    wrong = grant(org, {**form, **pair, "client_secret": "x"})
    assert (wrong.status, wrong.body["error"]) == (400, "invalid_client")
    assert grant(org, {**form, "client_id": "x"}).body["error"] == "invalid_client_id"
    assert grant(org, {"grant_type": "password"}).body["error"] == "unsupported_grant_type"


def assertion(key: Path, claims: dict[str, Any]) -> str:
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    assert isinstance(private, rsa.RSAPrivateKey)
    parts = [json.dumps({"alg": "RS256"}).encode(), json.dumps(claims).encode()]
    signed = ".".join(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in parts)
    signature = private.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def test_a_signed_assertion_gives_a_session(start, tmp_path: Path) -> None:
    public, key = write_certificate(tmp_path, "localhost")
    org = start(certificate=public.read_bytes())
    ends = (org.clock.now + timedelta(minutes=3)).timestamp()
    right = {
        "iss": org.org.auth.client_id,
        "sub": "admin@tp-geo.example",
        "aud": "https://login.salesforce.com",
        "exp": int(ends),
    }

    def said(text: str) -> str:
        return str(grant(org, {"grant_type": JWT, "assertion": text}).body.get("error", "granted"))

    assert said(assertion(key, right)) == "granted"
    assert said(assertion(key, {**right, "sub": "nobody@x.example"})) == "invalid_grant"
    assert said(assertion(key, {**right, "aud": "https://evil.example"})) == "invalid_grant"
    assert said(assertion(key, {**right, "exp": int(ends) - 600})) == "invalid_grant"
    assert said(assertion(key, {**right, "iss": "x"})) == "invalid_client_id"
    assert said(assertion(key, right)[:-8] + "AAAAAAAA") == "invalid_grant"
    assert said("nonsense") == "invalid_grant"


def test_without_a_session_nothing_but_the_versions_is_told(org) -> None:
    org.token = org.token[:-1]
    answer = org.ask("GET", "limits")
    assert answer.status == 401
    expected = {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
    assert answer.body == [expected]
    assert org.ask("GET", "/services/data").body[-1]["version"] == "67.0"


def test_a_session_ends(org) -> None:
    org.clock.wait(7_300)
    assert org.ask("GET", "limits").status == 401


def test_a_session_is_revoked(org) -> None:
    org.ask("POST", "/services/oauth2/revoke", urlencode({"token": org.token}).encode())
    assert org.ask("GET", "limits").status == 401


def test_calls_are_counted_and_limited(start) -> None:
    org = start("daily_calls=3")
    assert org.ask("GET", "limits").headers["Sforce-Limit-Info"] == "api-usage=1/3"
    remaining = org.ask("GET", "limits").body["DailyApiRequests"]
    assert remaining == {"Max": 3, "Remaining": 1}
    org.ask("GET", "limits")
    answer = org.ask("GET", "limits")
    assert answer.status == 403
    expected = {
        "message": "TotalRequests Limit exceeded.",
        "errorCode": "REQUEST_LIMIT_EXCEEDED",
    }
    assert answer.body == [expected]


def test_calls_are_told_by_method_and_resource(org) -> None:
    model = org.model()
    org.ask("DELETE", "/__calls")
    org.ask("GET", f"sobjects/Territory2Model/{model}")
    org.ask("GET", "sobjects/Territory2/describe")
    org.ask("POST", "composite/sobjects", {"records": []})
    told = org.ask("GET", "/__calls").body
    assert (told["total"], told["read"], told["write"]) == (3, 2, 1)
    assert {"method": "GET", "resource": "sobjects/Territory2Model", "count": 1} in told["calls"]


@pytest.mark.parametrize(
    ("fault", "status", "code", "wait"),
    [
        ("unavailable", 503, "SERVER_UNAVAILABLE", None),
        ("unavailable:retry_after=2", 503, "SERVER_UNAVAILABLE", "2"),
        ("unavailable:status=500", 500, "SERVER_UNAVAILABLE", None),
        ("limit", 403, "REQUEST_LIMIT_EXCEEDED", None),
        ("limit:status=429,retry_after=1", 429, "REQUEST_LIMIT_EXCEEDED", "1"),
        ("expire", 401, "INVALID_SESSION_ID", None),
    ],
)
def test_a_fault_strikes_the_call_it_names(start, fault, status, code, wait) -> None:
    org = start(faults=[f"{fault}{',' if ':' in fault else ':'}at=2"])
    assert org.ask("GET", "limits").status == 200
    struck = org.ask("GET", "limits")
    assert (struck.status, struck.body[0]["errorCode"]) == (status, code)
    assert struck.headers.get("Retry-After") == wait
    org.token = org.org.session()
    assert org.ask("GET", "limits").status == 200


def test_a_fault_may_concern_some_calls_only_and_strike_again_and_again(org) -> None:
    told = {"faults": ["unavailable:method=POST,resource=composite,times=0"]}
    assert org.ask("POST", "/__faults", told).body["faults"][0]["seen"] == 0
    assert org.ask("GET", "limits").status == 200
    for _ in range(3):
        assert org.ask("POST", "composite/sobjects", {"records": []}).status == 503
    org.ask("DELETE", "/__faults")
    assert org.ask("POST", "composite/sobjects", {"records": []}).status == 200


def test_a_lock_strikes_the_record_it_counts(start) -> None:
    org = start(faults=["lock:at=2"])
    records = [{"attributes": {"type": "Account"}, "Name": name} for name in "ABC"]
    results = org.ask("POST", "composite/sobjects", {"records": records}).body
    assert [r["success"] for r in results] == [True, False, True]
    assert results[1]["errors"][0]["statusCode"] == "UNABLE_TO_LOCK_ROW"


@pytest.mark.parametrize(("kind", "kept"), [("drop", 1), ("cut", 0)])
def test_a_lost_answer_leaves_the_work_done_or_not_begun(start, kind: str, kept: int) -> None:
    org = start(faults=[f"{kind}:method=POST"])
    assert org.ask("POST", "sobjects/Account", {"Name": "A"}).dropped
    assert org.count("Account") == kept


def test_a_slow_answer_says_how_slow(start) -> None:
    assert start(faults=["slow:seconds=2.5"]).ask("GET", "limits").wait_s == 2.5


@pytest.mark.parametrize("text", ["explode", "slow:at", "slow:at=x", "slow:color=red"])
def test_a_fault_that_is_none_is_refused(org, text: str) -> None:
    assert org.ask("POST", "/__faults", {"faults": [text]}).status == 400


@pytest.mark.parametrize("text", ["speed=1", "territories", "territories=many", "parents=keep"])
def test_a_switch_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadData, match="switch"):
        switched(Settings(), [text])


@pytest.mark.parametrize("name", [n for n in objects() if not n.endswith("View")])
def test_a_describe_tells_the_contract(org, name: str) -> None:
    told = org.ask("GET", f"sobjects/{name}/describe").body
    fields = {f["name"]: f for f in told["fields"]}
    assert told["createable"] == objects()[name].createable
    for field in objects()[name].fields.values():
        if field.name in ("CurrencyIsoCode", "MayEdit", "IsLocked"):
            continue
        same = ("type", "length", "nillable", "createable", "updateable")
        assert [fields[field.name][k] for k in same] == [getattr(field, k) for k in same]
    assert name in {s["name"] for s in org.ask("GET", "sobjects").body["sobjects"]}
