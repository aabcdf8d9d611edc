"""Areas that balance: worked out, told before and after, applied as one revision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from tp_geo.cli import optimize_options as said
from tp_geo.cli.asking import More, Note, PlanName
from tp_geo.cli.optimize_number import numbered
from tp_geo.cli.optimize_reply import reply
from tp_geo.cli.reply import Reply
from tp_geo.cli.session import Progress, session_of
from tp_geo.errors import Refused

if TYPE_CHECKING:
    from tp_geo.domain.hierarchy import Focus
    from tp_geo.workflow.optimizing import Request
    from tp_geo.workflow.optimizing_proposal import Proposal
    from tp_geo.workflow.optimizing_run import Step
    from tp_geo.workflow.plan import Plan

commands = typer.Typer(rich_markup_mode=None)

_PANEL = "Areas"


@commands.command(rich_help_panel=_PANEL)
def optimize(
    ctx: typer.Context,
    name: PlanName,
    more: More = None,
    *,
    focus: said.FocusOn = None,
    level: said.LevelOf = None,
    balance: said.Balance = None,
    preset: said.Preset = None,
    balance_weight: said.BalanceWeight = None,
    continuity: said.Continuity = None,
    compactness: said.Compactness = None,
    tolerance: said.Tolerance = None,
    max_change: said.MaxChange = None,
    include_unassigned: said.Unassigned = False,
    only_unassigned: said.OnlyUnassigned = False,
    placeholders: said.Placeholders = False,
    start: said.Start = "auto",
    homes: said.Homes = False,
    center: said.Centers = None,
    begin: said.Seeds = None,
    limit: said.Caps = None,
    share_of: said.Shares = None,
    max_distance_km: said.MaxKm = None,
    max_minutes: said.MaxMinutes = None,
    respect: said.Respect = None,
    barrier: said.Barriers = None,
    wall: said.Wall = None,
    max_runtime_s: said.Runtime = 10.0,
    seed: Annotated[int, typer.Option(help="The same seed gives the same answer.")] = 0,
    alternatives: Annotated[int, typer.Option(min=1, help="How many plans to look for.")] = 1,
    choose: Annotated[int, typer.Option(min=1, help="Which of them to apply.")] = 1,
    number: Annotated[
        str | None,
        typer.Option(metavar="MEASURE=CAPACITY", help="Divide into as many areas as that needs."),
    ] = None,
    prove: Annotated[
        float, typer.Option(min=0, metavar="S", help="Seconds to prove how round it could be.")
    ] = 0,
    explain: Annotated[list[str] | None, typer.Option(metavar="CODE", help="Tell why.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell it, don't do it.")] = False,
    note: Note = "",
) -> Reply:
    """Balance areas: give them what is in the focus so that each is near its targets."""
    plan = session_of(ctx).plan(name)
    if more and not balance:
        raise typer.BadParameter(f"{more[0]!r} is one argument too many; give it by --balance")
    request = _request(
        plan,
        said.focus_of(plan, focus or (), None if number else level, unassigned=include_unassigned),
        [*(balance or ()), *(more or ())],
        said.Priorities(preset, balance_weight, continuity, compactness, tolerance),
    )
    request = replace(request, **said.limits(plan, ctx.params, request.measures))
    plan.dataset.positions(explain or [])
    if number:
        return numbered(ctx, plan, request, number, level, dry_run=dry_run, note=note)
    proposal = _proposed(plan, request)
    if choose > (there := len(proposal.alternatives)):
        raise Refused(f"There are {there} plans to choose from, so {choose} can't be chosen.")
    why = _explained(proposal, choose - 1, explain or ())
    text = proposal.alternatives[choose - 1].command.says(plan.alignment, plan.noun)
    gap = _proved(proposal, choose - 1, prove) if prove else None
    changed = not dry_run and _apply(ctx, plan, proposal, choose - 1, note)
    return reply(plan, proposal, choose - 1, text, why, gap=gap, changed=changed, preview=dry_run)


def _request(
    plan: Plan, focus: Focus, texts: Sequence[str], priorities: said.Priorities
) -> Request:
    from tp_geo.workflow.optimizing import default

    request = default(plan, focus)
    measures = said.measures_of(plan, texts) or request.measures
    return replace(
        request, measures=measures, objective=priorities.objective() or request.objective
    )


def _proposed(plan: Plan, request: Request) -> Proposal:
    """Return what a run proposes, told on standard error while it goes on."""
    from tp_geo.workflow.optimizing_run import propose

    progress, most = Progress(), request.max_runtime_s

    def told(step: Step) -> None:
        progress(f"{step.what}, cost {step.best:,.6g}", min(step.seconds / most, 1) if most else 0)

    found = propose(plan, request, told=told)
    progress.done()
    return found


def _apply(ctx: typer.Context, plan: Plan, proposal: Proposal, index: int, note: str) -> bool:
    """Put a plan of a proposal into the log; return whether it changes anything."""
    from tp_geo.workflow.optimizing_note import noted

    chosen = proposal.alternatives[index]
    why = noted(proposal.request, note, chosen.label)
    return plan.ask(chosen.command, by=session_of(ctx).user, note=why) is not None


def _proved(proposal: Proposal, index: int, seconds: float) -> float:
    """Return by which share a plan could be rounder at most, told while it gets smaller."""
    from tp_geo.workflow.optimizing_proof import shape_gap

    progress = Progress()

    def told(passed: float, gap: float) -> None:
        progress(f"at most {gap:.1%} from the roundest", min(passed / seconds, 1.0))

    found = shape_gap(proposal, index, max_runtime_s=seconds, told=told)
    progress.done()
    return found


def _explained(proposal: Proposal, index: int, codes: Sequence[str]) -> Mapping[str, list[str]]:
    """Return, by code, why an item goes where it goes."""
    from tp_geo.workflow.optimizing_explain import explain

    found = {}
    for code in codes:
        at = int(proposal.setting.frame.dataset.positions([code])[0])
        found[code] = list(explain(proposal, index, at))
    return found
