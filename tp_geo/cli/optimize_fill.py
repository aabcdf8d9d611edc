"""What no area holds, or one that is given up, shared out so that areas balance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from tp_geo.cli.asking import area_in, measure_in
from tp_geo.cli.optimize_options import measures_of
from tp_geo.cli.optimize_reply import reply
from tp_geo.cli.session import session_of

if TYPE_CHECKING:
    from tp_geo.cli.reply import Reply

BALANCE = "balance"


def fill_by_balance(
    ctx: typer.Context,
    name: str,
    inside: str | None,
    measure: str | None,
    *,
    preview: bool,
    note: str,
) -> Reply:
    """Give what is unassigned to undivided areas so that each is near its targets."""
    from tp_geo.domain.alignment import MAX_LEVELS
    from tp_geo.domain.hierarchy import Focus
    from tp_geo.workflow.optimizing import Way, default
    from tp_geo.workflow.optimizing_note import noted
    from tp_geo.workflow.optimizing_run import propose

    plan = session_of(ctx).plan(name)
    tops = (area_in(plan, inside),) if inside else None
    request = default(plan, Focus(tops, MAX_LEVELS, True))
    measures = ((measure_in(plan.dataset, measure), 1.0),) if measure else request.measures
    request = replace(
        request,
        measures=measures,
        way=Way.REBALANCE,
        placeholders=True,
        only_unassigned=True,
        alternatives=1,
    )
    proposal = propose(plan, request)
    command = proposal.alternatives[0].command
    text = command.says(plan.alignment, plan.noun)
    why = noted(request, note)
    changed = not preview and plan.ask(command, by=session_of(ctx).user, note=why) is not None
    return reply(plan, proposal, 0, text, {}, changed=changed, preview=preview)


def remove_by_balance(
    ctx: typer.Context, name: str, area: str, balance: Sequence[str], note: str
) -> Reply:
    """Remove an area; those beside it share what it held and stay near their targets."""
    from tp_geo.workflow.optimizing_leave import GiveUp, give_up
    from tp_geo.workflow.optimizing_note import noted

    plan = session_of(ctx).plan(name)
    at = area_in(plan, area)
    proposal = give_up(plan, at, measures_of(plan, balance))
    command = GiveUp(at, proposal.alternatives[0].command)
    text = command.says(plan.alignment, plan.noun)
    why = noted(proposal.request, note)
    changed = plan.ask(command, by=session_of(ctx).user, note=why) is not None
    return reply(plan, proposal, 0, text, {}, changed=changed, preview=False)
