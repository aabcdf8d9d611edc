"""Signing off from the command line: branches and alignments submitted, approved, opened again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from tp_geo.cli.asking import Note, PlanName, area_in, done
from tp_geo.cli.reply import Reply, Table
from tp_geo.cli.session import session_of

if TYPE_CHECKING:
    from tp_geo.domain.alignment import AreaId
    from tp_geo.workflow.plan import Plan
    from tp_geo.workflow.signoff import Standing

commands = typer.Typer(rich_markup_mode=None)
status_commands = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

Branch: TypeAlias = Annotated[
    str | None,
    typer.Argument(metavar="[AREA]", help="With all below it; without it the whole alignment."),
]
Reason: TypeAlias = Annotated[str, typer.Option(help="Why; it is told to whoever works on it.")]
_PANEL = "Review"


@commands.command(rich_help_panel=_PANEL)
def submit(ctx: typer.Context, name: PlanName, area: Branch = None, *, note: Note = "") -> Reply:
    """Submit an area with all below it for review: nothing in it changes until it is decided."""
    from tp_geo.workflow.signoff import submit

    plan, user = _opened(ctx, name)
    return done(plan, submit(plan, _branch(plan, area), by=user, note=note))


@commands.command(rich_help_panel=_PANEL)
def recall(ctx: typer.Context, name: PlanName, area: Branch = None, *, note: Note = "") -> Reply:
    """Take your submission back, or that of an area you own."""
    from tp_geo.workflow.signoff import recall

    plan, user = _opened(ctx, name)
    return done(plan, recall(plan, _branch(plan, area), by=user, note=note))


@commands.command("send-back", rich_help_panel=_PANEL)
def send_back(ctx: typer.Context, name: PlanName, area: Branch = None, *, reason: Reason) -> Reply:
    """Give what was submitted back to be worked on, with the reason."""
    from tp_geo.workflow.signoff import send_back

    plan, user = _opened(ctx, name)
    return done(plan, send_back(plan, _branch(plan, area), by=user, reason=reason))


@commands.command(rich_help_panel=_PANEL)
def approve(
    ctx: typer.Context,
    name: PlanName,
    area: Branch = None,
    *,
    revision: Annotated[
        int | None,
        typer.Option(min=0, help="The one you looked at; refused when it has moved on since."),
    ] = None,
    note: Note = "",
) -> Reply:
    """Approve what was submitted."""
    from tp_geo.workflow.signoff import approve

    plan, user = _opened(ctx, name)
    branch = _branch(plan, area)
    return done(plan, approve(plan, branch, by=user, note=note, seen=revision))


@commands.command(rich_help_panel=_PANEL)
def revoke(ctx: typer.Context, name: PlanName, area: Branch = None, *, reason: Reason) -> Reply:
    """Take an approval back, with the reason; it can be worked on again."""
    from tp_geo.workflow.signoff import revoke

    plan, user = _opened(ctx, name)
    return done(plan, revoke(plan, _branch(plan, area), by=user, reason=reason))


@status_commands.command()
def status(ctx: typer.Context, name: PlanName) -> Reply:
    """Show where the alignment and its branches stand, and whether it may be published."""
    from tp_geo.workflow.signoff import publish_gate, standings

    plan, _ = _opened(ctx, name)
    found, gate = standings(plan), publish_gate(plan, None)
    asks = plan.alignment.asks.value
    data = {
        "alignment": plan.info.name,
        "revision": plan.seq,
        "asks": asks,
        "branches": [_data(s) for s in found],
        "gate": gate,
    }
    table = Table(("branch", "status", "by", "when", "why", "revision"), [_row(s) for s in found])
    needs = {"nothing": "no approval", "alignment": "the approval of the alignment"}
    text = f"Publishing needs {needs.get(asks, 'the approval of every branch at the top')}."
    return Reply(data, (table, text, *(f"Stops a publish: {reason}" for reason in gate)))


@status_commands.command()
def require(
    ctx: typer.Context,
    name: PlanName,
    what: Annotated[str, typer.Argument(help="nothing, alignment or branches: all at the top.")],
    note: Note = "",
) -> Reply:
    """Say what has to be approved before an alignment is published."""
    from tp_geo.domain.signoff import Asks
    from tp_geo.workflow.signoff import require

    if what not in {asks.value for asks in Asks}:
        raise typer.BadParameter(f"{what!r} is not one of {', '.join(Asks)}")
    plan, user = _opened(ctx, name)
    return done(plan, require(plan, Asks(what), by=user, note=note))


commands.add_typer(
    status_commands,
    name="sign-off",
    help="What is signed off, and what a publish asks for.",
    rich_help_panel=_PANEL,
)


def _opened(ctx: typer.Context, name: str) -> tuple[Plan, str]:
    session = session_of(ctx)
    return session.plan(name), session.user


def _branch(plan: Plan, area: str | None) -> AreaId | None:
    return None if area is None else area_in(plan, area)


def _data(s: Standing) -> dict[str, object]:
    return {
        "area": s.area,
        "name": s.name,
        "status": s.status.value,
        "round": s.round,
        "submitted_by": s.submitted_by,
        "submitted_at": s.submitted_at,
        "by": s.by,
        "at": s.at,
        "reason": s.reason,
        "note": s.note,
        "revision": s.revision,
        "approved": s.approved,
        "void": s.void,
    }


def _row(s: Standing) -> tuple[str | int | None, ...]:
    return s.name, s.status.value, s.by, s.at, s.reason or s.note, s.revision or None
