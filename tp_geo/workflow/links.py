"""Links: whoever has one sees an alignment; who signs in has what it gives, while it holds."""

from __future__ import annotations

import hmac
import secrets
import threading
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from urllib.parse import urlencode

from tp_geo import logs
from tp_geo.domain.alignment import AreaId
from tp_geo.domain.commands import counted
from tp_geo.domain.rights import Action, Level, subject_of
from tp_geo.errors import BadData, Refused
from tp_geo.store import AlignmentInfo, Grant, Store
from tp_geo.workflow import clock
from tp_geo.workflow.kept_links import Link, is_number, keep_link, kept_link, kept_links, may_give
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.team import rights_of

PARAMETER = "link"
"""The name of the query parameter that carries the token."""

SECRET_BYTES = 24
OPENED = "opened"
"""The level of the grant that says who opened a link."""

_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Made:
    """A new link with its token, which is told this once."""

    link: Link
    token: str

    def address(self, base: str, alignment: str, page: str = "review") -> str:
        """Return the address to send to somebody, of an app at ``base``."""
        query = urlencode({"alignment": alignment, PARAMETER: self.token})
        return f"{base.rstrip('/')}/{page}?{query}"


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that holds, and the alignment it opens."""

    link: Link
    info: AlignmentInfo


def new_link(
    plan: Plan,
    *,
    by: str,
    until: date | None = None,
    level: Level = Level.VIEW,
    area: AreaId | None = None,
) -> Made:
    """Make a link to an alignment, good until the end of a day.

    Whoever has it sees the alignment. Those who sign in have it as if it were
    shared with them at ``level``, the whole or one area.
    """
    if until is not None and until < clock.today():
        raise BadData(f"{until} is over. Give a day from {clock.today()} on, or none.")
    if area is not None and area not in plan.alignment.areas:
        raise Refused(f"{plan.info.name} has no area {area} any more. Choose one it has.")
    plan.actor.require(Action.MANAGE, plan.info)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with _LOCK:
        number = len(links(plan)) + 1
        ends = until.isoformat() if until else ""
        link = Link(number, _digest(secret), by, clock.now(), ends, level=level, area=area)
        keep_link(plan.store, plan.info.id, link)
    return Made(link, f"{plan.info.id}.{number}.{secret}")


def links(plan: Plan) -> tuple[Link, ...]:
    """Return every link to an alignment, also those that ended, oldest first."""
    return tuple(kept_links(plan.store, plan.info.id))


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
            keep_link(plan.store, plan.info.id, link)
    return link


def opened(store: Store, token: str) -> Opened:
    """Return what a token opens; raise ``Refused`` when it opens nothing.

    A link gives no more than its maker may give at this moment.
    """
    alignment, _, rest = token.partition(".")
    number, _, secret = rest.partition(".")
    link = kept_link(store, alignment, int(number)) if is_number(number) else None
    if link is None or not hmac.compare_digest(link.digest, _digest(secret)):
        raise Refused("This link opens nothing. Ask whoever sent it to you for all of it.")
    if why := link.ended(clock.today()):
        raise Refused(f"This link {why}. Ask whoever sent it to you for another one.")
    found = next((i for i in store.alignments() if i.id == alignment and not i.archived), None)
    if found is None:
        raise Refused("What this link shows was put into the archive.")
    if not may_give(rights_of(store), link.by, found):
        raise Refused(
            f"This link opens nothing any more: {link.by}, who made it, may not share "
            f"{found.name} now. Ask {found.by} for another one."
        )
    return Opened(link, found)


def join(store: Store, token: str, *, by: str) -> AlignmentInfo:
    """Let somebody who signed in have what a link gives, as long as it holds.

    Returns the alignment it is to. Nothing that they have already is changed.
    The store is the whole one: nobody records this for themselves.
    """
    found = opened(store, token)
    link, alignment = found.link, found.info.id
    grant = Grant(subject_of(by), link.object(alignment), OPENED, by, clock.now())
    known = {(g.subject, g.object) for g in store.grants() if g.level}
    if (grant.subject, grant.object) not in known:
        store.put_grants([grant])
        logs.event(
            "link_opened", alignment=alignment, link=link.number, of=link.by, by=by,
            level=link.level, area=link.area,
        )  # fmt: skip
    return found.info


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
