"""A proposal on the map: the plan as it would be, compared with the plan as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tp_geo.domain.alignment import UNASSIGNED, Alignment
from tp_geo.domain.edits import replay
from tp_geo.ui import map_base, panel, state
from tp_geo.ui.optimize_desk import Desk, Shown, at_hand
from tp_geo.workflow.optimizing_proposal import Alternative, Proposal
from tp_geo.workflow.plan import Plan

ACTS = ("measure", "choose", "optimize")
"""What the legend may ask for while a proposal is looked at: nothing that changes the plan."""

CALLED = "Proposal"
NOTICE = "A proposal: nothing is changed until you apply it"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A proposal as the map shows it, under a name and a number of its own."""

    name: str
    alignment: Alignment
    turn: int
    base: map_base.Base
    way: str

    def told(self) -> dict[str, Any]:
        """Return what the map is told otherwise than of the plan."""
        base = {"id": self.base.id, "name": self.base.name, "own": True, "key": self.base.key}
        nothing = {"can": False, "label": ""}
        return {
            "alignment": self.name,
            "readonly": True,
            "acts": list(ACTS),
            "bases": [{"id": self.base.id, "name": self.base.name}],
            "base": base,
            "way": self.way,
            "called": CALLED,
            "notice": {"text": NOTICE},
            "ack": {},
            "refused": [],
            "undo": nothing,
            "redo": nothing,
        }


def shown(now: state.Now) -> Sheet | None:
    """Return the proposal the map shows, while its panel is open."""
    if panel.shown() != panel.OPTIMIZE:
        return None
    desk = at_hand(now.plan)
    proposal, alternative = desk.proposal, desk.alternative
    if proposal is None or alternative is None:
        return None
    seq, before = proposal.seq, now.plan.at(proposal.seq)
    after = before if desk.shown is Shown.BEFORE else outcome(now.plan, proposal, alternative)
    base = map_base.Base(f"@{seq}", "Before", now.plan.info.id, seq)
    return Sheet(f"{now.plan.info.id}:proposal", after, desk.turn, base, _way(desk, before))


def blobs(now: state.Now) -> Mapping[str, Callable[[], bytes]]:
    """Return how to get the entries of what the proposal is compared with, by name."""
    sheet = shown(now)
    if sheet is None:
        return {}
    return {sheet.base.key: lambda: map_base.entries(now.plan, sheet.base.seq)}


def outcome(plan: Plan, proposal: Proposal, alternative: Alternative) -> Alignment:
    """Return the alignment that an alternative leads to."""
    before = plan.at(proposal.seq)
    return replay(before, alternative.command.edits(before, iter(())))


def _way(desk: Desk, before: Alignment) -> str:
    """Return what colors show: where nothing had an area, all of it would be stripes."""
    anything = bool((before.resolved != UNASSIGNED).any())
    return "change" if desk.shown is Shown.MOVES and anything else "area"
