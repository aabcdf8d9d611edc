"""Who may call: OAuth by client credentials and JWT bearer, sessions that end."""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from tp_geo.crm.org.calls import Answer, Call
from tp_geo.crm.org.ids import ORG_ID, full
from tp_geo.crm.org.problems import ApiError
from tp_geo.crm.org.records import Context
from tp_geo.crm.org.values import timestamp

_JWT: Final = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LONGEST_JWT: Final = timedelta(minutes=5)
_AUDIENCES: Final = ("https://login.salesforce.com", "https://test.salesforce.com")
_SCHEMES: Final = ("bearer", "oauth")


class Auth:
    """The connected app of an org and its sessions."""

    def __init__(self, context: Context, *, certificate: bytes | None = None) -> None:
        self._context = context
        self._certificate = certificate
        self.client_id = self._kept("client_id", "3MVG9" + secrets.token_urlsafe(24))
        self.client_secret = self._kept("client_secret", secrets.token_hex(32).upper())

    def open_session(self) -> str:
        """Return the token of a new session."""
        token = f"{ORG_ID}!{secrets.token_urlsafe(48)}"
        ends = self._context.now() + timedelta(seconds=self._context.settings.session_s)
        self._context.state.run("insert into token values (?, ?)", token, timestamp(ends))
        return token

    def check(self, call: Call) -> None:
        """Raise `ApiError` unless the call carries a session that goes on."""
        scheme, _, token = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() in _SCHEMES:
            now = timestamp(self._context.now())
            if self._context.state.rows(
                "select 1 from token where token = ? and ends > ?", token, now
            ):
                return
        raise expired()

    def end_sessions(self) -> None:
        """End every session."""
        self._context.state.run("delete from token")

    def token(self, call: Call) -> Answer:
        """Answer a request for a token."""
        form = dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
        match form.get("grant_type"):
            case "client_credentials":
                wrong = self._wrong_client(form, call.headers.get("authorization", ""))
            case grant if grant == _JWT:
                wrong = self._wrong_assertion(form.get("assertion", ""), call.base)
            case _:
                wrong = ("unsupported_grant_type", "grant type not supported")
        if wrong:
            return Answer(400, {"error": wrong[0], "error_description": wrong[1]})
        return Answer(body=self._granted(call.base))

    def revoke(self, call: Call) -> Answer:
        """End one session."""
        form = dict(parse_qsl(call.body.decode("utf-8", "replace")))
        self._context.state.run("delete from token where token = ?", form.get("token", ""))
        return Answer()

    def who(self, call: Call) -> Answer:
        """Tell who the session belongs to."""
        self.check(call)
        user = self._context.state.get("User", self._context.user) or {}
        return Answer(
            body={
                "user_id": user["Id"],
                "organization_id": full(ORG_ID),
                "preferred_username": user["Username"],
                "name": user["Name"],
                "email": user["Email"],
                "active": True,
            }
        )

    def _granted(self, base: str) -> Mapping[str, Any]:
        return {
            "access_token": self.open_session(),
            "scope": "api",
            "instance_url": base,
            "id": f"{base}/id/{full(ORG_ID)}/{self._context.user}",
            "token_type": "Bearer",
            "issued_at": str(int(self._context.now().timestamp() * 1000)),
        }

    def _wrong_client(self, form: Mapping[str, str], header: str) -> tuple[str, str] | None:
        client_id, secret = form.get("client_id", ""), form.get("client_secret", "")
        if header.lower().startswith("basic "):
            client_id, _, secret = _decoded(header[6:]).partition(":")
            client_id, secret = unquote(client_id), unquote(secret)
        if not hmac.compare_digest(client_id.encode(), self.client_id.encode()):
            return "invalid_client_id", "client identifier invalid"
        if not hmac.compare_digest(secret.encode(), self.client_secret.encode()):
            return "invalid_client", "invalid client credentials"
        return None

    def _wrong_assertion(self, assertion: str, base: str) -> tuple[str, str] | None:
        claims = _claims(assertion, self._certificate)
        if claims is None:
            return "invalid_grant", "invalid assertion"
        if claims.get("iss") != self.client_id:
            return "invalid_client_id", "client identifier invalid"
        if str(claims.get("aud")).rstrip("/") not in (*_AUDIENCES, base):
            return "invalid_grant", "audience is invalid"
        now = self._context.now()
        ends = datetime.fromtimestamp(float(claims.get("exp", 0)), now.tzinfo)
        if not now < ends <= now + _LONGEST_JWT:
            return "invalid_grant", "expired authorization code"
        known = self._context.state.find("User", "Username = ? and IsActive = 1", claims.get("sub"))
        return None if known else ("invalid_grant", "user hasn't approved this consumer")

    def _kept(self, name: str, new: str) -> str:
        known = self._context.state.fact(name)
        if known is None:
            self._context.state.remember(name, new)
        return known or new


def expired() -> ApiError:
    """Return the error of a session that is over, or never was."""
    return ApiError("INVALID_SESSION_ID", "Session expired or invalid")


def _claims(assertion: str, certificate: bytes | None) -> dict[str, Any] | None:
    """Return what a signed assertion claims; None when its signature is not by the certificate."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509 import load_pem_x509_certificate

    parts = assertion.split(".")
    if certificate is None or len(parts) != 3:
        return None
    key = load_pem_x509_certificate(certificate).public_key()
    try:
        signed = f"{parts[0]}.{parts[1]}".encode()
        if not isinstance(key, rsa.RSAPublicKey):
            return None
        key.verify(_bytes(parts[2]), signed, padding.PKCS1v15(), SHA256())
        claims = json.loads(_bytes(parts[1]))
    except (InvalidSignature, ValueError):
        return None
    return claims if isinstance(claims, dict) else None


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except ValueError:
        return ""
