"""Read-only links: whoever has one sees an alignment and can change nothing, until it ends."""

from __future__ import annotations

import hmac
import json
import secrets
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import count
from urllib.parse import urlencode

from tp_geo.domain.commands import counted
from tp_geo.errors import BadData, Refused
from tp_geo.store import AlignmentInfo, Store
from tp_geo.workflow import clock
from tp_geo.workflow.plan import Plan

PARAMETER = "link"
"""The name of the query parameter that carries the token."""

SECRET_BYTES = 24
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is kept: of its token only the digest, from which nobody makes the token.

    ``until`` is the last day it opens anything, "" without end.
    """

    number: int
    digest: str
    by: str
    at: str
    until: str = ""
    revoked_by: str = ""
    revoked_at: str = ""

    def ended(self, today: date) -> str:
        """Return why it opens nothing on a day, "" as long as it does."""
        if self.revoked_at:
            return f"was revoked on {self.revoked_at[:10]}"
        if self.until and today > date.fromisoformat(self.until):
            return f"ended on {self.until}"
        return ""


@dataclass(frozen=True, slots=True)
class Made:
    """A new link with its token, which is told this once."""

    link: Link
    token: str

    def address(self, base: str, alignment: str, page: str = "review") -> str:
        """Return the address to send to somebody, of an app at ``base``."""
        query = urlencode({"alignment": alignment, PARAMETER: self.token})
        return f"{base.rstrip('/')}/{page}?{query}"


def new_link(plan: Plan, *, by: str, until: date | None = None) -> Made:
    """Make a link to an alignment, good until the end of a day."""
    if until is not None and until < clock.today():
        raise BadData(f"{until} is over. Give a day from {clock.today()} on, or none.")
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with _LOCK:
        number = len(links(plan)) + 1
        ends = until.isoformat() if until else ""
        link = Link(number, _digest(secret), by, clock.now(), ends)
        _put(plan, link)
    return Made(link, f"{plan.info.id}.{number}.{secret}")


def links(plan: Plan) -> tuple[Link, ...]:
    """Return every link to an alignment, also those that ended, oldest first."""
    return tuple(_kept(plan.store, plan.info.id))


def revoke_link(plan: Plan, number: int, *, by: str) -> Link:
    """End a link now: whoever has it open sees nothing more."""
    with _LOCK:
        known = links(plan)
        if not 1 <= number <= len(known):
            has = counted(len(known), "links")
            raise Refused(f"{plan.info.name} has {has}; there is no link {number}.")
        link = known[number - 1]
        if not link.revoked_at:
            link = replace(link, revoked_by=by, revoked_at=clock.now())
            _put(plan, link)
    return link


def opened(store: Store, token: str) -> AlignmentInfo:
    """Return the alignment that a token opens; raise ``Refused`` when it opens nothing."""
    alignment, _, rest = token.partition(".")
    number, _, secret = rest.partition(".")
    link = _link(store, alignment, int(number)) if _number(number) else None
    if link is None or not hmac.compare_digest(link.digest, _digest(secret)):
        raise Refused("This link opens nothing. Ask whoever sent it to you for all of it.")
    if why := link.ended(clock.today()):
        raise Refused(f"This link {why}. Ask whoever sent it to you for another one.")
    found = next((i for i in store.alignments() if i.id == alignment and not i.archived), None)
    if found is None:
        raise Refused("What this link shows was put into the archive.")
    return found


def _kept(store: Store, alignment: str) -> Iterator[Link]:
    for number in count(1):
        link = _link(store, alignment, number)
        if link is None:
            return
        yield link


def _link(store: Store, alignment: str, number: int) -> Link | None:
    found = store.setting(_key(alignment, number))
    return Link(**json.loads(found)) if found else None


def _put(plan: Plan, link: Link) -> None:
    plan.store.put_setting(_key(plan.info.id, link.number), json.dumps(asdict(link)))


def _key(alignment: str, number: int) -> str:
    return f"link:{alignment}:{number}"


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
