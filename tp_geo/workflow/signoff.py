"""Signing off an open plan: submitted, approved and opened again, and what a publish asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.edits import Sign
from tp_geo.domain.hierarchy import depths
from tp_geo.domain.revision import Revision
from tp_geo.domain.signing import KINDS, Require, TakeStep, called
from tp_geo.domain.signoff import Asks, SignOff, Status, Step
from tp_geo.errors import Refused
from tp_geo.store import Snapshot
from tp_geo.workflow.apart import apart_text, refuse_apart
from tp_geo.workflow.plan import Plan

_MARKED = {Step.SUBMIT: "submitted", Step.APPROVE: "approved"}
"""Steps whose revision gets a name: what was looked at, and what was agreed to."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a branch, or the whole alignment, stands, and how it came there.

    ``at``, ``by``, ``reason`` and ``note`` are those of the last step, which is
    ``revision``; ``approved`` is the revision that was approved, while that
    holds. ``void`` says why an approval counts no longer; ``top`` whether it
    is a branch at the top.
    """

    area: AreaId | None
    name: str
    status: Status
    round: int
    submitted_by: str
    submitted_at: str
    by: str
    at: str
    reason: str
    note: str
    revision: int
    approved: int | None
    void: str
    top: bool


def submit(plan: Plan, area: AreaId | None, *, by: str, note: str = "") -> Revision:
    """Submit a branch, or the whole for ``None``: nothing in it changes until it is decided."""
    refuse_apart(plan.info, "submitted")
    return _take(plan, TakeStep(Step.SUBMIT, area, by, dataset=plan.dataset.key), note)


def recall(plan: Plan, area: AreaId | None, *, by: str, note: str = "") -> Revision:
    """Take a submission back; whoever submitted it may, and owners of the branch."""
    return _take(plan, TakeStep(Step.RECALL, area, by), note)


def send_back(plan: Plan, area: AreaId | None, *, by: str, reason: str) -> Revision:
    """Give a submitted branch back to be worked on, with the reason."""
    return _take(plan, TakeStep(Step.SEND_BACK, area, by, reason), reason)


def approve(
    plan: Plan, area: AreaId | None, *, by: str, note: str = "", seen: int | None = None
) -> Revision:
    """Approve a submitted branch as it was at revision ``seen``, the newest when not given.

    Refused when it was changed or submitted again since.
    """
    signoff = plan.alignment.signoff(area)
    if seen is not None:
        _refuse_moved_on(plan, area, seen)
    step = TakeStep(Step.APPROVE, area, by, round=signoff.round, dataset=plan.dataset.key)
    return _take(plan, step, note)


def revoke(plan: Plan, area: AreaId | None, *, by: str, reason: str) -> Revision:
    """Take an approval back, with the reason; the branch can be worked on again."""
    return _take(plan, TakeStep(Step.REVOKE, area, by, reason), reason)


def require(plan: Plan, asks: Asks, *, by: str, note: str = "") -> Revision | None:
    """Say what a plan asks for before it is published; ``None`` when it was so already."""
    return plan.ask(Require(asks), by=by, note=note)


def standing(plan: Plan, area: AreaId | None) -> Standing:
    """Return where a branch, or the whole for ``None``, stands."""
    return _standing(plan, area, _steps(plan).get(area, ()))


def standings(plan: Plan) -> tuple[Standing, ...]:
    """Return where the whole stands, then the branches at the top and those ever submitted."""
    alignment = plan.alignment
    listed = [k for d, k in depths(alignment) if d == 1 or k in alignment.signoffs]
    steps = _steps(plan)
    return tuple(_standing(plan, k, steps.get(k, ())) for k in (None, *listed))


def publish_gate(plan: Plan, focus: AreaId | None) -> tuple[str, ...]:
    """Return why a plan, or one area of it, may not be published yet; empty when it may."""
    if why := apart_text(plan.info, "published"):
        return (why,)
    alignment = plan.alignment
    tops = alignment.children(None)
    if focus is not None:
        tops = (list(alignment.ancestry(focus))[-1].id,)
    if alignment.asks is Asks.NOTHING or _agreed(plan, None):
        return ()
    needed = (None,) if alignment.asks is Asks.ALIGNMENT else tops
    return tuple(_missing(plan, k) for k in needed if not _agreed(plan, k))


def agreed(plan: Plan) -> bool:
    """Whether the whole is approved, or every branch at the top is."""
    tops = plan.alignment.children(None)
    return _agreed(plan, None) or (bool(tops) and all(_agreed(plan, k) for k in tops))


def taken_by_step(snapshot: Snapshot) -> bool:
    """Whether a snapshot was taken by submitting or approving, rather than by somebody."""
    return snapshot.name.endswith(
        tuple(f" {done}, revision {snapshot.seq}" for done in ("submitted", "approved"))
    )


def _standing(plan: Plan, area: AreaId | None, steps: Sequence[Revision]) -> Standing:
    signoff = plan.alignment.signoff(area)
    last = steps[-1] if steps else None
    submitted = next((r for r in reversed(steps) if r.kind == Step.SUBMIT), None)
    agreed = signoff.status is Status.APPROVED
    return Standing(
        area=area,
        name=called(plan.alignment, area, first=True),
        status=signoff.status,
        round=signoff.round,
        submitted_by=signoff.submitted_by,
        submitted_at=submitted.at if submitted else "",
        by=signoff.by,
        at=last.at if last else "",
        reason=signoff.reason,
        note=last.note if last else "",
        revision=last.seq if last else 0,
        approved=last.seq if agreed and last else None,
        void=_void(plan, signoff),
        top=area in plan.alignment.children(None),
    )


def _take(plan: Plan, step: TakeStep, note: str) -> Revision:
    revision = plan.ask(step, by=step.by, note=note.strip())
    if revision is None:
        raise Refused(f"{called(plan.alignment, step.area, first=True)} stays as it was.")
    if (done := _MARKED.get(step.step)) is not None:
        name = called(plan.at(revision.seq), step.area, first=True)
        plan.snapshot(f"{name} {done}, revision {revision.seq}", by=step.by, seq=revision.seq)
    return revision


def _refuse_moved_on(plan: Plan, area: AreaId | None, seen: int) -> None:
    """Refuse when something in a branch came after a revision that somebody looked at."""
    plan.at(seen)
    touched = plan.trail().touched[seen:]
    for revision, on in zip(plan.history()[seen:], touched, strict=False):
        if revision.kind == Require.kind or not (area is None or area in on):
            continue
        name = called(plan.alignment, area, first=True)
        raise Refused(
            f"{name} has moved on since revision {seen}: {revision.by} {revision.text} "
            f"(revision {revision.seq}). Look at it as it is now, then approve it."
        )


def _steps(plan: Plan) -> Mapping[AreaId | None, Sequence[Revision]]:
    """Return by branch the revisions that signed it off, oldest first."""
    found: dict[AreaId | None, list[Revision]] = {}
    for revision in plan.history():
        for edit in revision.edits if revision.kind in KINDS else ():
            if isinstance(edit, Sign):
                found.setdefault(edit.area, []).append(revision)
    return found


def _void(plan: Plan, signoff: SignOff) -> str:
    if signoff.seals and signoff.dataset != plan.dataset.key:
        return "the figures have changed since it was submitted"
    return ""


def _agreed(plan: Plan, area: AreaId | None) -> bool:
    signoff = plan.alignment.signoff(area)
    return signoff.status is Status.APPROVED and not _void(plan, signoff)


def _missing(plan: Plan, area: AreaId | None) -> str:
    """Return what an approval that is asked for still lacks, and the remedy."""
    signoff = plan.alignment.signoff(area)
    name = called(plan.alignment, area, first=True)
    if void := _void(plan, signoff):
        return f"{name} is {signoff.status}, but {void}. Submit it again and have it approved."
    match signoff.status:
        case Status.SUBMITTED:
            return f"{name} is submitted and not approved yet. Approve it, or send it back."
        case Status.SENT_BACK:
            return f"{name} was sent back by {signoff.by}: {signoff.reason}. Submit it again."
        case Status.REVOKED:
            return f"The approval of {name} was revoked: {signoff.reason}. Submit it again."
    return f"{name} is a draft, and publishing asks for its approval. Submit it for review."
