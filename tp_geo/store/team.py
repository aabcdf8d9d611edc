"""A store as one person of a team may use it: what is not shared is not there for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tp_geo.domain.challenges import Verdict
from tp_geo.domain.dataset import Dataset
from tp_geo.domain.rights import Action, Actor, Level
from tp_geo.domain.signoff import Step
from tp_geo.errors import BadData, Refused
from tp_geo.store.protocol import Store
from tp_geo.store.records import (
    AlignmentInfo,
    BoundaryInfo,
    ChallengeRow,
    Comment,
    DatasetInfo,
    Entry,
    Grant,
    LayerInfo,
    Snapshot,
)

REVIEWS = frozenset({Step.SEND_BACK.value, Step.APPROVE.value, Step.REVOKE.value})
"""Kinds of revisions that a reviewer makes."""

OWN = ("last_alignment:",)
"""Settings that are a person's own: their key ends with who it is."""


def action_of(kind: str) -> Action:
    """Return what somebody does with a revision of a kind."""
    return Action.REVIEW if kind in REVIEWS else Action.EDIT


def refuse_unseen(store: Store, key: str) -> None:
    """Raise ``BadData`` for a dataset that a store does not show."""
    shown = {i.key for i in store.datasets()} | {i.dataset_key for i in store.alignments()}
    if key not in shown:
        raise BadData(f"Dataset {key} is not shared with you. Ask whoever imported it.")


def _without(info: DatasetInfo, hidden: frozenset[str]) -> DatasetInfo:
    """Return what is known of a dataset without the totals of hidden measures."""
    totals = info.report.get("totals")
    if not hidden or not isinstance(totals, Mapping):
        return info
    left = {name: total for name, total in totals.items() if name not in hidden}
    return replace(info, report={**info.report, "totals": left})


