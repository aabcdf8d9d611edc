"""Beside the map: areas optimized. Asked, watched, proposed; nothing changes before *Apply*."""

from __future__ import annotations

from tp_geo.ui import optimize_form, optimize_progress, optimize_proposal, state
from tp_geo.ui.optimize_desk import at_hand


def body(now: state.Now) -> None:
    """Show what is at hand: a proposal, a run under way, or the form."""
    desk = at_hand(now.plan)
    if desk.run and desk.run.under_way:
        optimize_progress.show(desk.run)
    elif desk.proposal and desk.alternative:
        optimize_proposal.show(now, desk, desk.proposal, desk.alternative)
    else:
        optimize_form.show(now, desk)
