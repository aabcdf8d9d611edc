"""What takes a branch or an alignment from draft to approved and back, and what guards it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from tp_geo.domain.alignment import Alignment, AreaId
from tp_geo.domain.edits import Ask, Edit, Sign, signed
from tp_geo.domain.signoff import REASONED, STEPS, Asks, SignOff, Status, Step, follows
from tp_geo.errors import Refused

WHOLE = "The alignment"
"""What the whole is called at the start of a sentence."""

_DONE = {
    Step.SUBMIT: "submitted {} for review",
    Step.RECALL: "recalled {}",
    Step.SEND_BACK: "sent {} back",
    Step.APPROVE: "approved {}",
    Step.REVOKE: "revoked the approval of {}",
}
_WAY_OUT = {
    Status.SUBMITTED: "{} or an owner can recall it, a reviewer can send it back",
    Status.APPROVED: "Revoke the approval to change it",
}


@dataclass(frozen=True, slots=True)
class TakeStep:
    """Submit, recall, send back, approve or revoke a branch, or the whole alignment for ``None``.

    ``round`` is the submission that is meant, 0 for whatever there is;
    ``dataset`` the key of the figures as they are now.
    """

    step: Step
    area: AreaId | None
    by: str
    reason: str = ""
    round: int = 0
    dataset: str = ""

    @property
    def kind(self) -> str:
        """The step."""
        return self.step.value

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return where it stands next; refuse a step that can't be taken from where it stands."""
        was = alignment.signoff(self.area)
        starts, end = STEPS[self.step]
        self._check(alignment, was, starts)
        now = replace(was, status=end, by=self.by, reason=self.reason.strip())
        if self.step is Step.SUBMIT:
            now = replace(now, round=was.round + 1, submitted_by=self.by, dataset=self.dataset)
        return (Sign(self.area, now),)

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return the step in words."""
        return _DONE[self.step].format(called(alignment, self.area))

    def _check(self, alignment: Alignment, was: SignOff, starts: Iterable[Status]) -> None:
        name = called(alignment, self.area, first=True)
        if was.status not in starts:
            raise Refused(_misplaced(name, was, self.step))
        if not alignment.areas:
            raise Refused("There is no area to submit. Add areas first.")
        if self.step in REASONED and not self.reason.strip():
            raise Refused(f"Say why {called(alignment, self.area)} has to be worked on again.")
        if self.round and self.round != was.round:
            raise Refused(
                f"{name} was submitted again since you looked at it. Look at it as it is now."
            )
        if self.step is Step.RECALL and self.by not in _recallers(alignment, self.area):
            raise Refused(
                f"{name} was submitted by {was.submitted_by}. "
                f"Ask {was.submitted_by} to recall it, or send it back with a reason."
            )
        if self.step is Step.APPROVE and self.dataset != was.dataset:
            raise Refused(
                f"The figures under {called(alignment, self.area)} have changed since it was "
                "submitted. Send it back, so that it is submitted with those of now."
            )


@dataclass(frozen=True, slots=True)
class Require:
    """Say what an alignment asks for before it is published."""

    asks: Asks
    kind: ClassVar[str] = "approval"

    def edits(self, alignment: Alignment, ids: Iterator[AreaId]) -> tuple[Edit, ...]:
        """Return the new demand, none when it is as it was."""
        return () if self.asks is alignment.asks else (Ask(self.asks),)

    def says(self, alignment: Alignment, noun: str) -> str:
        """Return the demand in words."""
        match self.asks:
            case Asks.NOTHING:
                return "publishing needs no approval"
            case Asks.ALIGNMENT:
                return "publishing needs the approval of the alignment"
            case Asks.BRANCHES:
                return "publishing needs the approval of every branch at the top"


KINDS = frozenset({*(step.value for step in Step), Require.kind})
"""Kinds of revisions that sign off: only a step of their own takes them back."""


def called(alignment: Alignment, area: AreaId | None, *, first: bool = False) -> str:
    """Return what a branch is called in a sentence; ``first`` where it begins one."""
    if area is None:
        return WHOLE if first else WHOLE.lower()
    return alignment.name(area)


def refuse_sealed(alignment: Alignment, area: AreaId | None) -> None:
    """Refuse a change of an area that is, or lies in, a branch under review or approved."""
    for seal in alignment.sealed(area)[:1]:
        signoff = alignment.signoff(seal)
        name = called(alignment, seal, first=True)
        done = f"was submitted for review by {signoff.submitted_by}"
        if signoff.status is Status.APPROVED:
            done = f"was submitted by {signoff.submitted_by} and approved by {signoff.by}"
        way_out = _WAY_OUT[signoff.status].format(signoff.submitted_by)
        raise Refused(f"{name} {done}, so nothing in it may change. {way_out}.")


def check_signing(before: Alignment, after: Alignment, *, alone: bool) -> None:
    """Refuse sign-offs that no step leads to, or that come together with other changes."""
    made = [edit for edit in signed(before, after) if isinstance(edit, Sign)]
    if stray := after.signoffs.keys() - after.areas.keys() - {None}:
        raise Refused(f"Area {min(stray, key=lambda k: k or 0)} is gone; it can't be signed off.")
    if made and not alone:
        raise Refused(
            "A sign-off can't come together with other changes. Take one after the other."
        )
    for edit in made:
        _check_step(before, edit)


def _check_step(before: Alignment, edit: Sign) -> None:
    if edit.area is not None:
        refuse_sealed(before, before.area(edit.area).parent or None)
    was = before.signoff(edit.area)
    if not follows(was, edit.signoff):
        name = called(before, edit.area, first=True)
        raise Refused(f"{name} is {was.status} and can't become {edit.signoff.status}.")


def _recallers(alignment: Alignment, area: AreaId | None) -> frozenset[str]:
    owners = () if area is None else (a.owner for a in alignment.ancestry(area))
    return frozenset({alignment.signoff(area).submitted_by, *(o for o in owners if o)})


def _misplaced(name: str, was: SignOff, step: Step) -> str:
    match was.status, step:
        case Status.SUBMITTED, Step.SUBMIT:
            return f"{name} was submitted already, by {was.submitted_by}."
        case Status.APPROVED, Step.SUBMIT:
            return f"{name} was approved by {was.by}. Revoke that first to submit it again."
        case Status.APPROVED, Step.RECALL | Step.SEND_BACK:
            return f"{name} was approved by {was.by}. Revoke the approval instead."
        case Status.APPROVED, Step.APPROVE:
            return f"{name} was approved already, by {was.by}."
        case _, Step.REVOKE:
            return f"{name} is {was.status}: there is no approval to revoke."
    return f"{name} is {was.status}: it has to be submitted first."
