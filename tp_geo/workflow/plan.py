"""An open alignment: the one writer of its log, and its state at any revision."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from tp_geo.domain.alignment import Alignment, AreaId, Profile
from tp_geo.domain.commands import Command
from tp_geo.domain.dataset import Dataset, Floats
from tp_geo.domain.drafts import Draft
from tp_geo.domain.edits import replay
from tp_geo.domain.hiding import loses_hidden, seen_alignment, seen_history
from tp_geo.domain.measures import Totals, totals
from tp_geo.domain.merge import Merge, revert
from tp_geo.domain.restoring import GoBack, GoTo, Revert
from tp_geo.domain.revision import (
    DATA,
    REDO,
    TAKE_BACK,
    UNDO,
    Revision,
    UndoStack,
    start,
    undo_stack,
)
from tp_geo.domain.rights import FREE, Action, Actor
from tp_geo.domain.rules import EVERYTHING, NO_KEYS, Keys, Remit, decide
from tp_geo.domain.signing import KINDS as SIGNING
from tp_geo.domain.trail import Trail
from tp_geo.errors import Refused, Stale
from tp_geo.geometry.adjacency import Adjacency
from tp_geo.geometry.boundaries import Boundaries
from tp_geo.store import AlignmentInfo, Snapshot, Store, codec
from tp_geo.store.team import action_of
from tp_geo.workflow import clock
from tp_geo.workflow.observing import observed
from tp_geo.workflow.plan_log import DRAFT, PlanLog, entry_of, revision_of
from tp_geo.workflow.profiles import by_default

RETRIES = 500
"""How often a change is decided again when others keep coming first; each time takes a few ms."""

NOUNS = {"postal": "postal codes", "county": "counties", "state": "states"}
"""What containers of a kind are called in sentences."""


class Geography(Protocol):
    """Where a plan finds the shapes of its containers; loaded when first asked for."""

    def boundaries(self, dataset: Dataset) -> Boundaries:
        """Return the shapes of a dataset's containers."""

    def adjacency(self, dataset: Dataset) -> Adjacency:
        """Return which of them touch."""

    def border_m(self, dataset: Dataset) -> Floats:
        """Return how long their borders are."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What taking a revision back did, and what later work kept it from doing."""

    revision: Revision
    left: tuple[str, ...]


