"""Signing off: where a branch, or a whole alignment, stands on its way to being approved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Where a branch or an alignment stands in review."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    SENT_BACK = "sent back"
    REVOKED = "revoked"


class Step(StrEnum):
    """What takes a branch or an alignment from one status to the next."""

    SUBMIT = "submit"
    RECALL = "recall"
    SEND_BACK = "send back"
    APPROVE = "approve"
    REVOKE = "revoke"


class Asks(StrEnum):
    """What an alignment asks for before it is published."""

    NOTHING = "nothing"
    ALIGNMENT = "alignment"
    BRANCHES = "branches"


SEALS: Final = frozenset({Status.SUBMITTED, Status.APPROVED})
"""In these nothing may change."""

OPEN: Final = frozenset({Status.DRAFT, Status.SENT_BACK, Status.REVOKED})
"""In these it is worked on, and may be submitted."""

STEPS: Final[Mapping[Step, tuple[frozenset[Status], Status]]] = {
    Step.SUBMIT: (OPEN, Status.SUBMITTED),
    Step.RECALL: (frozenset({Status.SUBMITTED}), Status.DRAFT),
    Step.SEND_BACK: (frozenset({Status.SUBMITTED}), Status.SENT_BACK),
    Step.APPROVE: (frozenset({Status.SUBMITTED}), Status.APPROVED),
    Step.REVOKE: (frozenset({Status.APPROVED}), Status.REVOKED),
}
"""By step: from where it may be taken, and where it leads."""

REASONED: Final = frozenset({Step.SEND_BACK, Step.REVOKE})
"""Steps that need a reason: somebody has to work on it again."""


@dataclass(frozen=True, slots=True)
class SignOff:
    """Where something stands, and who brought it there.

    ``round`` counts how often it was submitted; ``by`` took the last step,
    for ``reason``; ``dataset`` is the key of the figures it was submitted with.
    """

    status: Status = Status.DRAFT
    round: int = 0
    submitted_by: str = ""
    by: str = ""
    reason: str = ""
    dataset: str = ""

    @property
    def seals(self) -> bool:
        """Whether nothing may change what this is of."""
        return self.status in SEALS


UNSIGNED: Final = SignOff()
"""Of what was never submitted."""


def follows(before: SignOff, after: SignOff) -> bool:
    """Whether one step leads from a sign-off to another."""
    return any(
        before.status in starts
        and after.status is end
        and after.round == before.round + (step is Step.SUBMIT)
        and bool(after.by)
        and (step not in REASONED or bool(after.reason.strip()))
        for step, (starts, end) in STEPS.items()
    )
