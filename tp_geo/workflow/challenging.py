"""Challenges to an open plan: asked with a reason, decided by whoever plans the branch above."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from tp_geo.domain.alignment import UNASSIGNED, AreaId, Positions, ids_in
from tp_geo.domain.challenges import (
    MAX_REASON,
    Question,
    Verdict,
    Wish,
    answer,
    branch,
    check,
    check_decider,
    owners,
    says,
)
from tp_geo.domain.measures import totals
from tp_geo.domain.periods import day_text
from tp_geo.domain.rights import Action
from tp_geo.domain.rules import decide
from tp_geo.errors import BadData, Refused, Stale, TpGeoError
from tp_geo.store import ChallengeRow
from tp_geo.workflow import clock
from tp_geo.workflow.plan import RETRIES, Plan

LAST_DAY = "challenges-until:"
"""The setting, with the id of the alignment, that says until when challenges are heard."""


@dataclass(frozen=True, slots=True, eq=False)
class Challenge:
    """A challenge as it is told: ``text`` says what is asked, ``codes`` of which items.

    ``decides`` is who may decide it, empty where anybody but who asked may;
    ``stale`` why it can't be accepted as things are, "" when it can.
    """

    number: int
    wish: Wish
    area: AreaId
    area_name: str
    to: AreaId
    to_name: str
    codes: tuple[str, ...]
    text: str
    reason: str
    by: str
    at: str
    verdict: Verdict
    answer: str
    decided_by: str
    decided_at: str
    revision: int
    decides: tuple[str, ...]
    stale: str

    @property
    def open(self) -> bool:
        """Whether it waits for a decision."""
        return self.verdict is Verdict.OPEN


@dataclass(frozen=True, slots=True)
class Effect:
    """What an area holds of a measure now, and would hold after a challenge is accepted."""

    area: AreaId
    name: str
    measure: str
    before: float
    after: float
    target: float | None


def challenge(
    plan: Plan, wish: Wish, area: AreaId, codes: Iterable[str], *, by: str, reason: str,
    to: AreaId = UNASSIGNED,
) -> Challenge:  # fmt: skip
    """Ask that an area keep, give or take containers or units; nothing changes until decided.

    Raises ``Refused`` where it can't be asked: of items out of view, for an
    area of other people, without a reason, or after the last day.
    """
    _refuse_late(plan)
    why = _reason(reason, "a challenge")
    items = _items(plan, codes)
    asked = Question(wish, area, to if wish is Wish.GIVE else UNASSIGNED)
    check(plan.alignment, asked, items, by=by)
    held = plan.alignment.area_at(items).tolist()
    kept = json.dumps(dict(zip(plan.dataset.codes[items].tolist(), held, strict=True)))

    def made() -> ChallengeRow:
        number = len(plan.store.challenges(plan.info.id)) + 1
        return ChallengeRow(
            plan.info.id, number, wish.value, area, asked.to, kept, why, by, clock.now()
        )

    return _told(plan, _put(plan, made))


def accept(plan: Plan, number: int, *, by: str, reason: str = "") -> Challenge:
    """Do what a challenge asks for, as one revision whose note names it, and say so.

    Refused while the branch is submitted or approved, where an area or item is
    locked or held, or when the items have moved since it was asked.
    """
    row = _open(plan, number)
    asked, items = _question(row), _items(plan, json.loads(row.codes))
    _check_decider(plan, branch(plan.alignment, asked, items), by=by, asker=row.by)
    _refuse_moved_on(plan, row)
    why = _reason(reason, "an answer") if reason.strip() else ""
    note = f"Challenge {number} of {row.by}: {row.reason}"
    revision = plan.ask(answer(plan.alignment, asked, items), by=by, note=note)
    row = replace(row, revision=revision.seq if revision else 0)
    try:
        return _decided(plan, row, Verdict.ACCEPTED, by, why)
    except Stale:
        if revision:
            plan.take_back(revision.seq, by=by, note=f"Challenge {number} was decided meanwhile")
        raise


def decline(plan: Plan, number: int, *, by: str, reason: str) -> Challenge:
    """Say no to a challenge, with the reason."""
    row = _open(plan, number)
    items = _items(plan, json.loads(row.codes))
    decides = branch(plan.alignment, _question(row), items)
    _check_decider(plan, decides, by=by, asker=row.by)
    return _decided(plan, row, Verdict.DECLINED, by, _reason(reason, "a refusal"))


def withdraw(plan: Plan, number: int, *, by: str, reason: str = "") -> Challenge:
    """Take a challenge back; only who asked can."""
    row = _open(plan, number)
    if by != row.by:
        raise Refused(f"Challenge {number} is of {row.by}: only they can withdraw it. Decline it.")
    why = _reason(reason, "an answer") if reason.strip() else ""
    return _decided(plan, row, Verdict.WITHDRAWN, by, why)


def challenges(plan: Plan, *, still_open: bool = False) -> tuple[Challenge, ...]:
    """Return the challenges of a plan, open ones first, then newest first."""
    rows = sorted(
        plan.store.challenges(plan.info.id),
        key=lambda row: (row.verdict != Verdict.OPEN, -row.number),
    )
    return tuple(_told(plan, r) for r in rows if r.verdict == Verdict.OPEN or not still_open)


def effects(plan: Plan, number: int, measure: str) -> tuple[Effect, ...]:
    """Return what accepting an open challenge changes of a measure, by area concerned."""
    row = _open(plan, number)
    asked, items = _question(row), _items(plan, json.loads(row.codes))
    before = plan.alignment
    command = answer(before, asked, items)
    _, after = decide(before, command, map(AreaId, itertools.count(max(before.areas) + 1)))
    concerned = dict.fromkeys(
        k for k in (asked.area, *ids_in(before.area_at(items)), *ids_in(after.area_at(items))) if k
    )
    now, then = plan.totals(), totals(plan.dataset, after)
    return tuple(
        Effect(
            k, before.name(k), measure, now.of(k, measure), then.of(k, measure),
            before.area(k).targets.get(measure),
        )
        for k in concerned
    )  # fmt: skip


def last_day(plan: Plan) -> date | None:
    """Return the last day on which challenges are heard, ``None`` without end."""
    kept = plan.store.setting(LAST_DAY + plan.info.id)
    return date.fromisoformat(kept) if kept else None


def put_last_day(plan: Plan, day: date | None) -> None:
    """Say until when challenges are heard; ``None``: without end."""
    if day is not None and day < clock.today():
        raise BadData(f"{day} is over. Give a day from {clock.today()} on, or none.")
    plan.store.put_setting(LAST_DAY + plan.info.id, day.isoformat() if day else "")


def _refuse_late(plan: Plan) -> None:
    until = last_day(plan)
    if until is not None and clock.today() > until:
        raise Refused(
            f"Challenges to {plan.info.name} were heard until {day_text(until)}. "
            "Ask whoever plans it for a later last day, or leave a comment."
        )


def decides(plan: Plan, number: int, *, by: str) -> bool:
    """Whether somebody may decide an open challenge."""
    row = _open(plan, number)
    try:
        where = branch(plan.alignment, _question(row), _items(plan, json.loads(row.codes)))
        _check_decider(plan, where, by=by, asker=row.by)
    except TpGeoError:
        return False
    return True


def _check_decider(plan: Plan, decides: AreaId | None, *, by: str, asker: str) -> None:
    """Refuse a decision by somebody who does not plan the branch, or may not change it."""
    plan.actor.require(Action.EDIT, plan.info)
    reach = plan.actor.reach(Action.EDIT, plan.info)
    if reach is None or not reach.covers(plan.alignment, decides):
        what = plan.info.name if decides is None else plan.alignment.name(decides)
        raise Refused(f"{what} is outside the part you plan: somebody else decides.")
    check_decider(plan.alignment, decides, by=by, asker=asker)


def _reason(text: str, of: str) -> str:
    if not text.strip() or len(text.strip()) > MAX_REASON:
        raise Refused(
            f"The reason of {of} has 1 to {MAX_REASON:,} characters; "
            f"this has {len(text.strip()):,}."
        )
    return text.strip()


def _refuse_moved_on(plan: Plan, row: ChallengeRow) -> None:
    """Refuse when what a challenge is about is no longer where it was when it was asked."""
    held = json.loads(row.codes)
    for code, now in zip(held, plan.alignment.area_at(_items(plan, held)), strict=True):
        if held[code] != now:
            raise Refused(
                f"{code} went to {_name(plan, AreaId(int(now)))} since challenge {row.number} was "
                "asked. Decline it, so that it is asked again as things are now."
            )


def _open(plan: Plan, number: int) -> ChallengeRow:
    found = plan.store.challenges(plan.info.id)
    if not 1 <= number <= len(found):
        known = f"1 to {len(found)}" if found else "none"
        raise Refused(f"{plan.info.name} has no challenge {number}. Challenges: {known}.")
    row = found[number - 1]
    if row.verdict != Verdict.OPEN:
        raise Refused(f"Challenge {number} was {row.verdict} by {row.decided_by} already.")
    return row


def _decided(plan: Plan, row: ChallengeRow, verdict: Verdict, by: str, why: str) -> Challenge:
    """Keep what was decided of a challenge, and why."""
    said = replace(row, verdict=verdict.value, answer=why, decided_by=by, decided_at=clock.now())
    plan.store.put_challenge(said)
    return _told(plan, said)


def _put(plan: Plan, make: Callable[[], ChallengeRow]) -> ChallengeRow:
    """Keep a challenge; made again when somebody else's came first."""
    for _ in range(RETRIES):
        made = make()
        try:
            plan.store.put_challenge(made)
        except Stale:
            continue
        return made
    raise Stale("Others are asking very fast. Try again in a moment.")