class Plan:
    """An alignment that is open, its log shared by every session of the process. Thread-safe.

    ``actor`` is who has it open: what they may not do is refused.
    """

    def __init__(
        self, store: Store, info: AlignmentInfo, dataset: Dataset, geography: Geography
    ) -> None:
        self.store, self.info, self.dataset = store, info, dataset
        self.actor = FREE
        self.hidden: frozenset[str] = frozenset()
        self.hidden_words: frozenset[str] = frozenset()
        self._geography = geography
        self._log = PlanLog(start(dataset.items))
        self._remit = _branch(info)
        self.refresh()

    def seen_by(self, actor: Actor, store: Store, dataset: Dataset) -> Plan:
        """Return it as somebody has it open, by a store of theirs; the log is the same.

        ``dataset`` is what they see of its dataset.
        """
        seen = copy.copy(self)
        seen.actor, seen.store, seen.dataset = actor, store, dataset
        left = {m.name for m in dataset.measures} | {f.name for f in dataset.formulas}
        labels = {m.name: m.label for m in self.dataset.measures}
        labels |= {f.name: f.label for f in self.dataset.formulas}
        gone = {k: label for k, label in labels.items() if k not in left}
        seen.hidden = actor.hidden(dataset.name).union(gone)
        seen.hidden_words = seen.hidden.union(gone.values())
        return seen

    @property
    def missing(self) -> tuple[str, ...]:
        """Codes that revisions name and the dataset has not."""
        return self._log.missing

    @property
    def seq(self) -> int:
        """The number of the newest revision; 0 when nothing has been done."""
        return len(self._log.history)

    @property
    def alignment(self) -> Alignment:
        """The alignment as it is now."""
        return self.at(self.seq)

    @property
    def noun(self) -> str:
        """What the containers are called in sentences."""
        return NOUNS.get(self.dataset.boundaries, "containers")

    @property
    def boundaries(self) -> Boundaries:
        """The shapes of the containers."""
        return self._geography.boundaries(self.dataset)

    @property
    def adjacency(self) -> Adjacency:
        """Which containers touch."""
        return self._geography.adjacency(self.dataset)

    @property
    def border_m(self) -> Floats:
        """How long the border of each container is."""
        return self._geography.border_m(self.dataset)

    def refresh(self) -> None:
        """Take in what other processes have appended."""
        with self._log.lock:
            new = self.store.entries(self.info.id, DRAFT, self.seq)
            if new:
                state, missing = self._at(self.seq), set(self._log.missing)
                for entry in new:
                    edits, unknown = codec.loads(entry.payload, self.dataset)
                    missing.update(unknown)
                    self._log.learn(revision_of(entry, edits))
                    state = replay(state, edits)
                self._log.keep(state)
                self._log.missing = tuple(sorted(missing))

    def at(self, seq: int) -> Alignment:
        """Return the alignment as it was after a revision, as whoever has it open sees it."""
        return seen_alignment(self._at(seq), self.hidden) if self.hidden else self._at(seq)

    def _at(self, seq: int) -> Alignment:
        with self._log.lock:
            if not 0 <= seq <= self.seq:
                raise Refused(f"{self.info.name} has revisions 1 to {self.seq}, not {seq}.")
            if seq not in self._log.states:
                near = max(s for s in self._log.states if s < seq)
                edits = (e for r in self._log.history[near:seq] for e in r.edits)
                self._log.states[seq] = replay(self._log.states[near], edits)
                self._log.forget()
            return self._log.states[seq]

    def history(self) -> tuple[Revision, ...]:
        """Return all revisions, oldest first, as whoever has it open may read them."""
        if self.hidden:
            return seen_history(self._log.history, self.hidden, self.hidden_words)
        return tuple(self._log.history)

    def trail(self) -> Trail:
        """Return which areas each revision touched; worked out once, then as the log grows."""
        with self._log.lock:
            log = self._log
            log.trail = log.trail.extended(log.history[len(log.trail.touched) :])
            return log.trail

    def acks(self) -> Mapping[str, int]:
        """Return, by map client, the number of its last operation that is in the log."""
        known = self._log.acks.copy()  # others may be adding to it
        return {client: number for client, number in known.items() if client}

    @observed
    def ask(
        self,
        command: Command,
        *,
        by: str,
        note: str = "",
        origin: str = "",
        reverts: int = 0,
    ) -> Revision | None:
        """Decide a command and append it: the only way in. ``None`` when it changes nothing.

        When another process came first, the command is decided again on what
        it left. An ``origin`` that is in the log already changes nothing.
        What the revision that it ``reverts`` locked or held does not stop it.
        Raises ``Refused``.
        """
        command = by_default(command, Profile(self.info.profile))
        with self._log.lock:
            keys = Keys.to(self._at(reverts - 1), self._at(reverts)) if reverts else NO_KEYS
            for _ in range(RETRIES):
                if self._log.answered(origin):
                    return None
                before = self._at(self.seq)
                ids = map(AreaId, itertools.count(self._log.last_id + 1))
                text = command.says(before, self.noun)
                edits, after = decide(before, command, ids, self._reach(command), keys)
                if not edits or after == before:
                    return None
                if self.hidden and loses_hidden(before, after, self.hidden):
                    raise Refused(
                        "This would drop what is asked of measures that are hidden from you. "
                        "Leave their targets out, or ask somebody who sees them."
                    )
                revision = Revision(
                    self.seq + 1, by, clock.now(), command.kind, text, edits, note, origin, reverts
                )
                try:
                    self.store.append(entry_of(self.info.id, revision, self.dataset))
                except Stale:
                    self.refresh()
                    continue
                self._log.learn(revision)
                self._log.keep(after)
                return revision
        raise Stale("Others are changing this alignment very fast. Try again in a moment.")

    def _reach(self, command: Command) -> Remit:
        """Return what may change: of a draft its branch, once it has begun.

        Nothing that whoever has it open may not change; ``Refused`` where that is everything.
        """
        action = action_of(command.kind)
        self.actor.require(action, self.info)
        branch = self._remit if self._log.history else EVERYTHING
        return replace(branch, within=self.actor.reach(action, self.info))

    def note_down(self, text: str, *, by: str, note: str = "") -> Revision:
        """Append a revision that edits nothing: what became of the plan's data, in words."""
        self.actor.require(Action.MANAGE, self.info)
        with self._log.lock:
            for _ in range(RETRIES):
                number, at = self.seq + 1, clock.now()
                revision = Revision(number, by, at, DATA, text, (), note, "", 0)
                try:
                    self.store.append(entry_of(self.info.id, revision, self.dataset))
                except Stale:
                    self.refresh()
                    continue
                self._log.learn(revision)
                self._log.keep(self._at(number - 1))
                return revision
        raise Stale("Others are changing this alignment very fast. Try again in a moment.")

    def undo(self, *, by: str, origin: str = "") -> Revision:
        """Take back the last revision of ``by`` of which something still stands."""
        with self._log.lock:
            self.refresh()
            found = self._first(self.stack(by).undo, UNDO, by, origin)
            if found is None:
                raise Refused("There is nothing to undo.")
            return found

    def redo(self, *, by: str, origin: str = "") -> Revision:
        """Do again what ``by`` undid last."""
        with self._log.lock:
            self.refresh()
            found = self._first(self.stack(by).redo, REDO, by, origin)
            if found is None:
                raise Refused("There is nothing to redo.")
            return found

    def take_back(self, seq: int, *, by: str, note: str = "") -> TakenBack:
        """Take back any one past revision; later work stays, and what it blocks is told."""
        with self._log.lock:
            self.refresh()
            if not 1 <= seq <= self.seq:
                raise Refused(f"{self.info.name} has revisions 1 to {self.seq}, not {seq}.")
            before, after = self._at(seq - 1), self._at(seq)
            if (kind := self._log.history[seq - 1].kind) == DATA:
                raise Refused(
                    f"Revision {seq} put other data below the plan. Put the ones before back by "
                    "Refresh on the Data page, or tp-geo refresh --back."
                )
            if kind in SIGNING:
                raise Refused(
                    f"Revision {seq} signs off ({kind}); only its opposite takes that back: "
                    "recall, send back or revoke."
                )
            revision = self._reverted(seq, TAKE_BACK, by, note)
            if revision is None:
                raise Refused(
                    f"Nothing of revision {seq} is left to take back; later work replaced it."
                )
            return TakenBack(
                revision, self._left(revert(self._at(revision.seq - 1), after, before))
            )

    def stack(self, by: str) -> UndoStack:
        """Return what ``by`` can undo and redo."""
        return undo_stack(self._log.history, by)

    def snapshot(self, name: str, *, by: str, seq: int | None = None) -> Snapshot:
        """Give the present revision, or another one, a name that does not expire."""
        if not name.strip():
            raise Refused("A snapshot needs a name.")
        seq = self.seq if seq is None else seq
        taken = Snapshot(self.info.id, DRAFT, name.strip(), seq, by, clock.now())
        self.store.put_snapshot(taken)
        return taken

    def snapshots(self) -> tuple[Snapshot, ...]:
        """Return the named revisions, oldest first."""
        return self.store.snapshots(self.info.id)

    def restore(self, name: str, *, by: str, inside: AreaId | None = None) -> Revision | None:
        """Go back to a snapshot by a new revision; the log keeps everything.

        With ``inside`` only what lies below that area; all around it stays.
        """
        found = next((s for s in self.snapshots() if s.name == name), None)
        if found is None:
            names = ", ".join(s.name for s in self.snapshots()) or "none"
            raise Refused(f"There is no snapshot called {name!r}. Snapshots: {names}.")
        past = self._at(found.seq)
        if inside is not None:
            return self.ask(GoBack(inside, past, name), by=by)
        return self.ask(GoTo(past, f"restored the snapshot {name}"), by=by)

    def totals(self) -> Totals:
        """Return what every area holds now."""
        with self._log.lock:
            kept = self._log.totals.get(self.dataset.measures)
            if kept is None or kept[0] != self.seq:
                kept = self.seq, totals(self.dataset, self.alignment)
                self._log.totals[self.dataset.measures] = kept
            return kept[1]

    def _first(self, seqs: tuple[int, ...], kind: str, by: str, origin: str) -> Revision | None:
        """Revert the newest of some revisions that has anything left to revert."""
        found = (self._reverted(seq, kind, by, "", origin) for seq in reversed(seqs))
        return next((revision for revision in found if revision), None)

    def _reverted(
        self, seq: int, kind: str, by: str, note: str, origin: str = ""
    ) -> Revision | None:
        command = Revert(self._at(seq - 1), self._at(seq), kind, self._said(seq, kind))
        return self.ask(command, by=by, note=note, origin=origin, reverts=seq)

    def _said(self, seq: int, kind: str) -> str:
        """Return what reverting a revision is called: after what was first done."""
        if kind == TAKE_BACK:
            return f"took back: {self._log.history[seq - 1].text}"
        while (then := self._log.history[seq - 1]).kind in (UNDO, REDO):
            seq = then.reverts
        return f"{'undid' if kind == UNDO else 'redid'}: {then.text}"

    def _left(self, made: Merge) -> tuple[str, ...]:
        areas = (self.alignment.areas.get(k) for k in sorted(made.areas))
        left = [f"{a.name} was changed later" for a in areas if a]
        if made.items:
            n = len(made.items)
            left.append(f"{n:,} items were moved later" if n > 1 else "1 item was moved later")
        return tuple(left)


def _branch(info: AlignmentInfo) -> Remit:
    """Return what may change of a draft, and of an alignment that is none."""
    area = Draft.loads(info.draft).area if info.draft else None
    return EVERYTHING if area is None else Remit.of(area)
