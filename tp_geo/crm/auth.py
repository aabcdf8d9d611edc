"""Signing in to an org: a token at hand, client credentials, or a signed assertion.

Secrets come in as arguments and are never shown.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

import jwt
import requests

from tp_geo.crm.reasons import failure, told
from tp_geo.errors import CrmFailure, Refused

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105 - an address, no secret
TIMEOUT_S = (10.0, 30.0)
ASSERTION_S = 180
"""How long an assertion holds: Salesforce takes three minutes."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Token:
    """What an org lets somebody in with, and the address to go on with."""

    access: str = field(repr=False)
    instance_url: str


class Credentials(Protocol):
    """A way to get a token."""

    def token(self, session: requests.Session) -> Token:
        """Return a token; raise ``CrmFailure`` when the org gives none."""

    @property
    def renewable(self) -> bool:
        """Whether another token can be had when this one is over."""


@dataclass(frozen=True, slots=True)
class SessionId:
    """A token that somebody has got already."""

    url: str
    access: str = field(repr=False)
    renewable: bool = False

    def token(self, session: requests.Session) -> Token:
        """Return the token as it is."""
        return Token(self.access, self.url)


@dataclass(frozen=True, slots=True)
class ClientCredentials:
    """An app that signs in as the user it is set up to run as."""

    url: str
    client_id: str
    secret: str = field(repr=False)
    renewable: bool = True

    def token(self, session: requests.Session) -> Token:
        """Return a new token."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.secret,
        }
        return _granted(session, self.url, form)


@dataclass(frozen=True, slots=True)
class JwtBearer:
    """A user who is vouched for by a signature; ``key`` is the private key as PEM."""

    url: str
    client_id: str
    username: str
    key: str = field(repr=False)
    audience: str = "https://login.salesforce.com"
    renewable: bool = True

    def token(self, session: requests.Session) -> Token:
        """Return a new token."""
        claims = {
            "iss": self.client_id,
            "sub": self.username,
            "aud": self.audience,
            "exp": int(time.time()) + ASSERTION_S,
        }
        try:
            assertion = jwt.encode(claims, self.key, algorithm="RS256")
        except (ValueError, jwt.InvalidKeyError) as error:
            raise Refused(
                "TP_GEO_ORG_KEY is no private key. Give it as PEM, with its first and last line."
            ) from error
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": assertion,
        }
        return _granted(session, self.url, form)


def credentials(settings: Mapping[str, str]) -> Credentials:
    """Return the credentials that settings give, the first way that is complete.

    ``TP_GEO_ORG_URL`` with ``TP_GEO_ORG_TOKEN``, or with
    ``TP_GEO_ORG_CLIENT_ID`` and ``TP_GEO_ORG_CLIENT_SECRET``, or with
    ``TP_GEO_ORG_CLIENT_ID``, ``TP_GEO_ORG_USERNAME`` and ``TP_GEO_ORG_KEY``.
    """
    given = {name: text for name, text in settings.items() if text.strip()}
    url = given.get("TP_GEO_ORG_URL", "").strip().rstrip("/")
    if not url:
        raise Refused("No org is set. Give its address as TP_GEO_ORG_URL.")
    _check(url)
    client = given.get("TP_GEO_ORG_CLIENT_ID", "").strip()
    if access := given.get("TP_GEO_ORG_TOKEN", "").strip():
        return SessionId(url, access)
    if client and (secret := given.get("TP_GEO_ORG_CLIENT_SECRET", "").strip()):
        return ClientCredentials(url, client, secret)
    username, key = given.get("TP_GEO_ORG_USERNAME", "").strip(), given.get("TP_GEO_ORG_KEY", "")
    if client and username and key:
        audience = given.get("TP_GEO_ORG_AUDIENCE", "https://login.salesforce.com").strip()
        return JwtBearer(url, client, username, key, audience)
    raise Refused(
        f"Nothing to sign in to {url} with. Set TP_GEO_ORG_CLIENT_ID and TP_GEO_ORG_CLIENT_SECRET, "
        "or TP_GEO_ORG_TOKEN, or TP_GEO_ORG_CLIENT_ID, TP_GEO_ORG_USERNAME and TP_GEO_ORG_KEY."
    )


def _check(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"https", "http"} or not parts.hostname:
        raise Refused(f"TP_GEO_ORG_URL {url!r} is no address. Write it as https://….")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise Refused(
            f"TP_GEO_ORG_URL {url!r} would send secrets in the open. Write https:// instead."
        )


def _granted(session: requests.Session, url: str, form: Mapping[str, str]) -> Token:
    try:
        answer = session.post(url + TOKEN_PATH, data=dict(form), timeout=TIMEOUT_S)
    except requests.RequestException as error:
        raise CrmFailure(
            f"{url} can't be reached. Check the address and the network, then connect again."
        ) from error
    try:
        body = answer.json()
    except ValueError:
        body = {}
    if answer.status_code != requests.codes.ok or "access_token" not in body:
        raise failure(*told(body), about=f"Signing in to {url}")
    return Token(body["access_token"], body.get("instance_url", url))
