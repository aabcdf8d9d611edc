"""What people say of a plan: of the whole, of an area, of a place; open until it is resolved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tp_geo.domain.alignment import AreaId
from tp_geo.domain.comments import MAX_TEXT, about, place
from tp_geo.errors import BadData, Refused, Stale
from tp_geo.store import Comment
from tp_geo.workflow import clock
from tp_geo.workflow.plan import RETRIES, Plan

WHOLE = "The alignment"


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment as it is told: ``about`` names what it is of, ``area`` and ``code`` point there."""

    number: int
    about: str
    area: AreaId | None
    code: str
    text: str
    by: str
    at: str
    resolved_by: str
    resolved_at: str

    @property
    def open(self) -> bool:
        """Whether it waits for somebody."""
        return not self.resolved_by


def comment(
    plan: Plan, text: str, *, by: str, area: AreaId | None = None, code: str = ""
) -> Remark:
    """Say something of an area, of a container or unit, or, with neither, of the alignment."""
    if not text.strip() or len(text.strip()) > MAX_TEXT:
        raise Refused(
            f"A comment has 1 to {MAX_TEXT:,} characters; this has {len(text.strip()):,}."
        )
    known = None if area is None else plan.alignment.area(area).id
    kept = about(known, _known(plan, code) if code else "")

    def made(number: int) -> Comment:
        return Comment(plan.info.id, number, kept, text.strip(), by, clock.now())

    return _put(plan, lambda: made(len(plan.store.comments(plan.info.id)) + 1))


def resolve(plan: Plan, number: int, *, by: str) -> Remark:
    """Say that a comment is dealt with."""
    return _put(
        plan, lambda: replace(_found(plan, number), resolved_by=by, resolved_at=clock.now())
    )


def reopen(plan: Plan, number: int) -> Remark:
    """Say that a comment waits for somebody after all."""
    return _put(plan, lambda: replace(_found(plan, number), resolved_by="", resolved_at=""))


def comments(plan: Plan, *, still_open: bool = False) -> tuple[Remark, ...]:
    """Return the comments of a plan, newest first; only those that are open when asked for."""
    found = (_told(plan, c) for c in reversed(plan.store.comments(plan.info.id)))
    return tuple(r for r in found if r.open or not still_open)


def _put(plan: Plan, make: Callable[[], Comment]) -> Remark:
    """Keep a comment; made again when somebody else's came first."""
    for _ in range(RETRIES):
        made = make()
        try:
            plan.store.put_comment(made)
        except Stale:
            continue
        return _told(plan, made)
    raise Stale("Others are commenting very fast. Try again in a moment.")


def _found(plan: Plan, number: int) -> Comment:
    found = plan.store.comments(plan.info.id)
    if not 1 <= number <= len(found):
        known = f"1 to {len(found)}" if found else "none"
        raise Refused(f"{plan.info.name} has no comment {number}. Comments: {known}.")
    return found[number - 1]


def _known(plan: Plan, code: str) -> str:
    if code not in plan.dataset.containers and code not in plan.dataset.units:
        raise BadData(f"There is no container or unit {code!r} in {plan.dataset.name}.")
    return code


def _told(plan: Plan, comment: Comment) -> Remark:
    area, code = place(comment.about)
    return Remark(
        number=comment.number,
        about=code or _name(plan, area),
        area=area,
        code=code,
        text=comment.text,
        by=comment.by,
        at=comment.at,
        resolved_by=comment.resolved_by,
        resolved_at=comment.resolved_at,
    )


def _name(plan: Plan, area: AreaId | None) -> str:
    if area is None:
        return WHOLE
    found = plan.alignment.areas.get(area)
    names = () if found else plan.trail().names.get(area, ())
    return found.name if found else f"{names[-1] if names else f'Area {area}'} (gone)"
