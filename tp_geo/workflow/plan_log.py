"""What a process knows of the log of an alignment, and how the store keeps a revision of it."""

from __future__ import annotations

import threading
from collections import OrderedDict

from tp_geo.domain.alignment import Alignment
from tp_geo.domain.dataset import Dataset, Measure
from tp_geo.domain.edits import Edit
from tp_geo.domain.measures import Totals
from tp_geo.domain.revision import Revision, last_id
from tp_geo.domain.trail import Trail
from tp_geo.store import Entry, codec

DRAFT = "main"
KEPT_STATES = 24


class PlanLog:
    """What a process knows of the log of an alignment: one for all who have it open."""

    def __init__(self, first: Alignment) -> None:
        self.lock = threading.RLock()
        self.history: list[Revision] = []
        self.acks: dict[str, int] = {}
        self.last_id = 0
        self.states: OrderedDict[int, Alignment] = OrderedDict({0: first})
        self.totals: dict[tuple[Measure, ...], tuple[int, Totals]] = {}
        self.trail = Trail(first)
        self.missing: tuple[str, ...] = ()

    def answered(self, origin: str) -> bool:
        """Whether what a browser asked for by ``client:number`` is in the log already."""
        client, number = asker(origin)
        return bool(client) and number <= self.acks.get(client, 0)

    def learn(self, revision: Revision) -> None:
        """Add a revision; `keep` has to follow."""
        self.history.append(revision)
        self.last_id = max(self.last_id, last_id(revision.edits))
        client, number = asker(revision.origin)
        self.acks[client] = max(self.acks.get(client, 0), number)

    def keep(self, state: Alignment) -> None:
        """Keep the state that the newest revision led to."""
        self.states[len(self.history)] = state
        self.forget()

    def forget(self) -> None:
        """Drop old states but the first and the newest; the log can make them again."""
        while len(self.states) > KEPT_STATES:
            oldest = next(s for s in self.states if s not in (0, len(self.history)))
            del self.states[oldest]


def asker(origin: str) -> tuple[str, int]:
    """Return the client and the number in ``client:number``; "" and 0 when it is neither."""
    client, _, number = origin.rpartition(":")
    return (client, int(number)) if client and number.isdecimal() else ("", 0)


def entry_of(alignment: str, r: Revision, dataset: Dataset) -> Entry:
    """Return a revision as the store keeps it."""
    return Entry(
        alignment=alignment,
        draft=DRAFT,
        seq=r.seq,
        by=r.by,
        at=r.at,
        kind=r.kind,
        text=r.text,
        note=r.note,
        origin=r.origin,
        reverts=r.reverts,
        payload=codec.dumps(r.edits, dataset),
    )


def revision_of(entry: Entry, edits: tuple[Edit, ...]) -> Revision:
    """Return a revision that the store has kept."""
    return Revision(
        seq=entry.seq,
        by=entry.by,
        at=entry.at,
        kind=entry.kind,
        text=entry.text,
        edits=edits,
        note=entry.note,
        origin=entry.origin,
        reverts=entry.reverts,
    )
