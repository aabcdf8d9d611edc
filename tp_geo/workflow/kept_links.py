"""Links as a store keeps them, and what they give to those who opened them: while they hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import count

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.rights import Action, Level, Linked, Rights, link_object
from tp_geo.store import AlignmentInfo, Store


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it is kept: of its token only the digest, from which nobody makes the token.

    ``until`` is the last day it opens anything, "" without end. ``level`` and
    ``area`` are what it gives to those who sign in; no area is the whole.
    """

    number: int
    digest: str
    by: str
    at: str
    until: str = ""
    revoked_by: str = ""
    revoked_at: str = ""
    level: Level = Level.VIEW
    area: AreaId | None = None

    def ended(self, today: date) -> str:
        """Return why it opens nothing on a day, "" as long as it does."""
        if self.revoked_at:
            return f"was revoked on {self.revoked_at[:10]}"
        if self.until and today > date.fromisoformat(self.until):
            return f"ended on {self.until}"
        return ""

    def object(self, alignment: str) -> str:
        """Return what a grant names that says who opened it."""
        return link_object(alignment, self.number, self.digest)


def kept_link(store: Store, alignment: str, number: int) -> Link | None:
    """Return a link to an alignment by number."""
    found = store.setting(_key(alignment, number))
    if found is None:
        return None
    said = json.loads(found)
    return Link(**{**said, "level": Level(said.get("level", Level.VIEW))})


def kept_links(store: Store, alignment: str) -> Iterator[Link]:
    """Return every link to an alignment, oldest first."""
    for number in count(1):
        link = kept_link(store, alignment, number)
        if link is None:
            return
        yield link


def keep_link(store: Store, alignment: str, link: Link) -> None:
    """Keep a link, or what became of it."""
    store.put_setting(_key(alignment, link.number), json.dumps(asdict(link)))


def may_give(rights: Rights, person: str, info: AlignmentInfo) -> bool:
    """Whether somebody may hand on an alignment by a link: never what they have by one."""
    return rights.actor(person).may(Action.MANAGE, info)


def opened_links(store: Store, rights: Rights, today: date) -> tuple[Linked, ...]:
    """Return what links give to those who opened them, of those that hold on a day.

    A link holds until its day is over, it is revoked, its alignment is put
    into the archive, or whoever made it may not give any more what it gives.
    """
    asked = [g for g in rights.grants if g.level and g.object.startswith("link:")]
    known = {i.id: i for i in store.alignments() if not i.archived} if asked else {}
    held = {name: _held(store, rights, today, known, name) for name in {g.object for g in asked}}
    found = ((g.subject, *k) for g in asked if (k := held[g.object]) is not None)
    return tuple(
        Linked(person, alignment, link.area, link.level, link.number, link.by)
        for person, alignment, link in found
    )


def _held(
    store: Store, rights: Rights, today: date, known: dict[str, AlignmentInfo], name: str
) -> tuple[str, Link] | None:
    """Return the link that a grant names, with its alignment, if it holds."""
    alignment, _, number = name.removeprefix("link:").rpartition(":")[0].rpartition(":")
    info = known.get(alignment)
    if info is None or not is_number(number):
        return None
    link = kept_link(store, alignment, int(number))
    if link is None or link.object(alignment) != name or link.ended(today):
        return None
    return (alignment, link) if may_give(rights, link.by, info) else None


def is_number(text: str) -> bool:
    """Whether a text can be the number of a link."""
    return text.isascii() and text.isdecimal() and len(text) < 10


def _key(alignment: str, number: int) -> str:
    return f"link:{alignment}:{number}"
