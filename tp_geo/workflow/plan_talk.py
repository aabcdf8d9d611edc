"""What was said and asked of a plan, into plan files and out of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import takewhile

from tp_geo.domain import comments as kept
from tp_geo.domain.alignment import UNASSIGNED, AreaId
from tp_geo.domain.challenges import Verdict, Wish
from tp_geo.files.plan_talk import Asked, Said, Talk
from tp_geo.store import ChallengeRow, Comment, Store
from tp_geo.workflow.challenging import LAST_DAY
from tp_geo.workflow.plan import Plan


def talk_of(plan: Plan, seq: int, areas: Collection[int]) -> Talk:
    """Return what was said and asked of a plan up to a revision, of areas known by then.

    Of the newest revision that is all. Of an earlier one it ends with what
    was said before the next revision, and what was answered later is open.
    """
    later = plan.store.entries(plan.info.id, after=seq)
    end = later[0].at if later else ""
    said = (_said(c, end) for c in plan.store.comments(plan.info.id))
    asked = (_asked(r, seq, end) for r in plan.store.challenges(plan.info.id))
    return Talk(
        tuple(takewhile(lambda c: _before(c.at, end) and (not end or _knows(c, areas)), said)),
        tuple(takewhile(lambda a: _before(a.at, end) and (not end or _meets(a, areas)), asked)),
        plan.store.setting(LAST_DAY + plan.info.id) or "",
    )


def keep_talk(store: Store, alignment: str, talk: Talk) -> None:
    """Keep what a file says was said and asked, for an alignment that nobody sees yet."""
    store.put_comments(
        [
            Comment(
                alignment, n, kept.about(None if c.area is None else AreaId(c.area), c.code),
                c.text, c.by, c.at, c.resolved_by, c.resolved_at,
            )
            for n, c in enumerate(talk.comments, start=1)
        ]
    )  # fmt: skip
    store.put_challenges(
        [
            ChallengeRow(
                alignment, n, a.wish.value, a.area, a.to, json.dumps(dict(a.held)), a.reason, a.by,
                a.at, a.verdict.value, a.answer, a.decided_by, a.decided_at, a.revision,
            )
            for n, a in enumerate(talk.challenges, start=1)
        ]
    )  # fmt: skip
    if talk.until:
        store.put_setting(LAST_DAY + alignment, talk.until)


def without_past(talk: Talk, areas: Collection[int]) -> Talk:
    """Return talk for a plan whose log was left: no area of it that is gone, and no revision.

    An area made later may get the id of one that is gone, and what was said
    is not of that one: it is of the whole.
    """

    def still(area: int) -> int:
        return area if area in areas else UNASSIGNED

    return replace(
        talk,
        comments=tuple(c if c.area in areas else replace(c, area=None) for c in talk.comments),
        challenges=tuple(
            replace(
                a, area=still(a.area), to=still(a.to), revision=0,
                held={code: still(k) for code, k in a.held.items()},
            )
            for a in talk.challenges
        ),
    )  # fmt: skip


def codes_in(talk: Talk) -> Iterable[str]:
    """Return the codes that are spoken of, each once."""
    said = (c.code for c in talk.comments if c.code)
    return dict.fromkeys((*said, *(code for a in talk.challenges for code in a.held)))


def _before(at: str, end: str) -> bool:
    return not end or at < end


def _knows(said: Said, areas: Collection[int]) -> bool:
    return said.area is None or said.area in areas


def _meets(asked: Asked, areas: Collection[int]) -> bool:
    return {asked.area, asked.to, *asked.held.values()} <= {UNASSIGNED, *areas}


def _said(comment: Comment, end: str) -> Said:
    area, code = kept.place(comment.about)
    said = Said(
        comment.text, comment.by, comment.at, area, code, comment.resolved_by, comment.resolved_at
    )
    return said if _before(said.resolved_at, end) else replace(said, resolved_by="", resolved_at="")


def _asked(row: ChallengeRow, seq: int, end: str) -> Asked:
    by_then = row.revision <= seq and _before(row.decided_at, end)
    row = row if by_then else row.undecided()
    return Asked(
        Wish(row.wish), row.area, json.loads(row.codes), row.reason, row.by, row.at, row.to,
        Verdict(row.verdict), row.answer, row.decided_by, row.decided_at, row.revision,
    )  # fmt: skip