def _question(row: ChallengeRow) -> Question:
    return Question(Wish(row.wish), AreaId(row.area), AreaId(row.to))


def _items(plan: Plan, codes: Iterable[str]) -> Positions:
    """Return the items of codes in their order; raise ``BadData`` for those the plan has not."""
    return plan.dataset.positions([*dict.fromkeys(codes)])


def _told(plan: Plan, row: ChallengeRow) -> Challenge:
    asked, codes = _question(row), tuple(json.loads(row.codes))
    waits = row.verdict == Verdict.OPEN
    stale, decides = "", frozenset[str]()
    if waits:
        try:
            items = _items(plan, codes)
            decides = owners(plan.alignment, branch(plan.alignment, asked, items))
            _refuse_moved_on(plan, row)
            answer(plan.alignment, asked, items)
        except TpGeoError as why:
            stale = str(why)
    return Challenge(
        number=row.number,
        wish=asked.wish,
        area=asked.area,
        area_name=_name(plan, asked.area),
        to=asked.to,
        to_name=_name(plan, asked.to) if asked.wish is Wish.GIVE else "",
        codes=codes,
        text=says(plan.alignment, asked, len(codes), plan.noun),
        reason=row.reason,
        by=row.by,
        at=row.at,
        verdict=Verdict(row.verdict),
        answer=row.answer,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        revision=row.revision,
        decides=tuple(sorted(decides)),
        stale=stale,
    )


def _name(plan: Plan, area: AreaId) -> str:
    there = area == UNASSIGNED or area in plan.alignment.areas
    return plan.alignment.name(area) if there else f"Area {area} (gone)"