@dataclass(frozen=True, slots=True)
class TeamStore:
    """A store with the rights of somebody, asked for anew each time.

    All that changes a plan ends in its store, so that what gets past pages,
    commands and the workflow is refused here. What part of an alignment
    somebody may change the gate knows (`domain.rules`).
    """

    store: Store
    asking: Callable[[], Actor]

    @property
    def address(self) -> str:
        """Where the store is."""
        return self.store.address

    @property
    def beside(self) -> Path:
        """Where files that belong to the store are put."""
        return self.store.beside

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found and mended while opening."""
        return self.store.notes

    def news(self) -> int:
        """Return the number of the last commit."""
        return self.store.news()

    def follow(self) -> None:
        """Hear of commits of other processes."""
        self.store.follow()

    def wait_for_news(self, after: int, timeout_s: float) -> int:
        """Return the number of the last commit as soon as it is above one, or when time is up."""
        return self.store.wait_for_news(after, timeout_s)

    def show_up(self, alignment: str, window: str, person: str) -> None:
        """Say that they look at an alignment that they see."""
        if self._sees(alignment):
            self.store.show_up(alignment, window, self.asking().person)

    def people(self, alignment: str) -> frozenset[str]:
        """Return who looks at an alignment that they see."""
        return self.store.people(alignment) if self._sees(alignment) else frozenset()

    def alignments(self) -> tuple[AlignmentInfo, ...]:
        """Return the alignments that they see."""
        actor = self.asking()
        return tuple(i for i in self.store.alignments() if actor.may(Action.SEE, i))

    def entries(self, alignment: str, draft: str = "main", after: int = 0) -> tuple[Entry, ...]:
        """Return the revisions of an alignment that they see."""
        return self.store.entries(alignment, draft, after) if self._sees(alignment) else ()

    def head(self, alignment: str, draft: str = "main") -> int:
        """Return the last ``seq`` of an alignment that they see."""
        return self.store.head(alignment, draft) if self._sees(alignment) else 0

    def heads(self) -> Mapping[str, tuple[int, str]]:
        """Return the last ``seq`` of the alignments that they see, and when it was made."""
        seen = {i.id for i in self.alignments()}
        return {k: v for k, v in self.store.heads().items() if k in seen}

    def snapshots(self, alignment: str) -> tuple[Snapshot, ...]:
        """Return the snapshots of an alignment that they see."""
        return self.store.snapshots(alignment) if self._sees(alignment) else ()

    def comments(self, alignment: str) -> tuple[Comment, ...]:
        """Return the comments of an alignment that they see."""
        return self.store.comments(alignment) if self._sees(alignment) else ()

    def challenges(self, alignment: str) -> tuple[ChallengeRow, ...]:
        """Return the challenges of an alignment that they see."""
        return self.store.challenges(alignment) if self._sees(alignment) else ()

    def grants(self) -> tuple[Grant, ...]:
        """Return every grant: who may do what is no secret in a team."""
        return self.store.grants()

    def datasets(self) -> tuple[DatasetInfo, ...]:
        """Return the datasets that are shared with them, or that an alignment they see is on."""
        actor, under = self.asking(), {i.dataset for i in self.alignments()}
        known = self.store.datasets()
        seen = (i for i in known if actor.sees_dataset(i.name) or i.name in under)
        return tuple(_without(i, actor.hidden(i.name)) for i in seen)

    def dataset(self, key: str) -> Dataset:
        """Return a dataset by key; as if there were none when they don't see it."""
        if not self.asking().free:
            refuse_unseen(self, key)
        return self.store.dataset(key)

    def boundary_sets(self) -> tuple[BoundaryInfo, ...]:
        """Return every boundary set."""
        return self.store.boundary_sets()

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return the reference layers."""
        return self.store.layers()

    def blob(self, key: str) -> bytes | None:
        """Return the bytes kept under a key."""
        return self.store.blob(key)

    def put_blob(self, key: str, data: bytes) -> None:
        """Keep bytes under a key that names their content."""
        self.store.put_blob(key, data)

    def setting(self, key: str) -> str | None:
        """Return the value remembered under a key."""
        return self.store.setting(key)

    def enlist(self, info: AlignmentInfo) -> None:
        """Record an alignment, if they may make or change it."""
        self._check_put(info)
        self.store.enlist(info)

    def put_alignment(self, info: AlignmentInfo) -> None:
        """Record an alignment or a new version of it, if they may."""
        self._check_put(info)
        self.store.put_alignment(info)

    def append(self, entry: Entry) -> None:
        """Record a revision of theirs, if they may make one of its kind."""
        self._check_own(entry.by)
        actor = self.asking()
        actor.require(action_of(entry.kind), self._known(entry.alignment))
        self.store.append(entry)

    def append_all(self, entries: Sequence[Entry]) -> None:
        """Record the revisions of an alignment that is not on the list yet, if they may."""
        actor = self.asking()
        for alignment in {e.alignment for e in entries}:
            if any(i.id == alignment for i in self.store.alignments()) and not actor.free:
                raise Refused("Revisions are added to an alignment one by one.")
        actor.require(Action.CREATE)
        self.store.append_all(entries)

    def put_snapshot(self, snapshot: Snapshot) -> None:
        """Record a snapshot, if they may."""
        self.asking().require(Action.SNAPSHOT, self._known(snapshot.alignment))
        self.store.put_snapshot(snapshot)

    def put_comment(self, comment: Comment) -> None:
        """Record a comment, or that one is done with, if they may."""
        self.put_comments((comment,))

    def put_comments(self, comments: Sequence[Comment]) -> None:
        """Record comments, if they may."""
        self._check_talk({c.alignment for c in comments})
        self.store.put_comments(comments)

    def put_challenge(self, row: ChallengeRow) -> None:
        """Record a challenge or what was decided of one, if they may."""
        self.put_challenges((row,))

    def put_challenges(self, rows: Sequence[ChallengeRow]) -> None:
        """Record challenges, if they may: a decision takes the right to change the alignment."""
        self._check_talk({r.alignment for r in rows})
        for row in rows:
            about = self._about(row.alignment)
            decided = row.verdict not in (Verdict.OPEN, Verdict.WITHDRAWN)
            if about is not None and decided:
                self.asking().require(Action.EDIT, about)
        self.store.put_challenges(rows)

    def put_grants(self, grants: Sequence[Grant]) -> None:
        """Record rights; `workflow.sharing` knows who may give which."""
        actor = self.asking()
        for grant in grants:
            self._check_own(grant.by)
            kind, _, rest = grant.object.partition(":")
            if kind == "alignment":
                actor.require(Action.SHARE, self._known(rest))
            elif kind == "area":
                actor.require(Action.SHARE, self._known(rest.partition(":")[0]))
            elif kind == "dataset":
                self._check_dataset(rest)
            else:
                actor.require(Action.TEAM)
        self.store.put_grants(grants)

    def put_dataset(self, info: DatasetInfo, dataset: Dataset) -> None:
        """Keep a dataset, if they may: one of a name that is there has to be theirs to change."""
        self._check_dataset(info.name)
        new = not any(i.name == info.name for i in self.store.datasets())
        self.store.put_dataset(info, dataset)
        actor = self.asking()
        if new and not actor.free:
            self.store.put_grants(
                (Grant(actor.person, f"dataset:{info.name}", Level.EDIT, actor.person, info.made),)
            )

    def put_boundaries(self, info: BoundaryInfo, blob: bytes) -> None:
        """Keep a boundary set, if they may."""
        self.asking().require(Action.DATA)
        self.store.put_boundaries(info, blob)

    def put_layer(self, info: LayerInfo, blob: bytes | None = None) -> None:
        """Keep a reference layer, if they may."""
        self.asking().require(Action.DATA)
        self.store.put_layer(info, blob)

    def put_setting(self, key: str, value: str) -> None:
        """Remember a value: their own, or one of an alignment that they may manage."""
        actor = self.asking()
        if not actor.free and key not in [own + actor.person for own in OWN]:
            about = self._about(re.split("[:/]", f"{key}:")[1])
            if about is None:  # of an alignment that is being made, or of nothing
                actor.require(Action.CREATE)
            else:
                actor.require(Action.MANAGE, about)
        self.store.put_setting(key, value)

    def backup(self, path: Path) -> None:
        """Copy the store, if they may: a copy holds every plan."""
        self.asking().require(Action.STORE)
        self.store.backup(path)

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def _sees(self, alignment: str) -> bool:
        actor = self.asking()
        if actor.free:
            return True
        about = self._about(alignment)
        return about is not None and actor.may(Action.SEE, about)

    def _about(self, alignment: str) -> AlignmentInfo | None:
        return next((i for i in self.store.alignments() if i.id == alignment), None)

    def _known(self, alignment: str) -> AlignmentInfo | None:
        """Return what is known of an alignment; refuse what is on no list."""
        about = self._about(alignment)
        if about is None and not self.asking().free:
            raise Refused(f"There is no alignment {alignment!r}.")
        return about

    def _check_own(self, by: str) -> None:
        actor = self.asking()
        if actor.rights.on and by != actor.person:
            raise Refused(f"You are {actor.person}, and can do nothing in the name of {by}.")

    def _check_put(self, info: AlignmentInfo) -> None:
        actor, known = self.asking(), self._about(info.id)
        if known is None:
            base = self._about(info.base.partition("@")[0]) if info.draft else None
            if base is None:
                actor.require(Action.CREATE)
            else:
                actor.require(Action.DRAFT, base)
            self._check_own(info.by)
        else:
            actor.require(Action.EDIT if known.draft else Action.MANAGE, known)
            if not actor.free and (known.by, known.draft, known.base) != (
                info.by,
                info.draft,
                info.base,
            ):
                raise Refused(f"Whose {known.name} is, and of what, can't be changed.")

    def _check_talk(self, alignments: set[str]) -> None:
        """Refuse comments and challenges where they are not shared; a new alignment takes all."""
        for alignment in alignments:
            about = self._about(alignment)
            if about is None:
                self.asking().require(Action.CREATE)
            else:
                self.asking().require(Action.COMMENT, about)

    def _check_dataset(self, name: str) -> None:
        actor = self.asking()
        actor.require(Action.DATA)
        if hidden := sorted(actor.hidden(name)):
            raise Refused(
                f"{hidden[0]} of dataset {name} is hidden from you, so you can't change it: it "
                "would be lost. Ask somebody who sees all of it."
            )
        if actor.free or not any(i.name == name for i in self.store.datasets()):
            return
        if actor.rights.dataset_level(actor.person, name) is not Level.EDIT:
            raise Refused(
                f"Dataset {name} is not shared with you to edit. Ask whoever imported it, or "
                "choose another name."
            )
