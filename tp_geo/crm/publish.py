"""Publish: an org made to hold what is wanted, step by step, safe to repeat at any point.

Whatever interrupts it, the way on is the same: read what the org holds, work
out what is still missing, and write that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tp_geo import cancelling
from tp_geo.crm.client import Crm, Outcome, Record
from tp_geo.crm.journal import Journal, Written
from tp_geo.crm.reasons import OUTDATED, failure
from tp_geo.crm.reconcile import ChangeSet
from tp_geo.crm.rows import Key, Rows, Verb
from tp_geo.crm.steps import Step, Write, steps
from tp_geo.errors import CrmFailure, Unsure

ROUNDS = 6
"""How often what is missing is worked out anew before somebody else must be writing too."""

_OTHERS = (
    "The org does not keep what is written to it: somebody else may be publishing to the "
    "same model. Wait until they have finished, then publish again."
)

Told = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a publish wrote, record by record; nothing when the org was as it should be."""

    written: tuple[Written, ...]

    @property
    def counts(self) -> Mapping[Verb, int]:
        """How many records were created, updated and deleted."""
        return {verb: sum(w.verb is verb for w in self.written) for verb in Verb}


def publish(
    crm: Crm,
    wanted: Rows,
    *,
    read: Callable[[], Rows],
    compare: Callable[[Rows], ChangeSet],
    journal: Journal,
    told: Told = lambda what, share: None,
) -> Receipt:
    """Write what is missing until nothing is, and return what was written.

    Parameters
    ----------
    read
        What the org holds now.
    compare
        What would change it into what is wanted.
    told
        Told what is written, and the share of all calls that is behind.

    Raises
    ------
    CrmFailure
        When the org refuses a record, which is named; what was written stays,
        and the same call goes on from there.
    """
    written: list[Written] = []
    trouble = CrmFailure(_OTHERS)
    changes = compare(read())
    if not changes.empty:
        journal.begin(changes.actual, wanted)
    for _ in range(ROUNDS):
        if changes.empty:
            journal.end()
            return Receipt(tuple(written))
        try:
            _Writing(crm, changes, journal, told, written).all()
        except Unsure as error:
            trouble = error
        except CrmFailure as error:
            if error.code not in OUTDATED:
                raise
            trouble = error
        changes = compare(read())
    raise trouble


class _Writing:
    """One way through the steps; ids are learned as the org gives them."""

    def __init__(
        self,
        crm: Crm,
        changes: ChangeSet,
        journal: Journal,
        told: Told,
        written: list[Written],
    ) -> None:
        self.crm, self.journal, self.told, self.written = crm, journal, told, written
        self.steps = steps(changes)
        self.ids = {row.key: row.id for row in changes.actual}

    def all(self) -> None:
        calls, behind = sum(step.calls for step in self.steps), 0
        for step in self.steps:
            for some in step.batches:
                cancelling.check()
                self.told(_saying(step), behind / calls)
                self._send(step, some, behind / calls)
                behind += step.calls // len(step.batches)

    def _send(self, step: Step, writes: Sequence[Write], share: float) -> None:
        records = [self._record(step.verb, write) for write in writes]
        self.journal.sending(step.verb, [write.key for write in writes])
        outcomes = self._outcomes(step, records, share)
        done = [
            Written(step.verb, write.key, outcome.id or self.ids.get(write.key, ""))
            for write, outcome in zip(writes, outcomes, strict=True)
            if outcome.done
        ]
        self.ids.update({w.key: w.id for w in done})
        self.written += done
        if done:
            self.journal.done(done)
        _check(writes, outcomes)

    def _outcomes(self, step: Step, records: Sequence[Record], share: float) -> tuple[Outcome, ...]:
        """Return what became of records; of those of one call all are done or none."""
        if not step.by_job:
            return self.crm.write(step.verb, step.object, records)

        def done(count: int) -> None:
            self.told(f"{_saying(step)}: {count:,} of {len(records):,}", share)

        sent = [{"Id": r["Id"]} for r in records] if step.verb is Verb.DELETE else records
        return self.crm.load(step.verb, step.object, sent, done=done)

    def _record(self, verb: Verb, write: Write) -> Record:
        fields = {
            name: self.ids[value] if isinstance(value, Key) else value
            for name, value in write.fields.items()
        }
        return fields if verb is Verb.CREATE else {"Id": self.ids[write.key], **fields}


def _check(writes: Sequence[Write], outcomes: Sequence[Outcome]) -> None:
    """Raise the failure of the record that is to blame, if any."""
    failed = [(w, o) for w, o in zip(writes, outcomes, strict=True) if not o.done]
    if not failed:
        return
    blamed = next(((w, o) for w, o in failed if "ROLLED_BACK" not in o.code), failed[0])
    write, outcome = blamed
    where = f"{write.key.object} {write.key.name!r}"
    named = f"{where}, {', '.join(outcome.fields)}" if outcome.fields else where
    raise failure(outcome.code, outcome.message, about=named)


def _saying(step: Step) -> str:
    return f"{step.verb.capitalize()} {len(step.writes):,} {step.object}"
