"""Sign-off, challenges and comments as tables of text, which a printed Review page ends with."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from tp_geo.domain.signoff import Asks, Status
from tp_geo.ui import printing, review_challenges, review_comments, review_sign
from tp_geo.ui.text import count, sentence, when
from tp_geo.workflow import challenging, comments, signoff
from tp_geo.workflow.plan import Plan
from tp_geo.workflow.signoff import Standing

REASONS, SHOWN = 5, 60


def show(plan: Plan, standings: Sequence[Standing]) -> None:
    """Put on paper where branches stand, what publishing lacks, and what is asked and said."""
    st.html("".join((_standings(standings), _gate(plan), _challenges(plan), _comments(plan))))


def _standings(standings: Sequence[Standing]) -> str:
    whole, *branches = standings
    tops = [s for s in branches if s.top]
    approved = sum(s.status is Status.APPROVED for s in tops)
    heading = "Sign-off"
    if tops:
        heading += f": {approved:,} of {count(len(tops), 'branches')} approved"
    listed = (whole, *sorted(branches, key=lambda s: not s.revision))
    rows = [_standing(s) for s in listed[:SHOWN]]
    made = _table(heading, ("Branch", "Stands", "Last step by", "On", "Why"), rows)
    if (rest := len(listed) - SHOWN) > 0:
        made += f"<p class='tp-paper'>{count(rest, 'branches')} more.</p>"
    return made


def _standing(standing: Standing) -> Sequence[str]:
    stands = str(standing.status)
    if standing.approved is not None:
        stands += f" at revision {standing.approved:,}"
    if standing.void:
        stands += f". {sentence(standing.void)}"
    why = standing.reason or standing.note
    by = standing.by if standing.revision else "never submitted"
    return standing.name, stands, by, when(standing.at), why


def _gate(plan: Plan) -> str:
    asks = plan.alignment.asks
    reasons = signoff.publish_gate(plan, None)
    said = [*reasons[:REASONS]]
    if more := len(reasons) - REASONS:
        said += [f"{more:,} more"] if more > 0 else []
    if asks is not Asks.NOTHING and not reasons:
        said = ["Everything that is asked for is approved."]
    return printing.list_of(f"Publishing asks for: {review_sign.ASKS[asks]}", said)


def _challenges(plan: Plan) -> str:
    decided = bool(st.session_state.get(review_challenges.DECIDED))
    every = challenging.challenges(plan)
    rows = [
        (sentence(c.text), c.by, when(c.at), c.reason, f"{c.verdict} {c.decided_by}".strip(),
         c.answer)
        for c in every
        if c.open or decided
    ]  # fmt: skip
    heading = _counted("Challenges", len(every), sum(c.open for c in every))
    return _table(heading, ("Asked", "By", "On", "Reason", "Stands", "Answer"), rows)


def _comments(plan: Plan) -> str:
    resolved = bool(st.session_state.get(review_comments.RESOLVED))
    every = comments.comments(plan)
    rows = [
        (r.about, r.text, r.by, when(r.at), "open" if r.open else f"resolved by {r.resolved_by}")
        for r in every
        if r.open or resolved
    ]
    heading = _counted("Comments", len(every), sum(r.open for r in every))
    return _table(heading, ("About", "Comment", "By", "On", "Stands"), rows)


def _counted(what: str, every: int, still_open: int) -> str:
    return f"{what}: {still_open:,} open of {every:,}" if every else f"{what}: none"


def _table(heading: str, names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    table = pd.DataFrame([list(row) for row in rows], columns=list(names), dtype=object)
    return printing.list_of(heading, ()) + (printing.paper_table(table, {}, {}) if rows else "")
