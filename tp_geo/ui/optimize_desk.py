"""What a session has at hand of optimizing: what was asked, the run, what is looked at."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from enum import StrEnum

import streamlit as st

from tp_geo.optimize.objective import BALANCE, KEEP
from tp_geo.ui.optimize_mounted import Mounted
from tp_geo.ui.optimize_run import Run
from tp_geo.workflow.optimizing import Request, Way
from tp_geo.workflow.optimizing_proposal import Alternative, Proposal
from tp_geo.workflow.plan import Plan


class Shown(StrEnum):
    """What the map shows of a proposal."""

    MOVES = "What moves"
    AFTER = "After"
    BEFORE = "Before"


@dataclass(slots=True)
class Desk:
    """What is at hand, of one plan. ``turn`` is another number whenever the map shows another."""

    plan: str = ""
    asked: Request | None = None
    fields: Mounted | None = None
    run: Run | None = None
    at: int = 0
    shown: Shown = Shown.MOVES
    turn: int = 0
    _turns: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def proposal(self) -> Proposal | None:
        """What the run came to."""
        return self.run.proposal if self.run else None

    @property
    def alternative(self) -> Alternative | None:
        """The alternative that is looked at."""
        proposal = self.proposal
        if proposal is None or not proposal.alternatives:
            return None
        return proposal.alternatives[min(self.at, len(proposal.alternatives) - 1)]

    def mount(self, request: Request) -> Mounted:
        """Return the fields of the form, others than before where these are not there any more."""
        if self.fields is None or not self.fields.there or self.asked is not request:
            self.fields = Mounted.of(request, next(self._turns))
        self.asked = request
        return self.fields

    def begin(self, plan: Plan, request: Request) -> Run:
        """Begin to optimize; what is under way of this session is cancelled."""
        self.clear()
        self.plan, self.asked = plan.info.id, request
        self.run = Run(plan, request)
        self.choose(0)
        self.shown = Shown.MOVES
        return self.run

    def choose(self, at: int) -> None:
        """Look at another alternative."""
        self.at = at
        self.turn = next(self._turns)

    def show(self, which: Shown) -> None:
        """Have the map show something else of the proposal."""
        self.shown = which
        self.turn = next(self._turns)

    def applied(self) -> None:
        """Let go of a proposal that became the plan; what is asked next keeps assignments."""
        asked = self.asked
        self.clear()
        if asked is not None:
            objective = KEEP if asked.objective == BALANCE else asked.objective
            self.asked = replace(asked, way=Way.AUTO, objective=objective)

    def clear(self) -> None:
        """Let go of the run and its proposal; what was asked stays."""
        if self.run:
            self.run.cancel()
        self.run = self.fields = None


@st.cache_resource(scope="session", on_release=Desk.clear, show_spinner=False)
def _desk() -> Desk:
    """Return this session's desk; it is cleared when the browser has gone."""
    return Desk()


def at_hand(plan: Plan) -> Desk:
    """Return what is at hand of a plan; that of another plan is let go."""
    desk = _desk()
    if desk.plan != plan.info.id:
        desk.clear()
        desk.plan, desk.asked = plan.info.id, None
    return desk
